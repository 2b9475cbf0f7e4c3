"""What a deal is about: lines from the catalogue or free, their order and totals, and the amount that follows them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from crm.records import services as records
from crm.records.purge import purge_trash
from crm.records.services import Refused
from crm.records.undo import undo as take_back
from crm.ui.currencies import CURRENCIES
from opportunities import lines
from opportunities.models import DealChange, DealLine, Opportunity, Price, Product
from opportunities.totals import MOST_LINES, decimals_of, line_total, totals_of
from tests.factories import make_deal, make_product, make_user
from tests.pages import events_of, htmx, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
DIALOG = htmx("dialog#dialog")
TYPED = {"label": "Canopy", "quantity": "2", "price": "58 500,00", "discount": "", "vat_rate": "20"}


def make_line(deal: Opportunity, price: str = "100", by: User | None = None, **over: Any) -> DealLine:
    line = DealLine(opportunity=deal, **{"label": "Canopy", "price": Decimal(price), **over})
    lines.add(line, by=by or deal.owner or make_user())
    return line


def amount_of(deal: Opportunity) -> Decimal | None:
    deal.refresh_from_db()
    return deal.amount


def order(deal: Opportunity) -> list[str]:
    return [line.label for line in deal.lines.all()]


# ---- What lines come to ----


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "total"),
    [
        ("336", "158.50", "8", "48995.52"),
        ("1", "0.01", "50", "0.01"),  # Half a cent is rounded up…
        ("0.333", "0.15", "0", "0.05"),
        ("3", "33.35", "2.5", "97.55"),
        ("1", "2.675", "0", "2.68"),  # …and what binary fractions would get wrong is right.
        ("0", "100", "0", "0.00"),
        ("2", "100", "100", "0.00"),
    ],
)
def test_a_line_is_rounded_half_up_to_the_cent(quantity: str, price: str, discount: str, total: str) -> None:
    line = DealLine(quantity=Decimal(quantity), price=Decimal(price), discount=Decimal(discount))
    assert line_total(line, "EUR") == Decimal(total)


def test_totals_are_by_rate_and_tell_what_recurs() -> None:
    rows = [
        DealLine(price=Decimal("10.01"), vat_rate=Decimal("5.5")),
        DealLine(price=Decimal("0.05"), vat_rate=Decimal("5.5"), is_recurring=True),
        DealLine(price=Decimal(100), vat_rate=Decimal(20), is_recurring=True),
    ]
    totals = totals_of(rows, "EUR")
    assert (totals.once, totals.recurring, totals.net) == (Decimal("10.01"), Decimal("100.05"), Decimal("110.06"))
    assert [(each.rate, each.net, each.vat) for each in totals.rates] == [
        (Decimal("5.5"), Decimal("10.06"), Decimal("0.55")),
        (Decimal(20), Decimal(100), Decimal("20.00")),
    ]
    assert totals.gross == totals.net + totals.vat == Decimal("130.61")


def test_python_and_the_database_round_alike(alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT c, opportunities_decimals(c) FROM unnest(%s::text[]) AS c", [CURRENCIES])
        assert dict(cursor.fetchall()) == {currency: decimals_of(currency) for currency in CURRENCIES}
    for currency in ("EUR", "JPY"):
        deal = make_deal(owner=alice, currency=currency)
        for quantity, price, discount in (
            ("336", "158", "8"),
            ("0.333", "15", "0"),
            ("1", "1", "50"),
            ("7", "33", "2.5"),
        ):
            make_line(deal, price, quantity=Decimal(quantity), discount=Decimal(discount))
        assert amount_of(deal) == totals_of(deal.lines.all(), currency).net


# ---- The amount of the deal ----


def test_an_amount_that_is_the_sum_follows_its_lines_and_is_dated(alice: User) -> None:
    deal = make_deal(owner=alice)
    one = make_line(deal, "100")
    assert (amount_of(deal), deal.amount_source) == (Decimal(100), "lines"), "the first line gives an amount"
    make_line(deal, "50", quantity=Decimal(2))
    records.save_edit(one, {"discount": Decimal(10)}, by=alice)
    assert (amount_of(deal), deal.base_amount) == (Decimal(190), Decimal(190))
    changeset = lines.remove(one, by=alice)
    assert amount_of(deal) == Decimal(100)
    assert list(DealChange.objects.values_list("amount", flat=True)) == [Decimal(200), Decimal(190), Decimal(100)]
    take_back(changeset, by=alice)
    assert amount_of(deal) == Decimal(190)
    assert [change.amount for change in DealChange.objects.all()] == [Decimal(200), Decimal(190)]


def test_a_typed_amount_stays_until_the_sum_is_asked_for(alice: User, sign_in: SignIn) -> None:
    deal, client = make_deal(owner=alice, amount=Decimal(500)), sign_in(alice)
    make_line(deal, "100")
    assert (amount_of(deal), deal.amount_source) == (Decimal(500), "typed")
    source = reverse("opportunities:line_source", args=[deal.pk])
    answer = client.post(source, {"source": "lines"}, headers=DIALOG)
    assert (answer.status_code, amount_of(deal)) == (204, Decimal(100))
    undo(client, answer)
    assert (amount_of(deal), deal.amount_source) == (Decimal(500), "typed")
    client.post(source, {"source": "lines"})
    # Who types over the sum means what they type.
    client.post(reverse("opportunities:opportunity_field", args=[deal.pk, "amount"]), {"amount": "80"})
    assert (amount_of(deal), deal.amount_source) == (Decimal(80), "typed")


def test_a_sum_of_no_lines_is_refused(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, amount=Decimal(500))
    answer = sign_in(alice).post(reverse("opportunities:line_source", args=[deal.pk]), {"source": "lines"})
    assert (answer.status_code, amount_of(deal)) == (409, Decimal(500))


# ---- Adding, editing, ordering, removing ----


@pytest.fixture
def client(alice: User, sign_in: SignIn) -> Client:
    return sign_in(alice)


def test_a_line_begins_as_the_catalogue_says(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice)
    product = make_product("Canopy", code="CA-1", unit="pc", vat_rate=Decimal("5.5"), is_recurring=True)
    Price.objects.create(product=product, currency="EUR", amount=Decimal("58500.00"))
    make_product("Canopy of old", is_active=False)
    new = reverse("opportunities:line_create", args=[deal.pk])
    found = client.get(new, {"q": "ca-1"}, headers=htmx("div#product-results")).content.decode()
    assert "58,500.00" in found and "of old" not in found
    form = client.get(new, {"product": product.pk}, headers=DIALOG).context["form"]
    begun = {name: form[name].value() for name in ("label", "price", "unit", "vat_rate", "is_recurring")}
    assert begun == {"label": "Canopy", "price": "58,500", "unit": "pc", "vat_rate": "5.5", "is_recurring": True}
    answer = client.post(f"{new}?product={product.pk}", {**TYPED, "price": "58,500"}, headers=DIALOG)
    assert answer.status_code == 204
    assert {"dialog:close", "record-changed", "toast"} <= events_of(answer)
    line = deal.lines.get()
    assert (line.product, line.quantity) == (product, Decimal(2))
    assert (line.price, amount_of(deal)) == (Decimal(58500), Decimal(117000))
    undo(client, answer)
    assert (deal.lines.count(), amount_of(deal), deal.amount_source) == (0, None, "typed")


def test_a_product_without_a_price_in_the_currency_says_so(alice: User, client: Client) -> None:
    deal, product = make_deal(owner=alice, currency="USD"), make_product("Canopy")
    Price.objects.create(product=product, currency="EUR", amount=Decimal(5))
    new = reverse("opportunities:line_create", args=[deal.pk])
    assert "no price in USD" in client.get(new).content.decode()
    page = client.get(new, {"product": product.pk})
    assert "no price for it in USD" in page.content.decode()
    assert page.context["form"]["price"].value() is None


def test_a_free_line_needs_no_product(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice)
    answer = client.post(reverse("opportunities:line_create", args=[deal.pk]) + "?free=1", TYPED)
    assert answer.status_code == 303
    assert order(deal) == ["Canopy"]


def test_lines_are_put_in_order(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice)
    for label in "ABC":
        make_line(deal, label=label)
    last = deal.lines.get(label="C")
    move = reverse("opportunities:line_move", args=[last.pk])
    answer = client.post(move, {"place": "0"}, headers=DIALOG)
    assert order(deal) == ["C", "A", "B"]
    undo(client, answer)
    assert order(deal) == ["A", "B", "C"]
    assert client.post(move, {"place": "99"}, headers=DIALOG).status_code == 204
    assert client.post(move, {"place": "-1"}).status_code == 404


def test_a_removed_line_comes_back_in_its_place(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice)
    for label in "ABC":
        make_line(deal, label=label)
    answer = client.post(reverse("opportunities:line_remove", args=[deal.lines.get(label="B").pk]), headers=DIALOG)
    assert (order(deal), amount_of(deal)) == (["A", "C"], Decimal(200))
    undo(client, answer)
    assert (order(deal), amount_of(deal)) == (["A", "B", "C"], Decimal(300))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quantity": "-1"}, "cannot be less than 0"),
        ({"price": "-5"}, "cannot be less than 0"),
        ({"price": "9" * 40}, "too many figures"),
        ({"price": "9" * 14}, "no more than"),
        ({"quantity": "1,000,000", "price": "99,999,999"}, "more than a line can hold"),
        ({"discount": "101"}, "between 0 and 100"),
        ({"vat_rate": "120"}, "less than or equal to 100"),
        ({"quantity": "two"}, "is no number"),
        ({"label": ""}, "required"),
        ({"label": "x" * 300}, "at most 200 characters"),
    ],
)
def test_bad_input_is_named_beside_its_field(alice: User, client: Client, typed: dict[str, str], words: str) -> None:
    deal = make_deal(owner=alice)
    answer = client.post(reverse("opportunities:line_create", args=[deal.pk]) + "?free=1", {**TYPED, **typed})
    (name,) = typed.keys() & answer.context["form"].errors.keys()
    assert words in answer.context["form"].errors[name][0]
    assert (answer.status_code, deal.lines.count()) == (422, 0)


def test_yen_have_no_cents(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice, currency="JPY")
    answer = client.post(reverse("opportunities:line_create", args=[deal.pk]) + "?free=1", {**TYPED, "price": "10.50"})
    assert "JPY has no cents" in answer.content.decode()


def test_two_who_edit_one_line_do_not_overwrite_each_other(alice: User, dana: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice)
    line = make_line(deal, "100")
    edit = reverse("opportunities:line_edit", args=[line.pk])
    page = sign_in(alice).get(edit, headers=DIALOG)
    drawn = page.context["form"].initial["as_read"]
    records.save_edit(line, {"price": Decimal(90)}, by=dana)
    typed = {**TYPED, "quantity": "1", "price": "80", "as_read": drawn}
    answer = sign_in(alice).post(edit, typed, headers=DIALOG)
    assert (answer.status_code, amount_of(deal)) == (409, Decimal(90))
    assert "Dana Example changed this to" in answer.content.decode()
    lines.remove(line, by=dana)
    assert sign_in(alice).post(edit, typed, headers=DIALOG).status_code == 404


def test_there_are_not_endlessly_many(alice: User) -> None:
    deal = make_deal(owner=alice)
    DealLine.objects.bulk_create(DealLine(opportunity=deal, label="x", price=1) for _n in range(MOST_LINES))
    with pytest.raises(Refused, match="200 lines at most"):
        make_line(deal)


def test_a_product_that_is_gone_leaves_its_label(alice: User, dana: User, client: Client) -> None:
    deal, product = make_deal(owner=alice), make_product("Canopy")
    line = make_line(deal, product=product)
    records.trash(Product.objects.filter(pk=product.pk), by=dana)
    page = reverse("opportunities:line_list", args=[deal.pk])
    assert "Canopy" in client.get(page).content.decode()
    purge_trash(timezone.now() + timedelta(days=400))
    line.refresh_from_db()
    assert (line.product, line.label) == (None, "Canopy")
    assert "Canopy" in client.get(page).content.decode()


# ---- Rights and cost ----


def test_lines_go_through_the_door_of_their_deal(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice)
    line = make_line(deal)
    page, edit = (
        reverse(f"opportunities:line_{name}", args=[key]) for name, key in (("list", deal.pk), ("edit", line.pk))
    )
    assert sign_in(charlie).get(page).status_code == sign_in(charlie).get(edit).status_code == 404
    read = sign_in(bob).get(page)
    assert (read.status_code, read.context["may_edit"]) == (200, False)
    assert sign_in(bob).get(edit).status_code == 403


@pytest.mark.parametrize("name", ["dealline", "amount"])
def test_who_may_not_see_amounts_sees_no_lines(alice: User, client: Client, name: str) -> None:
    deal = make_deal(owner=alice)
    make_line(deal)
    for role in Role.objects.filter(users=alice):
        FieldRule.objects.create(role=role, kind="opportunities.opportunity", field=name, level=Level.HIDDEN)
    assert client.get(reverse("opportunities:line_list", args=[deal.pk])).status_code == 404


def test_who_may_only_read_amounts_changes_none_by_its_lines(alice: User, client: Client) -> None:
    deal = make_deal(owner=alice)
    line = make_line(deal)
    for role in Role.objects.filter(users=alice):
        FieldRule.objects.create(role=role, kind="opportunities.opportunity", field="amount", level=Level.READ)
    edit = reverse("opportunities:line_edit", args=[line.pk])
    for source, status in (("lines", 403), ("typed", 200)):  # A typed amount does not follow the lines.
        Opportunity.objects.filter(pk=deal.pk).update(amount_source=source)
        assert client.get(edit).status_code == status


def test_the_block_takes_as_many_statements_for_many_lines(
    alice: User, client: Client, django_assert_num_queries: Any
) -> None:
    deal = make_deal(owner=alice)
    page = reverse("opportunities:line_list", args=[deal.pk])
    client.get(page)
    for count in (1, 30):
        for _n in range(count):
            make_line(deal)
        with django_assert_num_queries(5):
            client.get(page, headers=htmx("div#panel-lines"))
