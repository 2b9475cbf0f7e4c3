"""Exchange rates: typed in, imported from a file, and what becomes of values in the company's currency."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.access.models import User
from crm.records.models import Organisation
from opportunities.models import ExchangeRate, Opportunity, Target
from opportunities.rates import effect_of_currency, read_file
from opportunities.tasks import take_up_rates
from tests.factories import make_deal
from tests.pages import toast_of, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
LIST = reverse("opportunities:rate_list")
NEW = reverse("opportunities:rate_create")
IMPORT = reverse("opportunities:rate_import")


@pytest.fixture
def console(dana: User, sign_in: SignIn) -> Client:
    return sign_in(dana)


def make_rate(currency: str = "USD", since: str = "2026-01-01", rate: str = "0.9", base: str = "EUR") -> ExchangeRate:
    return ExchangeRate.objects.create(
        currency=currency, base=base, since=dt.date.fromisoformat(since), rate=Decimal(rate)
    )


def value_of(deal: Opportunity) -> Decimal | None:
    deal.refresh_from_db()
    return deal.base_amount


def sent(text: str | bytes) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("rates.csv", content, content_type="text/csv")}


def test_a_rate_gives_deals_their_value_and_undo_takes_it_back(console: Client) -> None:
    deal = make_deal(amount=Decimal(100), currency="USD")
    page = console.get(LIST).text
    assert "1 opportunity in USD has no rate" in page
    answer = console.post(NEW, {"currency": "USD", "since": "2026-01-01", "rate": "0.8423"})
    assert (answer.status_code, value_of(deal)) == (303, Decimal("84.23"))
    assert "has no rate" not in console.get(LIST).text
    undo(console, answer)
    assert value_of(deal) is None


@pytest.mark.parametrize("typed", ["1.234", "1,234"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_mark_in_a_rate_is_that_of_decimals(console: Client, dana: User, typed: str, language: str) -> None:
    User.objects.filter(pk=dana.pk).update(language=language)
    console.post(NEW, {"currency": "GBP", "since": "2026-01-01", "rate": typed})
    rate = ExchangeRate.objects.get()
    assert rate.rate == Decimal("1.234")
    page = reverse("opportunities:rate_edit", args=[rate.pk])
    shown = "1,234" if language == "fr" else "1.234"
    assert f'value="{shown}"' in console.get(page).text


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"rate": "0"}, "more than 0"),
        ({"rate": "-1"}, "more than 0"),
        ({"rate": "12345678901"}, "at most 10 figures"),
        ({"rate": "0.12345678901"}, "at most 10 figures"),
        ({"rate": "a lot"}, "is no number"),
        ({"currency": "EUR"}, "valid choice"),
        ({"since": "1789-07-14"}, "too far away"),
        ({}, "change that one"),
    ],
)
def test_what_is_no_rate_is_said_beside_the_field(console: Client, over: dict[str, str], words: str) -> None:
    make_rate()
    answer = console.post(NEW, {"currency": "USD", "since": "2026-01-01", "rate": "0.8", **over})
    assert answer.status_code == 422
    assert words in answer.text
    assert ExchangeRate.objects.count() == 1


def test_a_rate_is_changed_and_removed(console: Client) -> None:
    make_rate(since="2025-01-01", rate="0.5")
    rate, deal = make_rate(), make_deal(amount=Decimal(100), currency="USD")
    page = reverse("opportunities:rate_edit", args=[rate.pk])
    console.post(page, {"currency": "USD", "since": "2026-01-01", "rate": "0.7", "as_read": "{}"})
    assert value_of(deal) == Decimal("70.00")
    answer = console.post(reverse("opportunities:rate_remove", args=[rate.pk]))
    assert value_of(deal) == Decimal("50.00"), "the rate before it counts again"
    undo(console, answer)
    assert value_of(deal) == Decimal("70.00")


def test_a_rate_entered_ahead_counts_from_its_day_on() -> None:
    deal, day = make_deal(amount=Decimal(100), currency="USD"), timezone.now().date()
    make_rate(since="2026-01-01", rate="0.9")
    with connection.cursor() as cursor:  # As if it had been entered before its day.
        cursor.execute("ALTER TABLE opportunities_exchangerate DISABLE TRIGGER rates_insert")
        make_rate(since=day.isoformat(), rate="0.5")
        cursor.execute("ALTER TABLE opportunities_exchangerate ENABLE TRIGGER rates_insert")
    assert value_of(deal) == Decimal("90.00")
    take_up_rates()
    assert value_of(deal) == Decimal("50.00")


# ---- Files ----


@pytest.mark.parametrize(
    "text",
    [
        "USD;2026-01-31;0.8423\nGBP;2026-01-31;1.15\n",
        "\ufeffDevise;Date;Cours\r\nusd;31/01/2026;0,8423\r\n\r\nGBP;31/01/2026;1,15\r\n",
        "currency,date,rate\nUSD,2026-01-31,0.8423\nGBP,2026-01-31,1.15",
        "USD\t2026-01-31\t0,8423\nGBP\t2026-01-31\t1,15",
    ],
)
def test_files_are_read_as_people_write_them(text: str) -> None:
    found = read_file(text.encode(), "EUR")
    day = dt.date(2026, 1, 31)
    assert (found.problems, found.rates) == ([], {("USD", day): Decimal("0.8423"), ("GBP", day): Decimal("1.15")})


def test_an_import_adds_and_replaces_in_one_act(console: Client) -> None:
    make_rate(since="2026-01-01", rate="0.9")
    deal = make_deal(amount=Decimal(100), currency="USD")
    answer = console.post(IMPORT, sent("USD;2026-01-01;0.8\nUSD;2026-02-01;0.7\nGBP;2026-01-01;1.15"))
    assert "3 rates were imported." in toast_of(answer)[0]
    assert (ExchangeRate.objects.count(), value_of(deal)) == (3, Decimal("70.00"))
    again = console.post(IMPORT, sent("USD;2026-01-01;0.8\nUSD;2026-02-01;0.7\nGBP;2026-01-01;1.15"))
    assert "there already" in toast_of(again)[0]
    undo(console, answer)
    assert (ExchangeRate.objects.get().rate, value_of(deal)) == (Decimal("0.9"), Decimal("90.00"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("USD;2026-01-01;0.8\nXXX;2026-01-01;2", "Line 2: “XXX” is no currency"),
        ("USD;2026-01-01;0.8\nUSD;2026-01-01;0.9", "Line 2: USD has another rate"),
        ("EUR;2026-01-01;1", "company’s own currency"),
        ("USD;32/01/2026;1", "is no date"),
        ("USD;;1", "The date is missing"),
        ("USD;2026-01-01;", "The rate is missing"),
        ("USD;2026-01-01", "has a currency, a date and a rate"),
        ("USD;2026-01-01;-1", "more than 0"),
        ("Currency;Date;Rate\n", "holds no rate"),
        ("", "empty"),
    ],
)
def test_a_file_with_a_fault_imports_nothing_and_says_where(console: Client, text: str, words: str) -> None:
    answer = console.post(IMPORT, sent(text))
    assert answer.status_code == 422
    assert words in answer.text.replace("&#x27;", "’")
    assert not ExchangeRate.objects.exists()


# ---- The company's currency ----


def test_a_change_of_the_companys_currency_says_what_it_does() -> None:
    for currency in ("EUR", "EUR", "GBP", "USD"):
        make_deal(amount=Decimal(5), currency=currency)
    make_rate("GBP", base="USD")
    Target.objects.create(
        user=User.objects.create(first_name="T"), period="month", starts_on="2026-01-01", amount=5, currency="EUR"
    )
    text = effect_of_currency("EUR", "USD")
    assert "values of 4 opportunities are worked out anew in USD" in text
    assert "2 are in currencies without a rate to USD" in text
    assert "Targets in EUR are kept" in text


def test_the_settings_ask_before_the_currency_changes(console: Client) -> None:
    deal = make_deal(amount=Decimal(5), currency="USD")
    url = reverse("console:settings")
    fields = console.get(url).context["form"]
    typed = {name: value for name, value in fields.initial.items() if value is not None and name != "logo"}
    typed |= {"currency": "USD", "day_starts_at": "09:00", "day_ends_at": "18:00"}
    asked = console.post(url, typed)
    assert "worked out anew in USD" in asked.text
    assert Organisation.objects.get().currency == "EUR"
    answer = console.post(url, {**typed, "confirmed": asked.context["confirmed"]})
    assert (Organisation.objects.get().currency, value_of(deal)) == ("USD", Decimal("5.00"))
    undo(console, answer)
    assert value_of(deal) is None


def test_the_page_of_rates_costs_the_same_however_many_there_are(
    console: Client, django_assert_max_num_queries: Any
) -> None:
    for currency in ("USD", "GBP", "CHF"):
        for day in range(1, 29):
            make_rate(currency, f"2026-01-{day:02}")
    console.get(LIST)
    with django_assert_max_num_queries(12):
        page = console.get(LIST).text
    assert page.count("Show all 28 rates") == 3
    assert console.get(f"{LIST}?currency=USD").text.count("/administration/rates/") > 28
