"""Dates: every common way of writing, and the column decides between day first and month first."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from crm.records.dates import NO_YEAR, DateEvidence, DateOrder, parse_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-31", (2024, 3, 31)),
        ("2024-03-31 09:14:22", (2024, 3, 31)),
        ("2023-05-02T09:14:00.000Z", (2023, 5, 2)),
        ("2024/3/1", (2024, 3, 1)),
        ("20240331", (2024, 3, 31)),
        ("31/01/1980", (1980, 1, 31)),
        ("3/4/2024", (2024, 4, 3)),
        ("31.12.24", (2024, 12, 31)),
        ("31-12-2024 14:30", (2024, 12, 31)),
        ("12 mars 2024", (2024, 3, 12)),
        ("1er août 2024", (2024, 8, 1)),
        ("mardi 12 févr. 2024", (2024, 2, 12)),
        ("Mar 3, 2024", (2024, 3, 3)),
        ("March 3rd, 2024", (2024, 3, 3)),
        ("12-Mar-24", (2024, 3, 12)),
        ("45000", (2023, 3, 15)),
        ("45000.5", (2023, 3, 15)),
        (45000, (2023, 3, 15)),
        (dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC), (2024, 3, 1)),
        (dt.date(2024, 3, 1), (2024, 3, 1)),
        ("--03-14", (NO_YEAR, 3, 14)),
        ("--0314", (NO_YEAR, 3, 14)),
    ],
)
def test_a_date_is_read(written: object, meant: tuple[int, int, int]) -> None:
    assert parse_date(written) == dt.date(*meant)


def test_month_first_where_the_column_says_so() -> None:
    assert parse_date("3/15/2024 2:30 PM", DateOrder.MONTH_FIRST) == dt.date(2024, 3, 15)
    assert parse_date("3/4/2024", DateOrder.MONTH_FIRST) == dt.date(2024, 3, 4)
    assert parse_date("3.4.2024", DateOrder.MONTH_FIRST) == dt.date(2024, 4, 3)


@pytest.mark.parametrize("written", ["", " ", "0/0/00", "00/00/0000", "0000-00-00", None])
def test_a_blank_date_is_none(written: object) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    "written",
    ["31/02/2024", "3/15/2024", "2024-13-01", "soon", "12 foo 2024", "99999", "1/1", "9999-01-01", "²/1/2024"],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        parse_date(written)


def test_a_birthday_of_two_digits_has_been() -> None:
    ahead = dt.datetime.now(dt.UTC).year + 5
    assert parse_date(f"01/01/{ahead % 100:02}") == dt.date(ahead, 1, 1)
    assert parse_date(f"01/01/{ahead % 100:02}", past=True) == dt.date(ahead - 100, 1, 1)


@pytest.mark.parametrize(
    ("column", "order", "ambiguous"),
    [
        (["03/04/2024", "31/01/1980"], DateOrder.DAY_FIRST, False),
        (["2024-03-12 09:14", "3/15/2024 2:30 PM"], DateOrder.MONTH_FIRST, False),
        (["03/04/2024", "05/06/2024"], None, True),
        (["13/04/2024", "04/13/2024", "01/02/2024"], None, True),
        (["03.04.2024"], DateOrder.DAY_FIRST, False),
        (["2024-03-04", "04/04/2024", ""], None, False),
    ],
)
def test_a_column_decides_the_order(column: list[str], order: DateOrder | None, ambiguous: bool) -> None:
    evidence = DateEvidence()
    for value in column:
        evidence.add(value)
    assert evidence.order == order
    assert evidence.is_ambiguous is ambiguous
