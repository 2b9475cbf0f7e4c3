"""Who can see a record, and why, as a page and as a dialog; shared, unshared and undone from there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts.models import Contact
from crm.access.models import User
from crm.records import services
from tests.browser import Opener
from tests.factories import make_contact, make_team, make_user

HTMX = {"HX-Request": "true", "HX-Target": "dialog#dialog"}


@pytest.fixture
def alice() -> User:
    return make_user("alice", team=make_team("West"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(contact: Contact, end: bool = False) -> str:
    return reverse("ui:access_end" if end else "ui:access", args=["contact", contact.pk])


def sees(user: User, contact: Contact) -> bool:
    return Contact.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=contact.pk).exists()


@pytest.mark.django_db
def test_each_reason_is_a_sentence_beside_the_person(alice: User) -> None:
    contact = make_contact(owner=alice)
    make_user("bob", team=alice.team)
    make_user("paul", role="read-only")
    make_user("gone", role="administrator", is_active=False)
    guest = make_user("guest", team=make_team("South"))
    services.share(contact, by=alice, person=guest, edit=True)
    page = signed_in(alice).get(page_of(contact)).text
    for words in (
        "owns it (role Sales rep)",
        "it belongs to the team West, which the role Sales rep covers",
        "the role Read-only sees all",
        "it is shared with them",
    ):
        assert words in page
    assert "Gone Example" not in page


@pytest.mark.django_db
def test_an_owner_shares_to_see_or_to_edit_with_a_person_or_a_team_and_ends_it(alice: User) -> None:
    contact, south = make_contact(owner=alice), make_team("South")
    guest = make_user("guest", team=south)
    client = signed_in(alice)
    answer = client.post(page_of(contact), {"team": south.pk, "level": "see"}, headers=HTMX)
    assert sees(guest, contact)
    assert not Contact.objects.editable_by(User.objects.get(pk=guest.pk)).exists()
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    client.post(page_of(contact), {"person": guest.pk, "level": "edit"}, headers=HTMX)
    assert Contact.objects.editable_by(User.objects.get(pk=guest.pk)).exists()
    client.post(page_of(contact, end=True), {"person": guest.pk}, headers=HTMX)
    assert sees(guest, contact)
    client.post(undo)
    assert not sees(guest, contact)


@pytest.mark.django_db
def test_nobody_or_both_is_said_beside_the_field(alice: User) -> None:
    contact, guest = make_contact(owner=alice), make_user("guest", team=make_team())
    for typed in ({}, {"person": guest.pk, "team": alice.team_id}, {"person": "999999"}):
        answer = signed_in(alice).post(page_of(contact), {**typed, "level": "see"})
        assert answer.status_code == 422
    assert not sees(guest, contact)


@pytest.mark.django_db
def test_only_who_may_edit_shares_and_outsiders_find_nothing(alice: User) -> None:
    contact, guest = make_contact(owner=alice, last_name="Secretname"), make_user("guest", team=make_team())
    mate = make_user("mate", team=alice.team)
    assert "Share it further" not in signed_in(mate).get(page_of(contact)).text
    assert signed_in(mate).post(page_of(contact), {"person": guest.pk, "level": "edit"}).status_code == 403
    assert signed_in(mate).post(page_of(contact, end=True), {"person": guest.pk}).status_code == 403
    for method in ("get", "post"):
        answer = getattr(signed_in(guest), method)(page_of(contact), {"person": guest.pk, "level": "edit"})
        assert answer.status_code == 404
        assert "Secretname" not in answer.text
    assert "/login/" in Client().get(page_of(contact))["Location"]
    assert signed_in(alice).get("/access/nonsense/1/").status_code == 404


@pytest.mark.django_db
def test_the_answer_costs_the_same_for_3_and_for_30_colleagues(
    alice: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    contact = make_contact(owner=alice)
    for _number in range(30):
        make_user(team=alice.team)
    client = signed_in(alice)
    client.get(page_of(contact), headers=HTMX)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(page_of(contact), headers=HTMX)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_record_is_shared_from_its_page(open_page: Opener, axe: Callable[[Page], None], alice: User) -> None:
    contact = make_contact(owner=alice)
    guest = make_user("guest", team=make_team("South"))
    page = open_page(alice)
    page.goto(contact.get_absolute_url())
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("link", name="Who can see this, and why").click()
    dialog = page.get_by_role("dialog", name="Who can see this, and why")
    expect(dialog.get_by_text("owns it (role Sales rep)")).to_be_visible()
    axe(page)
    dialog.get_by_label("Person").select_option(label="Guest Example")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_text("it is shared with them")).to_be_visible()
    assert sees(guest, contact)
    dialog.get_by_role("button", name="End the share Guest Example").click()
    expect(dialog.get_by_text("it is shared with them")).to_have_count(0)
    assert not sees(guest, contact)
