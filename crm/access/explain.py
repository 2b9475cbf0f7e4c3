"""Who can see a record, and why: every path of the door, in words, for every active colleague."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.access.models import Right, Team, User
from crm.access.rights import Act, Scope, kind_of

# A record: a model with owner, team and shares; its base lives above this room.
Record = Any
# Its shares: with people, then with teams.
Shares = tuple[list[Any], list[Any]]

ACTS = (Act.SEE, Act.EDIT)


@dataclass
class Access:
    """One colleague's access: whether they may edit as well, and every reason why they see the record."""

    user: User
    may_edit: bool = False
    reasons: list[str] = field(default_factory=list)


def who_sees(record: Record, shares: Shares | None = None) -> list[Access]:
    """Everybody who may see a record, owner first, with the reasons; the same paths as `visible_to`.

    Five statements, however many colleagues there are; `shares` are `shares_of(record)`, where they were read already.
    """
    kind = kind_of(record)
    cells = Right.objects.filter(kind=kind, act__in=ACTS).values_list("role_id", "act", "scope")
    scopes = {(role, act): Scope(scope) for role, act, scope in cells}
    teams = {team.pk: team for team in Team.objects.all()}
    people, groups = shares or shares_of(record)
    found = []
    for user in User.objects.filter(is_active=True).prefetch_related("roles"):
        access = Access(user)
        line = _line(user.team_id, teams)
        _by_roles(access, record, scopes, teams, line)
        _by_shares(access, people, groups, line)
        if access.reasons:
            found.append(access)
    return sorted(found, key=lambda access: (access.user.pk != record.owner_id, not access.may_edit, access.user.name))


def _by_roles(
    access: Access,
    record: Record,
    scopes: dict[tuple[int, str], Scope],
    teams: dict[int, Team],
    line: list[Team],
) -> None:
    user = access.user
    above_record = _line(record.team_id, teams)
    is_in_reach = user.team_id is not None and any(team.pk == user.team_id for team in above_record)
    for role in user.roles.all():
        see = scopes.get((role.pk, Act.SEE), Scope.NOBODY)
        edit = scopes.get((role.pk, Act.EDIT), Scope.NOBODY)
        is_owner = record.owner_id == user.pk
        access.may_edit |= edit == Scope.ALL or (edit == Scope.TEAM and is_in_reach) or (edit >= Scope.OWN and is_owner)
        if see >= Scope.OWN and is_owner:
            access.reasons.append(_("owns it (role %(role)s)") % {"role": role})
        if see == Scope.TEAM and is_in_reach and record.team_id is not None:
            words = _("it belongs to the team %(team)s, which the role %(role)s covers")
            access.reasons.append(words % {"team": teams[record.team_id].name, "role": role})
        if see == Scope.ALL:
            access.reasons.append(_("the role %(role)s sees all") % {"role": role})


def _by_shares(access: Access, people: Iterable[Any], groups: Iterable[Any], line: list[Team]) -> None:
    above = {team.group_id: team for team in line}
    ways = [
        *((each, each.standing or _("it is shared with them")) for each in people if each.user_id == access.user.pk),
        *(
            (each, _("it is shared with the team %(team)s") % {"team": above[each.group_id].name})
            for each in groups
            if each.group_id in above
        ),
    ]
    for share, reason in ways:
        access.reasons.append(reason)
        access.may_edit |= share.permission.codename.startswith("change_")


def shares_of(record: Record) -> Shares:
    """The shares of a record with people, and with teams through their groups."""
    people, groups = record.share_models()
    return (
        list(people._default_manager.filter(content_object=record).select_related("user", "permission")),
        list(groups._default_manager.filter(content_object=record).select_related("group__team", "permission")),
    )


def _line(team: int | None, teams: dict[int, Team]) -> list[Team]:
    """A team and those above it."""
    line: list[Team] = []
    while team is not None and teams[team] not in line:
        line.append(teams[team])
        team = teams[team].parent_id
    return line
