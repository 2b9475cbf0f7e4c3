"""How a list is narrowed by a field that administrators added, by its kind.

Each condition is false, never NULL, where there is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import DecimalField, Func, Q
from django.db.models.fields.json import KT
from django.db.models.lookups import Contains, Exact, GreaterThanOrEqual, In, LessThan, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access.models import User
from crm.lists.common import people
from crm.lists.fields import Condition, Filter
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
from crm.records.custom import CustomField, moment_text
from crm.records.custom_indexes import SortKey, can_sort
from crm.records.links import find_linked
from crm.records.search import Norm
from crm.records.text import norm

Added = CustomField.Kind
Empty = Callable[[User], Q]


def added_filter(field: CustomField) -> Filter:
    """The filter of an added field."""
    makers: dict[Added, Callable[[CustomField, Empty], Filter]] = {
        Added.NUMBER: _of_numbers,
        Added.MONEY: _of_numbers,
        Added.DATE: _of_days,
        Added.MOMENT: _of_days,
        Added.YES_NO: _of_answers,
        Added.CHOICE: _of_choices,
        Added.CHOICES: _of_choices,
        Added.USER: _of_people,
        Added.RECORD: _of_records,
        Added.PHONE: _of_phones,
    }
    has = Q(custom__has_key=field.slug)
    return makers.get(Added(field.kind), _of_texts)(field, lambda _user: ~has)


def _key(field: CustomField) -> SortKey | None:
    """The key that lists are sorted by, which an index of the field has; None where there is none yet."""
    return SortKey(field) if can_sort(field) else None


def _where_known(field: CustomField, condition: Condition) -> Condition:
    has = Q(custom__has_key=field.slug)
    return lambda operator, values, user: has & condition(operator, values, user)


def _holds(field: CustomField, value: Any) -> Q:
    return Q(custom__contains={field.slug: value})


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _text(field: CustomField) -> Any:
    return KT(f"custom__{field.slug}")


def _of_texts(field: CustomField, empty: Empty) -> Filter:
    key, text = _key(field), _text(field)

    def condition(operator: Operator, values: list[str], _user: User) -> Q:
        lookup = Exact if operator == Operator.IS else Contains
        side = key if key is not None and operator == Operator.IS else Norm(text)
        return _any(Q(lookup(side, norm(value))) for value in values)

    return Filter(TEXT_OPERATORS, _where_known(field, condition), empty)


def _of_phones(field: CustomField, empty: Empty) -> Filter:
    text = _text(field)

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        # The number at home begins with 0, the kept one with + and the country.
        runs = ["".join(c for c in value if c.isascii() and c.isdigit()).lstrip("0") for value in values]
        if not all(runs):
            raise ValueError(values)
        return _any(Q(Contains(text, run)) for run in runs)

    return Filter((Operator.CONTAINS, Operator.WITHOUT), _where_known(field, condition), empty)


class _Number(Func):
    template = "(%(expressions)s)::numeric"
    output_field = DecimalField()


def _of_numbers(field: CustomField, empty: Empty) -> Filter:
    number = _key(field) or _Number(_text(field))

    def condition(operator: Operator, values: list[str], _user: User) -> Q:
        if operator == Operator.IS:
            return Q(In(number, [read_number(value) for value in values]))
        low, high = ends(values)
        found = Q(GreaterThanOrEqual(number, read_number(low))) if low else Q()
        return found & Q(LessThanOrEqual(number, read_number(high))) if high else found

    return Filter(NUMBER_OPERATORS, _where_known(field, condition), empty, input="number")


def _of_days(field: CustomField, empty: Empty) -> Filter:
    key = _key(field)
    day = key or _text(field)

    def bound(on: date) -> str:
        """The day as what is compared with it: ISO text, of moments the viewer's midnight; as the key has it."""
        midnight = timezone.make_aware(datetime.combine(on, time.min))
        kept = on.isoformat() if field.kind == Added.DATE else moment_text(midnight)
        return norm(kept) if key is not None else kept

    def condition(operator: Operator, values: list[str], _user: User) -> Q:
        start, end = read_days(operator, values)
        found = Q(GreaterThanOrEqual(day, bound(start))) if start else Q()
        return found & Q(LessThan(day, bound(end))) if end else found

    return Filter(DATE_OPERATORS, _where_known(field, condition), empty, input="date")


def _of_choices(field: CustomField, empty: Empty) -> Filter:
    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {value for value, _label in field.choices}:
            raise ValueError(values)
        return _any(_holds(field, [value] if field.kind == Added.CHOICES else value) for value in values)

    return Filter(CHOICE_OPERATORS, condition, empty, lambda _user: [(v, label) for v, label in field.choices])


def _of_answers(field: CustomField, empty: Empty) -> Filter:
    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        return _any(_holds(field, value == "1") for value in values)

    return Filter((Operator.IS,), condition, empty, lambda _user: [("1", _("yes")), ("0", _("no"))])


def _of_people(field: CustomField, empty: Empty) -> Filter:
    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        return _any(_holds(field, user.pk if value == "me" else int(value)) for value in values)

    return Filter(CHOICE_OPERATORS, condition, empty, people)


def _of_records(field: CustomField, empty: Empty) -> Filter:
    """By name or key, among the records that the viewer may see."""

    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        found = find_linked(field, values, user)
        if not all(found.values()):
            raise ValueError(values)
        return _any(_holds(field, row.pk) for rows in found.values() for row in rows)

    def names(values: list[str], user: User) -> dict[str, str]:
        found = find_linked(field, [value for value in values if value], user)
        return {value: ", ".join(map(str, rows)) for value, rows in found.items() if rows}

    return Filter(CHOICE_OPERATORS, condition, empty, names=names, input="record", target=field.target)
