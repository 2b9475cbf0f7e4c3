"""Moving a deal: to another stage, to its end, to another month; for the board, the page of a deal and plain forms."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access.models import User
from crm.records.models import Changeset
from crm.records.services import EditConflict, Refused, save_edit
from crm.ui import crud
from crm.ui.errors import conflict, error_page
from crm.ui.http import Request, redirect_to, render_page, toast, trigger
from opportunities import board as boards
from opportunities import services
from opportunities.models import NEVER, Opportunity, Stage, StageChange
from opportunities.move_form import MoveForm, closing_at_once
from opportunities.places import place_in
from opportunities.services import Missing
from opportunities.views.board import board_context, read_board

# What a dialog repeats of the move that it is about.
ABOUT = ("from", "above", "below", "query", "board", "next")
SHAPES = ("board", "months")


@login_required
@require_http_methods(["GET", "POST"])
def opportunity_move(request: Request, pk: int) -> HttpResponse:
    """GET: the dialog (`stage` chosen or not). POST `stage`: move, or 422 with the form of what is missing.

    `above` or `below` is the card it is put next to, `from` the stage it was seen in, `query` the board's filter.
    """
    deal = crud.editable_or_403(Opportunity.objects.select_related("stage", "pipeline"), request.user, pk)
    params = request.POST if request.method == "POST" else request.GET
    stages = list(deal.pipeline.stages.all())
    asked = params.get("stage", "")
    stage = next((each for each in stages if str(each.pk) == asked), None)
    if request.method != "POST":
        return _dialog(request, deal, MoveForm(instance=deal, by=request.user, stages=stages, stage=stage), 200)
    if stage is None:
        form = MoveForm(request.POST, instance=deal, by=request.user, stages=stages, stage=None)
        return _dialog(request, deal, form, 422)
    if _was_moved(deal, stage, params.get("from", "")):
        return conflict(request, _who_moved(deal))
    form = MoveForm(
        request.POST if "filled" in params else None, instance=deal, by=request.user, stages=stages, stage=stage
    )
    try:
        with transaction.atomic():
            changeset = _move(deal, stage, form, params, request.user)
    except Missing:
        return _dialog(request, deal, form, 422)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _dialog(request, deal, form, 422)
    except EditConflict as clash:
        form.show_conflict(clash, request.user)
        return _dialog(request, deal, form, 409)
    return _moved(request, deal, stage, changeset)


def _move(deal: Opportunity, stage: Stage, form: MoveForm, params: QueryDict, by: User) -> Changeset | None:
    """Move it; None where it only got another place in its column. Raises Missing where the form must be shown."""
    position = place_in(stage, above=_key(params, "above"), below=_key(params, "below"), moved=deal.pk)
    if form.is_bound:
        if not form.is_valid():
            raise Missing
        return form.move(by=by, position=position)
    closing = closing_at_once(deal, stage)
    if closing is None and deal.stage_id != stage.pk:
        raise Missing
    return services.move_to_stage(deal, stage, by=by, closing=closing, position=position)


def _key(params: QueryDict, name: str) -> int | None:
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _was_moved(deal: Opportunity, stage: Stage, seen_in: str) -> bool:
    """Whether somebody else has moved the card since it was drawn, to another place than this one."""
    return bool(seen_in) and seen_in != str(deal.stage_id) and stage.pk != deal.stage_id


def _who_moved(deal: Opportunity) -> str:
    last = StageChange.objects.filter(opportunity=deal).select_related("by").last()
    who = last.by.name if last and last.by else _("Somebody")
    moved = _("%(who)s moved “%(name)s” to %(stage)s.")
    return moved % {"who": who, "name": deal.name, "stage": deal.stage}


def _dialog(request: Request, deal: Opportunity, form: MoveForm, status: int) -> HttpResponse:
    params = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "record": deal,
        "stage": form.stage,
        "about": [(name, params[name]) for name in ABOUT if params.get(name)],
        "is_refused": request.method == "POST" and not form.is_bound,
    }
    response = render_page(request, "opportunities/move.html", context, partials=("dialog",), status=status)
    if request.htmx and request.method == "POST":
        if params.get("board") in SHAPES:
            response = render(request, "opportunities/move.html#dialog", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _moved(request: Request, deal: Opportunity, stage: Stage, changeset: Changeset | None) -> HttpResponse:
    """The board's parts that changed, or on to the page one came from; with Undo."""
    shape = request.POST.get("board", "")
    undo = crud.undo_url(changeset)
    if not request.htmx or shape not in SHAPES:
        response = redirect_to(request, crud.back_to(request, deal.get_absolute_url()))
        return toast(request, response, _words(deal, stage), undo) if changeset else response
    response = _board_parts(request, deal, shape)
    return toast(request, response, _words(deal, stage), undo) if changeset else response


def _words(deal: Opportunity, stage: Stage) -> str:
    if stage.status == Stage.Status.WON:
        return _("“%(name)s” is won") % {"name": deal.name}
    if stage.status == Stage.Status.LOST:
        return _("“%(name)s” is lost") % {"name": deal.name}
    return _("“%(name)s” is in %(stage)s") % {"name": deal.name, "stage": stage}


def _board_parts(request: Request, deal: Opportunity, shape: str) -> HttpResponse:
    """The heads of all lanes, the sum and the card, out of band; and where the card is now."""
    request.GET = QueryDict(request.POST.get("query", ""))
    found, state, _pipelines = read_board(request, shape, request.GET)
    boards.read_totals(found, state.rows())
    card: Any = boards.read_card(found, state, deal.pk)
    lane = found.lane(card.lane) if card else None
    context = {**board_context(request, found, state, shape), "card": card, "lane": lane, "is_moved": True}
    response = render(request, "opportunities/board_moved.html", context)
    trigger(response, "dialog:close")
    return trigger(response, "deal:moved", {"deal": deal.pk, "lane": lane.key if lane else ""})


@login_required
@require_POST
def opportunity_reschedule(request: Request, pk: int) -> HttpResponse:
    """Expect a deal in another `month` ("2026-12", "later", "none"): on the same day of it, where it has that day."""
    deal = crud.editable_or_403(Opportunity.objects.all(), request.user, pk)
    crud.writable_or_403(request.user, deal, "expected_on")
    try:
        day = _day_in(request.POST.get("month", ""), deal.expected_on)
    except ValueError:
        return error_page(request, 422, _("This is no month."), _("Choose one of those shown."))
    if day and deal.opened_on and day < deal.opened_on:
        text = _("A deal is expected to close after the day it was opened: check both.")
        return error_page(request, 422, _("The deal was not moved."), text)
    saved = save_edit(deal, {"expected_on": day}, by=request.user)
    shape = request.POST.get("board", "")
    if not request.htmx or shape not in SHAPES:
        response = redirect_to(request, crud.back_to(request, deal.get_absolute_url()))
    else:
        response = _board_parts(request, deal, shape)
    if saved.changeset is None:
        return response
    undo = crud.undo_url(saved.changeset)
    words = _("“%(name)s” is expected on another day") if day else _("“%(name)s” has no expected day any more")
    return toast(request, response, words % {"name": deal.name}, undo)


def _day_in(month: str, old: dt.date | None) -> dt.date | None:
    """The day a deal is expected that is moved to a lane of the months. Raises ValueError."""
    if month == "none":
        return None
    first = timezone.localdate().replace(day=1)
    if month == "later":
        first = boards.month_after(first, boards.MONTHS_AHEAD)
    else:
        first = dt.datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
        if not 1990 <= first.year < NEVER.year:
            raise ValueError(month)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(old.day if old else last, last))
