"""The dialog offers the operators of a field and leads to a readable address; chips say a filter in words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from contacts.record_types import COMPANY, CONTACT
from crm.access.models import User
from crm.lists import pages
from crm.lists.empty import hiding
from crm.lists.state import read_state
from crm.ui.filters import chip_words
from tests.factories import make_contact, make_user
from tests.people import SignIn


@pytest.mark.parametrize(
    ("name", "value", "english", "french"),
    [
        ("lifecycle", "customer", "Customer", "Client"),
        ("lifecycle__not", "customer,lead", "is not Customer, Lead", "n’est pas Client, Piste"),
        ("city__contains", "nantes", "contains “nantes”", "contient « nantes »"),
        ("city__without", "nantes", "does not contain “nantes”", "ne contient pas « nantes »"),
        ("city__empty", "1", "is empty", "est vide"),
        ("city__empty", "0", "is not empty", "n’est pas vide"),
        ("touched__last", "30d", "in the last 30 days", "dans les 30 derniers jours"),
        ("touched__older", "1y", "more than a year ago", "il y a plus d’un an"),
        ("touched__next", "2w", "in the next 2 weeks", "dans les 2 prochaines semaines"),
        ("created__this", "quarter", "this quarter", "ce trimestre"),
        ("created__before", "2026-01-31", "before 31/01/2026", "avant le 31/01/2026"),
        ("created__since", "2026-01-31", "since 31/01/2026", "depuis le 31/01/2026"),
        (
            "created__between",
            "2026-01-01,2026-01-31",
            "between 01/01/2026 and 31/01/2026",
            "entre le 01/01/2026 et le 31/01/2026",
        ),
        ("created__is", "2026-01-31", "31/01/2026", "31/01/2026"),
    ],
)
def test_chips_in_words(alice: User, name: str, value: str, english: str, french: str) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with translation.override(language):
            (chip,) = read_state(QueryDict(urlencode({name: value})), CONTACT, alice).chips
            assert chip_words(chip).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("10,50", "between 10 and 50", "entre 10 et 50"),
        ("1000,", "at least 1,000", "au moins 1\u202f000"),
        (",50", "at most 50", "au plus 50"),
    ],
)
def test_numbers_in_words(alice: User, value: str, english: str, french: str) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with translation.override(language):
            (chip,) = read_state(QueryDict(urlencode({"size__between": value})), COMPANY, alice).chips
            assert chip_words(chip) == expected


@pytest.mark.parametrize(
    ("params", "address"),
    [
        ({"field": "lifecycle", "op": "is", "lifecycle__is": ["customer", "none"]}, "lifecycle__is=customer,none"),
        ({"field": "touched", "op": "last", "touched__last": ["30", "d"]}, "touched__last=30d"),
        (
            {"field": "birthday", "op": "between", "birthday__between": ["", "2000-01-01"]},
            "birthday__between=,2000-01-01",
        ),
        ({"field": "city", "op": "contains", "city__contains": "nantes"}, "city__contains=nantes"),
        ({"field": "city", "op": "empty", "city__empty": "1", "chip": "city", "city": "x"}, "city__empty=1"),
    ],
)
def test_the_dialog_leads_to_a_readable_address(
    alice: User, sign_in: SignIn, params: dict[str, Any], address: str
) -> None:
    kept = {"view": "all", "sort": "name", "after": "abc", "lifecycle__not": "lead"}
    answer = sign_in(alice).get("/contacts/filter/", {**kept, **params, "apply": "1"})
    assert answer.status_code == 303
    path, _, query = answer["Location"].partition("?")
    assert (path, query) == ("/contacts/", "view=all&sort=name&lifecycle__not=lead&" + address)
    page = sign_in(alice).get(answer["Location"])
    assert page.context["state"].problems == []
    assert len(page.context["state"].filters) == 2


@pytest.mark.parametrize(
    "params",
    [
        {"field": "touched", "op": "last", "touched__last": ["", "d"]},
        {"field": "birthday", "op": "before", "birthday__before": "soon"},
        {"field": "city", "op": "contains", "city__contains": ""},
        {"field": "lifecycle", "op": "is", "lifecycle__is": "martian"},
        {"field": "lifecycle", "op": "is"},
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(alice: User, sign_in: SignIn, params: dict[str, Any]) -> None:
    answer = sign_in(alice).get("/contacts/filter/", {**params, "apply": "1"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_dialog_offers_the_operators_of_the_kind_and_the_values_of_the_chip(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    page = client.get("/contacts/filter/", {"field": "touched"})
    assert [str(label) for _op, label in page.context["others"]] == [
        *("in the last", "more than … ago", "this period", "in the next", "before", "since", "between", "is"),
    ]
    page = client.get("/contacts/filter/", {"field": "lifecycle", "chip": "lifecycle", "lifecycle": "customer,none"})
    assert page.context["values"] == ["customer", ""]
    assert page.text.count(" checked") == 2
    asked = {"field": "lifecycle", "chip": "lifecycle", "was": "is", "op": "not", "lifecycle__is": ["lead", "none"]}
    switched = client.get("/contacts/filter/", asked)
    assert (switched.context["operator"], switched.context["values"]) == ("not", ["lead", ""])
    assert '<input type="hidden" name="typed-is" value="lead">' in switched.text
    again = {"field": "lifecycle", "chip": "lifecycle", "was": "not", "op": "is", "typed-is": ["lead", "none"]}
    assert client.get("/contacts/filter/", again).context["values"] == ["lead", ""]
    done = client.get("/contacts/filter/", {**again, "was": "is", "op": "", "lifecycle__is": "lead", "apply": "1"})
    assert done["Location"] == "/contacts/?lifecycle__is=lead"


def test_several_chips_can_be_joined_by_or(alice: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    make_contact("Ben", owner=alice, source="Fair")
    page = sign_in(alice).get("/contacts/?view=all&lifecycle=customer&source=fair")
    assert "All of these" in page.text and "any=1" in page.text
    assert not page.context["page"].rows
    page = sign_in(alice).get("/contacts/?view=all&lifecycle=customer&source=fair&any=1")
    assert "One of these suffices" in page.text
    assert len(page.context["page"].rows) == 2


def test_filters_stand_together_in_groups(alice: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    make_contact("Ben", owner=alice, source="Fair")
    make_contact("Zoe", owner=alice, lifecycle="customer", job_title="Buyer")
    client = sign_in(alice)

    def found(query: str) -> list[str]:
        return sorted(row.first_name for row in client.get(f"/contacts/?view=all&{query}").context["page"].rows)

    grouped = "1.lifecycle=customer&1.source=fair&1.any=1"
    assert found(grouped) == ["Ann", "Ben", "Zoe"]
    assert found(f"job_title=buyer&{grouped}") == ["Zoe"]
    assert found(f"job_title__empty=1&{grouped}") == ["Ann", "Ben"]
    assert found("1.lifecycle=customer&1.job_title=buyer&2.source=fair&any=1") == ["Ben", "Zoe"]
    page = client.get(f"/contacts/?view=all&job_title=buyer&{grouped}")
    bar = page.text[page.text.index('role="toolbar"') : page.text.index('id="menu-filters"')]
    words = " ".join(re.sub(r"<[^>]+>", " ", bar).split())
    assert "All of these Job title contains “buyer” and One of these suffices Lifecycle Customer or Source" in words
    without = client.get(f"/contacts/?view=all&job_title=nobody&{grouped}")
    assert hiding(without.context["state"]) == {"job_title"}
    nothing = client.get("/contacts/?view=all&job_title=buyer&1.lifecycle=prospect&1.source=other&1.any=1")
    assert hiding(nothing.context["state"]) == {"1."}
    assert 'href="?view=all&amp;job_title=buyer"' in nothing.text


def test_a_group_is_begun_and_added_to_in_the_dialog(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    page = client.get("/contacts/?view=all&job_title=buyer")
    assert "/contacts/filter/?view=all&amp;job_title=buyer&amp;group=1" in page.text
    asked = client.get("/contacts/filter/", {"view": "all", "job_title": "buyer", "group": "1"})
    assert "?view=all&amp;job_title=buyer&amp;group=1&amp;field=lifecycle" in asked.text
    one = {"view": "all", "job_title": "buyer", "group": "1", "field": "lifecycle", "was": "is"}
    done = client.get("/contacts/filter/", {**one, "1.lifecycle__is": "customer", "apply": "1"})
    address = "/contacts/?view=all&job_title=buyer&1.any=1&1.lifecycle__is=customer"
    assert done["Location"] == address
    more = {"1.any": "1", "1.lifecycle__is": "customer", "group": "1", "field": "source", "was": "contains"}
    done = client.get("/contacts/filter/", {**more, "1.source__contains": "fair", "apply": "1"})
    assert done["Location"] == "/contacts/?1.any=1&1.lifecycle__is=customer&1.source__contains=fair"
    changed = {"1.any": "1", "1.lifecycle__is": "customer", "chip": "1.lifecycle__is", "field": "lifecycle"}
    assert client.get("/contacts/filter/", changed).context["values"] == ["customer"]
    changed = {**changed, "was": "is", "1.lifecycle__is": "lead", "apply": "1"}
    assert client.get("/contacts/filter/", changed)["Location"] == "/contacts/?1.any=1&1.lifecycle__is=lead"


def test_a_list_in_sections(alice: User, charlie: User, sign_in: SignIn) -> None:
    for number in range(12):
        make_contact("Ann", f"Customer{number:02}", owner=alice, lifecycle="customer")
    make_contact("Ben", "Prospect", owner=alice, lifecycle="prospect")
    make_contact("Cho", "Hidden", owner=charlie, lifecycle="former")
    client = sign_in(alice)
    page = client.get("/contacts/?view=all&sort=name&by=lifecycle&q=")
    shown = {section.value: [row.last_name for row in section.rows] for section in page.context["sections"]}
    assert shown == {"prospect": ["Prospect"], "customer": [f"Customer{number:02}" for number in range(10)]}
    assert [section.has_more for section in page.context["sections"]] == [False, True]
    assert 'href="?view=all&amp;sort=name&amp;q=&amp;lifecycle=customer">Customer</a>' in page.text
    assert page.context["matches_total"] == "that match"
    assert [len(section.rows) for section in client.get("/contacts/?view=all&by=owner").context["sections"]] == [10]
    narrowed = client.get("/contacts/?view=all&by=lifecycle&lifecycle=prospect").context["sections"]
    assert [section.value for section in narrowed] == ["prospect"]
    refused = client.get("/contacts/?view=all&by=notes")
    assert "This list cannot be grouped by “notes”." in refused.text
    assert len(refused.context["page"].rows) == 13


def test_sections_hold_what_no_value_names(alice: User, sign_in: SignIn) -> None:
    leaver = make_user("leaver", team=alice.team, is_active=False)
    make_contact("Ann", owner=alice)
    make_contact("Ben", owner=leaver, team=alice.team)
    sections = sign_in(alice).get("/contacts/?view=all&by=owner").context["sections"]
    assert [(str(section.label), section.rows[0].first_name) for section in sections] == [
        (alice.name, "Ann"),
        ("Others", "Ben"),
    ]


def test_sections_take_the_same_statements_whatever_their_number(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    with CaptureQueriesContext(connection) as few:
        client.get("/contacts/?view=all&by=lifecycle")
    for number, lifecycle in enumerate(["lead", "prospect", "customer", "partner"] * 3):
        make_contact(f"Ann {number}", owner=alice, lifecycle=lifecycle)
    with CaptureQueriesContext(connection) as many:
        client.get("/contacts/?view=all&by=lifecycle")
    asked = [query["sql"] for query in many if query["sql"].lstrip().startswith("SELECT")]  # Savepoints are the test's.
    assert len(asked) <= 12
    assert len(many) <= len(few) + 2  # the rows, and their categories


def test_a_group_that_does_not_exist_is_named(alice: User, sign_in: SignIn) -> None:
    for name in ("0.lifecycle", "12.lifecycle", "1.1.lifecycle", "1.nonsense", "1.lifecycle.2"):
        page = sign_in(alice).get("/contacts/", {"view": "all", name: "customer"})
        assert f"There is no filter “{name}”" in page.text


def test_a_list_that_takes_too_long_says_what_to_narrow(
    alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database itself stops the statement: here after a thousandth of a second that no statement keeps to."""
    for number in range(300):
        make_contact(f"Ann {number}", owner=alice, job_title="x" * 100)
    monkeypatch.setattr(pages, "LONGEST_SECONDS", 0.001)
    client = sign_in(alice)
    page = client.get("/contacts/", {"view": "all", "job_title__without": ",".join(f"w{n}" for n in range(50))})
    assert page.status_code == 200
    assert "This combination takes too long" in page.text
    assert client.get("/contacts/").status_code == 200, "lists without filters have their indexes"


@pytest.mark.parametrize("count", [3, 30])
def test_statements_of_a_list_stay_few(
    alice: User, sign_in: SignIn, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        make_contact(f"Ann {number}", owner=alice, lifecycle="customer")
    client = sign_in(alice)
    client.get("/contacts/")
    with django_assert_max_num_queries(12):
        client.get("/contacts/?view=all&sort=name&lifecycle=customer&city__empty=1&touched__last=30d")
    with django_assert_max_num_queries(12):
        client.get("/contacts/")


def test_owner_me_is_whoever_looks(alice: User, bob: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice)
    make_contact("Ben", owner=bob)
    for user, name in ((alice, "Ann"), (bob, "Ben")):
        rows = sign_in(user).get("/contacts/?view=all&owner=me").context["page"].rows
        assert [row.first_name for row in rows] == [name]
    assert not sign_in(make_user(role="read-only")).get("/contacts/?view=all&owner=me").context["page"].rows
