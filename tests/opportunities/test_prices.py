"""The catalogue: prices by currency, what is on sale, and whose products the list shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from opportunities.models import Price
from tests.factories import make_product, make_user
from tests.pages import events_of, htmx, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
DIALOG = htmx("dialog#dialog")


def prices(product: Any) -> list[tuple[str, Decimal]]:
    return [(price.currency, price.amount) for price in product.prices.all()]


def test_prices_are_added_changed_and_removed_on_the_page_of_the_product(dana: User, sign_in: SignIn) -> None:
    product, client = make_product("Canopy"), sign_in(dana)
    new = reverse("opportunities:price_create", args=[product.pk])
    answer = client.post(new, {"currency": "EUR", "amount": "58,500.50"}, headers=DIALOG)
    assert answer.status_code == 204 and {"dialog:close", "points-changed"} <= events_of(answer)
    client.post(new, {"currency": "USD", "amount": "61000"})
    assert prices(product) == [("EUR", Decimal("58500.50")), ("USD", Decimal(61000))]
    page = client.get(product.get_absolute_url()).content.decode()
    assert "€58,500.50" in page and "US$61,000.00" in page
    euros = product.prices.get(currency="EUR")
    client.post(reverse("opportunities:price_edit", args=[euros.pk]), {"currency": "EUR", "amount": "57000"})
    answer = client.post(reverse("opportunities:price_remove", args=[euros.pk]), headers=DIALOG)
    assert prices(product) == [("USD", Decimal(61000))]
    undo(client, answer)
    assert prices(product) == [("EUR", Decimal(57000)), ("USD", Decimal(61000))]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"currency": "EUR", "amount": "1"}, "a price in this currency already"),
        ({"currency": "USD", "amount": "-1"}, "cannot be less than 0"),
        ({"currency": "JPY", "amount": "1.50"}, "JPY has no cents"),
        ({"currency": "EURO", "amount": "1"}, "Select a valid choice"),
    ],
)
def test_a_wrong_price_is_named(dana: User, sign_in: SignIn, typed: dict[str, str], words: str) -> None:
    product = make_product("Canopy")
    Price.objects.create(product=product, currency="EUR", amount=5)
    answer = sign_in(dana).post(reverse("opportunities:price_create", args=[product.pk]), typed)
    assert (answer.status_code, product.prices.count()) == (422, 1)
    assert words in answer.content.decode()


def test_everybody_sees_the_catalogue_and_begins_with_all_of_it(alice: User, sign_in: SignIn) -> None:
    make_product("Canopy")
    make_product("Module", owner=alice)
    page = sign_in(alice).get(reverse("opportunities:product_list"))
    assert page.context["state"].view == "all"
    assert b"Canopy" in page.content and b"Module" in page.content


def test_a_rep_reads_prices_and_a_manager_keeps_them(sign_in: SignIn) -> None:
    product = make_product("Canopy")
    new = reverse("opportunities:price_create", args=[product.pk])
    assert sign_in(make_user("rep")).get(new).status_code == 403
    manager = make_user("manager", role="sales-manager")
    assert sign_in(manager).get(new).status_code == 200
    FieldRule.objects.create(
        role=Role.objects.get(slug="sales-manager"), kind="opportunities.product", field="price", level=Level.HIDDEN
    )
    assert sign_in(manager).get(new).status_code == 404
    Price.objects.create(product=product, currency="EUR", amount=Decimal("77.77"))
    assert b"77.77" not in sign_in(manager).get(product.get_absolute_url()).content
