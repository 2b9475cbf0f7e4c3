"""How likely a deal is won: by its stage, as learned with the reasons, or as typed; and which of them counts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from contacts.views.points import done
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records import services as records
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from opportunities.forecast import factors
from opportunities.forecast.reasons import reasons
from opportunities.forecast.words import FACTORS, level_words
from opportunities.models import Opportunity, Stage
from opportunities.views.people import editable_deal

KIND = kind_of(Opportunity)
Source = Opportunity.ProbabilitySource
# What tells a field that may be hidden from the viewer.
TELLS = {factors.SOURCE: "source", factors.SLIPS: "expected_on", factors.SIZE: "amount"}


@login_required
@require_GET
def opportunity_odds(request: Request, pk: int) -> HttpResponse:
    """The block that the page of a deal loads, or a page of its own without JavaScript."""
    if not sees_odds(request.user):
        raise Http404
    rows: Any = Opportunity.objects.with_odds().visible_to(request.user, trashed=None).with_acts(request.user)
    deal: Any = get_object_or_404(rows.select_related("stage", "score__fit"), pk=pk)
    score = getattr(deal, "score", None) if deal.is_open else None
    may_edit = deal.may_edit and deal.trashed_at is None and request.user.rights.writes(KIND, "probability")
    context = {
        "deal": deal,
        "score": score,
        "reasons": _reasons(score, request.user) if score else [],
        "counts": deal.odds_source,
        "choices": [
            (Source.STAGE, deal.stage.probability),
            (Source.LEARNED, score.odds if score else None),
            (Source.TYPED, deal.probability),
        ],
        "may_edit": may_edit,
    }
    return render_page(request, "opportunities/odds.html", context, partials=("panel-odds",))


def _reasons(score: Any, viewer: User) -> list[dict[str, Any]]:
    """Why, in words, of the factors that the viewer may know; strongest first."""
    stages = {str(stage.pk): str(stage) for stage in Stage.objects.all()}
    currency = Organisation.current().currency
    return [
        {
            "label": FACTORS[reason.factor],
            "level": level_words(reason.factor, reason.level, stages, currency),
            "reason": reason,
        }
        for reason in reasons(score.fit.learned, score.levels)
        if reason.factor not in TELLS or viewer.rights.sees(KIND, TELLS[reason.factor])
    ]


@login_required
@require_POST
def opportunity_count_with(request: Request, pk: int) -> HttpResponse:
    """Let the probability of the stage count from now on (`source=stage`), or the one learned."""
    deal = editable_deal(request, pk)
    if not request.user.rights.writes(KIND, "probability"):
        raise PermissionDenied
    source = request.POST.get("source")
    if source not in (Source.STAGE, Source.LEARNED):
        raise Http404
    saved = records.save_edit(deal, {"probability": None, "probability_source": source}, by=request.user)
    return done(request, deal, saved.changeset)


def sees_odds(user: User) -> bool:
    return user.rights.sees(KIND, "probability")
