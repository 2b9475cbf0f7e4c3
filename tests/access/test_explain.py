"""The explanation of access says exactly what the door does."""

from __future__ import annotations

import pytest

from contacts.models import Contact
from crm.access.explain import who_sees
from crm.access.models import User
from crm.records import services
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def test_the_explanation_and_the_door_agree_for_everybody() -> None:
    france = make_team("France")
    west, south = make_team("West", parent=france), make_team("South", parent=france)
    people = [
        make_user("alice", team=west),
        make_user("bob", team=west),
        make_user("chief", role="sales-manager", team=france),
        make_user("charlie", team=south),
        make_user("guest", team=make_team("Elsewhere")),
        make_user("reader", role="read-only"),
        make_user("dana", role="administrator"),
        make_user("gone", team=west, is_active=False),
        make_user("without"),
    ]
    people[-1].roles.clear()
    alice, guest = people[0], people[4]
    contacts = [make_contact(owner=alice), make_contact(owner=people[3]), make_contact()]
    services.share(contacts[0], by=alice, person=guest, edit=True)
    services.share(contacts[1], by=people[3], team=west, edit=False)
    for contact in contacts:
        said = {access.user: access.may_edit for access in who_sees(contact)}
        for user in User.objects.all():
            sees = Contact.objects.visible_to(user).filter(pk=contact.pk).exists()
            edits = Contact.objects.editable_by(user).filter(pk=contact.pk).exists()
            assert (user in said, said.get(user, False)) == (sees, edits), (user, contact)


def test_each_path_is_named() -> None:
    west = make_team("West")
    alice, bob = make_user("alice", team=west), make_user("bob", team=west)
    contact = make_contact(owner=alice)
    services.share(contact, by=alice, person=bob, edit=False)
    reasons = {access.user: access.reasons for access in who_sees(contact)}
    assert len(reasons[alice]) == 2
    assert any("West" in reason for reason in reasons[bob])
    assert any("shared with them" in reason for reason in reasons[bob])


def test_the_explanation_costs_five_statements(django_assert_num_queries: object) -> None:
    contact = make_contact(owner=make_user(team=make_team()))
    for _each in range(10):
        make_user(team=make_team())
    with django_assert_num_queries(6):  # type: ignore[operator]
        who_sees(contact)
