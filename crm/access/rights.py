"""The matrix read for one user: kind of record × act → whose records.

A kind is a model's label in lower case ("contacts.contact"), or `ADMINISTRATION` for the console.
"""

from __future__ import annotations

from dataclasses import dataclass
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


def kind_of(model: type[models.Model] | models.Model) -> str:
    """The matrix's name for a kind of record."""
    return model._meta.label_lower


@dataclass(frozen=True)
class Rights:
    """One user's rights. `teams` are theirs with all below; `share_groups` theirs with all above; then every team.

    `lacks_second_factor`: a role of theirs requires one and they have none. `fields_version` changes with any change of
    the fields that administrators added (crm/records/custom.py).
    """

    scopes: dict[tuple[str, str], Scope]
    teams: tuple[int, ...]
    share_groups: tuple[int, ...]
    every_team: tuple[int, ...] = ()
    lacks_second_factor: bool = False
    fields_version: str = ""

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


# Written out, because every request asks it and Django takes longer to build it than PostgreSQL to answer.
_RIGHTS = """
    SELECT ARRAY(SELECT json_build_array(kind, act, max(scope)) FROM access_right JOIN access_userrole USING (role_id)
                 WHERE user_id = %(user)s GROUP BY kind, act),
           ARRAY(SELECT json_build_array(id, parent_id, group_id) FROM access_team ORDER BY id),
           EXISTS(SELECT FROM access_role r JOIN access_userrole u ON u.role_id = r.id
                  WHERE u.user_id = %(user)s AND r.requires_second_factor)
           AND NOT EXISTS(SELECT FROM mfa_authenticator WHERE user_id = %(user)s AND type = ANY(%(factors)s)),
           coalesce((SELECT md5(string_agg(id || '.' || xmin::text, ',' ORDER BY id)) FROM records_customfield), '')
"""


def rights_of(user: User) -> Rights:
    """Read a user's rights in one statement: the matrix of their roles, and the tree of teams."""
    if not user.is_active:
        return Rights({}, (), ())
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"user": user.pk, "factors": list(SECOND_FACTORS)})
        matrix, tree, lacks, version = cursor.fetchone() or ([], [], False, "")
    scopes = {(kind, act): Scope(scope) for kind, act, scope in matrix}
    parents = {team: parent for team, parent, _group in tree}
    if user.team_id is None:
        return Rights(scopes, (), (), tuple(parents), lacks, version)
    groups = {team: group for team, _parent, group in tree}
    below = [pk for pk in parents if user.team_id in _ancestors(pk, parents)]
    above = tuple(groups[pk] for pk in _ancestors(user.team_id, parents))
    return Rights(scopes, tuple(below), above, tuple(parents), lacks, version)


def _ancestors(team: int, parents: dict[int, int | None]) -> list[int]:
    """The team itself, then those above it, nearest first; a loop in the tree ends the walk."""
    line: list[int] = []
    step: int | None = team
    while step is not None and step not in line:
        line.append(step)
        step = parents.get(step)
    return line
