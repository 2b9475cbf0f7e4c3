"""The board of opportunities, by stage and by month: pages, further cards, and whether anything changed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crm.access.rights import Act
from crm.lists.state import ListState, read_state, views_for
from crm.records.models import Organisation
from crm.ui.crud import VIEW_LABELS
from crm.ui.filters import filter_page
from crm.ui.http import Request, render_page, target
from crm.ui.saved_views import kept_by, query_of
from opportunities import board as boards
from opportunities.board import Board
from opportunities.cards import KIND
from opportunities.models import Pipeline
from opportunities.record_types import OPPORTUNITY
from opportunities.views.past import past_page

# What a board's address says beside the filter: how many cards of each lane to show, the lane whose cards follow.
OWN = ("loaded", "lane")
PARTS = ("board-body",)


@login_required
@require_GET
def board(request: Request) -> HttpResponse:
    """Open deals by stage, or as they stood on a past day (`on`)."""
    if "on" in request.GET:
        return past_page(request, "board")
    return _page(request, "board")


@login_required
@require_GET
def months(request: Request) -> HttpResponse:
    """Open deals by the month they are expected in."""
    return _page(request, "months")


@login_required
@require_GET
def board_more(request: Request) -> HttpResponse:
    return _more(request, "board")


@login_required
@require_GET
def months_more(request: Request) -> HttpResponse:
    return _more(request, "months")


@login_required
@require_GET
def board_filter(request: Request) -> HttpResponse:
    return filter_page(request, OPPORTUNITY, "opportunities:board", "opportunities:board_filter")


@login_required
@require_GET
def months_filter(request: Request) -> HttpResponse:
    return filter_page(request, OPPORTUNITY, "opportunities:months", "opportunities:months_filter")


@login_required
@require_GET
def board_version(request: Request) -> HttpResponse:
    """A text that is another one after any change: a board on show asks every few seconds and then looks again."""
    return HttpResponse(boards.version(), content_type="text/plain; charset=utf-8")


def read_board(request: Request, shape: str, params: QueryDict) -> tuple[Board, ListState, list[Pipeline]]:
    """The board that a query asks for, without its totals and cards; the state; the pipelines to choose from.

    `pipeline` chooses one, and so narrows the list behind it too.
    """
    params = params.copy()
    for name in OWN:
        params.pop(name, None)
    pipelines, version = boards.read_pipelines()
    asked = params.get("pipeline", "")
    pipeline = next((each for each in pipelines if str(each.pk) == asked), None)
    if pipeline is not None:
        params.pop("pipeline")
    else:
        pipeline = next((each for each in pipelines if each.is_default), next(iter(pipelines)))
    state = read_state(params, OPPORTUNITY, request.user)
    if shape == "months":
        found = boards.by_month(pipeline, pipelines[pipeline])
    else:
        found = boards.by_stage(pipeline, pipelines[pipeline], get_language() or "")
    found.version = version
    return found, state, list(pipelines)


def _page(request: Request, shape: str) -> HttpResponse:
    loaded = _loaded(request.GET.get("loaded", ""))
    is_refresh = "loaded" in request.GET
    request.GET = _without(request.GET, "loaded")  # type: ignore[assignment]
    found, state, pipelines = read_board(request, shape, request.GET)
    with boards.in_time(state):
        rows = state.rows()
        boards.read_totals(found, rows)
        boards.read_cards(found, state, rows, loaded)
    kept = state.params() | ({"pipeline": request.GET["pipeline"]} if request.GET.get("pipeline") else {})
    context = {
        **board_context(request, found, state, shape),
        "pipelines": pipelines,
        "is_search": bool(target(request, PARTS)),
        "is_refresh": is_refresh,
        "views": [(view, VIEW_LABELS[view](state.type)) for view in views_for(request.user, state.type)],
        "saved_views": [each for each in kept_by(request) if each.type == OPPORTUNITY.slug],
        "address": query_of(state),
        "addable_filters": state.type.filters,
        "filter_url": f"opportunities:{shape}_filter",
        "carried": [(name, value) for name, value in kept.items() if name != "q"],
    }
    return render_page(request, "opportunities/board.html", context, partials=PARTS)


def board_context(request: Request, found: Board, state: ListState, shape: str) -> dict[str, Any]:
    """What lanes and their cards are drawn from."""
    return {
        "board": found,
        "shape": shape,
        "state": state,
        "type": state.type,
        "currency": Organisation.current().currency,
        "sees_amount": request.user.rights.sees(KIND, "amount"),
        "sees_weighted": request.user.rights.sees(KIND, "amount") and request.user.rights.sees(KIND, "probability"),
        "more_url": reverse(f"opportunities:{shape}_more"),
        "viewer": request.user,
        "may_create": request.user.rights.may(KIND, Act.CREATE),
    }


def _more(request: Request, shape: str) -> HttpResponse:
    """The cards of a lane that follow those shown, and the button for those after them."""
    key, after = request.GET.get("lane", ""), request.GET.get("after", "")
    request.GET = _without(request.GET, "lane", "after")  # type: ignore[assignment]
    found, state, _pipelines = read_board(request, shape, request.GET)
    lane = found.lane(key)
    if lane is None:
        raise Http404
    with boards.in_time(state):
        boards.read_more(found, lane, state, after)
    context = {**board_context(request, found, state, shape), "lane": lane}
    return render(request, "opportunities/board_more.html", context)


def _loaded(text: str) -> dict[str, int]:
    """How many cards of each lane are on show: "3:40,5:60"."""
    pairs = (part.rpartition(":") for part in text.split(",")[:50])
    return {lane: int(count) for lane, _colon, count in pairs if count.isascii() and count.isdigit() and len(count) < 5}


def _without(params: QueryDict, *names: str) -> QueryDict:
    """The query without some parameters, as links of the page repeat it."""
    kept = params.copy()
    for name in names:
        kept.pop(name, None)
    return kept
