"""Groups over HTTP: create, members seen by each reader, put in and taken out, from the record and from the group."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from contacts.models import Group
from crm.access.models import User
from tests.factories import make_company, make_contact, make_group, make_user
from tests.pages import events_of, htmx, undo
from tests.people import SignIn

DIALOG = htmx("dialog#dialog")


def membership(record: Any) -> str:
    return reverse("contacts:membership_edit", args=[record._meta.model_name, record.pk])


def test_a_group_is_made_filled_and_emptied(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    data = {"name": " Spring  fair ", "description": "Whom we meet there", "colour": "plum", "owner": alice.pk}
    answer = client.post("/groups/new/", data)
    group = Group.objects.get()
    assert (answer["Location"], group.name, group.colour, group.owner) == (
        group.get_absolute_url(), "Spring fair", "plum", alice,
    )  # fmt: skip
    contact, company = make_contact(owner=alice), make_company(owner=alice)
    for record in (contact, company):
        dialog = client.get(membership(record), headers=DIALOG)
        assert "<html" not in dialog.text
        assert "Spring fair" in dialog.text
        answer = client.post(membership(record), {"group": group.pk, "act": "add"}, headers=DIALOG)
        assert answer.status_code == 204
        assert {"points-changed", "record-changed", "toast"} <= events_of(answer)
        assert "Spring fair" in client.get(record.get_absolute_url() + "?whole=1").text
    page = client.get(group.get_absolute_url() + "?whole=1").text
    assert "Claire Fontaine" in page
    assert "Groupe Valmont" in page
    undo(client, answer)
    assert [member.contact for member in group.memberships.all()] == [contact]
    answer = client.post(membership(contact), {"group": group.pk, "act": "remove"})
    assert group.memberships.count() == 0
    undo(client, answer)
    assert group.memberships.count() == 1


def test_the_group_is_a_filter_of_the_lists(alice: User, sign_in: SignIn) -> None:
    group = make_group(owner=alice)
    group.memberships.create(contact=make_contact("Ann", owner=alice))
    make_contact("Ben", owner=alice)
    client = sign_in(alice)
    assert f'href="/contacts/?view=all&amp;group={group.pk}"' in client.get(group.get_absolute_url() + "?whole=1").text
    page = client.get(f"/contacts/?view=all&group={group.pk}").text
    assert "Ann Fontaine" in page
    assert "Ben Fontaine" not in page
    assert client.get(f"/contacts/count/?view=all&group={group.pk}").text == "1"


def test_each_reader_sees_the_members_they_may_see(alice: User, charlie: User, dana: User, sign_in: SignIn) -> None:
    group = make_group("Fair", owner=dana)
    group.memberships.create(contact=make_contact("Ann", owner=alice))
    group.memberships.create(company=make_company("Secretname", owner=charlie))
    manager = make_user(role="sales-manager")
    assert "Secretname" in sign_in(manager).get(group.get_absolute_url() + "?whole=1").text
    Group.objects.filter(pk=group.pk).update(owner=alice, team=alice.team)
    page = sign_in(alice).get(group.get_absolute_url() + "?whole=1").text
    assert "Ann Fontaine" in page
    assert "Secretname" not in page


def test_only_who_may_edit_the_group_changes_its_members(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    contact, group = make_contact(owner=alice), make_group("Bob’s", owner=bob)
    client = sign_in(alice)
    assert "Bob’s" not in client.get(membership(contact), headers=DIALOG).text
    assert client.post(membership(contact), {"group": group.pk, "act": "add"}).status_code == 404
    assert sign_in(charlie).post(membership(contact), {"group": group.pk, "act": "add"}).status_code == 404
    assert sign_in(bob).post(membership(contact), {"group": group.pk, "act": "add"}).status_code == 303
    assert group.memberships.count() == 1


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "²", "9" * 40, "\x00", "1 OR 1=1"])
def test_a_group_that_is_none_is_not_found(alice: User, sign_in: SignIn, key: str) -> None:
    contact = make_contact(owner=alice)
    make_group(owner=alice)
    assert sign_in(alice).post(membership(contact), {"group": key, "act": "add"}).status_code == 404


def test_putting_in_twice_is_putting_in_once(alice: User, sign_in: SignIn) -> None:
    contact, group, client = make_contact(owner=alice), make_group(owner=alice), sign_in(alice)
    for _try in range(2):
        assert client.post(membership(contact), {"group": group.pk, "act": "add"}).status_code == 303
    assert group.memberships.count() == 1


def test_the_trash_keeps_the_members(alice: User, sign_in: SignIn) -> None:
    group, contact, client = make_group("Spring fair", owner=alice), make_contact(owner=alice), sign_in(alice)
    group.memberships.create(contact=contact)
    answer = client.post(reverse("contacts:group_trash", args=[group.pk]))
    assert "Spring fair" not in client.get(contact.get_absolute_url() + "?whole=1").text.split("toast", 1)[0]
    assert "Spring fair" in client.get("/groups/trash/").text
    undo(client, answer)
    assert group.memberships.count() == 1


def test_editing_and_searching_groups(alice: User, sign_in: SignIn) -> None:
    group, client = make_group("Été à la mer", owner=alice), sign_in(alice)
    make_group("Winter", owner=alice)
    url = reverse("contacts:group_edit", args=[group.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, {**data, "description": "Sea"}).status_code == 303
    group.refresh_from_db()
    assert (group.name, group.description, group.colour) == ("Été à la mer", "Sea", "blue")
    page = client.get("/groups/", {"q": "ETE A"}, headers=htmx("div#list-body")).text
    assert "Été à la mer" in page
    assert "Winter" not in page


def test_statements_of_list_and_page(alice: User, sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = sign_in(alice)
    group = make_group("Group", owner=alice)
    counts: dict[str, set[int]] = {}
    for number in range(2):
        for _each in range(10):
            make_group(f"G{number}", owner=alice)
            group.memberships.create(contact=make_contact(owner=alice))
        for url in ("/groups/", group.get_absolute_url(), group.get_absolute_url() + "?whole=1"):
            client.get(url)
            with django_assert_max_num_queries(14) as counted:
                client.get(url)
            counts.setdefault(url, set()).add(len(counted.captured_queries))
    assert all(len(each) == 1 for each in counts.values()), counts
