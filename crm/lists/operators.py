"""How a filter compares: the operators of each kind of field, as readable suffixes of the list's address.

`city__contains=nantes`, `touched__older=90d`, `size__between=10,`. Without a suffix: the first operator of the kind.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from crm.records.text import norm

Bounds = tuple[date | None, date | None]  # From the first day on, and before the second.
SPAN = re.compile(r"([1-9]\d{0,3})([dwmy])")
UNITS = ("d", "w", "m", "y")
PERIODS = ("day", "week", "month", "quarter", "year")


class Operator(StrEnum):
    """The part of a parameter's name behind its field: `city__contains`."""

    IS = "is"
    NOT = "not"
    CONTAINS = "contains"
    WITHOUT = "without"
    BETWEEN = "between"
    BEFORE = "before"
    SINCE = "since"
    LAST = "last"
    OLDER = "older"
    NEXT = "next"
    THIS = "this"
    EMPTY = "empty"


# "1" is empty, "0" is not empty; a negation is the rest of the rows, those without a value among them.
NEGATED = {Operator.NOT: Operator.IS, Operator.WITHOUT: Operator.CONTAINS}
CHOICE_OPERATORS = (Operator.IS, Operator.NOT)
TEXT_OPERATORS = (Operator.CONTAINS, Operator.WITHOUT, Operator.IS, Operator.NOT)
NUMBER_OPERATORS = (Operator.BETWEEN, Operator.IS, Operator.NOT)
DATE_OPERATORS = (
    Operator.LAST,
    Operator.OLDER,
    Operator.THIS,
    Operator.NEXT,
    Operator.BEFORE,
    Operator.SINCE,
    Operator.BETWEEN,
    Operator.IS,
)


# ---- Conditions on one column; each raises ValueError or OverflowError for a value that cannot be ----


def text_condition(column: str, operator: Operator, values: list[str]) -> Q:
    """Contains or is one of the texts, whatever their case and accents."""
    lookup = "norm" if operator == Operator.IS else "norm__contains"
    found = Q()
    for value in values:
        found |= Q(**{f"{column}__{lookup}": norm(value)})
    return found


def number_condition(column: str, operator: Operator, values: list[str]) -> Q:
    """One of the numbers, or between two; either end may be open."""
    if operator == Operator.IS:
        return Q(**{f"{column}__in": [read_number(value) for value in values]})
    low, high = ends(values)
    found = Q()
    if low:
        found &= Q(**{f"{column}__gte": read_number(low)})
    if high:
        found &= Q(**{f"{column}__lte": read_number(high)})
    return found


def date_condition(column: str, operator: Operator, values: list[str]) -> Q:
    """Of a column of dates: within the days that the operator means today."""
    start, end = read_days(operator, values)
    return _within(column, start, end)


def moment_condition(column: str, operator: Operator, values: list[str]) -> Q:
    """Of a column of moments: the same days, in the viewer's time zone."""
    start, end = read_days(operator, values)
    return _within(column, _midnight(start), _midnight(end))


def _within(column: str, start: date | None, end: date | None) -> Q:
    found = Q(**{f"{column}__gte": start}) if start else Q()
    return found & Q(**{f"{column}__lt": end}) if end else found


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


# ---- Reading values ----


def ends(values: list[str]) -> tuple[str, str]:
    """The two ends of "between"; one of them may be open, not both."""
    if len(values) != 2 or not any(values):
        raise ValueError(values)
    return values[0], values[1]


def read_number(text: str) -> Decimal:
    """A plain number, with a point; ValueError otherwise."""
    try:
        number = Decimal(text)
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong
    if not text.isascii() or not number.is_finite() or abs(number) >= Decimal(10) ** 16 or number.adjusted() < -10:
        raise ValueError(text)
    return number


def read_span(text: str) -> tuple[int, str]:
    """Count and unit of "30d", "12w", "6m", "1y"; ValueError otherwise."""
    found = SPAN.fullmatch(text)
    if not found or not text.isascii():
        raise ValueError(text)
    return int(found[1]), found[2]


def read_days(operator: Operator, values: list[str]) -> Bounds:
    """The days an operator means, as of today in the viewer's time zone."""
    if operator == Operator.BETWEEN:
        low, high = ends(values)
        return read_day(low) if low else None, _after(read_day(high)) if high else None
    if len(values) != 1:
        raise ValueError(values)
    value, today = values[0], timezone.localdate()
    match operator:
        case Operator.IS:
            return read_day(value), _after(read_day(value))
        case Operator.BEFORE:
            return None, read_day(value)
        case Operator.SINCE:
            return read_day(value), None
        case Operator.LAST:
            return _shift(today, value, -1), _after(today)
        case Operator.OLDER:
            return None, _shift(today, value, -1)
        case Operator.NEXT:
            return today, _after(_shift(today, value, 1))
        case Operator.THIS:
            return _period(today, value)
    raise ValueError(operator)


def read_day(text: str) -> date:
    """An ISO date of a year that a database and a person can mean; ValueError otherwise."""
    day = date.fromisoformat(text)
    if not 1000 <= day.year <= 9000:
        raise ValueError(text)
    return day


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _shift(day: date, span: str, sign: int) -> date:
    """The day so long before (-1) or after (1). Raises ValueError or OverflowError beyond the calendar."""
    count, unit = read_span(span)
    if unit in "dw":
        return day + timedelta(days=sign * count * (7 if unit == "w" else 1))
    return _add_months(day, sign * count * (12 if unit == "y" else 1))


def _add_months(day: date, months: int) -> date:
    """The same day of another month, or its last one: one month after 31 January is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise ValueError(months)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _period(today: date, name: str) -> Bounds:
    match name:
        case "day":
            return today, _after(today)
        case "week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=7)
        case "month":
            first, length = today.replace(day=1), 1
        case "quarter":
            first, length = today.replace(month=today.month - (today.month - 1) % 3, day=1), 3
        case "year":
            first, length = today.replace(month=1, day=1), 12
        case _:
            raise ValueError(name)
    return first, _add_months(first, length)
