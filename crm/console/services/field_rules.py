"""Which fields of a kind of record each role may edit, only read, or not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.access.models import FieldRule, Right, Role, User
from crm.access.rights import ADMINISTRATION, Act, Level, Scope
from crm.lists.fields import RecordType, record_types
from crm.records.changes import changes, record_event
from crm.records.custom import live_fields
from crm.records.models import Changeset

# (key of a role, name of a field) → what the role may do with it.
Levels = Mapping[tuple[int, str], Level]


@dataclass(frozen=True)
class Guarded:
    """A field that roles can be kept from; `levels` are those that can be chosen for it."""

    name: str
    label: str
    levels: tuple[Level, ...]


def guarded_fields(type_: RecordType, viewer: User) -> list[Guarded]:
    """The fields of a kind of record that can have rules: its own, then those that administrators added."""
    every = tuple(Level)
    own = [
        Guarded(name, type_.label_of(name), every[1:] if name in type_.unhidden else every) for name in type_.guarded
    ]
    return [*own, *(Guarded(each.slug, each.label, every) for each in live_fields(type_.model, viewer))]


def ruled_roles() -> list[Role]:
    """The roles that rules can be made for: all but those that administer, which see and edit every field."""
    administer = Right.objects.filter(kind=ADMINISTRATION, act=Act.EDIT, scope=Scope.ALL)
    return list(Role.objects.exclude(pk__in=administer.values("role")))


def levels_of(type_: RecordType) -> dict[tuple[int, str], Level]:
    """The rules there are for a kind of record."""
    rules = FieldRule.objects.filter(kind=type_.kind).values_list("role_id", "field", "level")
    return {(role, name): Level(level) for role, name, level in rules}


def set_levels(type_: RecordType, levels: Levels, *, by: User) -> Changeset | None:
    """Write the rules that changed; a field that a role may edit has none. None where nothing changed."""
    now = levels_of(type_)
    changed = {place: level for place, level in levels.items() if now.get(place, Level.EDIT) != level}
    if not changed:
        return None
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        for (role, name), level in changed.items():
            place: dict[str, Any] = {"role_id": role, "kind": type_.kind, "field": name}
            if level == Level.EDIT:
                FieldRule.objects.filter(**place).delete()
            else:
                FieldRule.objects.update_or_create(**place, defaults={"level": level})
        about = [Role(pk=role) for role in dict.fromkeys(role for role, _name in changed)]
        fields = [f"{type_.kind}.{name}" for name in dict.fromkeys(name for _role, name in changed)]
        record_event("role.field_rules_changed", by=by, about=about, changeset=changeset, fields=fields)
    return changeset


def kept_from(person: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a user's roles keep from them, in words: for each kind of record its fields and what may be done."""
    found = []
    for type_ in record_types():
        lines = [
            (each.label, str(level.label))
            for each in guarded_fields(type_, person)
            if (level := person.rights.rules.get((type_.kind, each.name))) is not None
        ]
        if lines:
            found.append((str(type_.plural), lines))
    return found
