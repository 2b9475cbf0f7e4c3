"""What somebody invited opens from their mail: choose a name and a password, and be signed in."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm.access.models import Invitation
from crm.console.forms.users import AcceptForm
from crm.console.services.invitations import Unusable, accept_invitation, open_invitation


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The form in the invitee's language, unless they chose another on this device; 410 where the link is spent."""
    try:
        invitation = open_invitation(token)
    except Invitation.DoesNotExist as error:
        raise Http404 from error
    except Unusable as unusable:
        return render(request, "console/invitation_unusable.html", {"why": str(unusable)}, status=410)
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    with override(language if language in dict(settings.LANGUAGES) else invitation.user.language):
        return _accept(request, token, invitation)


def _accept(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST or None, user=invitation.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(token, **form.cleaned_data)
        except Unusable as unusable:
            form.add_error(None, str(unusable))
        else:
            login = Login(user=user, email=user.email)
            return perform_password_login(request, {"email": user.email}, login)  # type: ignore[no-any-return]
    context = {"form": form, "invitation": invitation, "title": _("Welcome to Sillage")}
    return render(request, "console/invitation_accept.html", context, status=422 if form.errors else 200)
