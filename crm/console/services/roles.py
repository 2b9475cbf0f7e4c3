"""Roles: made, copied, renamed, their matrix changed, replaced and deleted."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.access.models import FieldRule, Right, Role, User, UserRole
from crm.access.querysets import record_models
from crm.access.rights import ADMINISTRATION, Act, Scope, kind_of
from crm.console.services.users import keep_an_administrator
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import Refused

Cells = Mapping[tuple[str, str], Scope]


def places() -> list[tuple[str, str]]:
    """Every cell of a matrix: (kind, act)."""
    return [*((kind_of(model), act) for model in record_models() for act in Act), (ADMINISTRATION, Act.EDIT)]


def cells_of(role: Role) -> dict[tuple[str, str], Scope]:
    """A role's whole matrix; what was never set is nobody's."""
    known = {(right.kind, right.act): Scope(right.scope) for right in role.rights.all()}
    return {place: known.get(place, Scope.NOBODY) for place in places()}


def create_role(name_fr: str, name_en: str, *, copy_of: Role | None, by: User) -> tuple[Role, Changeset]:
    """Make a role with the rights of another, or with none."""
    cells = cells_of(copy_of) if copy_of else dict.fromkeys(places(), Scope.NOBODY)
    second_factor = bool(copy_of and copy_of.requires_second_factor)
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        role = Role.objects.create(
            slug=_free_slug(name_en), name_fr=name_fr, name_en=name_en, requires_second_factor=second_factor
        )
        Right.objects.bulk_create(
            Right(role=role, kind=kind, act=act, scope=scope) for (kind, act), scope in cells.items()
        )
        FieldRule.objects.bulk_create(
            FieldRule(role=role, kind=rule.kind, field=rule.field, level=rule.level)
            for rule in (copy_of.field_rules.all() if copy_of else ())
        )
        record_event("role.created", by=by, about=[role], changeset=changeset)
    return role, changeset


def set_rights(role: Role, cells: Cells, *, by: User) -> Changeset | None:
    """Write the cells that changed; None where none did. Raises Refused rather than leave nobody to administer."""
    now = cells_of(role)
    changed = {place: scope for place, scope in cells.items() if now.get(place, Scope.NOBODY) != scope}
    if not changed:
        return None
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        for (kind, act), scope in changed.items():
            Right.objects.update_or_create(role=role, kind=kind, act=act, defaults={"scope": scope})
        keep_an_administrator()
        fields = [f"{kind}.{act}" for kind, act in changed]
        record_event("role.rights_changed", by=by, about=[role], changeset=changeset, fields=fields)
    return changeset


def remove_role(role: Role, *, replacement: Role | None, by: User) -> Changeset:
    """Delete a role; those who hold it get `replacement`, which may be None only where nobody does."""
    holders = UserRole.objects.filter(role=role)
    if replacement is None and holders.exists():
        raise Refused(_("Choose the role that those who hold this one get instead."))
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        record_event("role.removed", by=by, about=[role], changeset=changeset)
        if replacement is not None:
            holders.filter(user__in=UserRole.objects.filter(role=replacement).values("user")).delete()
            holders.update(role=replacement)
        role.delete()
        keep_an_administrator()
    return changeset


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "role"
    taken = set(Role.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    slug = base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
