"""Pages of what went wrong, in the product's look; htmx gets the sentence as a toast and keeps the page as it is."""

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from crm.ui import sign_ins
from crm.ui.http import trigger

logger = logging.getLogger(__name__)


def error_page(request: HttpRequest, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    """The page for `status`, or for htmx the same words in a toast, with nothing swapped."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
        return trigger(response, "toast", {"text": f"{title} {text}"})
    return render(request, "ui/error.html", {"status": status, "title": title, "text": text, **more}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        400,
        _("This request could not be read."),
        _("The address or the form sent is damaged. Go back and try again."),
    )


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("Your role does not include this. Ask your administrator, who can change roles.")
    return error_page(request, 403, _("You may not do this."), text)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Http404 | Exception | None = None) -> HttpResponse:
    text = _("It was moved, deleted, or is not shared with you.")
    return error_page(request, 404, _("This page cannot be found."), text)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Allauth's answer to guessing."""
    sign_ins.locked(request)
    return error_page(request, 429, _("Too many attempts."), _("For safety, wait a few minutes, then try again."))


def conflict(request: HttpRequest, text: str) -> HttpResponse:
    """For views: the record changed meanwhile in a way the page cannot settle in place."""
    return error_page(request, 409, _("Someone else changed this meanwhile."), text)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Static: needs no database, no session and no context, because any of them may be what failed."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=500)
    page = get_template("500.html").render({"text": _server_error_words()})
    return HttpResponse(page, status=500)


def _server_error_words() -> dict[str, str]:
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": _("Something went wrong on our side."),
        "text": _("The error was recorded. What you typed is kept on this device: go back and try again in a moment."),
        "back": _("Go back to the start page"),
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is too old, most often because of a sign-in in another tab."""
    logger.warning("CSRF check failed on %s: %s", request.path, reason)
    return error_page(
        request,
        403,
        _("This form has waited too long."),
        _("For your safety it was not sent. What you typed is kept: go back, reload the page and send it again."),
    )
