"""The matrix read for one user: kind of record × act → whose records, and which fields of a kind stay out of reach.

A kind is a model's label in lower case ("contacts.contact"), or `ADMINISTRATION` for the console.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, models
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from crm.access.models import User

ADMINISTRATION = "administration"
SECOND_FACTORS = ("totp", "webauthn")


class Act(models.TextChoices):
    SEE = "see", pgettext_lazy("right to", "See")
    CREATE = "create", pgettext_lazy("right to", "Create")
    EDIT = "edit", pgettext_lazy("right to", "Edit")
    DELETE = "delete", pgettext_lazy("right to", "Delete")
    EXPORT = "export", pgettext_lazy("right to", "Export")


class Scope(models.IntegerChoices):
    NOBODY = 0, pgettext_lazy("whose records", "Nobody’s")
    OWN = 1, pgettext_lazy("whose records", "Own")
    TEAM = 2, pgettext_lazy("whose records", "The team’s")
    ALL = 3, pgettext_lazy("whose records", "All")


class Level(models.IntegerChoices):
    """What a role may do with one field; without a rule, edit it."""

    HIDDEN = 0, pgettext_lazy("right to a field", "Hidden")
    READ = 1, pgettext_lazy("right to a field", "Read only")
    EDIT = 2, pgettext_lazy("right to a field", "May edit")


def kind_of(model: type[models.Model] | models.Model) -> str:
    """The matrix's name for a kind of record."""
    return model._meta.label_lower


# A field, as (kind, name); the name of rows that belong to a record is their model's: ("contacts.contact", "email").
FieldKey = tuple[str, str]
_followers: dict[FieldKey, list[FieldKey]] = defaultdict(list)


def follows(leader: FieldKey, *followers: FieldKey) -> None:
    """Let a rule on one field hold for others that tell the same; apps do so in `ready()`."""
    _followers[leader] += [each for each in followers if each not in _followers[leader]]


@dataclass(frozen=True)
class Rights:
    """One user's rights. `teams` are theirs with all below; `share_groups` theirs with all above; then every team.

    `rules` hold the fields that the user may not edit or not even see. `lacks_second_factor`: a role of theirs requires
    one and they have none. `fields_version` changes with any change of the fields that administrators added
    (crm/records/custom.py).
    """

    scopes: dict[tuple[str, str], Scope]
    teams: tuple[int, ...]
    share_groups: tuple[int, ...]
    every_team: tuple[int, ...] = ()
    lacks_second_factor: bool = False
    fields_version: str = ""
    rules: dict[FieldKey, Level] = field(default_factory=dict)

    def scope(self, kind: str, act: str) -> Scope:
        return self.scopes.get((kind, act), Scope.NOBODY)

    def reaches(self, kind: str, act: str, user: int, owner: int | None, team: int | None) -> bool:
        """Whether the matrix alone lets the user do this with a record of that owner and team."""
        scope = self.scope(kind, act)
        if scope == Scope.TEAM and team in self.teams:
            return True
        return scope == Scope.ALL or (scope >= Scope.OWN and owner == user)

    def may(self, kind: str, act: str) -> bool:
        """Whether the act is open to this user at all, on whichever records."""
        return self.scope(kind, act) > Scope.NOBODY

    # ---- The door to fields: every page, list, file and search asks here ----

    def sees(self, kind: str, name: str) -> bool:
        """Whether the user may see a field of a kind of record, on those records that they see."""
        return self.rules.get((kind, name)) != Level.HIDDEN

    def writes(self, kind: str, name: str) -> bool:
        """Whether the user may change a field of a kind of record, on those records that they edit."""
        return (kind, name) not in self.rules

    def hidden(self, kind: str) -> frozenset[str]:
        """The fields of a kind of record that the user may not see."""
        return frozenset(name for (each, name), level in self.rules.items() if each == kind and level == Level.HIDDEN)

    def locked(self, kind: str) -> frozenset[str]:
        """The fields of a kind of record that the user may not change: hidden ones, and those to be read only."""
        return frozenset(name for each, name in self.rules if each == kind)


# Written out, because every request asks it and Django takes longer to build it than PostgreSQL to answer.
_RIGHTS = """
    SELECT ARRAY(SELECT json_build_array(kind, act, max(scope)) FROM access_right JOIN access_userrole USING (role_id)
                 WHERE user_id = %(user)s GROUP BY kind, act),
           ARRAY(SELECT json_build_array(id, parent_id, group_id) FROM access_team ORDER BY id),
           EXISTS(SELECT FROM access_role r JOIN access_userrole u ON u.role_id = r.id
                  WHERE u.user_id = %(user)s AND r.requires_second_factor)
           AND NOT EXISTS(SELECT FROM mfa_authenticator WHERE user_id = %(user)s AND type = ANY(%(factors)s)),
           ARRAY(SELECT json_build_array(kind, field, max(level))
                 FROM access_fieldrule JOIN access_userrole USING (role_id)
                 WHERE user_id = %(user)s GROUP BY kind, field
                 HAVING count(*) = (SELECT count(*) FROM access_userrole WHERE user_id = %(user)s)),
           coalesce((SELECT md5(string_agg(id || '.' || xmin::text, ',' ORDER BY id)) FROM records_customfield), '')
"""


def rights_of(user: User) -> Rights:
    """Read a user's rights in one statement: the matrix of their roles, their rules of fields, and the tree of teams.

    A rule holds where every role of theirs has one, and the mildest counts; administrators see and edit every field.
    """
    if not user.is_active:
        return Rights({}, (), ())
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"user": user.pk, "factors": list(SECOND_FACTORS)})
        matrix, tree, lacks, found, version = cursor.fetchone() or ([], [], False, [], "")
    scopes = {(kind, act): Scope(scope) for kind, act, scope in matrix}
    rules = {} if scopes.get((ADMINISTRATION, Act.EDIT)) == Scope.ALL else _with_followers(found)
    parents = {team: parent for team, parent, _group in tree}
    if user.team_id is None:
        return Rights(scopes, (), (), tuple(parents), lacks, version, rules)
    groups = {team: group for team, _parent, group in tree}
    below = [pk for pk in parents if user.team_id in _ancestors(pk, parents)]
    above = tuple(groups[pk] for pk in _ancestors(user.team_id, parents))
    return Rights(scopes, tuple(below), above, tuple(parents), lacks, version, rules)


def _with_followers(found: list[tuple[str, str, int]]) -> dict[FieldKey, Level]:
    rules = {(kind, name): Level(level) for kind, name, level in found}
    followed = {other: level for key, level in rules.items() for other in _followers.get(key, ())}
    return {**rules, **followed}


def _ancestors(team: int, parents: dict[int, int | None]) -> list[int]:
    """The team itself, then those above it, nearest first; a loop in the tree ends the walk."""
    line: list[int] = []
    step: int | None = team
    while step is not None and step not in line:
        line.append(step)
        step = parents.get(step)
    return line
