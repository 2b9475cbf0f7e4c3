"""What every kind of record's pages share, proven on groups, the smallest kind: doors, methods, where a save leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Membership
from crm.access.models import User
from crm.lists.fields import record_types
from crm.lists.models import ListPreference
from crm.records import services
from crm.records.models import Tag
from crm.ui.crud import place_of
from tests.factories import make_affiliation, make_company, make_contact, make_group
from tests.people import SignIn

KINDS = ["contact", "company", "group"]
MAKERS: dict[str, Any] = {"contact": make_contact, "company": make_company, "group": make_group}


def test_every_kind_has_its_pages() -> None:
    for record_type in record_types():
        for page in ("list", "count", "filter", "columns", "bulk", "create", "trash_list"):
            assert reverse(record_type.url(page)).endswith("/")
        for page in ("detail", "edit", "trash", "restore"):
            assert reverse(record_type.url(page), args=[1]).endswith("/")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_gets_in_without_signing_in(db: None, kind: str) -> None:
    record, client = MAKERS[kind](), Client()
    for page in ("list", "count", "filter", "create", "trash_list"):
        answer = client.get(reverse(f"contacts:{kind}_{page}"))
        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True), page
    for page in ("detail", "edit", "trash", "restore"):
        answer = client.post(reverse(f"contacts:{kind}_{page}", args=[record.pk]))
        assert answer.status_code in (302, 405), page


@pytest.mark.parametrize("kind", KINDS)
def test_reading_is_by_get_and_changing_by_post(alice: User, sign_in: SignIn, kind: str) -> None:
    record, client = MAKERS[kind](owner=alice), sign_in(alice)
    for page in ("list", "count", "filter", "trash_list"):
        assert client.post(reverse(f"contacts:{kind}_{page}")).status_code == 405, page
    for page in ("columns", "bulk"):
        assert client.get(reverse(f"contacts:{kind}_{page}")).status_code == 405, page
    assert client.post(reverse(f"contacts:{kind}_detail", args=[record.pk])).status_code == 405
    for page in ("trash", "restore"):
        assert client.get(reverse(f"contacts:{kind}_{page}", args=[record.pk])).status_code == 405, page


@pytest.mark.parametrize("kind", KINDS)
def test_trash_and_restore(alice: User, sign_in: SignIn, kind: str) -> None:
    record, client = MAKERS[kind](owner=alice), sign_in(alice)
    client.post(reverse(f"contacts:{kind}_trash", args=[record.pk]))
    record.refresh_from_db()
    assert record.trashed_at is not None
    assert client.get(record.get_absolute_url()).status_code == 200
    assert client.get(reverse(f"contacts:{kind}_edit", args=[record.pk])).status_code == 404
    assert client.post(reverse(f"contacts:{kind}_trash", args=[record.pk])).status_code == 404
    client.post(reverse(f"contacts:{kind}_restore", args=[record.pk]))
    record.refresh_from_db()
    assert record.trashed_at is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_is_no_record(alice: User, sign_in: SignIn, kind: str) -> None:
    client = sign_in(alice)
    for key in ("0", "9" * 18, "9" * 40):
        assert client.get(f"/{'companies' if kind == 'company' else kind + 's'}/{key}/").status_code == 404, key


def test_columns_are_remembered_for_each_person_and_list(alice: User, bob: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    client.post("/groups/columns/", {"columns": ["members"]})
    client.post("/groups/columns/", {"columns": ["members", "owner"]})
    assert ListPreference.objects.get().columns == ["name", "members", "owner"]
    make_group(owner=alice)
    shown = [field.slug for field in sign_in(bob).get("/groups/").context["state"].columns]
    assert shown == ["name", "description", "members", "owner"]
    ListPreference.objects.update(columns=["gone", "members"])
    assert [field.slug for field in client.get("/groups/").context["state"].columns] == ["members"]


def test_a_save_leads_to_the_page_or_to_the_list_of_what_went_out_of_sight(alice: User, charlie: User) -> None:
    assert place_of(mine := make_group(owner=alice), alice) == mine.get_absolute_url()
    assert place_of(make_group(owner=charlie), alice) == "/groups/"


def test_the_trash_is_searched_and_counted_and_gives_back_all_that_belongs_to_a_record(
    alice: User, charlie: User, sign_in: SignIn
) -> None:
    group, company, tag = make_group(owner=alice), make_company(owner=alice), Tag.objects.create(name="Fair")
    contact = make_contact("Zoé", "Éluard", owner=alice, email="zoe@eluard.example", phone="+33612489017")
    make_affiliation(contact, company)
    contact.tags.add(tag)
    Membership.objects.create(group=group, contact=contact)
    services.trash(Contact.objects.filter(pk=contact.pk), by=alice)
    services.trash(Contact.objects.filter(pk=make_contact("Ben", owner=alice).pk), by=alice)
    services.trash(Contact.objects.filter(pk=make_contact("Zoé", "Hidden", owner=charlie).pk), by=charlie)
    client = sign_in(alice)
    page = client.get("/contacts/trash/", {"q": "eluard zo"})
    assert (page.context["count"], "Zoé Éluard" in page.text) == ("1", True)
    assert "Hidden" not in client.get("/contacts/trash/", {"q": "zoe"}).text + client.get("/contacts/trash/").text
    assert client.get("/contacts/trash/").context["count"] == "2"
    assert "Nothing matches" in client.get("/contacts/trash/", {"q": "\0nobody"}).text
    client.post(f"/contacts/{contact.pk}/restore/")
    seen: Any = Contact.objects.visible_to(alice)
    back = seen.search("zoe eluard", alice).get()
    assert (back.emails.get().address, back.phones.count(), back.tags.get()) == ("zoe@eluard.example", 1, tag)
    assert (back.affiliations.get().company, back.memberships.get().group) == (company, group)
