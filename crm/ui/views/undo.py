"""Undo, from a toast or from the history: one address for every changeset; the rules are in crm.records.undo."""

from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.lists import bulk
from crm.lists.models import BulkRun
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.records.undo import Undone, undo
from crm.ui.errors import error_page
from crm.ui.http import Request, redirect_to, toast

MOST_NAMED = 50


@require_POST
@login_required
def undo_changeset(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo and show the page anew, with a toast that offers to redo; what was left alone is named."""
    changeset = get_object_or_404(Changeset, pk=key)
    user = cast(Request, request).user
    run = BulkRun.objects.visible_to(user).filter(changeset=changeset, total__gt=bulk.CHUNK).first()
    try:
        if run is not None:  # Too long for a request.
            bulk.request_undo(run, user)
            return redirect_to(request, run.get_absolute_url())
        done = undo(changeset, by=user)
    except Refused as refused:
        return error_page(request, 409, _("This cannot be undone."), str(refused))
    back = _page_after(request, done)
    if done.left:
        return _name_what_is_left(request, done, back)
    if cast(Request, request).htmx and back == _page_before(request):
        response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
    else:
        response = redirect_to(request, back)
    return toast(request, response, _("Undone."), undo=reverse("ui:undo", args=[done.changeset.pk]))


def _name_what_is_left(request: HttpRequest, done: Undone, back: str) -> HttpResponse:
    """A page, or htmx's dialog: what could not be undone must not pass in a toast."""
    named, more = done.left[:MOST_NAMED], max(0, len(done.left) - MOST_NAMED)
    context = {"done": done, "left": named, "more": more, "back": back}
    if not cast(Request, request).htmx:
        return render(request, "ui/undone.html", context)
    response = render(request, "ui/undone.html#undone", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _page_before(request: HttpRequest) -> str:
    """The page the user comes from, if it is one of ours, else the start page."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    place = urlsplit(came_from)
    return f"{place.path}?{place.query}" if place.query else place.path


def _page_after(request: HttpRequest, done: Undone) -> str:
    """The page the user comes from, unless it was the page of something that this undo took away."""
    before = _page_before(request)
    for model, key in done.touched:
        if hasattr(model, "get_absolute_url") and not model._base_manager.filter(pk=key).exists():
            gone = model(pk=key).get_absolute_url()  # type: ignore[attr-defined]
            if before.startswith(gone):
                return "/"
    return before
