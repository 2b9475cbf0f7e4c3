"""Acts on many rows: those ticked or all that match; what the user may not change is left and counted; one undo."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from crm.access.models import User
from crm.lists.models import BulkRun
from crm.records import services
from crm.records.models import Changeset, Event, Tag
from tests.factories import make_company, make_contact, make_group, make_user
from tests.people import SignIn

URL = "/contacts/bulk/"


def send(client: Client, **data: Any) -> tuple[str, str]:
    """Post the act; the toast's words and its undo address ("" where there is nothing to undo)."""
    answer = client.post(URL, {"next": "/contacts/?view=all", **data})
    assert (answer.status_code, answer["Location"]) == (303, "/contacts/?view=all")
    message = list(get_messages(answer.wsgi_request))[-1]
    return str(message), str(message.extra_tags)


def owners() -> dict[str, str]:
    return {c.first_name: c.owner.first_name if c.owner else "" for c in Contact.objects.select_related("owner")}


def test_asks_for_what_is_to_be_chosen_and_says_how_many(alice: User, sign_in: SignIn) -> None:
    contacts = [make_contact(owner=alice) for _n in range(3)]
    client = sign_in(alice)
    page = client.post(URL, {"act": "assign", "pk": [c.pk for c in contacts[:2]], "next": "/contacts/?q=cl"})
    assert page.status_code == 200
    assert "2 records are chosen." in page.text
    assert all(f'<input type="hidden" name="pk" value="{c.pk}">' in page.text for c in contacts[:2])
    assert 'href="/contacts/?q=cl"' in page.text
    page = client.post(URL, {"act": "assign", "all_matching": "1", "query": "q=claire", "view": "mine"})
    assert "3 records are chosen." in page.text


def test_assigns_what_is_ticked(alice: User, bob: User, sign_in: SignIn) -> None:
    ann, ben, _cyd = (make_contact(name, owner=alice) for name in ("Ann", "Ben", "Cyd"))
    text, undo = send(sign_in(alice), act="assign", choice=bob.pk, pk=[ann.pk, ben.pk])
    assert text == "2 records changed"
    assert owners() == {"Ann": "Bob", "Ben": "Bob", "Cyd": "Alice"}
    assert sign_in(alice).post(undo).status_code == 303
    assert set(owners().values()) == {"Alice"}


def test_all_that_match_means_the_filter_and_nothing_beyond(alice: User, bob: User, sign_in: SignIn) -> None:
    for number in range(60):
        make_contact(f"n{number}", owner=alice, lifecycle="customer" if number % 2 else "lead")
    make_contact("ours", owner=bob, lifecycle="customer")
    text, _undo = send(
        sign_in(alice), act="assign", choice=bob.pk, all_matching="1", query="lifecycle=customer", view="mine"
    )
    assert text == "30 records changed"
    assert {name for name, owner in owners().items() if owner == "Bob"} == {
        "ours",
        *(f"n{number}" for number in range(1, 60, 2)),
    }


def test_the_view_that_was_shown_counts_even_if_another_would_open_now(alice: User, bob: User, sign_in: SignIn) -> None:
    """She ticked all of hers; meanwhile they were given to bob: her list would now open on everybody's."""
    make_contact("Ann", owner=bob)
    make_contact("Ben", owner=bob)
    text, undo = send(
        sign_in(alice), act="tag", choice=f"+{Tag.objects.create(name='Fair').pk}", all_matching="1", view="mine"
    )
    assert (text, undo) == ("0 records changed", "")


def test_what_one_may_not_change_is_left_and_counted_and_what_one_may_not_see_is_not_even_counted(
    alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    rows = [make_contact("Ann", owner=alice), make_contact("Ben", owner=bob), make_contact("Cyd", owner=charlie)]
    answer = sign_in(alice).post(URL, {"act": "trash", "pk": [row.pk for row in rows]})
    run = BulkRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, run.get_absolute_url())
    assert (run.total, run.changed, run.left) == (2, 1, {"You may not change it.": 1})
    assert set(owners()) == {"Ann", "Ben", "Cyd"}
    assert list(Contact.objects.filter(trashed_at__isnull=False)) == [rows[0]]
    assert sign_in(alice).post(reverse("ui:undo", args=[run.changeset_id])).status_code == 303
    assert not Contact.objects.filter(trashed_at__isnull=False).exists()


def test_a_forged_list_of_rows_changes_nothing_out_of_reach(charlie: User, alice: User, sign_in: SignIn) -> None:
    contact, tag = make_contact(owner=alice), Tag.objects.create(name="Fair")
    for data in ({"pk": [contact.pk]}, {"all_matching": "1", "query": "view=all"}, {"pk": ["x", "-1", 2**70, "²", ""]}):
        for act, choice in (("assign", charlie.pk), ("tag", f"+{tag.pk}"), ("trash", "")):
            text, undo = send(sign_in(charlie), act=act, choice=choice, **data)
            assert (text, undo) == ("0 records changed", "")
    contact.refresh_from_db()
    assert (contact.owner, contact.trashed_at, contact.tags.count()) == (alice, None, 0)


@pytest.mark.parametrize("choice", ["martian", "+", "-", "0", "9" * 30, "+\x00", "²", "none2"])
@pytest.mark.parametrize("act", ["assign", "tag", "group"])
def test_a_choice_that_is_not_offered_is_said(alice: User, sign_in: SignIn, act: str, choice: str) -> None:
    contact = make_contact(owner=alice)
    make_group(owner=alice)
    answer = sign_in(alice).post(URL, {"act": act, "choice": choice, "pk": contact.pk})
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text
    assert not Changeset.objects.exists()


def test_an_unknown_act_does_nothing(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    for act in ("", "delete", "<b>"):
        answer = sign_in(alice).post(URL, {"act": act, "pk": contact.pk, "next": "https://evil.example/"})
        assert (answer.status_code, answer["Location"]) == (303, "/contacts/")
    assert sign_in(alice).get(URL).status_code == 405


def test_somebody_who_left_is_not_offered_as_owner(alice: User, sign_in: SignIn) -> None:
    gone = make_user("gone", is_active=False)
    contact = make_contact(owner=alice)
    page = sign_in(alice).post(URL, {"act": "assign", "pk": contact.pk})
    assert alice.name in page.text
    assert gone.name not in page.text
    assert sign_in(alice).post(URL, {"act": "assign", "pk": contact.pk, "choice": gone.pk}).status_code == 422


def test_tags_and_takes_the_tag_off_again(alice: User, sign_in: SignIn) -> None:
    ann, ben = make_contact("Ann", owner=alice), make_contact("Ben", owner=alice)
    tag, client = Tag.objects.create(name="Fair"), sign_in(alice)
    services.add_tag(Contact.objects.filter(pk=ann.pk), tag, by=alice)
    text, undo = send(client, act="tag", choice=f"+{tag.pk}", pk=[ann.pk, ben.pk])
    assert (ann.tags.count(), ben.tags.count()) == (1, 1)
    client.post(undo)
    assert (ann.tags.count(), ben.tags.count()) == (1, 0)
    text, _undo = send(client, act="tag", choice=f"-{tag.pk}", pk=[ann.pk])
    assert text == "1 record changed"
    assert ann.tags.count() == 0


def test_groups_take_what_one_sees_though_one_may_not_edit_it(alice: User, bob: User, sign_in: SignIn) -> None:
    group = make_group("Fair", owner=alice)
    rows = [make_contact("Ann", owner=alice), make_contact("Ben", owner=bob)]
    client = sign_in(alice)
    text, undo = send(client, act="group", choice=f"+{group.pk}", pk=[row.pk for row in rows])
    assert text == "2 records changed"
    assert group.memberships.count() == 2
    client.post(undo)
    assert group.memberships.count() == 0
    send(client, act="group", choice=f"+{group.pk}", pk=[row.pk for row in rows])
    send(client, act="group", choice=f"-{group.pk}", pk=[rows[0].pk])
    assert [member.contact for member in group.memberships.all()] == [rows[1]]


def test_a_group_of_somebody_else_is_not_offered(alice: User, bob: User, sign_in: SignIn) -> None:
    group, contact = make_group(owner=bob), make_contact(owner=alice)
    answer = sign_in(alice).post(URL, {"act": "group", "choice": f"+{group.pk}", "pk": contact.pk})
    assert answer.status_code == 422
    assert group.memberships.count() == 0


def test_companies_and_groups_have_the_acts_that_suit_them(alice: User, bob: User, sign_in: SignIn) -> None:
    company, group, client = make_company(owner=alice), make_group(owner=alice), sign_in(alice)
    for kind, record in (("company", company), ("group", group)):
        url = reverse(f"contacts:{kind}_bulk")
        assert client.post(url, {"act": "assign", "choice": bob.pk, "pk": record.pk}).status_code == 303
        record.refresh_from_db()
        assert (record.owner, record.team) == (bob, bob.team)
    assert client.post(reverse("contacts:group_bulk"), {"act": "tag", "pk": group.pk})["Location"] == "/groups/"


def test_one_changeset_and_one_event_however_many_rows(alice: User, bob: User, sign_in: SignIn) -> None:
    rows = [make_contact(owner=alice) for _n in range(7)]
    send(sign_in(alice), act="assign", choice=bob.pk, pk=[row.pk for row in rows])
    event = Event.objects.get()
    assert (event.verb, event.actor, event.data["count"]) == ("contact.assigned", alice, 7)
    assert Changeset.objects.get() == event.changeset
    assert event.refs.count() == 7


def test_statements_do_not_grow_with_the_rows(
    alice: User, bob: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(alice)
    for count in (3, 30):
        rows = [make_contact(owner=alice) for _n in range(count)]
        with django_assert_max_num_queries(60):
            send(client, act="assign", choice=bob.pk, pk=[row.pk for row in rows])


def test_what_was_changed_since_is_named_and_left_alone(alice: User, bob: User, dana: User, sign_in: SignIn) -> None:
    ann, ben = make_contact("Ann", owner=alice), make_contact("Ben", owner=alice)
    _text, undo = send(sign_in(dana), act="assign", choice=bob.pk, pk=[ann.pk, ben.pk])
    services.assign(Contact.objects.filter(pk=ann.pk), dana, by=dana)
    page = sign_in(dana).post(undo)
    assert page.status_code == 200
    assert "Ann Fontaine" in page.text
    assert "Ben Fontaine" not in page.text
    assert owners() == {"Ann": "Dana", "Ben": "Alice"}


def test_nothing_ticked_changes_nothing(alice: User, sign_in: SignIn) -> None:
    make_contact(owner=alice)
    make_company(owner=alice)
    text, undo = send(sign_in(alice), act="trash")
    assert (text, undo) == ("0 records changed", "")
    assert not Company.objects.filter(trashed_at__isnull=False).exists()
