"""What the learned forecast of some deals rests on: their factors, the deals behind each, and who brings most."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DecimalField, ExpressionWrapper, F, Func, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from opportunities.forecast import factors
from opportunities.forecast.factors import MONTHS
from opportunities.forecast.reasons import Reason, reasons
from opportunities.models import ForecastFit

SHOWN = 20
_MONEY = DecimalField(max_digits=30, decimal_places=6)

# By factor and level: how many of these deals are at it, and what they are expected to bring.
_LEVELS = """
SELECT level.key, level.value, count(*), sum(deal.base_amount * {chance}) / 100
FROM ({seen}) AS seen(id)
JOIN opportunities_opportunity AS deal ON deal.id = seen.id
JOIN opportunities_dealscore AS score ON score.opportunity_id = seen.id
CROSS JOIN LATERAL jsonb_each_text(score.levels) AS level
WHERE score.scored_on >= %(first)s AND deal.base_amount IS NOT NULL
GROUP BY level.key, level.value
"""


@dataclass(frozen=True)
class LevelOfDeals:
    """A level of a factor: how many of the deals are at it, what they are expected to bring, and why that counts."""

    deals: int
    expected: Decimal
    reason: Reason


def levels_behind(rows: QuerySet[Any], fit: ForecastFit, today: dt.date, step: int | None) -> dict[str, list[Any]]:
    """By factor, the levels of the open ones of some deals, those that bring most first; one statement.

    `step` is the month, counted from the present one; None for all of them together.
    """
    inner, values = rows.order_by().open().values("pk").query.sql_with_params()  # type: ignore[attr-defined]
    names = {f"p{place}": value for place, value in enumerate(values)}
    named = iter(names)
    inner = re.sub("%s", lambda _found: f"%({next(named)})s", inner)
    steps = range(MONTHS) if step is None else [step]
    chance = "(" + " + ".join(f"coalesce((score.months ->> {at})::numeric, 0)" for at in steps) + ")"
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS.format(seen=inner, chance=chance), {**names, "first": today.replace(day=1)})
        found = cursor.fetchall()
    told: dict[str, list[LevelOfDeals]] = {factor: [] for factor in factors.OWN}
    for factor, level, deals, expected in found:
        if factor in told:
            reason = next(each for each in reasons(fit.learned, {factor: level}) if each.factor == factor)
            told[factor].append(LevelOfDeals(deals, expected, reason))
    return {factor: sorted(each, key=lambda level: -level.expected) for factor, each in told.items()}


def bringing_most(rows: QuerySet[Any], today: dt.date, step: int | None) -> list[Any]:
    """The deals that bring most, with `chance` in per cent and `brings` in the company's currency."""
    steps = range(MONTHS) if step is None else [step]
    chances: Any = Value(0, output_field=_MONEY)
    for at in steps:
        chances += Cast(KeyTextTransform(str(at), "score__months"), _MONEY)
    found: Any = rows.order_by().open().filter(score__scored_on__gte=today.replace(day=1), base_amount__isnull=False)  # type: ignore[attr-defined]
    found = found.annotate(chance=ExpressionWrapper(chances, output_field=_MONEY))
    brings = Func(F("base_amount") * F("chance") / 100, function="round", output_field=_MONEY)
    return list(found.annotate(brings=brings).select_related("company", "stage").order_by("-brings", "pk")[:SHOWN])
