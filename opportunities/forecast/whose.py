"""Whose deals a forecast is of, and whether its viewer sees all of them.

What was worked out of deals together (targets, spans, what a manager says) is shown only to who sees each of these
deals: nobody can tell from it what they may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from crm.access.rights import Act, Scope
from crm.lists.state import ListState
from opportunities.models import ForecastSnapshot


class Whose(NamedTuple):
    """Deals of a team with those below it, of an owner, or all."""

    team: int | None = None
    owner: int | None = None


def whose_of(state: ListState, below: Mapping[int, frozenset[int]]) -> Whose | None:
    """Whose deals a list shows, if these are all deals of somebody and the viewer sees all of them; else None.

    `below` is {team: itself with all below it} (opportunities.targets.teams_below).
    """
    user, scope = state.user, state.user.rights.scope(state.type.kind, Act.SEE)
    filters = dict(state.filters)
    if state.q or len(filters) > 1 or (state.view == "mine" and filters):
        return None
    if state.view == "mine":
        return Whose(owner=user.pk)
    if "team" in filters or (state.view == "team" and not filters):
        teams = _teams(filters["team"], user.team_id) if filters else frozenset(user.rights.teams)
        is_theirs = teams <= {*user.rights.teams}
        is_whole = (scope == Scope.ALL and state.view == "all") or (scope >= Scope.TEAM and is_theirs)
        found = next((team for team, each in below.items() if each == teams), None)
        return Whose(team=found) if is_whole and found else None
    if "owner" in filters and state.view == "all":
        owner = str(user.pk) if filters["owner"] == ["me"] else ",".join(filters["owner"])
        is_whole = scope == Scope.ALL or owner == str(user.pk)
        return Whose(owner=int(owner)) if is_whole and owner.isdigit() else None
    return Whose() if not filters and scope == Scope.ALL else None


def _teams(values: list[str], own: int | None) -> frozenset[int]:
    """The teams that a filter names; none of them where it names something else too."""
    named = [str(own) if value == "mine" else value for value in values]
    return frozenset(map(int, named)) if all(value.isdigit() for value in named) else frozenset()


def snapshots_of(whose: Whose) -> dict[object, ForecastSnapshot]:
    """The forecast as it stood last, by the first day of each month, and by None of all months together."""
    rows = list(ForecastSnapshot.objects.filter(team=whose.team, owner=whose.owner).order_by("-day")[:7])
    return {row.month: row for row in rows if row.day == rows[0].day}
