"""The matrix as people read it: kinds of record down, acts across."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.access.models import Right, User
from crm.access.querysets import record_models
from crm.access.rights import ADMINISTRATION, Act, Scope, kind_of


@dataclass(frozen=True)
class Reach:
    """How far one act goes, and the names of the roles that give it that reach."""

    scope: Scope
    label: str
    roles: list[str]


@dataclass(frozen=True)
class Line:
    """One kind of record: its name and the reach of each act, in the order of `Act`."""

    kind: str
    label: str
    cells: list[Reach]


def kinds() -> dict[str, str]:
    """Every kind of record and what it is called."""
    return {kind_of(model): capfirst(str(model._meta.verbose_name_plural)) for model in record_models()}


def is_yes_or_no(kind: str, act: str) -> bool:
    """Whether an act has no "whose": one may create or not, administer or not."""
    return act == Act.CREATE or kind == ADMINISTRATION


def scope_label(kind: str, act: str, scope: Scope) -> str:
    """How a cell of the matrix reads."""
    if scope == Scope.NOBODY:
        return "—"
    return _("Yes") if is_yes_or_no(kind, act) else str(scope.label)


def rights_table(person: User) -> list[Line]:
    """What a user may do, the most permissive of their roles winning; nothing for who is deactivated."""
    cells: QuerySet[Right] = Right.objects.filter(role__in=person.roles.all()).select_related("role")
    given: dict[tuple[str, str], list[Right]] = {}
    for cell in cells if person.is_active else []:
        given.setdefault((cell.kind, cell.act), []).append(cell)

    def reach(kind: str, act: str) -> Reach:
        found = given.get((kind, act), [])
        widest = Scope(max((cell.scope for cell in found), default=Scope.NOBODY))
        return Reach(
            widest, scope_label(kind, act, widest), [str(c.role) for c in found if widest and c.scope == widest]
        )

    lines = [Line(kind, label, [reach(kind, act) for act in Act]) for kind, label in kinds().items()]
    administers = reach(ADMINISTRATION, Act.EDIT)
    return [*lines, Line(ADMINISTRATION, _("Administration"), [administers])]
