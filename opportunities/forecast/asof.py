"""Deals as they stood at the end of a past day, and what changed since: from their dated rows, for pages.

Rows come through the doors of today: who may see a deal now may see what it was.
"""

from __future__ import annotations

import datetime as dt
import re
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
    "earlier": "new_stage.status = 'open' AND new.expected_on < old.expected_on",
}
# Only deals with a dated row in between can have changed.
_CHANGED = """
FROM ({seen}) AS seen
JOIN (
    SELECT opportunity_id FROM opportunities_stagechange WHERE effective_at >= %(then)s AND effective_at < %(now)s
    UNION
    SELECT opportunity_id FROM opportunities_dealchange WHERE effective_at >= %(then)s AND effective_at < %(now)s
) AS touched ON touched.opportunity_id = seen.id {old} {new}
CROSS JOIN LATERAL (SELECT {old_value} AS old_value, {new_value} AS new_value) AS worth
"""
_CHANGES = f"SELECT {{sums}} {_CHANGED}"
_THEN_AND_NOW = """
SELECT seen.id, old.stage_id, old.amount, old.currency, old.expected_on,
    new.stage_id, new.amount, new.currency, new.expected_on
"""
_CHANGED_DEALS = f"""{_THEN_AND_NOW} {_CHANGED}
WHERE {{condition}} ORDER BY {{order}} seen.id LIMIT %(size)s OFFSET %(start)s
"""
# The deals of each stage with the largest values first, so many of each.
_CARDS = """
SELECT id, stage_id, amount, currency, expected_on FROM (
    SELECT seen.id, old.stage_id, old.amount, old.currency, old.expected_on,
        row_number() OVER (PARTITION BY old.stage_id ORDER BY {order} seen.id) AS place
    FROM ({seen}) AS seen {last}
    WHERE old.stage_id = ANY(%(stages)s)
) AS placed WHERE place <= %(size)s ORDER BY stage_id, place
"""
_LISTED = """
SELECT seen.id, old.stage_id, old.amount, old.currency, old.expected_on
FROM ({seen}) AS seen {last}
WHERE old.stage_id IS NOT NULL ORDER BY seen.id DESC LIMIT %(size)s OFFSET %(start)s
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
    """What changed in one way since a day: how many deals, and their value then and now in the company's currency at
    the rates of the day asked for, so that a rate that changed is no change of a deal.
    """

    kind: str
    deals: int
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class State:
    """A deal as it stood at a moment; `stage` None before it began. The amount is in its own currency."""

    stage: int | None
    amount: Decimal | None
    currency: str | None
    expected_on: dt.date | None


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


def cards_on(
    rows: models.QuerySet[Any], day: dt.date, stages: list[int], size: int, *, by_value: bool
) -> list[tuple[int, State]]:
    """The first deals of each of these stages at the end of a day, the largest first if `by_value`; one statement."""
    found = _read(
        _CARDS,
        rows,
        {"day": day, "then": end_of(day), "stages": stages, "size": size},
        last=_LAST.format(name="old", moment="then"),
        order=f"{_VALUE.format(name='old', day='day')} DESC NULLS LAST," if by_value else "",
    )
    return [(row[0], State(*row[1:5])) for row in found]


def deals_on(rows: models.QuerySet[Any], day: dt.date, start: int, size: int) -> list[tuple[int, State]]:
    """Deals as they stood at the end of a day, the latest first, so many from a place on; one statement."""
    asked = {"day": day, "then": end_of(day), "size": size, "start": start}
    found = _read(_LISTED, rows, asked, last=_LAST.format(name="old", moment="then"))
    return [(row[0], State(*row[1:5])) for row in found]


def changes_since(rows: models.QuerySet[Any], day: dt.date, until: dt.date | None = None) -> list[Change]:
    """What changed between the end of a day and the end of another (now, if None), kind by kind; one statement."""
    sums = ", ".join(
        f"count(*) FILTER (WHERE {kind}), coalesce(sum(old_value) FILTER (WHERE {kind}), 0), "
        f"coalesce(sum(new_value) FILTER (WHERE {kind}), 0)"
        for kind in KINDS.values()
    )
    (found,) = _read(_CHANGES, rows, _between(day, until), **_PARTS, sums=sums)
    return [Change(kind, *found[3 * place : 3 * place + 3]) for place, kind in enumerate(KINDS)]


def changed_deals(
    rows: models.QuerySet[Any], day: dt.date, kind: str, start: int, size: int, *, by_value: bool
) -> list[tuple[int, State, State]]:
    """The deals that changed in one way since a day, as they were and as they are; one statement."""
    asked = _between(day, None) | {"start": start, "size": size}
    order = "greatest(old_value, new_value) DESC NULLS LAST," if by_value else ""
    found = _read(_CHANGED_DEALS, rows, asked, **_PARTS, condition=KINDS[kind], order=order)
    return [(row[0], State(*row[1:5]), State(*row[5:9])) for row in found]


_PARTS = {
    "old": _LAST.format(name="old", moment="then"),
    "new": _LAST.format(name="new", moment="now"),
    "old_value": _VALUE.format(name="old", day="day"),
    "new_value": _VALUE.format(name="new", day="day"),
}


def _between(day: dt.date, until: dt.date | None) -> dict[str, Any]:
    return {"day": day, "then": end_of(day), "now": end_of(until) if until else timezone.now()}


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
