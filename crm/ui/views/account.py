"""One's own profile and preferences; security and sessions are allauth's views with our templates."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crm.access.models import User
from crm.ui.account import AccountForm
from crm.ui.http import Request, redirect_to, render_page, toast


@require_http_methods(["GET", "POST"])
@login_required
def account_edit(request: HttpRequest) -> HttpResponse:
    """Name, phone, photo, language, time zone, theme, keys."""
    user = cast(Request, request).user
    form = AccountForm(request.POST or None, request.FILES or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(user.language):
            return toast(request, redirect_to(request, reverse("ui:account_edit")), _("Your profile is saved."))
    status = 422 if form.errors else 200
    return render_page(request, "ui/account_edit.html", {"form": form}, status=status)


@require_safe
@login_required
def user_photo(request: HttpRequest, pk: int) -> FileResponse:
    """A colleague's photo, for whoever is signed in (private storage has no addresses of its own)."""
    photo = get_object_or_404(User, pk=pk).photo
    if not photo:
        raise Http404
    return FileResponse(photo.open("rb"), content_type="image/webp", headers={"Cache-Control": "private, max-age=300"})


@require_safe
@never_cache
@login_required
def signed_in(request: HttpRequest) -> JsonResponse:
    """Where signing in again in place ends: who is signed in now."""
    return JsonResponse({"user": request.user.pk})
