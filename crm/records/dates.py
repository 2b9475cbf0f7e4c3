"""Dates as people and programs write them. Day first or month first is decided by a whole column's evidence."""

import datetime as dt
import re
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.records.text import clean_line, norm

# The year kept for a birthday without one (as Apple's address books write it; a leap year, so 29 February fits).
NO_YEAR = 1604

_TIME = r"(?:[T ,]+\d{1,2}[:h]\d{2}.*)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([/. -])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_NO_YEAR = re.compile(r"--(\d{1,2})-?(\d{1,2})")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2?")
_DAY_AND_MONTH_IN_WORDS = re.compile(
    r"(\d{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]+)\.?|([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?"
)
_DAY_IN_WORDS = re.compile(
    r"(?:[a-z]+\.?,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4}|\d{2})" + _TIME.lower()
)
_MONTH_IN_WORDS = re.compile(r"(?:[a-z]+\.?, )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME.lower())
_SERIAL = re.compile(r"[1-7]\d{4}(?:[.,]\d+)?")
_BLANK = re.compile(r"0{1,4}[/.-]0{1,2}[/.-]0{1,4}(?: .*)?")
_MONTHS = {
    word: number
    for number, words in enumerate(
        [
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ],
        start=1,
    )
    for word in words.split()
}


class DateOrder(StrEnum):
    """Which of the first two numbers of 03/04/2024 is the day."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class DateEvidence:
    """What the values of one column say about the order of day and month; feed it with `add`, in constant memory."""

    def __init__(self) -> None:
        self.day_first = 0
        self.month_first = 0
        self.undecided: list[str] = []

    def add(self, value: object) -> None:
        """Count one value as evidence for an order, or keep it as one of three samples to ask about."""
        match = _NUMERIC.fullmatch(clean_line(value)) if isinstance(value, str) else None
        if not match:
            return
        first, mark, second = int(match[1]), match[2], int(match[3])
        if first > 12 or mark == ".":
            self.day_first += 1
        elif second > 12:
            self.month_first += 1
        elif first != second and len(self.undecided) < 3 and value not in self.undecided:
            self.undecided.append(str(value))

    @property
    def order(self) -> DateOrder | None:
        """Return the order all evidence agrees on, else None."""
        if self.day_first and not self.month_first:
            return DateOrder.DAY_FIRST
        return DateOrder.MONTH_FIRST if self.month_first and not self.day_first else None

    @property
    def is_ambiguous(self) -> bool:
        """Say whether somebody has to be asked: values that read both ways, and nothing that decides."""
        return bool(self.undecided) and self.order is None


def parse_date(value: object, order: DateOrder = DateOrder.DAY_FIRST, *, past: bool = False) -> dt.date | None:
    """Return the date that `value` (text, a date, or a spreadsheet's day number) means; None for a blank one.

    With `past` (birthdays), a year of two digits is one that has been, and 14/03 is a day whose year is not told.
    "--03-14" has the year `NO_YEAR`.
    Raises `ValidationError` with a sentence.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    typed = clean_line(str(value if value is not None else ""))
    if not typed or _BLANK.fullmatch(typed):
        return None
    try:
        parsed = _read(typed, order, past=past)
    except (ValueError, OverflowError):
        parsed = None
    if parsed is None or not (parsed.year == NO_YEAR or 1800 <= parsed.year <= 2199):
        raise ValidationError(
            _("“%(value)s” is no date: write it as 2024-03-31 or 31/03/2024."), "date", {"value": typed}
        )
    return parsed


def _read(typed: str, order: DateOrder, *, past: bool) -> dt.date | None:
    """Try each way of writing; None if it is none of them, `ValueError` if the day does not exist."""
    if match := _ISO.fullmatch(typed) or _COMPACT.fullmatch(typed):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(typed):
        first, second, year = int(match[1]), int(match[3]), _full_year(match[4], past=past)
        month_first = order == DateOrder.MONTH_FIRST and match[2] != "."
        return dt.date(year, first, second) if month_first else dt.date(year, second, first)
    if match := _NO_YEAR.fullmatch(typed):
        return dt.date(NO_YEAR, int(match[1]), int(match[2]))
    words = norm(typed)
    if past and (day := _without_year(typed, words, order)):
        return day
    if (match := _DAY_IN_WORDS.fullmatch(words)) and match[2] in _MONTHS:
        return dt.date(_full_year(match[3], past=past), _MONTHS[match[2]], int(match[1]))
    if (match := _MONTH_IN_WORDS.fullmatch(words)) and match[1] in _MONTHS:
        return dt.date(int(match[3]), _MONTHS[match[1]], int(match[2]))
    if _SERIAL.fullmatch(typed):
        # Day 60 of Excel's calendar is a 29 February 1900 that never was: its days count from 30 December 1899.
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(typed[:5]))
    return None


def _without_year(typed: str, words: str, order: DateOrder) -> dt.date | None:
    """Read a birthday that has a day and a month only: 14/03, 14 mars, March 14."""
    if match := _DAY_AND_MONTH.fullmatch(typed):
        first, second = int(match[1]), int(match[3])
        return dt.date(NO_YEAR, *((first, second) if order == DateOrder.MONTH_FIRST else (second, first)))
    if match := _DAY_AND_MONTH_IN_WORDS.fullmatch(words):
        day, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        return dt.date(NO_YEAR, _MONTHS[month], int(day)) if month in _MONTHS else None
    return None


def _full_year(year: str, *, past: bool) -> int:
    """Complete a year of two digits: the century that puts it at most 20 years ahead, or not ahead at all if `past`."""
    if len(year) == 4:
        return int(year)
    latest = dt.datetime.now(dt.UTC).year + (0 if past else 20)
    return max(century + int(year) for century in (1900, 2000, 2100) if century + int(year) <= latest)
