"""Ways to reach somebody and places in companies: add, edit, two at once, primary, leave, remove, undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Affiliation, Company, Contact, Email
from crm.access.models import User
from crm.records import services
from tests.factories import make_affiliation, make_company, make_contact
from tests.pages import events_of, htmx, toast_of, undo
from tests.people import SignIn

DIALOG = htmx("dialog#dialog")
ROWS: dict[str, list[dict[str, str]]] = {
    "email": [{"address": "a@valmont.example"}, {"address": "b@valmont.example"}],
    "phone": [{"number": "06 12 34 56 78"}, {"number": "+32 2 345 67 89"}],
    "address": [{"street": "14 quai de la Fosse", "city": "Nantes"}, {"city": "Lyon"}],
}


def add(kind: str, record: Any) -> str:
    return reverse("contacts:point_create", args=[record._meta.model_name, record.pk, kind])


def primaries(record: Any, kind: str) -> list[bool]:
    rows = {"email": record.emails, "phone": record.phones, "address": record.addresses}[kind]
    return [row.is_primary for row in rows.order_by("pk")]


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("make", [make_contact, make_company])
def test_the_first_is_primary_and_there_is_always_exactly_one(
    alice: User, sign_in: SignIn, make: Any, kind: str
) -> None:
    record, client = make(owner=alice), sign_in(alice)
    for row in ROWS[kind]:
        answer = client.post(add(kind, record), {"label": "work", **row}, headers=DIALOG)
        assert answer.status_code == 204
        assert {"dialog:close", "points-changed", "record-changed", "toast"} <= events_of(answer)
    assert primaries(record, kind) == [True, False]
    rows = {"email": record.emails, "phone": record.phones, "address": record.addresses}[kind]
    first, second = rows.order_by("pk")
    answer = client.post(reverse("contacts:point_primary", args=[kind, second.pk]), headers=DIALOG)
    assert primaries(record, kind) == [False, True]
    undo(client, answer)
    assert primaries(record, kind) == [True, False]
    answer = client.post(reverse("contacts:point_remove", args=[kind, first.pk]), headers=DIALOG)
    assert primaries(record, kind) == [True]
    undo(client, answer)
    assert primaries(record, kind) == [True, False]
    client.post(reverse("contacts:point_remove", args=[kind, second.pk]))
    client.post(reverse("contacts:point_remove", args=[kind, first.pk]))
    assert primaries(record, kind) == []


def test_what_is_primary_already_stays_so_without_a_word_in_the_history(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, email="a@valmont.example")
    answer = sign_in(alice).post(reverse("contacts:point_primary", args=["email", contact.emails.get().pk]))
    assert answer.status_code == 303
    assert toast_of(answer)[1] == ""


def test_an_address_is_edited_as_one_types_it(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, phone="+33612345678")
    phone, client = contact.phones.get(), sign_in(alice)
    url = reverse("contacts:point_edit", args=["phone", phone.pk])
    form = client.get(url, headers=DIALOG).context["form"]
    assert form["number"].value() == "06 12 34 56 78"
    data = {"number": "07 00 00 00 01", "label": "mobile", "as_read": form["as_read"].value()}
    assert client.post(url, data, headers=DIALOG).status_code == 204
    phone.refresh_from_db()
    assert (phone.number, phone.digits, phone.label) == ("+33700000001", "33700000001 0700000001", "mobile")
    assert list(Contact.objects.search("07 00 00").visible_to(alice)) == [contact]


def test_two_people_at_one_address(alice: User, dana: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, email="a@valmont.example")
    email, client = contact.emails.get(), sign_in(dana)
    url = reverse("contacts:point_edit", args=["email", email.pk])
    drawn = client.get(url, headers=DIALOG).context["form"]["as_read"].value()
    services.save_edit(email, {"address": "b@valmont.example"}, by=alice)
    data = {"address": "c@valmont.example", "label": "work", "as_read": drawn}
    answer = client.post(url, data, headers=DIALOG)
    assert answer.status_code == 409
    assert "Alice Example changed this to “b@valmont.example” in the meantime." in answer.text
    assert answer.context["form"]["address"].value() == "c@valmont.example"
    data["as_read"] = answer.context["form"]["as_read"].value()
    assert client.post(url, data, headers=DIALOG).status_code == 204
    assert contact.emails.get().address == "c@valmont.example"


def test_a_link_is_kept_and_opens_elsewhere(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    client.post(add("link", contact), {"title": "LinkedIn", "url": "linkedin.com/in/claire"})
    page = client.get(contact.get_absolute_url()).text
    assert 'href="https://linkedin.com/in/claire" rel="noopener noreferrer" target="_blank"' in page
    link = contact.links.get()
    assert client.post(reverse("contacts:point_primary", args=["link", link.pk])).status_code == 404
    assert client.post(reverse("contacts:point_remove", args=["link", link.pk])).status_code == 303


@pytest.mark.parametrize("kind", ["nonsense", "photo", "contact"])
def test_there_is_no_other_kind(alice: User, sign_in: SignIn, kind: str) -> None:
    contact = make_contact(owner=alice)
    assert sign_in(alice).get(add(kind, contact)).status_code == 404
    assert sign_in(alice).get(reverse("contacts:point_edit", args=[kind, 1])).status_code == 404


def test_rows_follow_the_rights_of_their_record(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, email="a@valmont.example")
    place = make_affiliation(contact, make_company(owner=alice))
    email = contact.emails.get()
    urls = [
        *(reverse(f"contacts:point_{act}", args=["email", email.pk]) for act in ("edit", "remove", "primary")),
        *(reverse(f"contacts:affiliation_{act}", args=[place.pk]) for act in ("edit", "end", "primary", "remove")),
        add("email", contact),
    ]
    for user, status in ((bob, 403), (charlie, 404)):
        for url in urls:
            assert sign_in(user).post(url, {"address": "x@evil.example"}).status_code == status, url
    assert Email.objects.get().address == "a@valmont.example"


# ---- Places in companies ----


def test_leaving_keeps_the_place_and_hands_the_first_rank_on(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    for name in ("One", "Two"):
        client.post(reverse("contacts:affiliation_create", args=[contact.pk]), {"company": name, "role": "Buyer"})
    one, two = contact.affiliations.order_by("pk")
    assert (one.is_primary, two.is_primary) == (True, False)
    answer = client.post(reverse("contacts:affiliation_end", args=[one.pk]), headers=DIALOG)
    assert answer.status_code == 204
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.ended_on, one.is_primary, two.is_primary) == (timezone.localdate(), False, True)
    page = client.get(contact.get_absolute_url() + "?whole=1").text
    assert "noted that a person left a company" in page
    assert page.index(">Two<") < page.index(">One<")
    undo(client, answer)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.ended_on, one.is_primary, two.is_primary) == (None, True, False)


def test_leaving_before_the_first_day(alice: User, sign_in: SignIn) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    place = make_affiliation(make_contact(owner=alice), make_company(owner=alice), started_on=tomorrow)
    assert sign_in(alice).post(reverse("contacts:affiliation_end", args=[place.pk])).status_code == 303
    place.refresh_from_db()
    assert place.ended_on == tomorrow


def test_an_end_typed_into_the_form_takes_the_first_rank_away(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    place = make_affiliation(contact, make_company(owner=alice), is_primary=True)
    url = reverse("contacts:affiliation_edit", args=[place.pk])
    assert client.post(url, {"role": "Buyer", "ended_on": "2024-01-31"}).status_code == 303
    place.refresh_from_db()
    assert (place.role, str(place.ended_on), place.is_primary) == ("Buyer", "2024-01-31", False)
    assert client.post(reverse("contacts:affiliation_primary", args=[place.pk])).status_code == 404


def test_another_place_becomes_the_primary_one(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    one = make_affiliation(contact, make_company("One", owner=alice), is_primary=True)
    two = make_affiliation(contact, make_company("Two", owner=alice))
    answer = client.post(reverse("contacts:affiliation_primary", args=[two.pk]))
    assert list(contact.affiliations.filter(is_primary=True)) == [two]
    assert ">Two<" in client.get("/contacts/").text
    undo(client, answer)
    assert list(contact.affiliations.filter(is_primary=True)) == [one]
    answer = client.post(reverse("contacts:affiliation_remove", args=[one.pk]))
    assert list(contact.affiliations.all()) == [two]
    assert contact.affiliations.get().is_primary
    undo(client, answer)
    assert list(contact.affiliations.filter(is_primary=True)) == [one]


def test_a_place_in_a_company_out_of_sight_is_a_name_and_no_more(alice: User, charlie: User, sign_in: SignIn) -> None:
    """Where somebody works is a fact of their own; the company itself stays out of sight."""
    contact, client = make_contact(owner=alice), sign_in(alice)
    place = make_affiliation(contact, make_company("Secretname", owner=charlie), is_primary=True)
    related = client.get(contact.get_absolute_url(), headers=htmx("div#record-related"))
    assert "Secretname" not in related.text
    assert client.get(place.company.get_absolute_url()).status_code == 404
    for act in ("edit", "end", "primary", "remove"):
        assert client.post(reverse(f"contacts:affiliation_{act}", args=[place.pk])).status_code == 404
    assert Affiliation.objects.get().ended_on is None
    assert Company.objects.count() == 1
