"""What was won of targets: one's own beside the board, and all that one may know of on a page."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.access.models import User
from crm.access.rights import Act, Scope
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from opportunities.models.targets import MONTHS, months_later
from opportunities.targets import (
    KIND,
    Attainment,
    attainments,
    period_of,
    sees_amounts,
    targets_for,
    targets_seen_by,
)
from opportunities.views.periods import Period, period_label, read_period


@login_required
@require_GET
def target_own(request: Request) -> HttpResponse:
    """The targets of the present month, quarter and year, of the user and their team; nothing where there is none."""
    context = {"attained": _attained(request.user), "currency": Organisation.current().currency}
    return render_page(request, "opportunities/target_own.html", context)


def _attained(user: User) -> list[Attainment]:
    """Those that tell the user no more than their roles do: amounts, and what their team won."""
    if not sees_amounts(user):
        return []
    targets = targets_for(user, timezone.localdate())
    if user.rights.scope(KIND, Act.SEE) < Scope.TEAM:
        targets = [each for each in targets if each.team_id is None]
    return attainments(targets)


@login_required
@require_GET
def attainment(request: Request) -> HttpResponse:
    """What was won of the targets of a period that the user may know of: `?period=month&from=2026-01`."""
    if not sees_amounts(request.user):
        raise PermissionDenied
    period, first = read_period(request, lambda _period: timezone.localdate())
    context = {
        "attained": attainments(targets_seen_by(request.user, period, first)),
        "label": period_label(first, period),
        "periods": [(value, label, _url(value, period_of(first, value))) for value, label in Period.choices],
        "period": period,
        "earlier_url": _url(period, months_later(first, -MONTHS[period])),
        "later_url": _url(period, months_later(first, MONTHS[period])),
        "setup_url": f"{reverse('opportunities:target_list')}?period={period}" if request.user.is_administrator else "",
        "currency": Organisation.current().currency,
    }
    return render_page(request, "opportunities/attainment.html", context)


def _url(period: str, first: dt.date) -> str:
    return f"{reverse('opportunities:attainment')}?period={period}&from={first:%Y-%m}"
