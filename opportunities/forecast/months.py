"""The forecasts of the coming months side by side, of deals that came through a door: by odds, by category, as learned.

For pages: one statement for what is expected in these months, one for what was learned; in the company's currency.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from opportunities.forecast import factors
from opportunities.forecast.factors import MONTHS

_MONEY = DecimalField(max_digits=30, decimal_places=6)
CENT = Decimal("0.01")


@dataclass
class Sums:
    """What deals come to: their number, how many of them have no amount or no rate, sums by odds and by category; what
    all open deals are expected to bring by what was learned, None where none was scored.
    """

    deals: int = 0
    unvalued: int = 0
    weighted: Decimal = Decimal(0)
    categories: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    learned: Decimal | None = None

    def add(self, other: Sums) -> None:
        self.deals += other.deals
        self.unvalued += other.unvalued
        self.weighted += other.weighted
        for name, total in other.categories.items():
            self.categories[name] += total
        if other.learned is not None:
            self.learned = (self.learned or Decimal(0)) + other.learned


@dataclass(frozen=True)
class Part:
    """The deals of an owner in a team that are expected in a month (its first day)."""

    month: dt.date
    team: int | None
    owner: int | None
    sums: Sums


def parts_ahead(rows: QuerySet[Any], today: dt.date) -> list[Part]:
    """The open ones of some deals, by month from that of a day on, team and owner; two statements."""
    first = factors.month_of(today)
    open_rows: Any = rows.order_by().open()  # type: ignore[attr-defined]
    found: dict[tuple[dt.date, int | None, int | None], Sums] = defaultdict(Sums)
    for row in _expected(open_rows, first):
        sums = found[row["month"], row["team_id"], row["owner_id"]]
        sums.deals += row["deals"]
        sums.unvalued += row["deals"] - row["valued"]
        sums.weighted += ((row["weighted"] or Decimal(0)) / 100).quantize(CENT)
        sums.categories[row["category"]] += row["total"] or Decimal(0)
    for row in _learned(open_rows, first):
        for step in range(MONTHS):
            if row[f"month{step}"] is not None:
                sums = found[factors.first_day(first + step), row["team_id"], row["owner_id"]]
                sums.learned = (row[f"month{step}"] / 100).quantize(CENT)
    return [Part(*key, sums) for key, sums in found.items()]


def together(parts: Iterable[Part]) -> Sums:
    """What some parts come to."""
    total = Sums()
    for part in parts:
        total.add(part.sums)
    return total


def months_of(today: dt.date) -> list[dt.date]:
    """The first days of the month of a day and of those that follow, as many as are told of."""
    first = factors.month_of(today)
    return [factors.first_day(first + step) for step in range(MONTHS)]


def _expected(rows: Any, first: int) -> Any:
    """What is expected to close from a month on, by month, owner, team and category."""
    due = rows.filter(expected_on__gte=factors.first_day(first), expected_on__lt=factors.first_day(first + MONTHS))
    return (
        due.with_odds()
        .annotate(month=TruncMonth("expected_on"), worth=_product(F("base_amount") * F("odds")))
        .values("month", "team_id", "owner_id", "category")
        .annotate(deals=Count("pk"), valued=Count("base_amount"), total=Sum("base_amount"), weighted=Sum("worth"))
    )


def _learned(rows: Any, first: int) -> Any:
    """What was learned lets one expect month by month, in hundredths, by the scores made in the first of them."""
    chances = {
        f"month{step}": Sum(_product(F("base_amount") * Cast(KeyTextTransform(str(step), "score__months"), _MONEY)))
        for step in range(MONTHS)
    }
    scored = rows.filter(score__scored_on__gte=factors.first_day(first))
    return scored.values("team_id", "owner_id").annotate(**chances)


def left_out(rows: QuerySet[Any], today: dt.date) -> Q:
    """Which open deals are in none of the months: expected before them or after, or on no day."""
    first = factors.month_of(today)
    due = Q(expected_on__gte=factors.first_day(first), expected_on__lt=factors.first_day(first + MONTHS))
    return ~due | Q(expected_on__isnull=True)


def _product(expression: Any) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(expression, output_field=_MONEY)
