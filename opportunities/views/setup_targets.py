"""The administrators' page of targets."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access.models import Team, User
from crm.console.access import administrators_only
from crm.console.answers import done
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from opportunities.models import Target
from opportunities.models.targets import MONTHS, months_later
from opportunities.target_forms import TargetsForm
from opportunities.targets import period_of, set_targets
from opportunities.views.periods import Period, period_label, read_period

# How many periods are shown side by side.
COLUMNS = {Period.MONTH: 6, Period.QUARTER: 4, Period.YEAR: 3}


@administrators_only
@require_http_methods(["GET", "POST"])
def target_list(request: Request) -> HttpResponse:
    """Targets of teams and users in a table: `?period=quarter&from=2026-01&team=3`."""
    period, first = read_period(request, _first_shown)
    months = MONTHS[period]
    days = [months_later(first, months * number) for number in range(COLUMNS[Period(period)])]
    labels = [period_label(day, period) for day in days]
    team = _team(request)
    form = TargetsForm(
        request.POST if request.method == "POST" else None,
        period=period,
        days=days,
        teams=[team] if team else list(Team.objects.all()),
        users=_users(team, period, days),
        labels=labels,
    )
    if request.method == "POST" and form.is_valid():
        changeset = set_targets(period, form.amounts(), by=request.user)
        return done(request, _url(period, first, team), _("Saved."), changeset)
    span = months * len(days)
    context = {
        "form": form,
        "labels": labels,
        "periods": [(value, label, _url(value, period_of(first, value), team)) for value, label in Period.choices],
        "period": period,
        "earlier_url": _url(period, months_later(first, -span), team),
        "later_url": _url(period, months_later(first, span), team),
        "teams": Team.objects.all(),
        "team": team,
        "first": f"{first:%Y-%m}",
        "currency": Organisation.current().currency,
    }
    return render_page(request, "opportunities/setup/target_list.html", context, status=422 if form.errors else 200)


def _first_shown(period: str) -> dt.date:
    """By default the quarters of the present fiscal year; months and years from the present one on."""
    today = timezone.localdate()
    return period_of(today, Period.YEAR) if period == Period.QUARTER else today


def _team(request: Request) -> Team | None:
    key = request.GET.get("team", "")
    is_key = key.isascii() and key.isdigit() and len(key) < 19
    return Team.objects.filter(pk=key).first() if is_key else None


def _users(team: Team | None, period: str, days: list[dt.date]) -> list[User]:
    """Active users, and those who left but have a target on show."""
    kept = Target.objects.filter(period=period, starts_on__in=days, user__isnull=False)
    rows = User.objects.filter(Q(is_active=True) | Q(pk__in=kept.values("user"))).select_related("team")
    return list(rows.filter(team=team) if team else rows)


def _url(period: str, first: dt.date, team: Team | None) -> str:
    query: dict[str, Any] = {"period": period, "from": f"{first:%Y-%m}", **({"team": team.pk} if team else {})}
    return f"{reverse('opportunities:target_list')}?{urlencode(query)}"
