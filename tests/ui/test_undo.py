"""Undo over HTTP: one address, for whoever may edit; what is left alone is named; nothing leaks."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from crm.access.models import User
from crm.records import services
from crm.records.models import Changeset
from crm.records.services import save_edit
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/contacts/?view=mine"}


@pytest.fixture
def alice() -> User:
    return make_user("alice", team=make_team())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def edited(contact: Contact, by: User, **typed: Any) -> str:
    saved = save_edit(contact, typed, by=by)
    assert saved.changeset is not None
    return reverse("ui:undo", args=[saved.changeset.pk])


def test_undo_goes_back_to_the_page_and_offers_to_redo(alice: User) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    url = edited(contact, alice, job_title="Chair")
    answer = signed_in(alice).post(url, headers={"Referer": "http://testserver/contacts/?page=2"})
    assert (answer.status_code, answer["Location"]) == (303, "/contacts/?page=2")
    (message,) = get_messages(answer.wsgi_request)
    redo = Changeset.objects.get(source=Changeset.Source.UNDO)
    assert (str(message), message.extra_tags) == ("Undone.", reverse("ui:undo", args=[redo.pk]))
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"


def test_with_htmx_the_page_is_read_anew(alice: User) -> None:
    url = edited(make_contact(owner=alice), alice, job_title="Chair")
    answer = signed_in(alice).post(url, headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_a_refusal_is_a_sentence(alice: User) -> None:
    url = edited(make_contact(owner=alice), alice, job_title="Chair")
    client = signed_in(alice)
    client.post(url)
    page = client.post(url)
    assert page.status_code == 409
    assert "This was undone already." in page.text
    toast = json.loads(client.post(url, headers=HTMX)["HX-Trigger"])["toast"]
    assert toast["text"].endswith("This was undone already.")


def test_what_is_left_alone_is_named_on_a_page_and_in_a_dialog(alice: User) -> None:
    contact = make_contact(owner=alice)
    client = signed_in(alice)
    for headers in ({}, HTMX):
        url = edited(contact, alice, job_title=f"Chair {len(headers)}", department="Paris")
        edited(contact, alice, job_title=f"Director {len(headers)}")
        answer = client.post(url, headers=headers)
        assert "contact Claire Fontaine" in answer.text
        assert "job title" in answer.text
    assert answer["HX-Retarget"] == "#dialog"
    assert "<html" not in answer.text


def test_after_a_creation_the_page_that_is_gone_is_not_shown(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Contact, "get_absolute_url", lambda self: f"/contacts/{self.pk}/")
    contact = services.create(Contact(first_name="Ann", owner=alice), by=alice)
    changeset = Changeset.objects.get()
    page = {"Referer": f"http://testserver/contacts/{contact.pk}/"}
    answer = signed_in(alice).post(reverse("ui:undo", args=[changeset.pk]), headers=page)
    assert answer["Location"] == "/"


def test_an_outsider_undoes_nothing_and_learns_nothing(alice: User) -> None:
    contact = make_contact(owner=alice, last_name="Secretname")
    url = edited(contact, alice, job_title="Chair")
    assert "/login/" in Client().post(url)["Location"]
    answer = signed_in(make_user(team=make_team())).post(url)
    assert answer.status_code == 409
    assert "Secretname" not in answer.text
    assert signed_in(alice).post(reverse("ui:undo", args=[uuid4()])).status_code == 404
    assert signed_in(alice).get(url).status_code == 405
    contact.refresh_from_db()
    assert contact.job_title == "Chair"


def test_of_a_shared_change_only_the_part_one_may_edit_is_undone_and_the_rest_not_named(alice: User) -> None:
    boss = make_user(role="office-staff")
    mine, other = make_contact(owner=alice), make_contact(last_name="Secretname", owner=make_user(team=make_team()))
    changeset = services.assign(Contact.objects.all(), alice, by=boss)
    Contact.objects.filter(pk=other.pk).update(owner=other.owner, team=other.team)
    save_edit(mine, {"department": "Paris"}, by=boss)
    client = signed_in(alice)
    answer = client.post(reverse("ui:undo", args=[changeset.pk]))
    assert "Secretname" not in answer.text


def test_never_back_to_another_site(alice: User) -> None:
    url = edited(make_contact(owner=alice), alice, job_title="Chair")
    assert signed_in(alice).post(url, headers={"Referer": "https://evil.example/x"})["Location"] == "/"
