"""Everything can be undone, what changed since is named and left alone, and nothing else moves."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from contacts.models import Affiliation, Contact, ContactTag, Email, Membership
from crm.access.models import User
from crm.history import TRACKED
from crm.records import services
from crm.records.changes import changes
from crm.records.models import Changeset, EventRef, Tag
from crm.records.services import Refused, save_edit
from crm.records.undo import undo
from tests.factories import make_company, make_contact, make_group, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return make_user(role="office-staff", team=make_team())


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every versioned table as it is, without the columns that history leaves out."""
    return {
        t.model._meta.db_table: list(t.model._base_manager.order_by("pk").values("pk", *[f.attname for f in t.fields]))
        for t in TRACKED
    }


def latest() -> Changeset:
    return Changeset.objects.order_by("-created_at").first()  # type: ignore[return-value]


def test_an_edit_is_undone_and_redone(office: User) -> None:
    contact = make_contact(job_title="Buyer")
    saved = save_edit(contact, {"job_title": "Head of purchasing"}, by=office)
    assert saved.changeset is not None
    undone = undo(saved.changeset, by=office)
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"
    undo(undone.changeset, by=office)
    contact.refresh_from_db()
    assert contact.job_title == "Head of purchasing"


def test_what_was_changed_since_is_named_and_left_alone(office: User) -> None:
    contact = make_contact(job_title="Buyer", department="Paris")
    first = save_edit(contact, {"job_title": "Director", "department": "Nantes"}, by=office)
    save_edit(contact, {"job_title": "Chair"}, by=office)
    assert first.changeset is not None
    undone = undo(first.changeset, by=office)
    contact.refresh_from_db()
    assert (contact.job_title, contact.department) == ("Chair", "Paris")
    assert [left.label for left in undone.left] == [f"{Contact._meta.verbose_name} {contact}"]


def test_an_undo_happens_once(office: User) -> None:
    contact = make_contact()
    saved = save_edit(contact, {"job_title": "Buyer"}, by=office)
    assert saved.changeset is not None
    undo(saved.changeset, by=office)
    with pytest.raises(Refused):
        undo(saved.changeset, by=office)


def test_a_deletion_brings_back_children_with_their_keys(office: User) -> None:
    contact = make_contact(email="claire@example.com")
    key = contact.emails.get().pk
    saved = services.remove_child(contact.emails.get(), by=office)
    assert not Email.objects.exists()
    assert saved.changeset is not None
    undo(saved.changeset, by=office)
    assert Email.objects.get(pk=key).address == "claire@example.com"


def test_a_creation_is_undone_unless_somebody_built_on_it(office: User) -> None:
    contact = services.create(Contact(first_name="Ann", owner=office), by=office)
    creation = latest()
    services.add_child(Email(contact=contact, address="ann@example.com"), by=make_user(role="administrator"))
    with pytest.raises(Refused):
        undo(creation, by=office)
    assert Contact.objects.filter(pk=contact.pk).exists()
    contact.emails.all().delete()
    other = services.create(Contact(first_name="Bob", owner=office), by=office)
    undo(latest(), by=office)
    assert not Contact.objects.filter(pk=other.pk).exists()


def test_a_stranger_undoes_nothing(office: User) -> None:
    contact = make_contact(owner=office)
    saved = save_edit(contact, {"job_title": "Buyer"}, by=office)
    assert saved.changeset is not None
    with pytest.raises(Refused):
        undo(saved.changeset, by=make_user(team=make_team()))
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"


def test_who_gave_a_record_away_may_take_it_back() -> None:
    team = make_team()
    rep, other = make_user(team=team), make_user(team=make_team())
    contact = make_contact(owner=rep)
    given = services.assign(Contact.objects.editable_by(rep), other, by=rep)
    assert not Contact.objects.editable_by(rep).exists()
    undo(given, by=rep)
    contact.refresh_from_db()
    assert (contact.owner, contact.team) == (rep, team)


def test_raw_sql_and_bulk_writes_are_versioned_too(office: User) -> None:
    contacts = [make_contact(last_name=f"N{i}") for i in range(3)]
    with changes(office, Changeset.Source.BULK) as changeset, connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contact SET department = 'X'")
    undo(changeset, by=office)
    assert set(Contact.objects.values_list("department", flat=True)) == {""}
    assert len(contacts) == Contact.objects.count()


ACTS = ("edit", "assign", "trash", "tag", "untag", "create", "add_email", "remove_email", "affiliate", "join")


def act(name: str, rng: random.Random, office: User) -> Changeset | None:
    contact: Contact | None = Contact.objects.order_by("?").first() if name != "create" else None
    tag = Tag.objects.first() or Tag.objects.create(name="VIP")
    some = Contact.objects.filter(pk__in=rng.sample(list(Contact.objects.values_list("pk", flat=True)), 3))
    match name:
        case "edit":
            values = {"job_title": str(rng.random()), "do_not_call": rng.random() < 0.5}
            return save_edit(contact, values, by=office).changeset  # type: ignore[arg-type]
        case "assign":
            return services.assign(some, rng.choice([office, None]), by=office)
        case "trash":
            return services.trash(some, by=office)
        case "tag":
            return services.add_tag(some, tag, by=office)
        case "untag":
            return services.remove_tag(some, tag, by=office)
        case "create":
            person = Contact(first_name="New", owner=office)
            services.create(person, by=office, children=[Email(contact=person, address=f"{rng.random()}@example.com")])
            return latest()
        case "add_email":
            return services.add_child(
                Email(contact=contact, address=f"{rng.random()}@example.com"), by=office
            ).changeset
        case "remove_email":
            email = Email.objects.order_by("?").first()
            return services.remove_child(email, by=office).changeset if email else None
        case "affiliate":
            company = make_company()
            return services.add_child(Affiliation(contact=contact, company=company), by=office).changeset
        case _:
            group = make_group()
            return services.add_child(Membership(contact=contact, group=group), by=office).changeset


@pytest.mark.parametrize("seed", range(6))
def test_random_acts_undone_in_reverse_restore_every_table(office: User, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(8):
        make_contact(last_name=f"N{number}", email=f"n{number}@example.com", owner=office)
    Tag.objects.create(name="VIP")
    states, done = [], []
    for _step in range(12):
        name = rng.choice(ACTS)
        if name == "affiliate":
            make_company()
        if name == "join":
            make_group()
        before = tables()
        changeset = act(name, rng, office)
        if changeset is None:
            continue
        states.append((before, name))
        done.append(changeset)
    for changeset, (before, name) in reversed(list(zip(done, states, strict=True))):
        try:
            undo(changeset, by=office)
        except Refused:
            continue  # an act that changed nothing
        now = tables()
        for table in before:
            if table not in ("contacts_company", "contacts_group"):
                assert now[table] == before[table], (name, table)


def test_each_act_leaves_one_event_that_names_fields_not_values(office: User) -> None:
    contact = make_contact(job_title="Buyer")
    save_edit(contact, {"job_title": "Secretive title"}, by=office)
    refs = EventRef.objects.filter(type="contacts.contact", record_id=contact.pk).select_related("event")
    (event,) = [ref.event for ref in refs]
    assert (event.verb, event.actor, event.data) == ("contact.changed", office, {"fields": ["job_title"]})


def test_tags_are_restored_as_links(office: User) -> None:
    contact = make_contact()
    tag = Tag.objects.create(name="VIP")
    services.add_tag(Contact.objects.all(), tag, by=office)
    assert ContactTag.objects.filter(contact=contact, tag=tag).exists()
    undo(latest(), by=office)
    assert not ContactTag.objects.exists()
