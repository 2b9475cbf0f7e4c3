"""What people read: French and English amounts, numbers, dates and phones."""

import datetime
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from django.utils import timezone, translation

from crm.records.dates import NO_YEAR
from crm.ui import formatting

NNBSP, NBSP = "\u202f", "\u00a0"
DAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def in_paris(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    timezone.activate("Europe/Paris")


def test_amounts_have_no_cents_unless_asked() -> None:
    with translation.override("fr"):
        assert formatting.money(184000) == f"184{NNBSP}000{NBSP}€"
        assert formatting.money(58500, cents=True) == f"58{NNBSP}500,00{NBSP}€"
    with translation.override("en"):
        assert formatting.money(184000) == "€184,000"
        assert formatting.money(58500, cents=True) == "€58,500.00"


def test_numbers_and_shares() -> None:
    with translation.override("fr"):
        assert formatting.number(1284.5) == f"1{NNBSP}284,5"
        assert formatting.number(1284.5, 2) == f"1{NNBSP}284,50"
        assert formatting.percent(0.31) == f"31{NBSP}%"
    with translation.override("en"):
        assert formatting.number(1284.5) == "1,284.5"
        assert formatting.percent(0.31) == "31%"


@pytest.mark.parametrize(
    ("language", "table", "short", "text"),
    [
        ("fr", "24/11/2026", "24 nov.", "mardi 24 novembre 2026"),
        ("en", "24/11/2026", "24 Nov", "Tuesday 24 November 2026"),
    ],
)
def test_dates(language: str, table: str, short: str, text: str) -> None:
    with translation.override(language):
        assert (formatting.day(DAY), formatting.day_short(DAY), formatting.day_text(DAY)) == (table, short, text)


def test_a_birthday_without_a_year_shows_none() -> None:
    with translation.override("fr"):
        assert formatting.day(datetime.date(NO_YEAR, 3, 14)) == "14 mars"


def test_a_date_of_another_year_says_its_year() -> None:
    with translation.override("fr"):
        assert formatting.day_short(datetime.date(2017, 3, 2)) == "2 mars 2017"


@pytest.mark.parametrize(
    ("before", "french", "english"),
    [
        ({"seconds": 20}, "à l’instant", "just now"),
        ({"minutes": 5}, "il y a 5 min", "5 min ago"),
        ({"hours": 2}, "aujourd’hui 08:00", "today 08:00"),
        ({"hours": 18}, "hier 16:00", "yesterday 16:00"),
        ({"days": 2}, "il y a 2 jours", "2 days ago"),
        ({"days": 7}, "il y a 7 jours", "7 days ago"),
        ({"days": 8}, "16 nov.", "16 Nov"),
        ({"hours": -24}, "demain 10:00", "tomorrow 10:00"),
    ],
)
def test_how_long_ago(before: dict[str, int], french: str, english: str) -> None:
    moment = NOW - datetime.timedelta(**before)
    with translation.override("fr"):
        assert formatting.ago(moment) == french
    with translation.override("en"):
        assert formatting.ago(moment) == english


def test_moments_are_told_in_the_viewers_time_zone() -> None:
    with timezone.override("America/Montreal"), translation.override("fr"):
        assert formatting.moment(NOW) == "24/11/2026 04:00"
        assert formatting.moment_text(NOW) == "mardi 24 novembre 2026 à 04:00"


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_stored_phone_is_written_as_phonenumbers_would(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    read = phonenumbers.parse(stored, None)
    home = phonenumbers.region_code_for_country_code(read.country_code or 0)
    assert formatting.phone(stored, home) == phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.NATIONAL)
    abroad = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert formatting.phone(stored, "ZZ") == abroad


def test_phones_read_the_national_way_at_home_only() -> None:
    assert formatting.phone("+33612489017", "FR") == "06 12 48 90 17"
    assert formatting.phone("+33612489017", "GB") == "+33 6 12 48 90 17"
    assert formatting.phone("+33144556677;ext=12", "FR") == "01 44 55 66 77 ext. 12"
    assert formatting.phone("+3222345678", "FR") == "+32 2 234 56 78"
    assert formatting.phone("ask at the desk", "FR") == "ask at the desk"
