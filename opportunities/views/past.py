"""Board and list as they stood at the end of a past day, and what changed since. Nothing can be changed here.

Whose deals, filters and words are read as on board and list, and hold for the deals as they are today.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.access.rights import kind_of
from crm.lists.state import ListState, read_state
from crm.records.models import Organisation
from crm.records.veil import veil
from crm.ui.forms import DateInput
from crm.ui.http import Request, render_page
from opportunities.board import CARDS, in_time
from opportunities.forecast import asof
from opportunities.models import Opportunity, Stage
from opportunities.record_types import OPPORTUNITY

KIND = kind_of(Opportunity)
ROWS = 50
MOST_PAGES = 1000
EARLIEST = dt.date(1990, 1, 1)
# By kind of change, what it is called, and the field without which it tells nothing.
LABELS = {
    "new": (gettext_lazy("New deals"), ""),
    "won": (gettext_lazy("Won deals"), ""),
    "lost": (gettext_lazy("Lost deals"), ""),
    "reopened": (gettext_lazy("Reopened"), ""),
    "moved": (gettext_lazy("Other stage"), ""),
    "up": (gettext_lazy("Amount up"), "amount"),
    "down": (gettext_lazy("Amount down"), "amount"),
    "slipped": (gettext_lazy("Put off"), "expected_on"),
    "earlier": (gettext_lazy("Brought forward"), "expected_on"),
}


class PastForm(forms.Form):
    """The day to go back to."""

    on = forms.DateField(label=gettext_lazy("As of"), widget=DateInput())

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is yet to come. Choose today or a day before."))
        if day < EARLIEST:
            raise forms.ValidationError(_("This is too long ago. Choose a day since 1990."))
        return day


@login_required
@require_GET
def deal_changes(request: Request) -> HttpResponse:
    """What changed since a day, kind by kind, and the deals of one kind as they were and as they are."""
    form, state = _asked(request)
    context = _context(request, form, state, "changes")
    if not form.is_valid():
        return _refused(request, context)
    day, sees = form.cleaned_data["on"], context["sees"]
    kinds = {kind: label for kind, (label, field) in LABELS.items() if sees.get(field, True)}
    kind = request.GET.get("kind", "")
    page, changes, found = _page_of(request), [], []
    with in_time(state):
        rows = state.rows()
        told = {change.kind: change for change in asof.changes_since(rows, day)}
        changes = [(kinds[each], told[each]) for each in kinds]
        kind = kind if kind in kinds else next((each for each in kinds if told[each].deals), "new")
        found = asof.changed_deals(rows, day, kind, page * ROWS, ROWS + 1, by_value=sees["amount"])
    named = _deals(request, [key for key, _old, _new in found])
    stages = _stages()
    context |= {
        "day": day,
        "changes": changes,
        "kind": kind,
        "kind_label": kinds.get(kind, ""),
        "deals": [
            (named[key], _shown(old, stages), _shown(new, stages)) for key, old, new in found[:ROWS] if key in named
        ],
        **_pager(page, len(found)),
    }
    return render_page(request, "opportunities/past_changes.html", context)


def past_page(request: Request, shape: str) -> HttpResponse:
    """The board, or the list, as it stood at the end of the day that the address names."""
    form, state = _asked(request)
    context = _context(request, form, state, shape)
    if not form.is_valid():
        return _refused(request, context)
    day, stages = form.cleaned_data["on"], _stages()
    totals, found, page = [], [], _page_of(request)
    columns = [stage for stage in stages.values() if stage.pipeline_id == _pipeline(request, stages)]
    with in_time(state):
        rows = state.rows()
        totals = asof.totals_on(rows, day)
        if shape == "board":
            keys = [stage.pk for stage in columns if stage.status == Stage.Status.OPEN]
            found = asof.cards_on(rows, day, keys, CARDS, by_value=context["sees"]["amount"])
        else:
            found = asof.deals_on(rows, day, page * ROWS, ROWS + 1)
    named = _deals(request, [key for key, _state in found])
    deals = [(named[key], _shown(was, stages), was) for key, was in found if key in named]
    by_stage = {total.stage: total for total in totals}
    context |= {
        "day": day,
        "lanes": [
            (stage, by_stage.get(stage.pk), [deal for deal in deals if deal[2].stage == stage.pk])
            for stage in columns
            if stage.status == Stage.Status.OPEN and (stage.pk in by_stage or stage.is_active)
        ],
        "sums": _sums(by_stage, stages),
        "deals": deals[:ROWS],
        **_pager(page, len(found)),
    }
    return render_page(request, "opportunities/past.html", context)


def _asked(request: Request) -> tuple[PastForm, ListState]:
    """The day, and the filter of board and list."""
    params: QueryDict = request.GET.copy()
    for name in ("loaded", "lane", "on", "kind", "page", "pipeline"):
        params.pop(name, None)
    return PastForm(request.GET), read_state(params, OPPORTUNITY, request.user)


def _context(request: Request, form: PastForm, state: ListState, shape: str) -> dict[str, Any]:
    rest = request.GET.copy()
    for name in ("on", "kind", "page"):
        rest.pop(name, None)
    back = {"board": "opportunities:board", "changes": "opportunities:board"}
    return {
        "form": form,
        "state": state,
        "past_shape": shape,
        # What a field of dates cannot show.
        "past_unread": request.GET.get("on", "") if form.has_error("on", "invalid") else "",
        "carried": [(name, value) for name, values in rest.lists() for value in values],
        "back_url": reverse(back.get(shape, "opportunities:opportunity_list"))
        + (f"?{rest.urlencode()}" if rest else ""),
        "today": timezone.localdate(),
        "sees": {name: request.user.rights.sees(KIND, name) for name in ("amount", "expected_on", "probability")},
        "currency": Organisation.current().currency,
    }


def _refused(request: Request, context: dict[str, Any]) -> HttpResponse:
    return render_page(request, "opportunities/past.html", context, status=422)


def _stages() -> dict[int, Stage]:
    """Every stage, removed ones too, in order. One statement."""
    rows = Stage.every.select_related("pipeline").order_by("pipeline__position", "pipeline_id", "position", "pk")
    return {stage.pk: stage for stage in rows}


def _pipeline(request: Request, stages: dict[int, Stage]) -> int | None:
    """The key of the pipeline asked for, or of the one that deals begin in."""
    known = {str(stage.pipeline_id): stage.pipeline for stage in stages.values()}
    asked = known.get(request.GET.get("pipeline", ""))
    chosen = asked or next((each for each in known.values() if each.is_default), None)
    return chosen.pk if chosen else None


def _deals(request: Request, keys: list[int]) -> dict[int, Any]:
    """Deals by key, as they may be shown today: their names, companies and owners. One statement."""
    rows: Any = Opportunity.objects.visible_to(request.user).select_related("company", "owner")
    return {deal.pk: deal for deal in veil(rows.filter(pk__in=keys), request.user)}


def _shown(was: asof.State, stages: dict[int, Stage]) -> dict[str, Any]:
    """What is told of a deal at a moment."""
    stage = stages.get(was.stage) if was.stage else None
    return {"stage": stage, "amount": was.amount, "currency": was.currency, "expected_on": was.expected_on}


def _sums(by_stage: dict[int, asof.StageTotal], stages: dict[int, Stage]) -> list[tuple[str, int, Any]]:
    """Open, won and lost deals of the day in all: how many and what they come to."""
    sums = []
    for status, label in Stage.Status.choices:
        totals = [total for key, total in by_stage.items() if stages[key].status == status]
        sums.append((str(label), sum(total.deals for total in totals), sum(total.amount for total in totals)))
    return sums


def _page_of(request: Request) -> int:
    """The page asked for, the first being 0."""
    page = request.GET.get("page", "")
    return min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 6 else 0


def _pager(page: int, found: int) -> dict[str, Any]:
    return {"earlier_page": page - 1, "has_earlier": page > 0, "later_page": page + 1, "has_later": found > ROWS}
