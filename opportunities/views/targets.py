"""What one has won of one's own targets, beside the board."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.access.models import User
from crm.access.rights import Act, Scope, kind_of
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from opportunities.models import Opportunity
from opportunities.targets import Attainment, attainments, targets_for


@login_required
@require_GET
def target_own(request: Request) -> HttpResponse:
    """The targets of the present month, quarter and year, of the user and their team; nothing where there is none."""
    context = {"attained": _attained(request.user), "currency": Organisation.current().currency}
    return render_page(request, "opportunities/target_own.html", context)


def _attained(user: User) -> list[Attainment]:
    """Those that tell the user no more than their roles do: amounts, and what their team won."""
    kind = kind_of(Opportunity)
    if not (user.rights.sees(kind, "amount") and user.rights.sees(kind, "won_amount")):
        return []
    targets = targets_for(user, timezone.localdate())
    if user.rights.scope(kind, Act.SEE) < Scope.TEAM:
        targets = [each for each in targets if each.team_id is None]
    return attainments(targets)
