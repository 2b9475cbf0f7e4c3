"""Deals as they stood at the end of a past day, and what changed since: from their dated rows, for pages.

Rows come through the doors of today: who may see a deal now may see what it was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone

from crm.records.models import Organisation

_LAST = """
LEFT JOIN LATERAL (
    SELECT * FROM (
        (SELECT effective_at, 1 AS kind, id, stage_id, amount, currency, expected_on, probability
         FROM opportunities_stagechange WHERE opportunity_id = seen.id AND effective_at < %({moment})s
         ORDER BY effective_at DESC, id DESC LIMIT 1)
        UNION ALL
        (SELECT effective_at, 2, id, stage_id, amount, currency, expected_on, probability
         FROM opportunities_dealchange WHERE opportunity_id = seen.id AND effective_at < %({moment})s
         ORDER BY effective_at DESC, id DESC LIMIT 1)
    ) AS rows ORDER BY effective_at DESC, kind DESC LIMIT 1
) AS {name} ON true
LEFT JOIN opportunities_stage AS {name}_stage ON {name}_stage.id = {name}.stage_id
"""
_VALUE = """(CASE WHEN {name}.currency = %(currency)s THEN {name}.amount
    ELSE round({name}.amount * opportunities_rate({name}.currency, %({day})s::date), 2) END)"""

_COLUMNS = """
SELECT old.stage_id, count(*), coalesce(sum({value}), 0),
    coalesce(round(sum({value} * coalesce(old.probability, old_stage.probability) / 100), 2), 0),
    count(*) FILTER (WHERE {value} IS NULL)
FROM ({seen}) AS seen {last}
WHERE old.stage_id IS NOT NULL
GROUP BY old.stage_id
"""

_BOTH_OPEN = "old_stage.status = 'open' AND new_stage.status = 'open'"
# By kind of change: what must hold of a deal then (old) and now (new).
KINDS = {
    "new": "old.stage_id IS NULL AND new.stage_id IS NOT NULL",
    "won": "old_stage.status IS DISTINCT FROM 'won' AND new_stage.status = 'won'",
    "lost": "old_stage.status IS DISTINCT FROM 'lost' AND new_stage.status = 'lost'",
    "reopened": "old_stage.status <> 'open' AND new_stage.status = 'open'",
    "moved": f"{_BOTH_OPEN} AND old.stage_id <> new.stage_id",
    "up": f"{_BOTH_OPEN} AND coalesce(new_value, 0) > coalesce(old_value, 0)",
    "down": f"{_BOTH_OPEN} AND coalesce(new_value, 0) < coalesce(old_value, 0)",
    "slipped": "new_stage.status = 'open' AND new.expected_on > old.expected_on",
}
_CHANGES = """
SELECT seen.id, old_value, new_value, {kinds}
FROM ({seen}) AS seen {old} {new}
CROSS JOIN LATERAL (SELECT {old_value} AS old_value, {new_value} AS new_value) AS worth
"""


@dataclass(frozen=True)
class StageTotal:
    """The deals of a stage on a day, in the company's currency at the rates of that day; `unvalued` have no amount or
    rate.
    """

    stage: int
    deals: int
    amount: Decimal
    weighted: Decimal
    unvalued: int


@dataclass(frozen=True)
class Change:
    """What changed in one way since a day: the deals, and their value then and now in the company's currency at the
    rates of the day asked for, so that a rate that changed is no change of a deal.
    """

    kind: str
    deals: tuple[int, ...]
    before: Decimal
    after: Decimal


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day is over, where the company is."""
    return timezone.make_aware(
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time()), timezone.get_default_timezone()
    )


def totals_on(rows: models.QuerySet[Any], day: dt.date) -> list[StageTotal]:
    """What the columns of the board held at the end of a day, of deals that came through a door; one statement."""
    value = _VALUE.format(name="old", day="day")
    last = _LAST.format(name="old", moment="then")
    return [
        StageTotal(stage, deals, amount, weighted, unvalued)
        for stage, deals, amount, weighted, unvalued in _read(
            _COLUMNS, rows, {"day": day, "then": end_of(day)}, value=value, last=last
        )
    ]


def changes_since(rows: models.QuerySet[Any], day: dt.date, until: dt.date | None = None) -> list[Change]:
    """What changed between the end of a day and the end of another (now, if None), kind by kind; one statement."""
    now = end_of(until) if until else timezone.now()
    found = _read(
        _CHANGES,
        rows,
        {"day": day, "then": end_of(day), "now": now},
        old=_LAST.format(name="old", moment="then"),
        new=_LAST.format(name="new", moment="now"),
        old_value=_VALUE.format(name="old", day="day"),
        new_value=_VALUE.format(name="new", day="day"),
        kinds=", ".join(f"coalesce({condition}, false)" for condition in KINDS.values()),
    )
    told = []
    for place, kind in enumerate(KINDS):
        changed = [row for row in found if row[3 + place]]
        keys = tuple(row[0] for row in changed)
        told.append(Change(kind, keys, _sum(row[1] for row in changed), _sum(row[2] for row in changed)))
    return told


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _read(statement: str, rows: models.QuerySet[Any], asked: dict[str, Any], **parts: str) -> list[tuple[Any, ...]]:
    """Run a statement on the keys of rows; their own parameters come in under names of their own."""
    inner, values = rows.order_by().values("pk").query.sql_with_params()
    names = {f"p{place}": value for place, value in enumerate(values)}
    named = iter(names)
    inner = re.sub("%s", lambda _found: f"%({next(named)})s", inner)
    seen = f"SELECT keys.* FROM ({inner}) AS keys(id)"  # noqa: S608 made by Django, values stay apart
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(seen=seen, **parts), names | asked | {"currency": Organisation.current().currency}
        )
        return cast("list[tuple[Any, ...]]", cursor.fetchall())
