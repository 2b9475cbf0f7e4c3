"""Quotes: drafts of the lines, numbers without gaps, versions, answers, and what can never be taken back."""

from __future__ import annotations

import datetime as dt
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import PostalAddress
from crm.access.models import User
from crm.records import services as records
from crm.records.models import Changeset, Event, Organisation
from crm.records.purge import purge_trash
from crm.records.services import Refused
from crm.records.undo import undo
from opportunities import lines, quotes
from opportunities.models import DealContact, DealLine, Opportunity, Pipeline, Product, Quote, QuoteCounter
from tests.factories import make_company, make_contact, make_deal, make_product, make_stage
from tests.pages import htmx, toast_of
from tests.people import SignIn

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def deal(alice: User) -> Opportunity:
    """A deal with a customer, a decider and two lines: 117,000 and 48,995.52 without VAT."""
    company = make_company("Groupe Valmont", owner=alice, siren="732829320", vat_number="FR44732829320")
    PostalAddress.objects.create(company=company, street="14 quai de la Fosse", postcode="44000", city="Nantes")
    deal = make_deal("Canopies", owner=alice, company=company)
    DealContact.objects.create(opportunity=deal, contact=make_contact(owner=alice, language="fr"), part="decider")
    product = make_product("Canopy")
    add(deal, alice, label="Canopy", quantity=Decimal(2), price=Decimal(58500), product=product)
    add(deal, alice, label="Modules", quantity=Decimal(336), price=Decimal("158.50"), discount=Decimal(8))
    return deal


def add(deal: Opportunity, by: User, **values: Any) -> None:
    lines.add(DealLine(opportunity=deal, **values), by=by)


def again(quote: Quote) -> Quote:
    found: Quote = Quote.objects.get(pk=quote.pk)
    return found


def sent(deal: Opportunity, by: User) -> Quote:
    return quotes.send(quotes.make(deal, by=by), by=by)


# ---- Draft ----


def test_a_draft_writes_down_who_buys_and_what(deal: Opportunity, alice: User) -> None:
    quote = quotes.make(deal, by=alice)
    assert (quote.number, quote.state, quote.currency, quote.language) == ("", "draft", "EUR", "fr")
    assert (quote.buyer_name, quote.buyer_siren) == ("Groupe Valmont", "732829320")
    assert (quote.buyer_contact, quote.buyer_address) == ("Claire Fontaine", "14 quai de la Fosse\n44000 Nantes")
    assert quote.valid_until == TODAY() + timedelta(days=30)
    assert [(line.label, line.quantity, line.discount) for line in quote.lines.all()] == [
        ("Canopy", Decimal(2), Decimal(0)),
        ("Modules", Decimal(336), Decimal(8)),
    ]


def test_who_buys_is_left_out_where_the_maker_may_not_see_it(alice: User, charlie: User) -> None:
    deal = make_deal(owner=charlie, company=make_company("Secret", owner=alice, siren="732829320"))
    add(deal, charlie, label="x", price=Decimal(1))
    assert quotes.make(deal, by=charlie).buyer_name == ""


def test_without_lines_there_is_nothing_to_quote(alice: User) -> None:
    with pytest.raises(Refused, match="no lines to quote"):
        quotes.make(make_deal(owner=alice), by=alice)
    assert not Quote.objects.exists()


def test_a_draft_is_edited_takes_lines_anew_and_is_deleted_with_undo(deal: Opportunity, alice: User) -> None:
    quote = quotes.make(deal, by=alice)
    add(deal, alice, label="Hook-up", price=Decimal("18004.48"))
    assert quote.lines.count() == 2
    quotes.take_lines_anew(quote, by=alice)
    assert quote.lines.count() == 3
    changeset = quotes.remove(quote, by=alice)
    assert not Quote.objects.exists()
    undo(changeset, by=alice)
    assert again(quote).lines.count() == 3


# ---- Numbers ----


def test_numbers_follow_each_other_without_gaps(deal: Opportunity, alice: User) -> None:
    year = TODAY().year
    quotes.make(deal, by=alice)  # A draft takes none.
    assert [sent(deal, alice).number for _n in range(2)] == [f"DV-{year}-0001", f"DV-{year}-0002"]
    broken = quotes.make(deal, by=alice)
    Quote.objects.filter(pk=broken.pk).update(valid_until=TODAY() - timedelta(days=1))
    with pytest.raises(Refused, match="until when"):
        quotes.send(broken, by=alice)
    assert sent(deal, alice).number == f"DV-{year}-0003"
    QuoteCounter.objects.create(year=year + 1, last=7)
    assert quotes._next_number(year + 1) == f"DV-{year + 1}-0008"


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_get_two_numbers(deal: Opportunity, alice: User) -> None:
    drafts = [quotes.make(deal, by=alice) for _n in range(4)]

    def send(quote: Quote) -> None:
        quotes.send(quote, by=alice)
        connection.close()

    threads = [threading.Thread(target=send, args=(quote,)) for quote in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Quote.objects.values_list("number", flat=True)) == [f"DV-{TODAY().year}-{n:04d}" for n in range(1, 5)]


def test_a_number_is_never_given_back(deal: Opportunity, alice: User, dana: User) -> None:
    draft = quotes.make(deal, by=alice)
    quote = quotes.send(draft, by=alice)
    quotes.accept(quote, by=alice)
    for changeset in Changeset.objects.filter(events=None):
        with pytest.raises(Refused, match=r"cancelled, not undone|nothing left"):
            undo(changeset, by=dana)
    made = Event.objects.get(verb="opportunity.quote_made").changeset
    assert made
    with pytest.raises(Refused, match="cancelled, not undone"):
        undo(made, by=alice)
    with pytest.raises(Refused, match="accepted it"):
        quotes.remove(quote, by=alice)
    assert again(quote).state == "accepted"
    # Nor with its deal.
    quotes.make(deal, by=alice)
    records.trash(Opportunity.objects.filter(pk=deal.pk), by=dana)
    purge_trash(timezone.now() + timedelta(days=400))
    assert [(each.number, each.opportunity) for each in Quote.objects.all()] == [(quote.number, None)]


# ---- Versions and answers ----


def test_a_new_version_replaces_the_one_before_under_its_number(deal: Opportunity, alice: User) -> None:
    first = sent(deal, alice)
    add(deal, alice, label="Hook-up", price=Decimal("18004.48"))
    draft = quotes.new_version(first, by=alice)
    assert quotes.new_version(first, by=alice) == draft, "begun once"
    assert (draft.number, again(first).state, draft.buyer_name) == ("", "sent", "Groupe Valmont")
    second = quotes.send(draft, by=alice)
    assert (second.number, second.version, str(second)) == (first.number, 2, f"{first.number} v2")
    assert again(first).state == "cancelled"
    assert (again(first).lines.count(), second.lines.count()) == (2, 3)
    with pytest.raises(Refused, match="was cancelled"):
        quotes.new_version(first, by=alice)


def test_a_version_is_not_sent_over_an_accepted_one(deal: Opportunity, alice: User) -> None:
    first = sent(deal, alice)
    draft = quotes.new_version(first, by=alice)
    quotes.accept(first, by=alice)
    with pytest.raises(Refused, match="accepted it"):
        quotes.send(draft, by=alice)


def test_what_was_sent_is_not_edited(deal: Opportunity, alice: User, sign_in: SignIn) -> None:
    quote, client = sent(deal, alice), sign_in(alice)
    edit = reverse("opportunities:quote_edit", args=[quote.pk])
    typed = {"buyer_name": "Another", "language": "fr", "valid_until": "2030-01-01"}
    for act, words in ((None, "make a new version"), (quotes.accept, "accepted it"), (quotes.cancel, "was cancelled")):
        if act:
            act(quote, by=alice)
        answer = client.post(edit, typed)
        assert answer.status_code == 409
        assert words in answer.content.decode()
    assert again(quote).buyer_name == "Groupe Valmont"


def test_an_old_quote_keeps_what_it_said(deal: Opportunity, alice: User, dana: User) -> None:
    Organisation.objects.filter(pk=1).update(name="Boréal", legal_mentions="SAS, RCS Nantes")
    quote = sent(deal, alice)
    Organisation.objects.filter(pk=1).update(name="Boréal Group")
    records.save_edit(deal.lines.all()[0], {"price": Decimal(1)}, by=alice)
    product = Product.objects.get()
    records.trash(Product.objects.filter(pk=product.pk), by=dana)
    purge_trash(timezone.now() + timedelta(days=400))
    quote = again(quote)
    assert (quote.seller_name, quote.seller_mentions) == ("Boréal", "SAS, RCS Nantes")
    line = quote.lines.all()[0]
    assert (line.label, line.price) == ("Canopy", Decimal(58500))


def test_accepting_moves_the_deal_where_the_administrator_said(deal: Opportunity, alice: User) -> None:
    won = make_stage("Won")
    Pipeline.objects.filter(pk=deal.pipeline_id).update(accepted_stage=won)
    Opportunity.objects.filter(pk=deal.pk).update(amount_source="typed", amount=1)
    quotes.accept(sent(deal, alice), by=alice)
    deal.refresh_from_db()
    assert (deal.stage, deal.status, deal.won_amount) == (won, "won", Decimal("165995.52"))
    moved = Event.objects.get(verb="opportunity.won").changeset
    assert moved
    undo(moved, by=alice)
    deal.refresh_from_db()
    assert (deal.status, Quote.objects.get().state) == ("open", "accepted"), "the move can be undone, the answer cannot"


def test_without_such_a_stage_the_deal_stays(deal: Opportunity, alice: User) -> None:
    quotes.accept(sent(deal, alice), by=alice)
    assert Opportunity.objects.get(pk=deal.pk).stage == deal.stage


def test_a_stage_that_requires_more_holds_the_answer_back(deal: Opportunity, alice: User, sign_in: SignIn) -> None:
    stage = make_stage("Proposal")
    stage.required = ["expected_on", "contact"]
    stage.save()
    Pipeline.objects.filter(pk=deal.pipeline_id).update(accepted_stage=stage)
    quote = sent(deal, alice)
    answer = sign_in(alice).post(reverse("opportunities:quote_accept", args=[quote.pk]))
    assert answer.status_code == 409
    assert "requires: Expected close." in answer.content.decode()
    assert again(quote).state == "sent"


def test_unanswered_quotes_expire(deal: Opportunity, alice: User) -> None:
    quote, other = sent(deal, alice), sent(deal, alice)
    tomorrow = TODAY() + timedelta(days=31)
    Quote.objects.filter(pk=other.pk).update(valid_until=tomorrow)
    assert (quotes.expire(tomorrow), quotes.expire(tomorrow)) == (1, 0)
    assert (again(quote).state, again(other).state) == ("expired", "sent")
    with pytest.raises(Refused, match="expired"):
        quotes.accept(quote, by=alice)
    assert Event.objects.get(verb="opportunity.quote_expired").actor is None


# ---- Pages ----


@pytest.fixture
def client(alice: User, sign_in: SignIn) -> Client:
    return sign_in(alice)


def test_the_life_of_a_quote_by_its_pages(deal: Opportunity, client: Client) -> None:
    made = client.post(reverse("opportunities:quote_create", args=[deal.pk]), headers=htmx("div#panel-quotes"))
    page = made.headers["HX-Redirect"]
    assert "€165,995.52" in client.get(page).content.decode()
    quote = Quote.objects.get()
    typed = {"buyer_name": "Valmont SA", "buyer_siren": "732 829 320", "language": "en", "valid_until": str(TODAY())}
    assert client.post(reverse("opportunities:quote_edit", args=[quote.pk]), typed).status_code == 303
    answer = client.post(reverse("opportunities:quote_send", args=[quote.pk]))
    words, undo_url = toast_of(answer)
    assert (f"DV-{TODAY().year}-0001" in words, undo_url) == (True, "")
    client.post(reverse("opportunities:quote_accept", args=[quote.pk]))
    quote = again(quote)
    assert (quote.state, quote.decided_on, quote.buyer_name) == ("accepted", TODAY(), "Valmont SA")
    listed = client.get(reverse("opportunities:quote_list", args=[deal.pk])).content.decode()
    assert quote.number in listed and "Accepted" in listed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"valid_until": "2020-01-01"}, "This day is past"),
        ({"valid_until": "2999-01-01"}, "too far away"),
        ({"buyer_siren": "123"}, "SIREN"),
        ({"buyer_name": ""}, "required"),
    ],
)
def test_bad_input_on_a_draft(
    deal: Opportunity, alice: User, client: Client, typed: dict[str, str], words: str
) -> None:
    quote = quotes.make(deal, by=alice)
    full = {"buyer_name": "Valmont", "language": "fr", "valid_until": str(TODAY()), **typed}
    answer = client.post(reverse("opportunities:quote_edit", args=[quote.pk]), full)
    (errors,) = [answer.context["form"].errors[name] for name in typed]
    assert (answer.status_code, words in errors[0]) == (422, True)


def test_quotes_go_through_the_door_of_their_deal(
    deal: Opportunity, alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    quote = sent(deal, alice)
    for name in ("detail", "pdf", "edit"):
        assert sign_in(charlie).get(reverse(f"opportunities:quote_{name}", args=[quote.pk])).status_code == 404
    assert sign_in(charlie).get(reverse("opportunities:quote_list", args=[deal.pk])).status_code == 404
    assert sign_in(bob).get(quote.get_absolute_url()).status_code == 200
    assert sign_in(bob).post(reverse("opportunities:quote_cancel", args=[quote.pk])).status_code == 403
    assert again(quote).state == "sent"


def test_the_pages_take_as_many_statements_for_many_quotes(
    deal: Opportunity, alice: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    block = reverse("opportunities:quote_list", args=[deal.pk])
    client.get(block)
    for count in (1, 10):
        for _n in range(count):
            quote = sent(deal, alice)
        with django_assert_max_num_queries(6):
            client.get(block, headers=htmx("div#panel-quotes"))
        with django_assert_max_num_queries(12):
            client.get(quote.get_absolute_url())


def test_a_day_far_off_is_no_validity(deal: Opportunity, alice: User) -> None:
    quote = sent(deal, alice)
    assert not quote.is_overdue
    quote.valid_until = TODAY() - dt.timedelta(days=1)
    assert quote.is_overdue
