"""Board and list of a past day and what changed since, as pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from crm.access.models import FieldRule, User
from crm.access.rights import Level
from crm.records.services import save_edit
from opportunities.changes import taking_effect
from opportunities.models import Opportunity
from opportunities.services import move_to_stage, open_deal
from tests.factories import make_stage
from tests.people import SignIn

pytestmark = pytest.mark.django_db
BOARD, LIST = reverse("opportunities:board"), reverse("opportunities:opportunity_list")
CHANGES = reverse("opportunities:deal_changes")
MARCH, ON = dt.date(2026, 3, 2), {"on": "2026-03-31", "view": "all"}


@pytest.fixture
def deals(alice: User) -> list[Opportunity]:
    """Of March: one that moved on in April with a larger amount, and one that was put off."""
    april = timezone.make_aware(dt.datetime.combine(dt.date(2026, 4, 10), dt.time(12)))
    made = [
        open_deal(
            Opportunity(name=name, owner=alice, team=alice.team, opened_on=MARCH, amount=1000, expected_on=MARCH),
            by=alice,
        )
        for name in ("Ombrière", "Chaufferie")
    ]
    move_to_stage(made[0], make_stage("Proposal"), by=alice, at=april)
    with taking_effect(april):
        save_edit(made[0], {"amount": Decimal(1500)}, by=alice)
        save_edit(made[1], {"expected_on": dt.date(2026, 6, 1)}, by=alice)
    return made


def test_the_board_of_a_past_day_shows_deals_where_they_were(
    sign_in: SignIn,
    alice: User,
    deals: list[Opportunity],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in(alice)
    client.get(BOARD, ON)  # The first page of a session notes it.
    with django_assert_max_num_queries(12):
        answer = client.get(BOARD, ON)
    page = answer.content.decode()
    assert ("As of" in page and "March 31, 2026" in page) or "31 March 2026" in page
    lanes = {str(stage): (total and total.deals, len(cards)) for stage, total, cards in answer.context["lanes"]}
    assert lanes["Prospecting"] == (2, 2)
    assert lanes["Proposal"] == (None, 0)
    assert "€1,000" in page and "€1,500" not in page
    assert "data-pick" not in page and "data-deal-menu" not in page


def test_the_list_of_a_past_day(
    sign_in: SignIn, alice: User, deals: list[Opportunity], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(alice)
    client.get(BOARD, ON)  # The first page of a session notes it.
    with django_assert_max_num_queries(12):
        page = client.get(LIST, ON).content.decode()
    assert "Ombrière" in page and "€1,000" in page and "€1,500" not in page
    assert "Ombrière" not in client.get(LIST, {**ON, "on": "2026-03-01"}).content.decode()


def test_what_changed_opens_to_the_deals_as_they_were_and_are(
    sign_in: SignIn, alice: User, deals: list[Opportunity], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(alice)
    client.get(BOARD, ON)  # The first page of a session notes it.
    with django_assert_max_num_queries(12):
        answer = client.get(CHANGES, {**ON, "kind": "up"})
    counts = {change.kind: change.deals for _label, change in answer.context["changes"]}
    assert counts["moved"] == counts["up"] == counts["slipped"] == 1 and counts["new"] == 0
    page = answer.content.decode()
    assert "€1,000 → €1,500" in page and "Ombrière" in page and "Chaufferie" not in page
    slipped = client.get(CHANGES, {**ON, "kind": "slipped"}).content.decode()
    assert "Chaufferie" in slipped and "Ombrière" not in slipped


@pytest.mark.parametrize(
    ("on", "said"), [("yesterday", "Enter a valid date"), ("2999-01-01", "yet to come"), ("0001-01-01", "too long ago")]
)
@pytest.mark.parametrize("page", [BOARD, LIST, CHANGES])
def test_a_day_that_is_none_is_named_and_kept(sign_in: SignIn, alice: User, page: str, on: str, said: str) -> None:
    answer = sign_in(alice).get(page, {"on": on})
    assert answer.status_code == 422
    assert said in answer.content.decode() and on in answer.content.decode()


def test_deals_and_amounts_one_may_not_see_are_not_told(
    sign_in: SignIn, alice: User, charlie: User, deals: list[Opportunity]
) -> None:
    for page in (BOARD, LIST, CHANGES):
        assert "Ombrière" not in sign_in(charlie).get(page, ON).content.decode()
    role = alice.roles.get()
    FieldRule.objects.create(role=role, kind="opportunities.opportunity", field="amount", level=Level.HIDDEN)
    for page in (BOARD, LIST, CHANGES):
        assert "€" not in sign_in(User.objects.get(pk=alice.pk)).get(page, ON).content.decode()
