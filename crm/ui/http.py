"""Requests and answers: which part of a page htmx asks for, pages and their partials, toasts."""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.access.models import User

AnyResponse = TypeVar("AnyResponse", bound=HttpResponse)


class Request(HttpRequest):
    """A request of a signed-in user, as views after `login_required` see it."""

    user: "User"
    htmx: HtmxDetails


def target(request: HttpRequest, allowed: Collection[str]) -> str:
    """The id of the element htmx will fill, if the view allows it, else "" (the whole page).

    htmx 4 sends `HX-Target: tag#id`, the id URL-encoded. A history-restore or boosted request gets the whole page.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return ""
    _, _, name = (htmx.target or "").partition("#")
    name = unquote(name)
    return name if name in allowed else ""


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partials: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the page, or the partial of it that htmx asks for: the partial's name is the DOM id is the `HX-Target`."""
    name = target(request, partials)
    response = render(request, f"{template}#{name}" if name else template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def toast(request: HttpRequest, response: AnyResponse, text: "_StrOrPromise", undo: str | None = None) -> AnyResponse:
    """Say on the next page shown what was done; `undo` is the URL that takes it back by POST.

    With htmx the toast travels in this answer's `HX-Trigger`; without, in django's messages, to the page redirected to.
    """
    loads_a_page = {"HX-Redirect", "HX-Refresh"} & set(response.headers)
    if request.htmx and not loads_a_page:  # type: ignore[attr-defined]
        trigger(response, "toast", {"text": str(text), **({"undo": undo} if undo else {})})
    else:
        messages.success(request, str(text), extra_tags=undo or "")
    return response


def trigger(response: AnyResponse, event: str, detail: Mapping[str, Any] | None = None) -> AnyResponse:
    """Have htmx dispatch `event` in the page after the swap; JSON in ASCII, because headers are Latin-1."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = dict(detail or {})
    response.headers["HX-Trigger"] = json.dumps(events, ensure_ascii=True)
    return response


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page: 303 without JavaScript, `HX-Redirect` with htmx (which would follow a 303 by itself)."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
