"""What the administrators' pages of sales have in common: forms, answers, rows put in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse

from crm.console.answers import done
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.ui.crud import undo_url
from crm.ui.http import Request, redirect_to, render_page, toast, trigger


def form_page(
    request: Request, form: Any, title: str, trail: list[tuple[str, str]], status: int = 0, **context: Any
) -> HttpResponse:
    """A form on a page of its own; `trail` are the pages above, the nearest last."""
    status = status or (422 if form.errors else 200)
    base = {"form": form, "title": title, "trail": trail, "list_url": trail[-1][1]}
    template = context.pop("template", "opportunities/setup/form.html")
    return render_page(request, template, {**base, **context}, status=status)


def place_of(request: Request) -> int:
    """The place, counted from 0, that a row was dragged to. Raises Http404 for what is none."""
    place = request.POST.get("place", "")
    if not (place.isascii() and place.isdigit() and len(place) < 6):
        raise Http404
    return int(place)


def ordered(request: Request, url: str, text: str, changeset: Changeset | None) -> HttpResponse:
    """After a row found its place: the rows come anew, without JavaScript the page."""
    if not request.htmx:
        return done(request, url, text, changeset) if changeset else redirect_to(request, url)
    response = trigger(HttpResponse(status=204), "order-changed")
    return toast(request, response, text, undo_url(changeset)) if changeset else response


def attempt(request: Request, url: str, text: str, act: Callable[[], Changeset | None]) -> HttpResponse:
    """Do what a button asks for and go to `url`; what is refused is said there."""
    try:
        return done(request, url, text, act())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect_to(request, url)
