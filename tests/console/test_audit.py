"""The audit log: who did what, when, from where, to what; narrowed; each act undone from it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from crm.access.models import Role, User
from crm.console.audit import action_of, events, field_label, lines
from crm.console.services import roles, users
from crm.records import services
from crm.records.changes import record_event
from crm.records.models import Changeset, Event, Organisation
from crm.records.services import save_edit
from tests.factories import make_company, make_contact, make_team, make_user
from tests.pages import htmx

pytestmark = pytest.mark.django_db
URL = "/administration/audit/"


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


@pytest.fixture
def console(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def shown(viewer: User) -> list[tuple[str, list[str], list[str]]]:
    """(action, names, fields), oldest first."""
    return [
        (line.action, [r.name for r in line.records], line.fields) for line in lines(events().order_by("pk"), viewer)
    ]


def test_a_line_says_who_what_when_where_and_which_fields(console: Client, dana: User) -> None:
    alice = make_user("alice", team=make_team())
    alice.address = "203.0.113.7"
    contact = make_contact(owner=alice)
    save_edit(contact, {"job_title": "A secret title", "department": "Paris"}, by=alice)
    page = console.get(URL).text
    for words in (
        "Alice Example",
        "Claire Fontaine",
        "Edit",
        "job title, department",
        "203.0.113.7",
        contact.get_absolute_url(),
    ):
        assert words in page
    assert "A secret title" not in page


def test_every_kind_of_act_has_words(dana: User) -> None:
    person, heir = make_user("ines"), make_user("hugo")
    contact = make_contact(owner=person)
    services.share(contact, by=dana, person=heir, edit=False)
    services.trash(Contact.objects.all(), by=dana)
    users.deactivate_user(person, {"contacts.contact": heir}, by=dana)
    roles.set_rights(Role.objects.get(slug="read-only"), {("contacts.contact", "export"): 3}, by=dana)  # type: ignore[dict-item]
    save_edit(Organisation.objects.get(), {"name": "Boréal"}, by=dana)
    record_event("sign_in.failed", by=None, about=[heir], address="203.0.113.7")
    assert shown(dana) == [
        ("Share", ["Claire Fontaine"], []),
        ("Deletion", ["Claire Fontaine"], []),
        ("Assignment", ["Claire Fontaine"], ["owner", "team"]),
        ("Deactivation", ["Ines Example"], []),
        ("Change of rights", ["Read-only"], ["contacts · Export"]),
        ("Edit", ["Boréal"], ["company name"]),
        ("Failed sign-in", ["Hugo Example"], []),
    ]


def test_no_verb_of_the_product_is_shown_raw() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("crm", "contacts", "integrations")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
    )
    written = re.findall(r'(?:record_event\(|verb=|_own_act\()\s*f?"([^"]+)"', code)
    # f"{record._meta.model_name}.shared", verb="assigned"
    verbs = {re.sub(r"^(\{[^}]*\}\.)?(?!\w+\.)", "contact.", verb) for verb in written if not verb.endswith("{verb}")}
    assert len(verbs) > 25
    assert [verb for verb in verbs if action_of(verb)[0] == verb] == []


def test_fields_of_children_and_unknown_ones_have_words() -> None:
    event = Event(verb="contact.changed")
    assert field_label(event, "email.address") == "e-mail address · e-mail address"
    assert field_label(event, "tags") == "categories"
    assert field_label(event, "gone_since") == "gone_since"
    assert field_label(Event(verb="role.rights_changed"), "gone.kind.see") == "gone.kind.see"


def test_many_records_are_counted_not_listed(dana: User) -> None:
    for number in range(12):
        make_contact(last_name=f"N{number:02}")
    services.assign(Contact.objects.all(), dana, by=dana)
    (line,) = lines(events(), dana)
    assert len(line.records) == 3
    assert line.more == 9


def test_the_log_is_narrowed_by_person_kind_period_and_words(console: Client, dana: User) -> None:
    alice, bob = make_user("alice", role="office-staff"), make_user("bob", role="office-staff")
    save_edit(make_contact(last_name="Durand"), {"job_title": "X"}, by=alice)
    save_edit(make_company("Groupe Valmont"), {"sector": "X"}, by=bob)
    Event.objects.filter(actor=bob).update(at=timezone.now() - timedelta(days=10), address="203.0.113.7")

    def found(**query: Any) -> set[str]:
        page = console.get(URL, query, headers={"HX-Request": "true", "HX-Target": "div#audit"}).text
        return {name for name in ("Durand", "Valmont") if name in page}

    today = timezone.localdate()
    assert found() == {"Durand", "Valmont"}
    assert found(who=alice.pk) == {"Durand"}
    assert found(kind="company") == {"Valmont"}
    assert found(since=str(today)) == {"Durand"}
    assert found(until=str(today - timedelta(days=5))) == {"Valmont"}
    assert found(since=str(today), until=str(today)) == {"Durand"}
    assert found(q="durand") == {"Durand"}
    assert found(q="203.0.113.7") == {"Valmont"}
    assert found(who="x", kind="y", since="z", after="broken") == {"Durand", "Valmont"}
    assert "Nothing matches" in console.get(URL, {"q": "nobody at all"}).text


def test_sign_ins_of_a_person_are_found_by_their_name(console: Client) -> None:
    alice = make_user("alice")
    record_event("sign_in.failed", by=None, about=[alice], address="203.0.113.9")
    assert "203.0.113.9" in console.get(URL, {"q": "alice", "kind": "sign_in"}).text


def test_an_act_is_undone_from_the_log_once_and_in_time(console: Client, dana: User) -> None:
    contact = make_contact(job_title="Buyer")
    saved = save_edit(contact, {"job_title": "Chair"}, by=make_user("alice", role="office-staff"))
    assert saved.changeset is not None
    undo_url = reverse("ui:undo", args=[saved.changeset.pk])
    assert undo_url in console.get(URL).text
    console.post(undo_url)
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"
    page = console.get(URL).text
    assert undo_url not in page
    assert "Undone" in page
    Changeset.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert "/undo/" not in console.get(URL).text.replace("undo-2", "")


def test_pages_go_both_ways_at_a_flat_cost(console: Client, dana: User, django_assert_max_num_queries: Any) -> None:
    contact = make_contact()
    for _number in range(120):
        record_event("contact.changed", by=dana, about=[contact], fields=["job_title"])
    first = console.get(URL)
    with django_assert_max_num_queries(12):
        first = console.get(URL)
    assert first.text.count('id="event-') == 50
    second = console.get(URL, {"after": first.context["page"].after})
    third = console.get(URL, {"after": second.context["page"].after})
    assert third.text.count('id="event-') == 20
    back = console.get(URL, {"before": third.context["page"].before})
    assert [line.event.pk for line in back.context["lines"]] == [line.event.pk for line in second.context["lines"]]
    with django_assert_max_num_queries(16):
        console.get(URL, {"q": "fontaine"})


def test_the_log_leaves_as_a_file_narrowed_as_it_is_shown_and_says_so(console: Client, dana: User) -> None:
    alice = make_user("alice", last_name="=HYPERLINK()")
    alice.address = "203.0.113.7"
    saved = save_edit(make_contact(owner=alice), {"job_title": "Secret"}, by=alice)
    save_edit(make_company(owner=dana), {"sector": "Secret"}, by=dana)
    url = reverse("integrations:export_audit")
    answer = console.get(url, {"kind": "contact"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(rows) == 2
    for words in ("Alice =HYPERLINK()", "Edit", "Contact Claire Fontaine", "job title", "203.0.113.7"):
        assert words in rows[1]
    assert str(saved.changeset) in rows[1]
    assert "Secret" not in rows[1]
    narrowed = console.get(URL, {"kind": "contact"}, headers=htmx("div#audit")).text
    assert f'href="{url}?kind=contact"' in narrowed
    event = Event.objects.get(verb="audit.exported")
    assert (event.actor, event.data["filters"]) == (dana, ["kind"])
    assert console.get(URL, {"kind": "audit"}).text.count("data-row") == 1
    assert console.get(URL, {"q": str(saved.changeset)}).text.count("data-row") == 1
