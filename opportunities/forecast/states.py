"""Deals as they stood on past days, from their dated rows alone, and how they ended afterwards.

Amounts are floats here: they feed statistics, nothing is booked from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from crm.records.models import Organisation
from opportunities.forecast import factors

CHUNK = 20_000
WON, LOST = 1, 2
ENDS = {"won": WON, "lost": LOST}

# All dated rows of deals that are still there, oldest first, in the company's time of day and currency.
ROWS = """
SELECT c.opportunity_id, c.effective_at AT TIME ZONE %(zone)s::text, s.status, c.stage_id, c.owner_id, c.team_id,
    (CASE WHEN c.currency = %(currency)s THEN c.amount
        ELSE c.amount * opportunities_rate(c.currency, (c.effective_at AT TIME ZONE %(zone)s::text)::date) END)::float8,
    c.expected_on, c.category, coalesce(c.probability, s.probability), o.source
FROM (
    SELECT opportunity_id, effective_at, 1 AS kind, id, stage_id, owner_id, team_id, amount, currency, expected_on,
        category, probability
    FROM opportunities_stagechange
    UNION ALL
    SELECT opportunity_id, effective_at, 2, id, stage_id, owner_id, team_id, amount, currency, expected_on,
        category, probability
    FROM opportunities_dealchange
) AS c
JOIN opportunities_stage s ON s.id = c.stage_id
JOIN opportunities_opportunity o ON o.id = c.opportunity_id
WHERE c.effective_at < %(until)s AND o.trashed_at IS NULL AND o.merged_into_id IS NULL
    AND (%(keys)s::bigint[] IS NULL OR c.opportunity_id = ANY(%(keys)s::bigint[]))
ORDER BY c.opportunity_id, c.effective_at, c.kind, c.id
"""


class State(NamedTuple):
    """What a deal had become at a moment. `amount` is in the company's currency, `odds` in per cent, typed or the
    stage's.
    """

    at: dt.datetime
    status: str
    stage: int
    owner: int | None
    team: int | None
    amount: float | None
    expected_on: dt.date | None
    category: str
    odds: int


class History(NamedTuple):
    """The life of a deal so far, oldest state first."""

    deal: int
    source: str
    states: list[State]


class Landmark(NamedTuple):
    """An open deal as known at the beginning of a day, and, apart from that, how it ended later.

    `own` are the levels of `factors.OWN`; `due` is the month it was expected to close in. `end` is WON or LOST, with
    the day and what was signed, or None where that is not known yet: nothing but the truth to learn from, never a
    factor.
    """

    deal: int
    day: dt.date
    owner: int | None
    team: int | None
    amount: float | None
    category: str
    odds: int
    own: tuple[str, ...]
    due: int | None
    end: int | None
    ended_on: dt.date | None
    signed: float | None


def histories(until: dt.datetime | None = None, keys: list[int] | None = None) -> Iterator[History]:
    """The deals with what became of them before a moment (now, if None), one after the other, of some keys or all.

    Reads through a cursor of the server: memory stays flat however many deals there are.
    """
    asked: dict[str, Any] = {
        "zone": timezone.get_default_timezone_name(),
        "currency": Organisation.current().currency,
        "until": until or timezone.now(),
        "keys": keys,
    }
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, asked)
        read = chain.from_iterable(iter(lambda: cursor.fetchmany(CHUNK), []))
        for deal, rows in groupby(read, key=itemgetter(0)):
            told = list(rows)
            yield History(deal, told[0][10], [State(*row[1:10]) for row in told])


def landmarks(history: History, days: list[dt.date]) -> Iterator[Landmark]:
    """The deal at the beginning of each of these days (in order) on which it was open."""
    states, place = history.states, 0
    slips, stage_since = 0, states[0].at
    for day in days:
        begins = dt.datetime.combine(day, dt.time())
        while place < len(states) and states[place].at < begins:
            if place:
                before, state = states[place - 1], states[place]
                slips += is_slip(before, state)
                if state.stage != before.stage:
                    stage_since = state.at
            place += 1
        if place == 0 or states[place - 1].status != "open":
            continue
        now, last = states[place - 1], next((s for s in states[place:] if s.status != "open"), None)
        yield Landmark(
            deal=history.deal,
            day=day,
            owner=now.owner,
            team=now.team,
            amount=now.amount,
            category=now.category,
            odds=now.odds,
            own=(
                str(now.stage),
                factors.level_of_days((begins - stage_since).days, factors.STAGE_DAYS),
                factors.level_of_days((begins - states[0].at).days, factors.DEAL_DAYS),
                factors.level_of_slips(slips),
                factors.level_of_amount(now.amount),
                factors.level_of_source(history.source),
            ),
            due=factors.month_of(now.expected_on) if now.expected_on else None,
            end=ENDS[last.status] if last else None,
            ended_on=last.at.date() if last else None,
            signed=last.amount if last and last.status == "won" else None,
        )


def is_slip(before: State, after: State) -> bool:
    """Whether an open deal's expected close was put off."""
    if before.expected_on is None or after.expected_on is None or after.status != "open":
        return False
    return after.expected_on > before.expected_on


def months_between(first: int, last: int) -> list[dt.date]:
    """The first days of the months from one to another, both included."""
    return [factors.first_day(month) for month in range(first, last + 1)]


def monthly(until: dt.date, months: int) -> Iterator[Landmark]:
    """All deals at the beginning of each of so many months up to that of a day, as known when that day began."""
    last = factors.month_of(until)
    days = months_between(last - months, last)
    midnight = timezone.make_aware(dt.datetime.combine(until, dt.time()))
    for history in histories(until=midnight):
        yield from landmarks(history, days)
