"""How the forecast stands on a day, kept for pages: of all deals, of every team with those below it, of every owner."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from crm.records.models import Organisation
from opportunities.forecast import factors
from opportunities.forecast.factors import MONTHS
from opportunities.forecast.fitting import Fit
from opportunities.forecast.scoring import Outlook
from opportunities.forecast.simulating import simulate, spread_of
from opportunities.forecast.states import Landmark
from opportunities.forecast.whose import Whose
from opportunities.models import ForecastSnapshot, Opportunity
from opportunities.targets import teams_below

CENT = Decimal("0.01")


@dataclass
class Tally:
    """What deals expected in a month come to by their odds and by category."""

    weighted: float = 0.0
    categories: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def take_snapshots(learned: Fit, marks: Sequence[Landmark], ahead: Outlook, day: dt.date) -> None:
    """Keep the forecast of the coming months, one by one and together: by odds, by category, and as learned."""
    above = _above()
    runs = _runs(learned, marks, ahead, day, above)
    tallies = _tallies(marks, above)
    won = _won(ahead.month, above)
    months = [ahead.month + step for step in range(MONTHS)]
    currency = Organisation.current().currency
    rows = [
        _snapshot(whose, chosen, sums, tallies, won, day=day, currency=currency)
        for whose, sums in runs.items()
        for chosen in [*([month] for month in months), months]
    ]
    with transaction.atomic():
        ForecastSnapshot.objects.filter(day=day).delete()
        ForecastSnapshot.objects.bulk_create(rows)


def _above() -> dict[int, list[int]]:
    """{team: itself and all teams above it}."""
    found: dict[int, list[int]] = defaultdict(list)
    for team, below in teams_below().items():
        for each in below:
            found[each].append(team)
    return found


def _whose(team: int | None, owner: int | None, above: Mapping[int, list[int]]) -> Iterator[Whose]:
    """Whom a deal of a team and an owner counts for."""
    yield Whose()
    for each in above.get(team, ()) if team is not None else ():
        yield Whose(team=each)
    if owner is not None:
        yield Whose(owner=owner)


def _runs(
    learned: Fit, marks: Sequence[Landmark], ahead: Outlook, day: dt.date, above: Mapping[int, list[int]]
) -> dict[Whose, NDArray[np.float64]]:
    """The sums of all runs: arrays (runs × months)."""

    def played(groups: Sequence[Hashable]) -> Mapping[Any, NDArray[np.float64]]:
        return simulate(
            ahead.wins[:, :MONTHS],
            ahead.losses[:, :MONTHS],
            np.array([mark.amount or 0.0 for mark in marks]),
            groups,
            ratios=learned.ratios,
            shaken=learned.shaken,
            seed=day.toordinal(),
        )

    runs: dict[Whose, NDArray[np.float64]] = {}
    for team, sums in played([mark.team for mark in marks]).items():
        for whose in _whose(team, None, above):
            runs[whose] = runs[whose] + sums if whose in runs else sums
    by_owner = played([mark.owner for mark in marks])
    return runs | {Whose(owner=owner): sums for owner, sums in by_owner.items() if owner is not None}


def _tallies(marks: Iterable[Landmark], above: Mapping[int, list[int]]) -> dict[tuple[Whose, int], Tally]:
    found: dict[tuple[Whose, int], Tally] = defaultdict(Tally)
    for mark in marks:
        if mark.due is None or not mark.amount:
            continue
        for whose in _whose(mark.team, mark.owner, above):
            tally = found[whose, mark.due]
            tally.weighted += mark.amount * mark.odds / 100
            tally.categories[mark.category] += mark.amount
    return found


def _won(first: int, above: Mapping[int, list[int]]) -> dict[tuple[Whose, int], Decimal]:
    """What deals signed from a month on came to, in the company's currency."""
    won: dict[tuple[Whose, int], Decimal] = defaultdict(Decimal)
    signed = Opportunity._base_manager.filter(
        status="won", trashed_at=None, closed_on__gte=factors.first_day(first), base_amount__isnull=False
    )
    for team, owner, closed, amount in signed.values_list("team", "owner", "closed_on", "base_amount"):
        if closed is not None and amount is not None:
            for whose in _whose(team, owner, above):
                won[whose, factors.month_of(closed)] += amount
    return won


def _snapshot(
    whose: Whose,
    months: list[int],
    sums: NDArray[np.float64],
    tallies: Mapping[tuple[Whose, int], Tally],
    won: Mapping[tuple[Whose, int], Decimal],
    *,
    day: dt.date,
    currency: str,
) -> ForecastSnapshot:
    """The row of one month, or of several together, which has no month."""
    start = factors.month_of(day)
    spread = spread_of(sums[:, [month - start for month in months]].sum(axis=1))
    counted = [tallies[whose, month] for month in months if (whose, month) in tallies]
    categories: dict[str, float] = defaultdict(float)
    for tally in counted:
        for name, total in tally.categories.items():
            categories[name] += total
    return ForecastSnapshot(
        day=day,
        team_id=whose.team,
        owner_id=whose.owner,
        month=factors.first_day(months[0]) if len(months) == 1 else None,
        currency=currency,
        won=sum((won.get((whose, month), Decimal(0)) for month in months), Decimal(0)),
        weighted=_cents(sum(tally.weighted for tally in counted)),
        categories={name: str(_cents(total)) for name, total in categories.items()},
        low=_cents(spread.low),
        middle=_cents(spread.middle),
        high=_cents(spread.high),
    )


def _cents(amount: float) -> Decimal:
    return Decimal(amount).quantize(CENT)
