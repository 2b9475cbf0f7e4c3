"""Pages by keyset: forward and back, every row once in the same order; a broken cursor is the first page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from contacts.models import Contact
from contacts.record_types import COMPANY, CONTACT, GROUP
from crm.access import querysets
from crm.access.models import User
from crm.lists import pages
from crm.lists.fields import RecordType
from crm.lists.pages import Page, count_bounded, read_page
from crm.lists.state import ListState, read_state
from crm.records import services
from crm.ui import crud
from tests.factories import make_company, make_contact, make_group, make_team, make_user
from tests.people import SignIn

SORTS = [
    (record_type, sign + field.slug)
    for record_type in (CONTACT, COMPANY, GROUP)
    for field in record_type.sorts
    for sign in ("", "-")
]


def many(record_type: RecordType, owner: User) -> None:
    """Eleven rows, many of equal name and date; contacts some without a name at all."""
    makers: dict[str, Callable[[str], Any]] = {
        "contact": lambda name: make_contact("", name, owner=owner),
        "company": lambda name: make_company(name or "?", owner=owner),
        "group": lambda name: make_group(name or "?", owner=owner),
    }
    make = makers[record_type.slug]
    rows = [
        make(name) for name in ("Martin", "Émile", "martin", "", "Œuvre", "Martin", "zoé", "", "Martin", "d’Or", "a")
    ]
    day = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
    record_type.rows().update(created_at=day)
    if any(field.sort == "touched_at" for field in record_type.sorts):
        record_type.rows().filter(pk__in=[row.pk for row in rows[:8]]).update(touched_at=day)


def small(state: ListState, size: int = 3) -> ListState:
    state.size = size
    return state


@pytest.mark.parametrize(("record_type", "sort"), SORTS, ids=lambda value: str(getattr(value, "slug", value)))
def test_walking_forward_and_back_visits_every_row_once(alice: User, record_type: RecordType, sort: str) -> None:
    many(record_type, alice)
    state = small(read_state(QueryDict(f"sort={sort}"), record_type, alice))
    assert not state.problems
    found: list[Page] = []
    after = ""
    while not found or after:
        found.append(read_page(state.rows(), state, after=after))
        after = found[-1].after
    forward = [row.pk for page in found for row in page.rows]
    assert [len(page.rows) for page in found] == [3, 3, 3, 2]
    column = state.sort.sort if state.sort else ""
    sign = "-" if state.descending else ""
    assert forward == list(state.rows().order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", flat=True))
    assert len(set(forward)) == 11
    assert (found[0].before, found[-1].after) == ("", "")

    back, before = [found[-1]], found[-1].before
    while before:
        back.insert(0, read_page(state.rows(), state, before=before))
        before = back[0].before
    assert [[row.pk for row in page.rows] for page in back] == [[row.pk for row in page.rows] for page in found]


def broken_cursors() -> dict[str, str]:
    def pack(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return {
        "words": "hello",
        "no base64": "%%%",
        "not ascii": "é",
        "no json": base64.urlsafe_b64encode(b"{").decode(),
        "no pair": pack(["only one"]),
        "three": pack(["a", 1, 2]),
        "object": pack({"a": 1}),
        "number": pack(7),
        "null": pack(None),
        "null value": pack([None, 1]),
        "key of letters": pack(["a", "b"]),
        "huge key": pack(["a", 2**70]),
        "huge negative key": pack(["a", -(2**70)]),
        "infinite key": pack(["a", float("inf")]),
        "float key": pack(["a", 1.5]),
        "nul": pack(["a\x00b", 1]),
        "surrogate": pack(["a\ud800b", 1]),
        "list value": pack([["a"], 1]),
        "bad date": pack(["2026-99-99", 1]),
        "year 0": pack(["0000-01-01T00:00:00Z", 1]),
        "last moment": pack(["9999-12-31T23:59:59.999999-23:59", 1]),
        "first moment": pack(["0001-01-01T00:00:00+23:59", 1]),
        "date of a day": pack(["2026-01-01", 1]),
        "moment without a zone": pack(["2026-01-01T00:00:00", 1]),
        "deep": base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        "long": pack(["a" * 50_000, 1]),
        "many digits": base64.urlsafe_b64encode(b'["a", ' + b"1" * 5000 + b"]").decode(),
    }


@pytest.mark.parametrize("sort", ["name", "-touched"])
def test_a_broken_or_forged_cursor_is_never_an_error(alice: User, charlie: User, sort: str) -> None:
    contact = make_contact("", "Ann", owner=alice)
    make_contact("", "Secretname", owner=charlie)
    state = read_state(QueryDict(f"view=all&sort={sort}"), CONTACT, alice)
    for what, cursor in broken_cursors().items():
        for side in ("after", "before"):
            assert read_page(state.rows(), state, **{side: cursor}).rows in ([contact], []), what


@pytest.mark.parametrize("cursor", ["hello", "%%%", "bnVsbA", "W10", ""])
def test_what_cannot_be_read_is_the_first_page(alice: User, cursor: str) -> None:
    many(CONTACT, alice)
    state = small(read_state(QueryDict("sort=name"), CONTACT, alice))
    first = read_page(state.rows(), state)
    assert read_page(state.rows(), state, after=cursor) == first
    assert read_page(state.rows(), state, before=cursor) == first


def test_a_cursor_of_another_order_is_the_first_page_or_a_place_in_the_list(alice: User) -> None:
    many(CONTACT, alice)
    by_name = small(read_state(QueryDict("sort=name"), CONTACT, alice))
    by_date = small(read_state(QueryDict("sort=created"), CONTACT, alice))
    cursor = read_page(by_name.rows(), by_name).after
    assert read_page(by_date.rows(), by_date, after=cursor) == read_page(by_date.rows(), by_date)


def test_the_row_a_cursor_names_may_be_gone(alice: User) -> None:
    many(CONTACT, alice)
    state = small(read_state(QueryDict("sort=name"), CONTACT, alice))
    first = read_page(state.rows(), state)
    rest = read_page(state.rows(), state, after=first.after)
    first.rows[-1].delete()
    assert read_page(state.rows(), state, after=first.after).rows == rest.rows


def test_pages_are_linked_and_numbered(alice: User, sign_in: SignIn) -> None:
    for number in range(60):
        make_contact("", f"Contact {number:03}", owner=alice)
    client = sign_in(alice)
    page = client.get("/contacts/", {"sort": "name", "size": "25", "lifecycle": "lead"})
    assert "Contact 000" in page.text
    assert "Contact 025" not in page.text
    pager = page.context["pager"]
    assert (pager["first"], pager["last"], pager["previous_url"]) == (1, 25, "")
    page = client.get("/contacts/" + pager["next_url"])
    pager = page.context["pager"]
    assert (pager["first"], pager["last"]) == (26, 50)
    assert "Contact 025" in page.text
    assert page.context["state"].filters == {"lifecycle": ["lead"]}
    last = client.get("/contacts/" + pager["next_url"])
    assert [row.last_name for row in last.context["page"].rows] == [f"Contact {number:03}" for number in range(50, 60)]
    assert last.context["pager"]["next_url"] == ""
    back = client.get("/contacts/" + last.context["pager"]["previous_url"])
    assert (back.context["pager"]["first"], back.context["page"].rows[0].last_name) == (26, "Contact 025")


@pytest.mark.parametrize("start", ["0", "-5", "abc", "9" * 40, "²", ""])
def test_a_wrong_number_of_the_first_row_harms_nothing(alice: User, sign_in: SignIn, start: str) -> None:
    make_contact(owner=alice)
    assert sign_in(alice).get("/contacts/", {"from": start}).status_code == 200


def test_counts_stop_beyond_the_bound(alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, crud):
        monkeypatch.setattr(module, "COUNTED_UP_TO", 3)
    client = sign_in(alice)
    for number, words in enumerate(["1", "2", "3", "more than 3", "more than 3"]):
        make_contact("", f"n{number}", owner=alice)
        assert client.get("/contacts/count/").text == words
    assert count_bounded(Contact.objects.all()) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["all", "team"])
@pytest.mark.parametrize("few", [200, 1])
def test_a_page_merged_from_own_team_s_and_shared_rows_is_the_same_page(
    view: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querysets, "FEW", few)
    west = make_team("West")
    rep, owner = make_user(team=west), make_user(team=make_team("South"))
    mates = [make_user(team=west), make_user(team=make_team("Brittany", parent=west))]
    for n in range(4):
        make_contact("Anne", f"Own {n % 2}", owner=rep, lifecycle="customer")
        make_contact("Anne", "Former", owner=rep, team=make_team(), lifecycle="customer")
        make_contact("Anne", f"Mate {n}", owner=mates[n % 2], lifecycle="customer")
        make_contact("Anne", "Other kind", owner=rep, lifecycle="lead")
        shared = make_contact("Anne", f"Lent {n}", owner=owner, lifecycle="customer")
        services.share(shared, by=owner, person=rep, edit=False)
        make_contact("Anne", "Hidden", owner=owner, lifecycle="customer")
    fresh = User.objects.get(pk=rep.pk)
    state = small(read_state(QueryDict(f"view={view}&sort=-name&lifecycle=customer"), CONTACT, fresh))
    assert bool(state.streams()) is (few == 200 or view == "team")
    wanted = list(state.rows().order_by("-sort_name", "-pk"))
    assert len(wanted) == (16 if view == "all" else 8)
    forth, back = [], []
    page = read_page(state.rows().for_list(), state)  # type: ignore[attr-defined]
    forth.append(page)
    while page.after:
        page = read_page(state.rows().for_list(), state, after=page.after)  # type: ignore[attr-defined]
        forth.append(page)
    assert [row for each in forth for row in each.rows] == wanted
    while page.before:
        page = read_page(state.rows().for_list(), state, before=page.before)  # type: ignore[attr-defined]
        back.append(page)
    assert [each.rows for each in back] == [each.rows for each in reversed(forth[:-1])]
