"""The forecast of the coming months: three methods side by side, what the learned one rests on, what managers say."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from crm.access.models import Team
from crm.lists.state import ListState, read_state, views_for
from crm.records.models import Organisation
from crm.ui import formatting
from crm.ui.crud import VIEW_LABELS, back_to, undo_url
from crm.ui.filters import filter_page
from crm.ui.forms import NumberField
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.saved_views import query_of
from opportunities.board import in_time
from opportunities.cards import KIND
from opportunities.forecast.behind import bringing_most, levels_behind
from opportunities.forecast.months import months_of
from opportunities.forecast.page import linked, look_ahead
from opportunities.forecast.rolling import call, may_call
from opportunities.forecast.words import FACTORS, level_words
from opportunities.models import Category, CategoryOverride, ForecastFit, Stage
from opportunities.record_types import OPPORTUNITY

GUARDED = ("amount", "probability", "category", "expected_on")


@login_required
@require_GET
def forecast(request: Request) -> HttpResponse:
    """The coming months of what the list's filter lets through."""
    state = read_state(request.GET, OPPORTUNITY, request.user)
    sees = {name: request.user.rights.sees(KIND, name) for name in GUARDED}
    ahead = None
    if sees["amount"] and sees["expected_on"]:
        with in_time(state):
            ahead = look_ahead(state, timezone.localdate())
    context = {
        **_shared(state),
        "shape": "forecast",
        "sees": sees,
        "ahead": ahead,
        "views": [(view, VIEW_LABELS[view](state.type)) for view in views_for(request.user, state.type)],
        "address": query_of(state),
        "addable_filters": state.type.filters,
        "filter_url": "opportunities:forecast_filter",
        "may_call": bool(ahead and ahead.whose and ahead.whose.team and may_call(request.user, ahead.whose.team)),
        "categories": Category.choices if sees["category"] else [],
    }
    return render_page(request, "opportunities/forecast.html", context)


@login_required
@require_GET
def forecast_filter(request: Request) -> HttpResponse:
    return filter_page(request, OPPORTUNITY, "opportunities:forecast", "opportunities:forecast_filter")


def _shared(state: ListState) -> dict[str, Any]:
    return {"state": state, "type": state.type, "linked": linked(state)}


@login_required
@require_GET
def forecast_reasons(request: Request) -> HttpResponse:
    """What the learned forecast of a month (`?month=2026-12`), or of all of them, rests on."""
    params = request.GET.copy()
    today = timezone.localdate()
    step = _step(params.pop("month", [""])[-1], today)
    rights = request.user.rights
    if not (rights.sees(KIND, "amount") and rights.sees(KIND, "probability")):
        raise PermissionDenied
    state = read_state(params, OPPORTUNITY, request.user)
    fit = ForecastFit.current()
    factors: list[dict[str, Any]] = []
    deals: list[Any] = []
    if fit is not None:
        with in_time(state):
            factors = _factors(state, fit, today, step)
            deals = bringing_most(state.rows(), today, step)
    context = {
        **_shared(state),
        "fit": fit,
        "factors": factors,
        "deals": deals,
        "title": _("The coming months") if step is None else capfirst(formatting.month_text(months_of(today)[step])),
        "currency": Organisation.current().currency,
        "back": f"{reverse('opportunities:forecast')}?{urlencode(state.params(), safe=',')}",
    }
    return render_page(request, "opportunities/forecast_reasons.html", context)


def _step(text: str, today: dt.date) -> int | None:
    """Which of the months an address names; None for all of them."""
    if not text:
        return None
    keys = [f"{month:%Y-%m}" for month in months_of(today)]
    if text not in keys:
        raise Http404
    return keys.index(text)


def _factors(state: ListState, fit: ForecastFit, today: dt.date, step: int | None) -> list[dict[str, Any]]:
    """Factors that the viewer may see, each with its levels in words."""
    hidden = state.user.rights.hidden(KIND)
    kept_from = {"source": "source", "slips": "expected_on"}
    found = levels_behind(state.rows(), fit, today, step)
    stages = {str(stage.pk): str(stage) for stage in Stage.objects.all()}
    currency = Organisation.current().currency
    return [
        {
            "label": FACTORS[factor],
            "levels": [(level_words(factor, each.reason.level, stages, currency), each) for each in levels],
        }
        for factor, levels in found.items()
        if kept_from.get(factor) not in hidden
    ]


# ---- What managers say ----


class CallForm(forms.Form):
    """What a category will come to, and why; an empty amount goes back to the sum of the deals."""

    amount = NumberField(
        label=gettext_lazy("Amount"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=gettext_lazy("Empty for the sum of the opportunities."),
    )
    comment = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=500)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.cleaned_data.get("amount") is not None and not self.cleaned_data.get("comment"):
            self.add_error("comment", _("Say why, so that others can follow."))
        return data


@login_required
@require_http_methods(["GET", "POST"])
def forecast_call(request: Request, team_pk: int, month: str, category: str) -> HttpResponse:
    """Say what a category of a team will come to in a month, instead of the sum of the deals."""
    team = get_object_or_404(Team, pk=team_pk)
    if not may_call(request.user, team.pk) or not all(request.user.rights.writes(KIND, name) for name in GUARDED):
        raise PermissionDenied
    today = timezone.localdate()
    first = months_of(today)[_step(month, today) or 0]
    if category not in Category.values:
        raise Http404
    row = CategoryOverride.objects.filter(team=team, month=first, category=category).first()
    initial = {"amount": row.amount, "comment": row.comment} if row else {}
    form = CallForm(request.POST if request.method == "POST" else None, initial=initial)
    back = back_to(request, reverse("opportunities:forecast"))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        changeset = call(team, first, category, said["amount"], said["comment"], by=request.user)
        return toast(request, redirect_to(request, back), _("Saved."), undo=undo_url(changeset))
    context = {
        "form": form,
        "back": back,
        "title": f"{Category(category).label} · {formatting.month_text(first)}",
        "team": team,
        "currency": Organisation.current().currency,
    }
    status = 422 if form.errors else 200
    return render_page(request, "opportunities/forecast_call.html", context, partials=("dialog",), status=status)
