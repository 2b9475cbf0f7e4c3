"""The matrix read for one user: kind of record × act → whose records.

A kind is a model's label in lower case ("contacts.contact"), or `ADMINISTRATION` for the console.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from crm.access.models import User

ADMINISTRATION = "administration"


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
    """One user's rights. `teams` are theirs with all below; `share_groups` theirs with all above."""

    scopes: dict[tuple[str, str], Scope]
    teams: tuple[int, ...]
    share_groups: tuple[int, ...]

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


def rights_of(user: User) -> Rights:
    """Read a user's rights: one statement for the matrix, one for the tree of teams."""
    if not user.is_active:
        return Rights({}, (), ())
    right = apps.get_model("access", "Right")
    cells = right.objects.filter(role__users=user).values_list("kind", "act").annotate(widest=models.Max("scope"))
    scopes = {(kind, act): Scope(widest) for kind, act, widest in cells}
    if user.team_id is None:
        return Rights(scopes, (), ())
    tree = {pk: (parent, group) for pk, parent, group in _tree()}
    above = _ancestors(user.team_id, {pk: parent for pk, (parent, _group) in tree.items()})
    below = [pk for pk in tree if user.team_id in _ancestors(pk, {k: p for k, (p, _g) in tree.items()})]
    return Rights(scopes, tuple(below), tuple(tree[pk][1] for pk in above))


def _tree() -> list[tuple[int, int | None, int]]:
    return list(apps.get_model("access", "Team").objects.order_by().values_list("id", "parent_id", "group_id"))


def _ancestors(team: int, parents: dict[int, int | None]) -> list[int]:
    """The team itself, then those above it, nearest first; a loop in the tree ends the walk."""
    line: list[int] = []
    step: int | None = team
    while step is not None and step not in line:
        line.append(step)
        step = parents.get(step)
    return line
