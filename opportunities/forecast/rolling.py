"""What is expected by category: the sums of the deals, and what managers say instead, rolled up the tree of teams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm.access.models import Team, User
from crm.access.rights import Act, Scope, kind_of
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Organisation
from opportunities.forecast.months import Part
from opportunities.forecast.whose import Whose
from opportunities.models import Category, CategoryOverride, Opportunity

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Call:
    """A category in a month: what the deals come to, and what is called: the same, but for what managers said.

    `said` is what was said for these deals as a whole, not for those of a team below.
    """

    category: str
    deals: Decimal
    called: Decimal
    said: CategoryOverride | None = None

    @property
    def label(self) -> str:
        return str(Category(self.category).label)

    @property
    def is_called(self) -> bool:
        return self.called != self.deals or self.said is not None


def calls_of(
    whose: Whose | None, parts: list[Part], below: Mapping[int, frozenset[int]], months: list[dt.date]
) -> dict[dt.date, list[Call]]:
    """By month, the calls in the order of categories. What managers said counts for whole teams only."""
    said = _said(whose, below, months)
    return {month: [_call(whose, parts, below, month, name, said) for name in Category.values] for month in months}


Key = tuple[int, dt.date, str]


def _said(
    whose: Whose | None, below: Mapping[int, frozenset[int]], months: list[dt.date]
) -> dict[Key, CategoryOverride]:
    if whose is None or whose.owner:
        return {}
    rows = CategoryOverride.objects.filter(month__in=months, currency=Organisation.current().currency)
    teams = below.get(whose.team, frozenset()) if whose.team else frozenset(below)
    return {(row.team_id, row.month, row.category): row for row in rows.filter(team__in=teams).select_related("by")}


def _call(
    whose: Whose | None,
    parts: list[Part],
    below: Mapping[int, frozenset[int]],
    month: dt.date,
    category: str,
    said: dict[Key, CategoryOverride],
) -> Call:
    own: dict[int | None, Decimal] = {}
    for part in parts:
        if part.month == month:
            own[part.team] = own.get(part.team, NOTHING) + part.sums.categories.get(category, NOTHING)
    deals = sum(own.values(), NOTHING)
    top = said.get((whose.team, month, category)) if whose and whose.team else None
    if top is not None:
        return Call(category, deals, top.amount, top)
    # Of what was said for teams below, the uppermost counts, in the place of the deals of these teams.
    here = [team for team, at, name in said if at == month and name == category]
    uppermost = [team for team in here if not any(team in below[other] for other in here if other != team)]
    called = deals
    for team in uppermost:
        called += said[team, month, category].amount - sum((own.get(each, NOTHING) for each in below[team]), NOTHING)
    return Call(category, deals, called)


def may_call(user: User, team: int) -> bool:
    """Whether a user says what a team will come to: who may edit all of its deals."""
    scope = user.rights.scope(kind_of(Opportunity), Act.EDIT)
    return scope == Scope.ALL or (scope == Scope.TEAM and team in user.rights.teams)


def call(
    team: Team, month: dt.date, category: str, amount: Decimal | None, comment: str, *, by: User
) -> Changeset | None:
    """Say what a category of a team will come to in a month, and why; None takes it back. None where it is so."""
    key = {"team": team, "month": month.replace(day=1), "category": category}
    with changes(by, Changeset.Source.EDIT) as changeset:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # One at a time.
        row = CategoryOverride.objects.filter(**key).first()
        if amount is None:
            if row is None:
                return None
            gone = CategoryOverride(pk=row.pk)
            row.delete()
            record_event("categoryoverride.removed", by=by, about=[gone], changeset=changeset)
            return changeset
        row = row or CategoryOverride(**key)
        row.amount, row.comment, row.by = amount, comment, by
        row.currency = Organisation.current().currency
        row.save()
        record_event("categoryoverride.changed", by=by, about=[row], changeset=changeset, fields=["amount", "comment"])
    return changeset
