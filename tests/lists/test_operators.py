"""Each operator says what it says, in the viewer's time zone, and refuses what it cannot read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from contacts.models import Company, Contact, Email, PostalAddress
from contacts.record_types import COMPANY, CONTACT, GROUP
from crm.access.models import User
from crm.lists.fields import RecordType
from crm.lists.operators import Operator, read_days
from crm.lists.state import ListState, read_state
from tests.factories import make_affiliation, make_company, make_contact, make_team, make_user

TODAY = date(2026, 2, 28)
HOSTILE = [
    "' OR 1=1",
    "9" * 60,
    "-1d",
    "1e400",
    "nan",
    "١٢",
    "2026-13-45",
    "0001-01-01",
    "30d; DROP",
    ",",
    ",,",
    "\x00",
    "9999d",
]


def state(user: User, type_: RecordType = CONTACT, /, **params: Any) -> ListState:
    return read_state(QueryDict(urlencode({"view": "all", **params}, doseq=True)), type_, user)


def names(user: User, type_: RecordType = CONTACT, /, **params: Any) -> set[str]:
    read = state(user, type_, **params)
    assert not read.problems
    return {getattr(row, "first_name", "") or row.name for row in read.rows()}


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("last", "30d", (date(2026, 1, 29), date(2026, 3, 1))),
        ("last", "1m", (date(2026, 1, 28), date(2026, 3, 1))),
        ("older", "90d", (None, date(2025, 11, 30))),
        ("older", "1y", (None, date(2025, 2, 28))),
        ("next", "2w", (date(2026, 2, 28), date(2026, 3, 15))),
        ("this", "day", (date(2026, 2, 28), date(2026, 3, 1))),
        ("this", "week", (date(2026, 2, 23), date(2026, 3, 2))),
        ("this", "month", (date(2026, 2, 1), date(2026, 3, 1))),
        ("this", "quarter", (date(2026, 1, 1), date(2026, 4, 1))),
        ("this", "year", (date(2026, 1, 1), date(2027, 1, 1))),
        ("before", "2026-01-01", (None, date(2026, 1, 1))),
        ("since", "2026-01-01", (date(2026, 1, 1), None)),
        ("is", "2026-01-01", (date(2026, 1, 1), date(2026, 1, 2))),
    ],
)
def test_days_that_an_operator_means(
    monkeypatch: pytest.MonkeyPatch, operator: str, value: str, expected: tuple[date | None, date | None]
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    assert read_days(Operator(operator), [value]) == expected


def test_between_takes_in_both_ends_and_may_leave_one_open() -> None:
    assert read_days(Operator.BETWEEN, ["2026-01-01", "2026-01-31"]) == (date(2026, 1, 1), date(2026, 2, 1))
    assert read_days(Operator.BETWEEN, ["", "2026-01-31"]) == (None, date(2026, 2, 1))
    with pytest.raises(ValueError, match="''"):
        read_days(Operator.BETWEEN, ["", ""])


@pytest.mark.parametrize("type_", [CONTACT, COMPANY, GROUP], ids=lambda type_: type_.slug)
def test_every_operator_of_every_field_refuses_what_it_cannot_read(dana: User, type_: RecordType) -> None:
    """Dana sees everything: what comes back is a sentence or an answer, never an error."""
    for field in type_.filters:
        assert field.filter
        for operator in field.filter.offered:
            for value in HOSTILE:
                read = state(dana, type_, **{f"{field.slug}__{operator}": value})
                assert list(read.rows()) == [], (field.slug, operator, value)
                assert len(read.problems) + len(read.filters) <= 1


def test_a_filter_that_is_not_offered_is_named(dana: User) -> None:
    for name in ("lifecycle__contains", "city__last", "owner__password", "__is", "city__", "email__regex"):
        assert state(dana, CONTACT, **{name: "x"}).problems == [f"There is no filter “{name}”; it was left out."]


def test_twenty_filters_are_enough(dana: User) -> None:
    texts = ("job_title", "department", "source", "city", "email", "company_sector")
    params = {f"{slug}__{op}": "x" for slug in texts for op in ("contains", "without", "is", "not")}
    read = state(dana, CONTACT, **params)
    assert len(read.filters) == 20
    assert "20 filters at most" in read.problems[0]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"lifecycle__not": "lead"}, {"Ann"}),
        ({"lifecycle__not": "lead,customer"}, set()),
        ({"job_title__contains": "ACHÉT"}, {"Ben"}),
        ({"job_title__without": "achet"}, {"Ann", "Cyd"}),
        ({"job_title__is": "acheteur"}, {"Ben"}),
        ({"job_title__is": "achet"}, set()),
        ({"job_title__not": "acheteur,director"}, {"Cyd"}),
        ({"job_title__empty": "1"}, {"Cyd"}),
        ({"job_title__empty": "0"}, {"Ann", "Ben"}),
        ({"owner__not": "me"}, {"Cyd"}),
        ({"owner__empty": "1"}, {"Cyd"}),
        ({"name": "ann"}, {"Ann"}),
        ({"city__contains": "nant"}, {"Ann"}),
        ({"city__without": "nant"}, {"Ben", "Cyd"}),
        ({"city__empty": "1"}, {"Ben", "Cyd"}),
        ({"email": "@valmont"}, {"Ben"}),
        ({"email__empty": "0"}, {"Ben"}),
        ({"phone": "06 12 48"}, {"Cyd"}),
        ({"company__contains": "valm"}, {"Ann"}),
        ({"company": "groupe valmont"}, {"Ann"}),
        ({"company__without": "valm"}, {"Ben", "Cyd"}),
        ({"company_sector": "energ"}, {"Ann"}),
        ({"birthday__between": "1980-01-01,1980-12-31"}, {"Ann"}),
        ({"birthday__between": "1980-06-15,"}, {"Ann", "Ben"}),
        ({"birthday__empty": "1"}, {"Cyd"}),
        ({"any": "1", "lifecycle": "customer", "job_title__empty": "1"}, {"Ann", "Cyd"}),
        ({"any": "1", "lifecycle": "customer"}, {"Ann"}),
    ],
)
def test_filters_of_contacts(dana: User, params: dict[str, str], expected: set[str]) -> None:
    ann = make_contact("Ann", "A", owner=dana, lifecycle="customer", job_title="Director", birthday=date(1980, 6, 15))
    PostalAddress.objects.create(contact=ann, city="Nantes")
    make_affiliation(ann, make_company("Groupe Valmont", sector="Énergie"))
    ben = make_contact("Ben", "B", owner=dana, job_title="Acheteur", birthday=date(1990, 1, 1))
    Email.objects.create(contact=ben, address="ben@valmont.example")
    make_contact("Cyd", "C", phone="+33612489017")
    assert names(dana, CONTACT, **params) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"size__between": "10,50"}, {"Mid"}),
        ({"size__between": "10,"}, {"Mid", "Big"}),
        ({"size__between": ["", "50"]}, {"Mid"}),
        ({"size__is": "12,900"}, {"Mid", "Big"}),
        ({"size__not": "12"}, {"Big", "None"}),
        ({"size__empty": "1"}, {"None"}),
        ({"turnover__between": "1000.5,2000"}, {"Mid"}),
    ],
)
def test_filters_of_companies(dana: User, params: dict[str, Any], expected: set[str]) -> None:
    make_company("Mid", size=12, turnover="1500.00")
    make_company("Big", size=900)
    make_company("None")
    assert names(dana, COMPANY, **params) == expected


def test_relative_dates_follow_the_viewers_zone(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = make_contact("Ann", owner=dana)
    Contact.objects.filter(pk=contact.pk).update(touched_at=datetime(2026, 2, 27, 23, 30, tzinfo=UTC))
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    with timezone.override("Europe/Paris"):
        assert names(dana, touched__this="day") == {"Ann"}
    with timezone.override("UTC"):
        assert names(dana, touched__this="day") == set()
        assert names(dana, touched__last="1d") == {"Ann"}
        assert names(dana, touched__older="1d") == set()


def test_my_team_is_the_viewers(alice: User) -> None:
    make_contact("Ann", owner=alice)
    make_contact("Cyd", owner=make_user(team=make_team("South")))
    reader = make_user(role="read-only", team=alice.team)
    assert names(reader, team="mine") == {"Ann"}
    assert names(make_user(role="read-only", team=None), team="mine") == set()


def test_negations_and_or_show_nobody_elses_rows(alice: User, charlie: User) -> None:
    make_contact("Secret", owner=charlie, lifecycle="customer")
    hidden = make_company("Hidden Works", owner=charlie, sector="Secrets")
    make_affiliation(make_contact("Ann", owner=alice), hidden)
    for params in (
        {"lifecycle__not": "lead"},
        {"any": "1", "lifecycle": "customer", "city__empty": "0"},
        {"owner__not": "me"},
        {"company__contains": "hidden"},
        {"company": "hidden works"},
        {"company": str(hidden.pk)},
        {"company_sector": "secret"},
    ):
        assert names(alice, CONTACT, **params) == set(), params
    chips = state(alice, company__is=str(hidden.pk)).chips
    assert chips[0].labels == [str(hidden.pk)], "the name of a hidden company stays hidden"
    assert Company.objects.count() == 1
