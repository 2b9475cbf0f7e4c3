"""Saving an edit: changed columns only, and nobody's work is overwritten unseen."""

from __future__ import annotations

import pytest

from contacts.models import Affiliation, Company, Contact
from contacts.services import create_contact
from crm.access.models import User
from crm.records.models import Changeset
from crm.records.services import EditConflict, as_read, save_edit
from crm.records.undo import undo
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return make_user("alice", team=make_team())


def test_two_people_changing_different_fields_both_win(alice: User) -> None:
    contact = make_contact(owner=alice, job_title="Buyer", department="Paris")
    read = as_read(contact, ["job_title", "department"])
    save_edit(Contact.objects.get(), {"job_title": "Chair", "department": "Paris"}, by=alice, read=read)
    save_edit(Contact.objects.get(), {"job_title": "Buyer", "department": "Nantes"}, by=alice, read=read)
    contact.refresh_from_db()
    assert (contact.job_title, contact.department) == ("Chair", "Nantes")


def test_the_same_field_changed_on_both_sides_is_a_conflict_with_both_values(alice: User) -> None:
    bob = make_user("bob", team=alice.team)
    contact = make_contact(owner=alice, job_title="Buyer")
    read = as_read(contact, ["job_title"])
    save_edit(Contact.objects.get(), {"job_title": "Chair"}, by=bob, read=read)
    with pytest.raises(EditConflict) as caught:
        save_edit(Contact.objects.get(), {"job_title": "Director"}, by=alice, read=read)
    assert caught.value.fields == {"job_title": ("Chair", "Director")}
    assert caught.value.by == bob
    contact.refresh_from_db()
    assert contact.job_title == "Chair"


def test_the_same_change_twice_is_no_conflict_and_no_second_changeset(alice: User) -> None:
    contact = make_contact(owner=alice, job_title="Buyer")
    read = as_read(contact, ["job_title"])
    for _click in range(2):
        save_edit(Contact.objects.get(), {"job_title": "Chair"}, by=alice, read=read)
    assert Changeset.objects.count() == 1


def test_an_edit_costs_a_handful_of_statements(alice: User, django_assert_max_num_queries: object) -> None:
    contact = make_contact(owner=alice)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        save_edit(contact, {"job_title": "Chair"}, by=alice)


def test_an_act_inside_another_belongs_to_it(alice: User) -> None:
    company = Company(name="Valmont", owner=alice)
    contact = Contact(first_name="Zoé", owner=alice)
    create_contact(contact, by=alice, children=[Affiliation(contact=contact, company=company, is_primary=True)])
    (changeset,) = Changeset.objects.all()
    undo(changeset, by=alice)
    assert not Contact.objects.exists()
    assert not Company.objects.exists()
