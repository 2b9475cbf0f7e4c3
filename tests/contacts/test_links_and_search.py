"""Added fields that lead to a record, and those that the search finds records by."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from contacts.models import Company, Contact
from contacts.record_types import CONTACT
from crm.access.models import FieldRule, User
from crm.access.rights import Level
from crm.console.services import fields
from crm.lists.state import read_state
from crm.records.custom import CustomField
from crm.records.custom_indexes import build_all, state_of
from crm.records.merge import merge
from crm.records.undo import undo
from crm.ui.palette import find as palette
from integrations.models import ImportRun
from integrations.services import commit_import, plan_import, request_commit, request_plan, start_import
from tests.factories import make_company, make_contact, make_user
from tests.people import SignIn

pytestmark = pytest.mark.django_db
Kind = CustomField.Kind


@pytest.fixture
def add(dana: User) -> Any:
    def add(label: str, kind: str, type: str = "contact", **over: Any) -> CustomField:
        field = CustomField(type=type, label=label, kind=kind, **over)
        fields.create_field(field, by=dana)
        return field

    return add


@pytest.fixture
def sponsor(add: Any) -> CustomField:
    field: CustomField = add("Sponsor", Kind.RECORD, target="company")
    return field


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def found(query: str, user: User) -> list[Any]:
    state = read_state(QueryDict(f"view=all&{query}"), CONTACT, fresh(user))
    assert not state.problems
    return list(state.rows())


def planned(by: User, data: bytes, name: str = "x.csv", **rules: Any) -> ImportRun:
    run = start_import(ContentFile(data, name=name), by=fresh(by), kind="contacts")
    request_plan(run, run.mapping, {"on_match": "update", **rules}, here=True)
    plan_import(run)
    run.refresh_from_db()
    return run


# ---- Links ----


def test_a_record_is_chosen_by_name_or_number_among_those_one_may_see(
    sponsor: CustomField, alice: User, charlie: User, sign_in: SignIn
) -> None:
    acme, hidden = make_company("Acme, Fils", owner=alice), make_company("Secret", owner=charlie)
    twins = [make_company("Jumeau", owner=alice), make_company("Jumeau", owner=alice)]
    contact = make_contact(owner=alice)
    client = sign_in(alice)
    suggest = reverse("ui:record_suggest", args=["company"])
    assert client.get(suggest, {sponsor.slug: "acm"}).text == f'<option value="Acme Fils #{acme.pk}"></option>'
    assert f"Jumeau #{twins[1].pk}" in client.get(suggest, {sponsor.slug: "jum"}).text
    assert client.get(suggest, {sponsor.slug: "secr"}).text == ""
    url = reverse("contacts:contact_field", args=[contact.pk, sponsor.slug])
    for typed, said in (("Secret", "Nothing is called"), (f"#{hidden.pk}", "Nothing"), ("Jumeau", "Several records")):
        answer = client.post(url, {sponsor.slug: typed, "as_read": "{}"})
        assert answer.status_code == 422 and said in answer.text
    for typed in ("acme, fils", f"Acme Fils #{acme.pk}", f"#{acme.pk}"):
        Contact.objects.filter(pk=contact.pk).update(custom={})
        client.post(url, {sponsor.slug: typed, "as_read": "{}"})
        contact.refresh_from_db()
        assert contact.custom == {sponsor.slug: acme.pk}
    page = client.get(contact.get_absolute_url()).text
    assert f'href="{acme.get_absolute_url()}"' in page and "Acme, Fils" in page


def test_what_a_link_leads_to_is_named_only_to_whoever_may_see_it(
    sponsor: CustomField, alice: User, charlie: User, sign_in: SignIn
) -> None:
    hidden = make_company("Vermillon", owner=charlie)
    contact = make_contact(owner=alice, custom={sponsor.slug: hidden.pk})
    client = sign_in(alice)
    listed = f"{reverse('contacts:contact_list')}?columns=name,{sponsor.slug}"
    for address in (contact.get_absolute_url(), listed, reverse("contacts:contact_edit", args=[contact.pk])):
        page = client.get(address).text
        assert "Vermillon" not in page and f"#{hidden.pk}" in page
    # Saving what is shown of it keeps it.
    url = reverse("contacts:contact_field", args=[contact.pk, sponsor.slug])
    client.post(url, {sponsor.slug: f"#{hidden.pk}", "as_read": "{}"})
    contact.refresh_from_db()
    assert contact.custom == {sponsor.slug: hidden.pk}
    Company.objects.filter(pk=hidden.pk).update(owner=alice, team=alice.team)
    assert f'href="{hidden.get_absolute_url()}"' in sign_in(alice).get(listed).text


def test_lists_are_filtered_by_a_link(sponsor: CustomField, alice: User, charlie: User, sign_in: SignIn) -> None:
    acme, hidden = make_company("Acme", owner=alice), make_company("Secret", owner=charlie)
    one = make_contact("Anne", owner=alice, custom={sponsor.slug: acme.pk})
    two = make_contact("Bea", owner=alice, custom={sponsor.slug: hidden.pk})
    three = make_contact("Cleo", owner=alice)
    assert found(f"{sponsor.slug}=acme", alice) == [one]
    assert found(f"{sponsor.slug}=%23{acme.pk}", alice) == [one]
    assert {row.pk for row in found(f"{sponsor.slug}__not=acme", alice)} == {two.pk, three.pk}
    assert found(f"{sponsor.slug}__empty=1", alice) == [three]
    state = read_state(QueryDict(f"{sponsor.slug}=secret"), CONTACT, fresh(alice))
    assert state.problems and not state.filters
    page = sign_in(alice).get(f"{reverse('contacts:contact_filter')}?field={sponsor.slug}").text
    assert reverse("ui:record_suggest", args=["company"]) in page


def test_a_merge_moves_what_leads_to_the_records_that_go_and_undo_moves_it_back(
    sponsor: CustomField, add: Any, dana: User
) -> None:
    friend = add("Friend", Kind.RECORD, target="contact")
    kept, gone = make_company("Acme", owner=dana), make_company("Acme SA", owner=dana)
    contact = make_contact(owner=dana, custom={sponsor.slug: gone.pk})
    changeset = merge(kept, [gone], by=fresh(dana))
    contact.refresh_from_db()
    assert contact.custom == {sponsor.slug: kept.pk}
    undo(changeset, by=fresh(dana))
    contact.refresh_from_db()
    assert contact.custom == {sponsor.slug: gone.pk}
    # Of two that are friends nobody becomes their own friend.
    other = make_contact("Otto", owner=dana)
    Contact.objects.filter(pk=contact.pk).update(custom={friend.slug: other.pk})
    merge(Contact.objects.get(pk=contact.pk), [other], by=fresh(dana))
    contact.refresh_from_db()
    assert friend.slug not in contact.custom


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "vcf", "jsonl"])
def test_links_come_back_from_files_without_loss(
    file_format: str, sponsor: CustomField, dana: User, sign_in: SignIn
) -> None:
    acme = make_company("Acme", owner=dana)
    make_company("Acme", owner=dana)
    contact = make_contact(owner=dana, email="claire@example.com", custom={sponsor.slug: acme.pk})
    answer: Any = sign_in(dana).get(f"/exports/contact/?view=all&format={file_format}")
    data = b"".join(answer.streaming_content)
    assert planned(dana, data, f"x.{file_format}").counts == {"same": 1, "total": 1}
    contact.delete()
    run = planned(dana, data, f"x.{file_format}")
    request_commit(run, here=True)
    commit_import(run)
    assert Contact.objects.get().custom == {sponsor.slug: acme.pk}


def test_a_row_that_names_none_or_several_fails_with_a_reason(sponsor: CustomField, alice: User, charlie: User) -> None:
    acme = make_company("Acme", owner=alice)
    make_company("Secret", owner=charlie)
    for _n in range(2):
        make_company("Jumeau", owner=alice)
    text = (
        "E-mail;Nom;Sponsor\na@example.com;Ann;acme\nb@example.com;Bea;Secret\nc@example.com;Cleo;Jumeau\n"
        f"d@example.com;Dora;Acme #{acme.pk + 900}\n"  # a number of another installation: the name decides
    )
    run = planned(alice, text.encode())
    assert run.counts == {"create": 2, "fail": 2, "total": 4}
    reasons = {row.number: row.errors[-1]["reason"] for row in run.rows.filter(action="fail")}
    assert "nothing that you may see" in reasons[3] and "Several records" in reasons[4]
    assert {row.cleaned[sponsor.slug] for row in run.rows.filter(action="create")} == {acme.pk}
    assert planned(alice, text.encode(), lenient=True).counts == {"create": 4, "total": 4}


def test_a_link_says_which_records_it_leads_to(dana: User, sign_in: SignIn) -> None:
    client, url = sign_in(dana), reverse("console:field_create", args=["contact"])
    asked = {"label": "Sponsor", "kind": "record", "as_read": "{}"}
    answer = client.post(url, asked)
    assert answer.status_code == 422 and "which records" in answer.text
    client.post(url, {**asked, "target": "company"})
    assert CustomField.objects.get().target == "company"


# ---- Search ----


def test_the_search_finds_records_by_a_searchable_field(add: Any, dana: User) -> None:
    code, plain = add("Code", Kind.TEXT, is_searchable=True), add("Remark", Kind.TEXT)
    site, line = add("Site", Kind.LINK, is_searchable=True), add("Line", Kind.PHONE, is_searchable=True)
    contact = make_contact(
        "Zoé",
        "Fontaine",
        owner=dana,
        custom={
            code.slug: "Bleu Ciel XK-4711",
            plain.slug: "Invisible",
            site.slug: "https://www.quartz.example/a",
            line.slug: "+33612489017",
        },
    )
    make_contact("Zoé", "Ciel", owner=dana)
    for typed in ("xk-4711", "4711", "bleu ciel", "ciel bleu", "fontaine ciel", "quartz", "06 12 48 90", "+33 6 12"):
        assert list(Contact.objects.search(typed, fresh(dana))) == [contact], typed
        labels = [result.label for group in palette(fresh(dana), typed) for result in group.results]
        assert "Zoé Fontaine" in labels, typed
    assert not Contact.objects.search("invisible", fresh(dana)).exists()

    Contact.objects.filter(pk=contact.pk).update(custom={code.slug: "Rouge"})
    assert not Contact.objects.search("4711", fresh(dana)).exists()
    assert list(Contact.objects.search("rouge zoe", fresh(dana))) == [contact]


def test_whoever_may_not_see_a_field_does_not_find_by_it(add: Any, alice: User, sign_in: SignIn) -> None:
    code = add("Code", Kind.TEXT, is_searchable=True)
    make_contact("Zoé", "Fontaine", owner=alice, custom={code.slug: "Topaze"})
    assert Contact.objects.search("topaze", fresh(alice)).exists()
    FieldRule.objects.create(role=alice.roles.get(), kind="contacts.contact", field=code.slug, level=Level.HIDDEN)
    for typed in ("topaze", "topaze fontaine", "fontaine topaze"):
        assert not Contact.objects.search(typed, fresh(alice)).exists()
        assert not [result for group in palette(fresh(alice), typed) for result in group.results if result.who]
    assert Contact.objects.search("fontaine zo", fresh(alice)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_brings_the_search_up_to_date_when_a_field_becomes_searchable_or_goes() -> None:
    dana = make_user("dana", role="administrator")
    code = CustomField(type="company", label="Code", kind=Kind.TEXT)
    fields.create_field(code, by=dana)
    make_company("Acme", owner=dana, custom={code.slug: "Topaze"})
    CustomField.objects.filter(pk=code.pk).update(is_searchable=True)
    code.refresh_from_db()
    assert state_of(code) == "building"
    build_all()
    code.refresh_from_db()
    assert state_of(code) == "ready" and Company.objects.search("topaze", fresh(dana)).exists()
    fields.trash_field(code, by=dana)
    build_all()
    assert not Company.objects.search("topaze", fresh(dana)).exists()
    fields.restore_field(code, by=dana)
    build_all()
    assert Company.objects.search("topaze", fresh(dana)).exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_customfield")
