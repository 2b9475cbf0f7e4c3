"""What is worked out every night and kept for pages to read: what was learned, scores, snapshots and the back-test.

Each step writes by day over what it wrote before: it may run twice, and may be killed anywhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction

from opportunities.forecast import factors
from opportunities.forecast.backtest import Replayed, pooled, replay
from opportunities.forecast.factors import MONTHS
from opportunities.forecast.fitting import PAST, Fit, Table, fit
from opportunities.forecast.scoring import Outlook, outlook
from opportunities.forecast.snapshots import take_snapshots
from opportunities.forecast.states import Landmark, histories, landmarks, monthly
from opportunities.models import BackTest, DealScore, ForecastFit, Opportunity

# How many deals are written at once.
SLICE = 2000


def run(day: dt.date) -> None:
    """All of it: learn from what closed, score what is open, keep how the forecast stands on a day."""
    kept = learn(day)
    if kept is not None:
        score_all(kept, day)


def learn(day: dt.date) -> ForecastFit | None:
    """Play the past again, keep the grades, and learn from all that closed before the month of a day."""
    table = Table(monthly(day, PAST))
    months = list(replay(table, day))
    learned = fit(table, day.replace(day=1))
    if learned is None:
        return None
    if months:
        learned = replace(learned, shaken=months[-1].fit.shaken)
    with transaction.atomic():
        kept, _new = ForecastFit.objects.update_or_create(
            before=learned.before,
            defaults={"deals": learned.deals, "won": learned.won, "lost": learned.lost, "learned": as_json(learned)},
        )
        BackTest.objects.update_or_create(until=day.replace(day=1), defaults=graded(months))
    return kept


def as_json(learned: Fit) -> dict[str, Any]:
    return asdict(learned) | {"before": learned.before.isoformat()}


def from_json(kept: dict[str, Any]) -> Fit:
    of_month, of_team = kept["shaken"]
    return Fit(**kept | {"before": dt.date.fromisoformat(kept["before"]), "shaken": (of_month, of_team)})


def graded(months: list[Replayed]) -> dict[str, Any]:
    """Grades as they are kept: pooled, and month by month."""
    return {
        "grades": {method: grade.told() for method, grade in pooled(months).items()},
        "months": [
            {
                "month": factors.first_day(month.month).isoformat(),
                "open": month.still_open,
                "grades": {method: grade.told() for method, grade in month.grades.items()},
            }
            for month in months
        ],
    }


def score_all(kept: ForecastFit, day: dt.date) -> None:
    """Score every open deal as it stands at the beginning of a day, take the snapshots, and drop scores of ended
    deals.
    """
    learned = from_json(kept.learned)
    marks = [mark for history in histories() for mark in landmarks(history, [day])]
    ahead = outlook(learned, marks, day)
    closes = ahead.close_months()
    for start in range(0, len(marks), SLICE):
        places = range(start, min(start + SLICE, len(marks)))
        _write([_score(kept, marks[at], ahead, at, closes[at], day) for at in places])
    open_deals = Opportunity._base_manager.filter(status="open", trashed_at=None).values("pk")
    DealScore.objects.exclude(opportunity__in=open_deals).delete()
    take_snapshots(learned, marks, ahead, day)


def _write(scores: list[DealScore]) -> None:
    """Write scores of the deals that are still there."""
    with transaction.atomic():
        keys = [score.opportunity_id for score in scores]
        locked = Opportunity._base_manager.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        there = set(locked.values_list("pk", flat=True))
        DealScore.objects.bulk_create(
            [score for score in scores if score.opportunity_id in there],
            update_conflicts=True,
            unique_fields=["opportunity"],
            update_fields=["fit", "scored_on", "odds", "close_month", "months", "levels"],
        )


def _score(kept: ForecastFit, mark: Landmark, ahead: Outlook, at: int, close: int, day: dt.date) -> DealScore:
    return DealScore(
        opportunity_id=mark.deal,
        fit=kept,
        scored_on=day,
        odds=round(float(ahead.odds[at]) * 100),
        close_month=factors.first_day(close),
        months=[round(float(chance) * 100, 1) for chance in ahead.won[at, :MONTHS]],
        levels=dict(zip(factors.OWN, mark.own, strict=True)),
    )
