"""A kind of record as one user knows it: its own fields that they may see, then those added to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm.access.models import User
from crm.lists.added import added_filter
from crm.lists.fields import Field, Kind, RecordType, further_fields
from crm.records.custom import CustomField, custom_fields
from crm.records.custom_indexes import SORTED, SortKey, can_sort
from crm.records.links import linked

Added = CustomField.Kind
_KEYS = (Added.USER, Added.RECORD)
KINDS = {
    Added.TEXT: Kind.TEXT,
    Added.LONG_TEXT: Kind.LONG_TEXT,
    Added.NUMBER: Kind.NUMBER,
    Added.MONEY: Kind.MONEY,
    Added.DATE: Kind.DATE,
    Added.MOMENT: Kind.MOMENT,
    Added.YES_NO: Kind.YES_NO,
    Added.CHOICE: Kind.TEXT,
    Added.CHOICES: Kind.TEXT,
    Added.LINK: Kind.LINK,
    Added.EMAIL: Kind.EMAIL,
    Added.PHONE: Kind.PHONE,
    Added.USER: Kind.TEXT,
    Added.RECORD: Kind.REFERENCE,
}


def for_user(record_type: RecordType, user: User) -> RecordType:
    """The kind of record with the fields that the user may see; what they may not change is not edited."""
    if record_type.viewer == user.pk:
        return record_type
    added = (_field(each) for each in custom_fields(record_type.model, user))
    fields = (*record_type.fields, *further_fields(record_type.slug), *added)
    described = record_type.described
    rights = user.rights
    if rights.rules:
        seen = [(each, record_type.key_of(each)) for each in fields]
        fields = tuple(
            each if rights.writes(*key) or not each.edit else replace(each, edit="")
            for each, key in seen
            if rights.sees(*key)
        )
        described = described if rights.sees(record_type.kind, described) else ""
    return replace(record_type, fields=fields, described=described, viewer=user.pk)


def _field(field: CustomField) -> Field:
    def read(row: Any) -> Any:
        value = field.read(row.custom.get(field.slug))
        if field.kind in (Added.USER, Added.RECORD) and value is not None:
            return getattr(row, "named", {}).get((field.target, value), f"#{value}")
        return ", ".join(value) if isinstance(value, list) else value

    order = SortKey(field) if can_sort(field) and field.kind in SORTED else None
    return Field(
        field.slug,
        field.label,
        KINDS[Added(field.kind)],
        read,
        sort=field.slug if order else "",
        filter=added_filter(field),
        edit=field.slug,
        order=order,
    )


def name_people(rows: list[Any], columns: list[Field], user: User) -> None:
    """Give rows the people and the records in shown fields, as `named`: a statement for each kind there is a column of.

    A record that the user may not see has no name there.
    """
    shown = {column.slug for column in columns}
    fields = [each for each in (custom_fields(type(rows[0]), user) if rows else []) if each.slug in shown]
    values = [(each, row.custom.get(each.slug)) for each in fields if each.kind in _KEYS for row in rows]
    keys = {raw for field, raw in values if field.kind == Added.USER and raw is not None}
    people = User.objects.in_bulk(list(keys)).items() if keys else ()
    named: dict[tuple[str, int], Any] = {**linked(values, user), **{("", key): one.name for key, one in people}}
    for row in rows if named else []:
        row.named = named
