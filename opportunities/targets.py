"""What was won against what was to be won, by user and by team, month by month.

Of a won deal each co-owner has their share and the owner the rest. The owner's part counts for the deal's team, a
co-owner's for the team they are in now: all teams together come to what was won.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from crm.access.models import Team, User
from crm.access.rights import Act, Scope, kind_of
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Organisation
from crm.records.text import norm
from opportunities.models import CoOwner, Opportunity
from opportunities.models.targets import MONTHS, Target, months_later

CENT = Decimal("0.01")
KIND = kind_of(Opportunity)

# By `sort_expected`, which of a won deal is the day it was closed, because that has an index.
_PARTS = """
    WITH won AS (
        SELECT id, owner_id, team_id, closed_on, base_amount FROM opportunities_opportunity
        WHERE sort_expected >= %(first)s AND sort_expected < %(after)s
            AND status = 'won' AND trashed_at IS NULL AND base_amount IS NOT NULL
    ), shared AS (
        SELECT c.content_object_id AS opportunity_id, c.user_id, u.team_id, c.per_cent
        FROM opportunities_opportunityusershare c JOIN access_user u ON u.id = c.user_id
        WHERE c.content_object_id IN (SELECT id FROM won) AND c.per_cent > 0
    ), parts AS (
        SELECT w.owner_id AS user_id, w.team_id, w.closed_on,
            w.base_amount * (100 - coalesce((SELECT sum(s.per_cent) FROM shared s WHERE s.opportunity_id = w.id), 0))
                AS part
        FROM won w
        UNION ALL
        SELECT s.user_id, s.team_id, w.closed_on, w.base_amount * s.per_cent
        FROM shared s JOIN won w ON w.id = s.opportunity_id
    )
    SELECT user_id, team_id, date_trunc('month', closed_on)::date, sum(part) / 100 FROM parts GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Part:
    """What a user won for a team in the month that begins on `month`, in the company's currency, not rounded yet."""

    user: int | None
    team: int | None
    month: dt.date
    amount: Decimal


def won_parts(first: dt.date, after: dt.date) -> list[Part]:
    """What was won from the first day on and before the other: one statement, whatever the number of deals.

    Deals in a currency without a rate are not in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, {"first": first, "after": after})
        return [Part(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Attainment:
    """A target, and what was won in its period up to now, to the cent."""

    target: Target
    won: Decimal

    @property
    def share(self) -> Decimal | None:
        """Won by target, 1 for all of it; None where the target is 0."""
        return self.won / self.target.amount if self.target.amount else None

    @property
    def query(self) -> str:
        """The deals behind it, as a query of their list."""
        target, last = self.target, self.target.ends_before - dt.timedelta(days=1)
        parameters = {
            "view": "all",
            "status": "won",
            "counting": f"team-{target.team_id}" if target.team_id else target.user_id,
            "closed__between": f"{target.starts_on},{last}",
            "amount__empty": 0,
            "sort": "-amount",
        }
        return urlencode(parameters, safe=",")

    @property
    def per_cent(self) -> int:
        """How far a bar reaches, 100 at most."""
        return min(100, int(100 * self.share)) if self.share is not None else 100

    @property
    def missing(self) -> Decimal:
        """What is still to be won, 0 at least."""
        return max(self.target.amount - self.won, Decimal(0))


def attainments(targets: Iterable[Target], below: Mapping[int, frozenset[int]] | None = None) -> list[Attainment]:
    """What became of targets, in their order. A team's holds what it won with the teams below it (`teams_below`)."""
    targets = list(targets)
    if not targets:
        return []
    parts = won_parts(min(each.starts_on for each in targets), max(each.ends_before for each in targets))
    if below is None:
        below = teams_below() if any(each.team_id for each in targets) else {}
    return [Attainment(each, _won(each, parts, below)) for each in targets]


def counting_for(users: Iterable[int], teams: Iterable[int]) -> Q:
    """Deals of which a part counts for one of the users, or for one of the teams: as `won_parts` divides won ones."""
    users, teams = list(users), list(teams)
    theirs = Q(user__in=users) | Q(user__team__in=teams)
    shares = CoOwner.objects.filter(theirs, content_object=OuterRef("pk"), per_cent__gt=0)
    return Q(owner__in=users) | Q(team__in=teams) | Q(Exists(shares))


def won_by(
    parts: Iterable[Part],
    first: dt.date,
    after: dt.date,
    *,
    user: int | None = None,
    teams: frozenset[int] = frozenset(),
) -> Decimal:
    """What one user, or some teams, won from a first day of a month on and before another, to the cent, half up."""
    found = (
        part.amount
        for part in parts
        if first <= part.month < after and (part.user == user if user is not None else part.team in teams)
    )
    return sum(found, Decimal(0)).quantize(CENT, ROUND_HALF_UP)


def _won(target: Target, parts: list[Part], below: Mapping[int, frozenset[int]]) -> Decimal:
    teams = below.get(target.team_id, frozenset()) if target.team_id else frozenset()
    return won_by(parts, target.starts_on, target.ends_before, user=target.user_id, teams=teams)


def teams_below() -> dict[int, frozenset[int]]:
    """{team: itself with all teams below it}."""
    parents = dict(Team.objects.order_by().values_list("pk", "parent_id"))
    found: dict[int, set[int]] = defaultdict(set)
    for team in parents:
        above: int | None = team
        while above is not None:
            found[above].add(team)
            above = parents[above]
    return {team: frozenset(each) for team, each in found.items()}


# ---- Periods ----


def period_of(day: dt.date, period: str) -> dt.date:
    """The first day of the month, or of the fiscal quarter or year, that a day lies in."""
    months = MONTHS[period]
    first = Organisation.current().fiscal_year_start
    since = (day.month - first) % 12 % months
    return months_later(day.replace(day=1), -since)


def targets_for(user: User, day: dt.date) -> list[Target]:
    """The targets of a user and of their team whose period a day lies in, the shortest period first."""
    starts = {period: period_of(day, period) for period in MONTHS}
    rows = Target.objects.filter(currency=Organisation.current().currency, starts_on__in=starts.values())
    own = rows.filter(user=user) | (rows.filter(team=user.team_id) if user.team_id else rows.none())
    found = [each for each in own if each.starts_on == starts[each.period]]
    return sorted(found, key=lambda each: (each.months, each.user_id is None))


def targets_seen_by(user: User, period: str, first: dt.date) -> list[Target]:
    """The targets of a period that tell the user no more than their roles do: theirs, those of their teams, or all."""
    if not sees_amounts(user):
        return []
    rows = Target.objects.filter(period=period, starts_on=first, currency=Organisation.current().currency)
    scope, teams = user.rights.scope(KIND, Act.SEE), user.rights.teams
    if scope == Scope.TEAM:
        rows = rows.filter(Q(user=user) | Q(user__team__in=teams) | Q(team__in=teams))
    elif scope < Scope.TEAM:
        rows = rows.filter(user=user)
    return sorted(rows.select_related("user", "team"), key=lambda each: (each.team_id is None, norm(str(each.whose))))


def sees_amounts(user: User) -> bool:
    """Whether the user's roles show them what deals are worth, and so what was won of targets."""
    rights = user.rights
    return rights.may(KIND, Act.SEE) and rights.sees(KIND, "amount") and rights.sees(KIND, "won_amount")


# ---- The verb ----

Key = tuple[str, int, dt.date]


def set_targets(period: str, amounts: dict[Key, Decimal | None], *, by: User) -> Changeset | None:
    """Set targets of one kind of period, in one act; None takes one away.

    Keys: "user" or "team", its key, the first day. None where all are so already.
    """
    currency = Organisation.current().currency
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        Organisation.objects.select_for_update().get(pk=1)  # One at a time: two may set the same target at once.
        days = {day for _kind, _key, day in amounts}
        rows = Target.objects.select_for_update().filter(period=period, currency=currency, starts_on__in=days)
        known: dict[Key, Target] = {key_of(each): each for each in rows}
        touched: list[Target] = []
        for key, amount in amounts.items():
            target = known.get(key)
            if target is None and amount is not None:
                kind, whose, day = key
                target = Target(period=period, starts_on=day, amount=amount, currency=currency, **{f"{kind}_id": whose})
                target.save(force_insert=True)
            elif target is None or target.amount == amount:
                continue
            elif amount is None:
                touched.append(Target(pk=target.pk))
                target.delete()
                continue
            else:
                target.amount = amount
                target.save(update_fields=["amount"])
            touched.append(target)
        if touched:
            record_event(
                "target.changed", by=by, about=touched, changeset=changeset, count=len(touched), fields=["amount"]
            )
    return changeset if touched else None


def key_of(target: Target) -> Key:
    """What tells a target from others of its kind of period."""
    if target.user_id is not None:
        return ("user", target.user_id, target.starts_on)
    return ("team", target.team_id or 0, target.starts_on)
