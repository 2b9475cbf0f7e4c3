"""Contacts over HTTP: create, edit as a form and in place, two people at once, photo, trash; flat query counts."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from contacts.models import Company, Contact, ContactTag
from crm.access.models import User
from crm.records import services
from crm.records.models import Changeset, Tag
from tests.factories import make_affiliation, make_company, make_contact, make_group, make_team, make_user
from tests.pages import events_of, htmx, toast_of, undo
from tests.people import SignIn

MOST_STATEMENTS = 12


def field_url(contact: Contact, slug: str) -> str:
    return reverse("contacts:contact_field", args=[contact.pk, slug])


def read_of(page: Any) -> str:
    """What the form was drawn from, as its hidden field carries it."""
    return str(page.context["form"]["as_read"].value())


# ---- Create ----


def test_a_new_contact_with_address_phone_and_company(alice: User, sign_in: SignIn) -> None:
    company, client = make_company("Groupe Valmont", owner=alice), sign_in(alice)
    data = {
        "first_name": "Claire",
        "last_name": "Fontaine",
        "job_title": "Buyer",
        "company": "groupe valmont",
        "email": "Claire Fontaine <C.Fontaine@Valmont.example>",
        "phone": "06 12 48 90 17",
        "lifecycle": "customer",
        "owner": alice.pk,
    }
    answer = client.post("/contacts/new/", data)
    contact = Contact.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, contact.get_absolute_url())
    assert (contact.owner, contact.team, contact.lifecycle) == (alice, alice.team, "customer")
    assert [(row.address, row.is_primary) for row in contact.emails.all()] == [("c.fontaine@valmont.example", True)]
    assert [(row.number, row.is_primary) for row in contact.phones.all()] == [("+33612489017", True)]
    place = contact.affiliations.get()
    assert (place.company, place.role, place.is_primary) == (company, "Buyer", True)
    page = client.get(answer["Location"] + "?whole=1").text
    for shown in ("Claire Fontaine", "Buyer at", "Groupe Valmont", "c.fontaine@valmont.example", "06 12 48 90 17"):
        assert shown in page
    assert toast_of(answer)[0] == "Claire Fontaine was created"
    undo(client, answer)
    assert not Contact.objects.exists()
    assert Company.objects.exists()


def test_a_company_that_is_not_known_is_made_with_the_contact(alice: User, sign_in: SignIn) -> None:
    data = {"last_name": "Durand", "company": "Bio Terroirs", "lifecycle": "lead", "owner": alice.pk}
    assert sign_in(alice).post("/contacts/new/", data).status_code == 303
    company = Company.objects.get()
    assert (company.name, company.owner, company.team) == ("Bio Terroirs", alice, alice.team)
    assert Contact.objects.get().affiliations.get().company == company


def test_whose_rights_end_at_own_records_makes_them_as_own_and_may_hand_them_over(sign_in: SignIn) -> None:
    rep, colleague = make_user("rep", team=make_team()), make_user("colleague", team=make_team("North"))
    client = sign_in(rep)
    client.post("/contacts/new/", {"last_name": "Durand", "lifecycle": "lead", "owner": colleague.pk})
    contact = Contact.objects.get()
    assert contact.owner == rep
    answer = client.post(field_url(contact, "owner"), {"owner": colleague.pk})
    contact.refresh_from_db()
    assert (answer["Location"], contact.owner, contact.team) == ("/contacts/", colleague, colleague.team)
    undo(client, answer)
    contact.refresh_from_db()
    assert contact.owner == rep


def test_where_somebody_works_is_told_and_opens_to_those_who_may_see_the_company(sign_in: SignIn) -> None:
    rep = make_user("rep", team=make_team())
    contact, company = make_contact(owner=rep), make_company("Groupe Valmont", owner=make_user("other"))
    make_affiliation(contact, company)
    client, link = sign_in(rep), f'href="{company.get_absolute_url()}"'
    page = client.get(contact.get_absolute_url())
    assert "Groupe Valmont" in page.text
    assert link not in page.text
    Company.objects.filter(pk=company.pk).update(owner=rep)
    assert link in client.get(contact.get_absolute_url()).text


def test_the_form_opens_with_oneself_as_owner_and_the_company_one_comes_from(alice: User, sign_in: SignIn) -> None:
    company = make_company("Valmont", owner=alice)
    form = sign_in(alice).get(f"/contacts/new/?company={company.pk}").context["form"]
    assert (form["owner"].value(), form["company"].value()) == (alice.pk, "Valmont")
    for key in ("0", "x", "9" * 30, "-1", "²", str(make_company(owner=make_user()).pk)):
        page = sign_in(alice).get("/contacts/new/", {"company": key})
        assert (page.status_code, page.context["form"]["company"].value()) == (200, None)


def test_read_only_creates_and_edits_nothing(alice: User, sign_in: SignIn) -> None:
    reader, contact = make_user(role="read-only"), make_contact(owner=alice)
    client = sign_in(reader)
    assert client.get(contact.get_absolute_url()).status_code == 200
    for url in (
        "/contacts/new/",
        reverse("contacts:contact_edit", args=[contact.pk]),
        field_url(contact, "job_title"),
        reverse("contacts:contact_trash", args=[contact.pk]),
        reverse("contacts:point_create", args=["contact", contact.pk, "email"]),
        reverse("contacts:tags_edit", args=["contact", contact.pk]),
        reverse("contacts:affiliation_create", args=[contact.pk]),
        reverse("contacts:contact_photo_edit", args=[contact.pk]),
    ):
        assert client.post(url, {"job_title": "Chair", "last_name": "X"}).status_code == 403, url
    contact.refresh_from_db()
    assert (contact.job_title, Contact.objects.count(), Changeset.objects.count()) == ("", 1, 0)


def test_an_outsider_finds_nothing_anywhere(alice: User, charlie: User, sign_in: SignIn) -> None:
    contact = make_contact(last_name="Secretname", owner=alice, email="x@secret.example", phone="+33612345678")
    client = sign_in(charlie)
    for name in ("detail", "preview", "edit", "photo", "photo_edit"):
        assert client.get(reverse(f"contacts:contact_{name}", args=[contact.pk])).status_code == 404, name
    for name in ("trash", "restore"):
        assert client.post(reverse(f"contacts:contact_{name}", args=[contact.pk])).status_code == 404, name
    for url in (
        field_url(contact, "job_title"),
        reverse("contacts:membership_edit", args=["contact", contact.pk]),
        reverse("contacts:tags_edit", args=["contact", contact.pk]),
        reverse("contacts:point_edit", args=["email", contact.emails.get().pk]),
        reverse("contacts:point_remove", args=["phone", contact.phones.get().pk]),
    ):
        assert client.post(url).status_code == 404, url
    for url in ("/contacts/?view=all", "/contacts/?view=all&q=secretname", "/contacts/trash/", "/companies/?view=all"):
        assert "Secretname" not in client.get(url).text, url


# ---- Edit in place ----


def test_a_fact_is_edited_in_place(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, job_title="Buyer", department="Paris")
    client, url, headers = sign_in(alice), field_url(contact, "job_title"), htmx("dd#field-job_title")
    form = client.get(url, headers=headers)
    assert "<html" not in form.text
    assert 'value="Buyer"' in form.text
    answer = client.post(url, {"job_title": "Chair", "as_read": read_of(form)}, headers=headers)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Chair" in answer.text
    assert "Saved" in answer.text
    assert {"record-changed", "toast"} <= events_of(answer)
    contact.refresh_from_db()
    assert (contact.job_title, contact.department) == ("Chair", "Paris")
    undo(client, answer)
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"
    rest = client.get(url + "?rest=1", headers=headers).text
    assert "Buyer" in rest
    assert "<form" not in rest


def test_without_javascript_the_fact_has_a_page_of_its_own(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    client, url = sign_in(alice), field_url(contact, "job_title")
    page = client.get(url)
    assert "<html" in page.text
    answer = client.post(url, {"job_title": "Chair", "as_read": read_of(page)})
    assert (answer.status_code, answer["Location"]) == (303, contact.get_absolute_url())
    assert toast_of(answer)[0] == "Saved"


def test_what_cannot_be_saved_comes_back_with_a_sentence_and_the_value(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    headers = htmx("dd#field-birthday")
    answer = sign_in(alice).post(field_url(contact, "birthday"), {"birthday": "31/02/2024"}, headers=headers)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "Enter a valid date." in answer.text
    assert "31/02/2024" in answer.text
    answer = sign_in(alice).post(field_url(contact, "last_name"), {"last_name": ""}, headers=htmx("dd#field-last_name"))
    assert answer.status_code == 200
    contact.refresh_from_db()
    assert (contact.name, contact.birthday) == ("Claire", None)


def test_one_fact_touches_no_other(alice: User, sign_in: SignIn) -> None:
    """Whatever the page was drawn from: the columns that are not edited stay as they are now."""
    contact = make_contact(owner=alice, job_title="Buyer", notes="Old")
    client, url = sign_in(alice), field_url(contact, "job_title")
    drawn = read_of(client.get(url))
    Contact.objects.filter(pk=contact.pk).update(notes="New", department="Lyon")
    client.post(url, {"job_title": "Chair", "as_read": drawn, "notes": "", "department": "", "owner": ""})
    contact.refresh_from_db()
    assert (contact.job_title, contact.notes, contact.department, contact.owner) == ("Chair", "New", "Lyon", alice)


def test_saving_what_is_there_changes_nothing(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    client, url = sign_in(alice), field_url(contact, "job_title")
    form = client.get(url, headers=htmx("dd#field-job_title"))
    answer = client.post(url, {"job_title": "Buyer", "as_read": read_of(form)}, headers=htmx("dd#field-job_title"))
    assert answer.status_code == 200
    assert "toast" not in events_of(answer)
    assert not Changeset.objects.exists()


def test_a_fact_that_is_given_away_leads_back_to_the_list(alice: User, charlie: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    answer = sign_in(alice).post(field_url(contact, "owner"), {"owner": charlie.pk}, headers=htmx("dd#field-owner"))
    assert answer["HX-Redirect"] == "/contacts/"
    contact.refresh_from_db()
    assert (contact.owner, contact.team) == (charlie, charlie.team)


@pytest.mark.parametrize("slug", ["photo", "sort_name", "trashed_at", "id", "team", "tags", "nonsense", "as_read"])
def test_only_the_forms_fields_are_edited_in_place(alice: User, sign_in: SignIn, slug: str) -> None:
    contact = make_contact(owner=alice)
    assert sign_in(alice).get(field_url(contact, slug)).status_code == 404


# ---- Two people ----


def test_the_second_one_sees_both_values_and_chooses(alice: User, dana: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, job_title="Buyer", notes="Old")
    second, url = sign_in(dana), reverse("contacts:contact_edit", args=[contact.pk])
    page = second.get(url)
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    services.save_edit(contact, {"job_title": "Chair"}, by=alice)
    answer = second.post(url, {**data, "job_title": "Director", "department": "Lyon"})
    assert answer.status_code == 409
    assert "Alice Example changed this to “Chair” in the meantime. Save again to replace it with yours." in answer.text
    form = answer.context["form"]
    assert (form["job_title"].value(), form["department"].value()) == ("Director", "Lyon")
    contact.refresh_from_db()
    assert (contact.job_title, contact.department) == ("Chair", "")
    answer = second.post(url, {**data, "job_title": "Director", "department": "Lyon", "as_read": read_of(answer)})
    assert answer.status_code == 303
    contact.refresh_from_db()
    assert (contact.job_title, contact.department, contact.notes) == ("Director", "Lyon", "Old")


def test_in_place_the_second_one_sees_both_values_too(alice: User, dana: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, birthday="1980-01-01")
    second, url, headers = sign_in(dana), field_url(contact, "birthday"), htmx("dd#field-birthday")
    drawn = read_of(second.get(url, headers=headers))
    services.save_edit(contact, {"birthday": "1981-12-31"}, by=alice)
    answer = second.post(url, {"birthday": "1982-02-02", "as_read": drawn}, headers=headers)
    assert answer.status_code == 409
    assert "Alice Example changed this to “31/12/1981” in the meantime." in answer.text
    assert 'value="1982-02-02"' in answer.text
    answer = second.post(url, {"birthday": "1982-02-02", "as_read": read_of(answer)}, headers=headers)
    assert answer.status_code == 200
    contact.refresh_from_db()
    assert str(contact.birthday) == "1982-02-02"


def test_a_conflict_is_said_in_words_of_each_kind_of_field(alice: User, bob: User, dana: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    client, url = sign_in(dana), reverse("contacts:contact_edit", args=[contact.pk])
    page = client.get(url)
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    services.save_edit(
        contact, {"owner": bob, "lifecycle": "customer", "do_not_call": True, "consent": "given"}, by=alice
    )
    mine = {"owner": dana.pk, "lifecycle": "former", "consent": "refused", "do_not_call": ""}
    answer = client.post(url, {**data, **mine})
    assert answer.status_code == 409
    for words in ("“Bob Example”", "“Customer”", "“Given”"):
        assert f"changed this to {words} in the meantime" in answer.text


def test_changes_to_different_fields_go_together(alice: User, dana: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    client, url = sign_in(dana), reverse("contacts:contact_edit", args=[contact.pk])
    page = client.get(url)
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    services.save_edit(contact, {"department": "Lyon"}, by=alice)
    assert client.post(url, {**data, "job_title": "Chair"}).status_code == 303
    contact.refresh_from_db()
    assert (contact.job_title, contact.department) == ("Chair", "Lyon")


@pytest.mark.parametrize(
    "drawn", ["", "{", "[]", "null", '{"job_title": 5}', "[" * 50_000, '{"team": "7", "digits": "x"}', "a\x00b"]
)
def test_a_broken_memory_of_what_was_read_harms_nothing(alice: User, sign_in: SignIn, drawn: str) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    for url in (field_url(contact, "job_title"), reverse("contacts:contact_edit", args=[contact.pk])):
        data = {"job_title": "Chair", "last_name": "Fontaine", "lifecycle": "lead", "owner": alice.pk, "as_read": drawn}
        assert sign_in(alice).post(url, data).status_code in (303, 409)


# ---- Trash ----


def test_to_the_trash_and_back(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice, email="c@valmont.example"), sign_in(alice)
    answer = client.post(reverse("contacts:contact_trash", args=[contact.pk]))
    assert answer["Location"] == "/contacts/"
    assert toast_of(answer)[0] == "Claire Fontaine is in the trash"
    assert "Claire Fontaine" not in client.get("/contacts/?view=all").text.split("<main", 1)[1].split("toast")[0]
    page = client.get(contact.get_absolute_url())
    assert "In the trash since" in page.text
    assert reverse("contacts:contact_field", args=[contact.pk, "job_title"]) not in page.text
    for url in (field_url(contact, "job_title"), reverse("contacts:contact_edit", args=[contact.pk])):
        assert client.post(url, {"job_title": "x"}).status_code == 404
    trash = client.get("/contacts/trash/")
    assert "Claire Fontaine" in trash.text
    assert "30 days" in trash.text
    restored = client.post(reverse("contacts:contact_restore", args=[contact.pk]))
    assert restored["Location"] == contact.get_absolute_url()
    assert client.get("/contacts/trash/").text.count("The trash is empty") == 1
    undo(client, restored)
    contact.refresh_from_db()
    assert contact.trashed_at is not None
    undo(client, answer)
    contact.refresh_from_db()
    assert contact.trashed_at is None
    assert contact.emails.count() == 1


def test_a_team_mates_contact_is_read_not_deleted(alice: User, bob: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(bob)
    page = client.get(contact.get_absolute_url())
    assert reverse("contacts:contact_trash", args=[contact.pk]) not in page.text
    assert client.post(reverse("contacts:contact_trash", args=[contact.pk])).status_code == 403
    services.trash(Contact.objects.filter(pk=contact.pk), by=alice)
    trash = client.get("/contacts/trash/").text
    assert "Claire Fontaine" in trash
    assert reverse("contacts:contact_restore", args=[contact.pk]) not in trash
    assert client.post(reverse("contacts:contact_restore", args=[contact.pk])).status_code == 404


# ---- Tags ----


def test_tags_are_ticked_and_made(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    fair, key = Tag.objects.create(name="Fair"), Tag.objects.create(name="Key account")
    ContactTag.objects.create(contact=contact, tag=fair)
    url = reverse("contacts:tags_edit", args=["contact", contact.pk])
    answer = client.post(url, {"tags": [key.pk], "new": " Decider\u202e "}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 204
    assert {"dialog:close", "record-changed", "toast"} <= events_of(answer)
    assert sorted(tag.name for tag in contact.tags.all()) == ["Decider", "Key account"]
    undo(client, answer)
    assert [tag.name for tag in contact.tags.all()] == ["Fair"]
    client.post(url, {"tags": [fair.pk], "new": "FAIR"})
    assert Tag.objects.filter(name__iexact="fair").count() == 1
    assert client.post(url, {"tags": ["x", "\x00", 2**70]}).status_code == 422
    answer = client.post(url, {"new": "x" * 41}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 422
    assert "at most 40 characters" in answer.text


# ---- Photo ----


def image(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile(f"me.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_photo_is_chosen_seen_by_who_may_and_taken_back(
    alice: User, bob: User, charlie: User, sign_in: SignIn, media: Path
) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    url, photo = (reverse(f"contacts:contact_{name}", args=[contact.pk]) for name in ("photo_edit", "photo"))
    assert client.get(photo).status_code == 404
    answer = client.post(url, {"photo": image()})
    assert answer.status_code == 303
    shown = sign_in(bob).get(photo)
    assert shown["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(b"".join(shown))).size == (256, 256)
    assert sign_in(charlie).get(photo).status_code == 404
    assert "/login/" in Client().get(photo)["Location"]
    assert client.post(url, {"remove": "on"}).status_code == 303
    assert client.get(photo).status_code == 404


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("me.png", b"no picture", "image/png"),
        SimpleUploadedFile("me.png", b"", "image/png"),
        SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        SimpleUploadedFile("me.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "image/png"),
    ],
    ids=["text", "empty", "svg", "broken"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(
    alice: User, sign_in: SignIn, media: Path, upload: SimpleUploadedFile
) -> None:
    contact = make_contact(owner=alice)
    upload.seek(0)
    answer = sign_in(alice).post(reverse("contacts:contact_photo_edit", args=[contact.pk]), {"photo": upload})
    assert answer.status_code == 422
    assert re.search(r'<p class="err" id="id_photo_error">', answer.text)
    contact.refresh_from_db()
    assert not contact.photo
    assert not any(path.is_file() for path in media.rglob("*"))


# ---- History ----


def test_the_history_says_who_did_what_old_and_new_and_offers_undo(alice: User, bob: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice, job_title="Buyer"), sign_in(alice)
    client.post(field_url(contact, "job_title"), {"job_title": "Chair"})
    timeline = client.get(contact.get_absolute_url(), headers=htmx("div#record-timeline")).text
    assert "<html" not in timeline
    for words in ("Alice Example", "changed this record", "Buyer", "Chair", "Undo"):
        assert words in timeline
    for_bob = sign_in(bob).get(contact.get_absolute_url(), headers=htmx("div#record-timeline")).text
    assert "Chair" in for_bob
    assert "/undo/" not in for_bob


def test_the_history_names_nothing_out_of_sight(alice: User, bob: User, dana: User, sign_in: SignIn) -> None:
    contact, group = make_contact(owner=alice), make_group("Secretname", owner=dana)
    client = sign_in(dana)
    client.post(reverse("contacts:membership_edit", args=["contact", contact.pk]), {"group": group.pk, "act": "add"})
    url = contact.get_absolute_url() + "?whole=1"
    assert "Secretname" in client.get(url).text
    page = sign_in(alice).get(url).text
    assert "added this record to a group" in page
    assert "Secretname" not in page


def test_a_long_history_goes_on_page_by_page(alice: User, sign_in: SignIn) -> None:
    contact, client = make_contact(owner=alice), sign_in(alice)
    for number in range(35):
        services.save_edit(contact, {"job_title": f"Job number {number}."}, by=alice)
    first = client.get(contact.get_absolute_url(), headers=htmx("div#record-timeline")).text
    assert "Job number 34." in first
    assert "Job number 2." not in first
    found = re.search(r'href="(\?before=\d+)"', first)
    assert found
    older = client.get(contact.get_absolute_url() + found[1], headers=htmx("div#record-timeline")).text
    assert "Job number 2." in older
    assert "Job number 34." not in older
    for before in ("0", "x", "9" * 40, "-1"):
        assert client.get(f"{contact.get_absolute_url()}?whole=1&before={before}").status_code == 200


# ---- How many statements ----


def full_contact(owner: User, number: int) -> Contact:
    contact = make_contact("Ann", f"N{number}", owner=owner, email=f"a{number}@valmont.example", phone="+33612345678")
    for each in range(3):
        company = make_company(f"Firm {number} {each}", owner=owner)
        make_affiliation(contact, company, is_primary=each == 0)
        make_group(f"Group {number} {each}", owner=owner).memberships.create(contact=contact)
        tag, _new = Tag.objects.get_or_create(name=f"Tag {each}")
        ContactTag.objects.create(contact=contact, tag=tag)
        services.save_edit(contact, {"job_title": f"Job {each}"}, by=owner)
        services.assign(Contact.objects.filter(pk=contact.pk), owner if each % 2 else make_user(), by=owner)
    services.assign(Contact.objects.filter(pk=contact.pk), owner, by=owner)
    return contact


@pytest.fixture
def statements(django_assert_max_num_queries: Any) -> Any:
    def count(client: Client, url: str, headers: dict[str, str] | None = None) -> int:
        client.get(url, headers=headers)  # what is cached for the session is cached now
        with django_assert_max_num_queries(MOST_STATEMENTS) as counted:
            assert client.get(url, headers=headers).status_code == 200
        return len(counted.captured_queries)

    return count


@pytest.mark.parametrize(
    "query", ["", "?view=all", "?view=all&q=ann&lifecycle=lead&sort=name&columns=name,email,city,tags"]
)
def test_the_list_takes_as_many_statements_at_30_rows_as_at_3(
    alice: User, sign_in: SignIn, statements: Any, query: str
) -> None:
    client = sign_in(alice)
    rows = [full_contact(alice, number) for number in range(3)]
    few = statements(client, f"/contacts/{query}")
    for number in range(3, 30):
        contact = make_contact("Ann", f"N{number}", owner=alice, email=f"a{number}@valmont.example")
        make_affiliation(contact, rows[0].affiliations.get(is_primary=True).company, is_primary=True)
        ContactTag.objects.create(contact=contact, tag=Tag.objects.all()[0])
    assert statements(client, f"/contacts/{query}") == few


@pytest.mark.parametrize("part", ["", "record-head", "record-points", "record-related", "record-timeline"])
def test_the_page_and_its_parts_take_few_statements(alice: User, sign_in: SignIn, statements: Any, part: str) -> None:
    client = sign_in(alice)
    plain, full = make_contact(owner=alice), full_contact(alice, 1)
    headers = htmx(f"div#{part}") if part else None
    statements(client, plain.get_absolute_url(), headers)
    statements(client, full.get_absolute_url(), headers)


@pytest.mark.parametrize("name", ["preview", "edit"])
def test_preview_and_form_take_few_statements(alice: User, sign_in: SignIn, statements: Any, name: str) -> None:
    statements(sign_in(alice), reverse(f"contacts:contact_{name}", args=[full_contact(alice, 1).pk]))


# ---- The list ----


def test_the_list_shows_remembers_and_reorders_columns(alice: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice, department="Accounts")
    client = sign_in(alice)
    assert "Accounts" not in client.get("/contacts/").text
    answer = client.post(
        "/contacts/columns/", {"columns": ["department", "nonsense", "owner", "department"], "next": "/contacts/?q=ann"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/contacts/?q=ann")
    page = client.get("/contacts/")
    assert [field.slug for field in page.context["state"].columns] == ["name", "department", "owner"]
    assert "Accounts" in page.text
    assert client.post("/contacts/columns/", {"next": "//evil.example/"})["Location"] == "/contacts/"
    assert [field.slug for field in client.get("/contacts/").context["state"].columns] == ["name"]


def test_the_search_answers_with_the_rows_and_what_follows_it(alice: User, sign_in: SignIn) -> None:
    make_contact("Zoé", "Œuvrard", owner=alice, phone="+33612489017", email="zoe@valmont.example")
    make_contact("Ben", owner=alice)
    client = sign_in(alice)
    for typed in ("zoe", "OEUV", "0612489017", "06 12 48", "valmont", "+33 6 12 48 90 17"):
        answer = client.get("/contacts/", {"q": typed}, headers=htmx("div#list-body"))
        assert "<html" not in answer.text
        assert "Œuvrard" in answer.text, typed
        assert "Ben Fontaine" not in answer.text, typed
    # The count, the file, the order and the view to save are of what was found, not of the whole list.
    client = sign_in(make_user("dana", role="administrator"))
    found = client.get("/contacts/", {"q": "zoe", "view": "all"}, headers=htmx("div#list-body")).text
    for address in (
        'hx-get="/contacts/count/?q=zoe&amp;view=all"',
        'href="/exports/contact/?q=zoe&amp;view=all&amp;format=csv',
        'href="?q=zoe&amp;view=all&amp;sort=name"',
        'href="?q=zoe&amp;view=mine"',
        "address=view%3Dall%26q%3Dzoe%26",
    ):
        assert address in found, address


def test_an_empty_list_says_why(alice: User, bob: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    page = client.get("/contacts/").text
    assert "Nothing here yet" in page
    assert 'href="/contacts/new/"' in page
    assert "role lets you see" in sign_in(make_user(role="read-only")).get("/contacts/").text
    make_contact(owner=bob)
    assert "None here yet" in client.get("/contacts/?view=mine").text
    page = client.get("/contacts/?q=nobody&lifecycle=lead").text
    assert "Nothing matches" in page
    assert "Clear all filters" in page


def test_the_filter_form_keeps_the_other_filters(alice: User, sign_in: SignIn) -> None:
    make_contact(owner=alice)
    url = "/contacts/filter/?field=lifecycle&chip=lifecycle&lifecycle=customer&q=cl&owner=me&after=abc&sort=name"
    page = sign_in(alice).get(url, headers=htmx("dialog#dialog"))
    assert "<html" not in page.text
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page.text))
    assert {name: kept[name] for name in ("q", "owner", "sort")} == {"q": "cl", "owner": "me", "sort": "name"}
    assert "after" not in kept
    assert re.search(r'value="customer" checked', page.text)
    page = sign_in(alice).get("/contacts/filter/?field=password")
    assert page.status_code == 200
    assert "There is no such filter." in page.text


def test_the_page_carries_no_value_of_a_form_into_script(alice: User, sign_in: SignIn) -> None:
    make_contact("<img src=x onerror=alert(1)>", "{{ 7*7 }}", owner=alice, job_title="\"'><script>")
    client = sign_in(alice)
    contact = Contact.objects.get()
    for url in (
        "/contacts/",
        contact.get_absolute_url() + "?whole=1",
        reverse("contacts:contact_edit", args=[contact.pk]),
    ):
        page = client.get(url).text
        assert "<img src=x" not in page
        assert "'><script>" not in page
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", page)


def test_the_history_of_a_bulk_act_counts_the_records(alice: User, sign_in: SignIn) -> None:
    rows = [make_contact(owner=alice) for _n in range(3)]
    services.assign(Contact.objects.all(), alice, by=alice)
    timeline = sign_in(alice).get(rows[0].get_absolute_url(), headers=htmx("div#record-timeline")).text
    assert "3 records at once" in timeline


def test_json_of_a_trigger_is_plain_ascii(alice: User, sign_in: SignIn) -> None:
    contact = make_contact("Zoé", "Œuvrard", owner=alice)
    answer = sign_in(alice).post(
        field_url(contact, "job_title"), {"job_title": "Élu"}, headers=htmx("dd#field-job_title")
    )
    assert answer["HX-Trigger"].isascii()
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "Saved"
