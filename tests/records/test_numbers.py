"""Numbers in French and English writing, amounts, yes and no."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm.records.numbers import NumberEvidence, parse_consent, parse_number, parse_yes_no


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.56 CHF", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1100.04", "1100.04"),
        ("0,125", "0.125"),
        (",5", "0.5"),
        ("-2", "-2"),
        ("−2,50", "-2.5"),
        ("(1 234)", "-1234"),
        ("$1,234.50", "1234.5"),
        ("150 k€", "150000"),
        ("2,9 M€", "2900000"),
        ("1,2 milliard", "1200000000"),
        ("1,5E+06", "1500000"),
        (12.5, "12.5"),
        (7, "7"),
    ],
)
def test_a_number_is_read(written: object, meant: str) -> None:
    assert parse_number(written) == Decimal(meant)


def test_what_reads_both_ways_follows_the_mark() -> None:
    assert parse_number("1,234", ",") == Decimal("1.234")
    assert parse_number("1,234", ".") == Decimal(1234)
    assert parse_number("1.234", ",") == Decimal(1234)
    assert parse_number("1.234", ".") == Decimal("1.234")


@pytest.mark.parametrize(
    "written", ["abc", "1,2,3", "1.23.4", "12-13", "1,234.5,6", "-", "--2", "1" * 40, "²", "٣", "=1+1"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        parse_number(written)


def test_nothing_is_none() -> None:
    assert parse_number("") is None
    assert parse_number(None) is None
    assert parse_number(float("nan")) is None


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1,234", "12,5"], ","),
        (["1,234", "12.5"], "."),
        (["1,234", "2,345"], None),
        (["1.234,5", "3"], ","),
        ([""], None),
    ],
)
def test_a_column_shows_its_decimal_mark(column: list[str], mark: str | None) -> None:
    evidence = NumberEvidence()
    for value in column:
        evidence.add(value)
    assert evidence.mark == mark


def test_answers_in_both_languages() -> None:
    assert [parse_yes_no(word) for word in ("Oui", "yes", "VRAI", "1", "x")] == [True] * 5
    assert [parse_yes_no(word) for word in ("non", "No", "faux", "0")] == [False] * 4
    assert parse_yes_no("") is None
    assert parse_consent("Subscribed") is True
    assert parse_consent("Désabonné") is False
    assert parse_consent("opt-out") is False
    with pytest.raises(ValidationError):
        parse_yes_no("peut-être")
