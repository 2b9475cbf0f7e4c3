"""The track record: how the forecast did on past months. It tells of the whole firm, so it is for those who see all."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.access.models import User
from crm.access.rights import Act, Scope, kind_of
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from opportunities import track_record
from opportunities.forecast.factors import FEWEST_CLOSED, FEWEST_EACH
from opportunities.models import Opportunity

KIND = kind_of(Opportunity)


def may_see_record(user: User) -> bool:
    return user.rights.scope(KIND, Act.SEE) == Scope.ALL


@login_required
@require_GET
def forecast_record(request: Request) -> HttpResponse:
    if not may_see_record(request.user):
        raise PermissionDenied
    record = track_record.read()
    context = {
        "record": record,
        "verdict": track_record.verdict(record) if record else [],
        "closed": {} if record else _closed(request.user),
        "fewest": FEWEST_CLOSED,
        "fewest_each": FEWEST_EACH,
        "currency": Organisation.current().currency,
        "sees_amount": request.user.rights.sees(KIND, "amount"),
        "side": track_record.SIDE,
    }
    return render_page(request, "opportunities/record.html", context)


def _closed(user: User) -> dict[str, object]:
    """Whether enough deals have closed to learn from, and how many were won and lost, counted up to enough."""
    rows = Opportunity.objects.visible_to(user)
    won, lost = (rows.filter(status=status)[:FEWEST_CLOSED].count() for status in ("won", "lost"))
    is_enough = won + lost >= FEWEST_CLOSED and min(won, lost) >= FEWEST_EACH
    return {"won": won, "lost": lost, "is_enough": is_enough}
