"""A kind of record as one user knows it: its own fields that they may see, then those added to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import DecimalField, Func, Q
from django.db.models.fields.json import KT
from django.db.models.lookups import Contains, Exact, GreaterThanOrEqual, In, LessThan, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access.models import User
from crm.lists.fields import Field, Filter, Kind, RecordType, further_fields
from crm.lists.operators import (
    CHOICE_OPERATORS,
    DATE_OPERATORS,
    NUMBER_OPERATORS,
    TEXT_OPERATORS,
    Operator,
    ends,
    read_days,
    read_number,
)
from crm.records.custom import CustomField, custom_fields, moment_text
from crm.records.custom_indexes import SORTED, SortKey, can_sort
from crm.records.links import find_linked, linked
from crm.records.search import Norm
from crm.records.text import norm

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
        filter=_filter(field),
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


class _Number(Func):
    template = "(%(expressions)s)::numeric"
    output_field = DecimalField()


def _filter(field: CustomField) -> Filter:
    """How the list is narrowed by an added field. Each condition is false, never NULL, where there is no value."""
    slug, kind = field.slug, Added(field.kind)
    text = KT(f"custom__{slug}")
    has = Q(custom__has_key=slug)

    def known(condition: Callable[[Operator, list[str], User], Q]) -> Callable[[Operator, list[str], User], Q]:
        return lambda operator, values, user: has & condition(operator, values, user)

    def empty(_user: User) -> Q:
        return ~has

    def holds(value: Any) -> Q:
        return Q(custom__contains={slug: value})

    key = SortKey(field) if can_sort(field) else None

    def texts(operator: Operator, values: list[str], _user: User) -> Q:
        lookup = Exact if operator == Operator.IS else Contains
        side = key if key is not None and operator == Operator.IS else Norm(text)
        return _any(Q(lookup(side, norm(value))) for value in values)

    def digits(_operator: Operator, values: list[str], _user: User) -> Q:
        # The number at home begins with 0, the kept one with + and the country.
        runs = ["".join(c for c in value if c.isascii() and c.isdigit()).lstrip("0") for value in values]
        if not all(runs):
            raise ValueError(values)
        return _any(Q(Contains(text, run)) for run in runs)

    number = key if key is not None else _Number(text)

    def numbers(operator: Operator, values: list[str], _user: User) -> Q:
        if operator == Operator.IS:
            return Q(In(number, [read_number(value) for value in values]))
        low, high = ends(values)
        found = Q(GreaterThanOrEqual(number, read_number(low))) if low else Q()
        return found & Q(LessThanOrEqual(number, read_number(high))) if high else found

    day = key if key is not None else text

    def days(operator: Operator, values: list[str], _user: User) -> Q:
        start, end = read_days(operator, values)
        found = Q(GreaterThanOrEqual(day, _norm_bound(kind, start, key))) if start else Q()
        return found & Q(LessThan(day, _norm_bound(kind, end, key))) if end else found

    def chosen(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {value for value, _label in field.choices}:
            raise ValueError(values)
        return _any(holds([value] if kind == Added.CHOICES else value) for value in values)

    def answered(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        return _any(holds(value == "1") for value in values)

    def people(_operator: Operator, values: list[str], user: User) -> Q:
        return _any(holds(user.pk if value == "me" else int(value)) for value in values)

    def records(_operator: Operator, values: list[str], user: User) -> Q:
        found = find_linked(field, values, user)
        if not all(found.values()):
            raise ValueError(values)
        return _any(holds(row.pk) for rows in found.values() for row in rows)

    def names_of(values: list[str], user: User) -> dict[str, str]:
        found = find_linked(field, [value for value in values if value], user)
        return {value: ", ".join(map(str, rows)) for value, rows in found.items() if rows}

    def everybody(_user: User) -> list[tuple[str, Any]]:
        return [("me", _("me")), *((str(each.pk), each.name) for each in User.objects.filter(is_active=True))]

    match kind:
        case Added.NUMBER | Added.MONEY:
            return Filter(NUMBER_OPERATORS, known(numbers), empty, input="number")
        case Added.DATE | Added.MOMENT:
            return Filter(DATE_OPERATORS, known(days), empty, input="date")
        case Added.YES_NO:
            return Filter((Operator.IS,), answered, empty, lambda _user: [("1", _("yes")), ("0", _("no"))])
        case Added.CHOICE | Added.CHOICES:
            return Filter(CHOICE_OPERATORS, chosen, empty, lambda _user: [(v, label) for v, label in field.choices])
        case Added.USER:
            return Filter(CHOICE_OPERATORS, people, empty, everybody)
        case Added.RECORD:
            operators = CHOICE_OPERATORS
            return Filter(operators, records, empty, names=names_of, input="record", target=field.target)
        case Added.PHONE:
            return Filter((Operator.CONTAINS, Operator.WITHOUT), known(digits), empty)
    return Filter(TEXT_OPERATORS, known(texts), empty)


def _any(conditions: Any) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _norm_bound(kind: Added, day: date, key: SortKey | None) -> str:
    """The day as what is compared with it: kept values, or the key of sorting."""
    return norm(_bound(kind, day)) if key is not None else _bound(kind, day)


def _bound(kind: Added, day: date) -> str:
    """The day as the values are kept: ISO text, of moments midnight in the viewer's time zone."""
    if kind == Added.DATE:
        return day.isoformat()
    return moment_text(timezone.make_aware(datetime.combine(day, time.min)))
