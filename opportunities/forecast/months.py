"""The forecasts of the coming months side by side, of deals that came through a door: by odds, by category, as learned.

For pages: one statement each, sums of the whole rows, in the company's currency.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from opportunities.forecast import factors

_MONEY = DecimalField(max_digits=30, decimal_places=6)
CENT = Decimal("0.01")


@dataclass
class MonthAhead:
    """A month: open deals expected to close in it with their sums by odds and by category; `learned` is what all open
    deals are expected to bring in it by what was learned, None where no deal was scored. `unvalued` have no amount or
    no rate.
    """

    month: dt.date
    deals: int = 0
    unvalued: int = 0
    weighted: Decimal = Decimal(0)
    categories: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    learned: Decimal | None = None


def months_ahead(rows: QuerySet[Any], today: dt.date, count: int = 6) -> list[MonthAhead]:
    """The months from that of a day on."""
    first = factors.month_of(today)
    months = {factors.first_day(first + step): MonthAhead(factors.first_day(first + step)) for step in range(count)}
    open_rows: Any = rows.order_by().open()  # type: ignore[attr-defined]
    due = open_rows.filter(expected_on__gte=factors.first_day(first), expected_on__lt=factors.first_day(first + count))
    sums = (
        due.with_odds()
        .annotate(month=TruncMonth("expected_on"), worth=_product(F("base_amount") * F("odds")))
        .values("month", "category")
        .annotate(deals=Count("pk"), valued=Count("base_amount"), total=Sum("base_amount"), weighted=Sum("worth"))
    )
    for row in sums:
        month = months[row["month"]]
        month.deals += row["deals"]
        month.unvalued += row["deals"] - row["valued"]
        month.weighted += ((row["weighted"] or Decimal(0)) / 100).quantize(CENT)
        month.categories[row["category"]] += row["total"] or Decimal(0)
    for step, learned in enumerate(_learned(open_rows, factors.first_day(first), count)):
        months[factors.first_day(first + step)].learned = learned
    return list(months.values())


def _learned(rows: Any, first: dt.date, count: int) -> list[Decimal | None]:
    """What was learned lets one expect month by month, by the scores made in the first of these months."""
    chances = {
        f"month{step}": Sum(_product(F("base_amount") * Cast(KeyTextTransform(str(step), "score__months"), _MONEY)))
        for step in range(count)
    }
    sums = rows.filter(score__scored_on__gte=first).aggregate(**chances)
    return [None if total is None else (total / 100).quantize(CENT) for total in sums.values()]


def _product(expression: Any) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(expression, output_field=_MONEY)
