"""A list's address is shareable and never trusted: what cannot be read is named, and rows stay the user's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from contacts.models import Contact, ContactTag
from contacts.record_types import COMPANY, CONTACT, GROUP
from crm.access.models import User
from crm.lists.fields import RecordType
from crm.lists.state import ListState, read_state
from crm.records import services
from crm.records.models import Tag
from tests.factories import make_affiliation, make_company, make_contact, make_group, make_team, make_user
from tests.people import SignIn

FIELDS = ["owner", "team", "tags", "group", "company", "city", "lifecycle", "job_title", "source", "do_not_call", "q"]
HOSTILE = {
    "quote": "' OR 1=1 --",
    "percent": "%' ; DROP TABLE contacts_contact; --",
    "nul": "a\x00b",
    "surrogate": "a\udcffb",
    "huge number": str(2**70),
    "negative": "-1",
    "digits of another script": "١٢٣",
    "superscript": "²",
    "infinity": "inf",
    "long": "x" * 5000,
    "many": ",".join(str(n) for n in range(10_000)),
    "braces": "{{ 7 * 7 }} %s %(name)s",
}


def state(user: User, **params: Any) -> ListState:
    return read_state(QueryDict(urlencode(params, doseq=True)), CONTACT, user)


def names(user: User, **params: Any) -> set[str]:
    return {contact.first_name for contact in state(user, **params).rows()}


@pytest.mark.parametrize("record_type", [CONTACT, COMPANY, GROUP], ids=lambda value: value.slug)
def test_no_value_of_a_filter_is_an_error_or_shows_more_rows(
    alice: User, charlie: User, record_type: RecordType
) -> None:
    make_contact(owner=charlie)
    make_company(owner=charlie)
    make_group(owner=charlie)
    for field in (*FIELDS, "parent", "nonsense", "pk", "owner__password", "view", "sort", "size", "columns"):
        for what, value in HOSTILE.items():
            read = read_state(QueryDict(urlencode({field: value}, errors="surrogatepass")), record_type, alice)
            assert list(read.rows()) == [], (field, what)
            assert read.chips is not None


@pytest.mark.parametrize("page", ["contact", "company", "group"])
def test_no_address_is_an_error(alice: User, charlie: User, sign_in: SignIn, page: str) -> None:
    make_contact(last_name="Secretname", owner=charlie)
    make_company("Secretname", owner=charlie)
    make_group("Secretname", owner=charlie)
    client = sign_in(alice)
    for what, value in HOSTILE.items():
        address = urlencode(
            dict.fromkeys([*FIELDS, "nonsense", "view", "sort", "field"], value), errors="surrogatepass"
        )
        for part in ("list", "count", "filter"):
            answer = client.get(f"{reverse(f'contacts:{page}_{part}')}?{address}")
            assert answer.status_code == 200, (what, part)
            assert "Secretname" not in answer.text, (what, part)


def test_ten_thousand_parameters_are_refused_with_a_page(alice: User, sign_in: SignIn) -> None:
    answer = sign_in(alice).get("/contacts/?" + "&".join(f"tags={n}" for n in range(10_000)))
    assert answer.status_code == 400


def test_an_unknown_filter_is_named_and_left_out(alice: User) -> None:
    make_contact("Ann", owner=alice)
    read = state(alice, nonsense="1", pk="06")
    assert read.problems == [
        "There is no filter “nonsense”; it was left out.",
        "There is no filter “pk”; it was left out.",
    ]
    assert not read.filters
    assert read.rows().count() == 1


def test_a_value_that_cannot_be_picked_is_named_and_left_out(alice: User) -> None:
    read = state(alice, lifecycle="customer,martian", owner="me", do_not_call="maybe")
    assert read.problems == [
        "The filter “Lifecycle” could not be read; it was left out.",
        "The filter “Do not call” could not be read; it was left out.",
    ]
    assert read.filters == {"owner": ["me"]}


def test_the_problem_is_shown_above_the_rows(alice: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice)
    page = sign_in(alice).get("/contacts/?lifecycle=martian").text
    assert "The filter “Lifecycle” could not be read; it was left out." in page
    assert "Ann" in page


def test_an_unknown_order_is_named_and_the_usual_one_is_used(alice: User) -> None:
    read = state(alice, sort="-password")
    assert (read.sort and read.sort.slug, read.descending) == ("touched", True)
    assert read.problems == ["This list cannot be sorted by “password”."]


def test_size_is_one_of_those_offered(alice: User) -> None:
    assert [state(alice, size=size).size for size in ("25", "100", "99", "-1", "1e9", "²")] == [25, 100, 50, 50, 50, 50]


def test_unknown_columns_are_left_out_and_none_at_all_means_the_usual_ones(alice: User) -> None:
    assert [f.slug for f in state(alice, columns="name,email,password,group").columns] == ["name", "email"]
    assert tuple(f.slug for f in state(alice, columns="password").columns) == CONTACT.columns


def test_who_owns_something_opens_on_it_and_who_does_not_on_everything(alice: User, bob: User) -> None:
    make_contact("Ann", owner=alice)
    assert state(alice).view == "mine"
    assert state(bob).view == "all"
    assert names(bob) == {"Ann"}


def test_views_narrow_and_never_widen(alice: User, bob: User, charlie: User) -> None:
    make_contact("Ann", owner=alice)
    make_contact("Ben", owner=bob)
    make_contact("Cyd", owner=charlie)
    assert names(alice, view="mine") == {"Ann"}
    assert names(alice, view="team") == {"Ann", "Ben"}
    assert names(alice, view="all") == {"Ann", "Ben"}


def test_a_view_that_is_not_offered_is_the_usual_one(db: None) -> None:
    loner = make_user("loner", team=None)
    make_contact("Ann", owner=loner)
    assert state(loner, view="team").view == "mine"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"lifecycle": "customer"}, {"Ann"}),
        ({"lifecycle": "customer,lead"}, {"Ann", "Ben", "Cyd"}),
        ({"lifecycle": ["customer", "lead"]}, {"Ann", "Ben", "Cyd"}),
        ({"job_title": "ACHÉT"}, {"Ben"}),
        ({"job_title": "none"}, {"Cyd"}),
        ({"do_not_call": "1"}, {"Cyd"}),
        ({"owner": "me"}, {"Ann", "Ben"}),
        ({"owner": "none"}, {"Cyd"}),
        ({"owner": "me,none"}, {"Ann", "Ben", "Cyd"}),
        ({"lifecycle": "customer", "owner": "none"}, set()),
    ],
)
def test_filters(dana: User, params: dict[str, Any], expected: set[str]) -> None:
    make_contact("Ann", owner=dana, lifecycle="customer", job_title="Director")
    make_contact("Ben", owner=dana, job_title="Acheteur")
    make_contact("Cyd", do_not_call=True)
    assert names(dana, view="all", **params) == expected


def test_filters_by_what_rows_are_tied_to(alice: User) -> None:
    ann, ben, _cyd = (make_contact(name, owner=alice) for name in ("Ann", "Ben", "Cyd"))
    tag, group, company = Tag.objects.create(name="Fair"), make_group(owner=alice), make_company(owner=alice)
    ContactTag.objects.create(contact=ann, tag=tag)
    group.memberships.create(contact=ben)
    make_affiliation(ann, company)
    make_affiliation(ben, company, ended_on="2024-01-31")
    assert names(alice, tags=tag.pk) == {"Ann"}
    assert names(alice, tags="none") == {"Ben", "Cyd"}
    assert names(alice, group=group.pk) == {"Ben"}
    assert names(alice, company=company.pk) == {"Ann"}
    assert names(alice, company="none") == {"Ben", "Cyd"}


def test_a_group_or_company_one_may_not_see_filters_nothing_out_of_it(alice: User, charlie: User) -> None:
    ann = make_contact("Ann", owner=alice)
    group, company = make_group(owner=charlie), make_company(owner=charlie)
    group.memberships.create(contact=ann)
    make_affiliation(ann, company)
    read = state(alice, group=group.pk)
    assert read.problems == ["The filter “Group” could not be read; it was left out."]
    assert names(alice, company=company.pk) == set()


def test_rows_in_the_trash_are_in_no_list(alice: User) -> None:
    contact = make_contact(owner=alice)
    Contact.objects.filter(pk=contact.pk).update(trashed_at="2026-01-01T00:00Z")
    assert not state(alice, view="all").rows().exists()


def test_chips_say_each_filter_in_words(alice: User) -> None:
    chips = state(alice, lifecycle="customer,none", owner="me", job_title="buyer").chips
    assert [(str(chip.field.label), chip.labels) for chip in chips] == [
        ("Lifecycle", ["Customer", "none"]),
        ("Owner", ["me"]),
        ("Job title", ["buyer"]),
    ]


def test_words_and_filters_narrow_together(alice: User) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    make_contact("Anna", owner=alice)
    assert names(alice, q="ann", lifecycle="customer") == {"Ann"}


def test_sharing_opens_a_row_to_the_list_of_all(alice: User) -> None:
    outsider = make_user(team=make_team())
    contact = make_contact("Ann", owner=alice)
    assert names(outsider, view="all") == set()
    services.share(contact, by=alice, person=outsider, edit=False)
    assert names(User.objects.get(pk=outsider.pk), view="all") == {"Ann"}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("name,city:180", ["name", "city:180"]),
        ("name:9,city:99999", ["name:60", "city:800"]),
        ("name,city:-1", ["name", "city"]),
        ("name,city:²", ["name", "city"]),
        ("city:180px", ["city"]),
    ],
)
def test_columns_have_widths_within_reason(dana: User, asked: str, names: list[str]) -> None:
    assert read_state(QueryDict(f"columns={asked}"), CONTACT, dana).column_names == names
