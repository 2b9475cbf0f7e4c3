"""Deals as they stood on a past day, and what changed since."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.access.models import User
from crm.records.services import save_edit
from opportunities.changes import taking_effect
from opportunities.forecast.asof import changed_deals, changes_since, totals_on
from opportunities.models import LostReason, Opportunity
from opportunities.services import Closing, move_to_stage, open_deal
from tests.factories import make_stage

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 31)


def begin(name: str, by: User, opened: dt.date, amount: int = 1000) -> Opportunity:
    deal = Opportunity(name=name, owner=by, team=by.team, opened_on=opened, amount=Decimal(amount), expected_on=opened)
    return open_deal(deal, by=by)


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@pytest.fixture
def deals(alice: User) -> dict[str, Opportunity]:
    """Five deals of March and one of April, and what became of them in April."""
    march, april = dt.date(2026, 3, 2), dt.date(2026, 4, 10)
    told = {name: begin(name, alice, march) for name in ("won", "lost", "moved", "up", "slipped")}
    told["new"] = begin("new", alice, april)
    at = noon(april)
    move_to_stage(told["won"], make_stage("Won"), by=alice, closing=Closing(on=april, amount=Decimal(900)), at=at)
    why = LostReason.objects.all()[0]
    move_to_stage(told["lost"], make_stage("Lost"), by=alice, closing=Closing(on=april, reason=why), at=at)
    move_to_stage(told["moved"], make_stage("Proposal"), by=alice, at=at)
    with taking_effect(at):
        save_edit(told["up"], {"amount": Decimal(1500)}, by=alice)
        save_edit(told["slipped"], {"expected_on": dt.date(2026, 6, 1)}, by=alice)
    return told


def test_the_board_of_a_past_day(alice: User, deals: dict[str, Opportunity]) -> None:
    (before,) = totals_on(Opportunity.objects.visible_to(alice), DAY)
    assert (before.stage, before.deals) == (make_stage("Prospecting").pk, 5)
    assert (before.amount, before.weighted, before.unvalued) == (Decimal(5000), Decimal(500), 0)
    after = {total.stage: total for total in totals_on(Opportunity.objects.visible_to(alice), dt.date(2026, 4, 30))}
    assert {stage: total.deals for stage, total in after.items()} == {
        make_stage("Prospecting").pk: 3,
        make_stage("Proposal").pk: 1,
        make_stage("Won").pk: 1,
        make_stage("Lost").pk: 1,
    }
    assert after[make_stage("Won").pk].amount == 900
    assert totals_on(Opportunity.objects.visible_to(alice), dt.date(2026, 3, 1)) == []


def test_what_changed_since(alice: User, deals: dict[str, Opportunity]) -> None:
    changes = {change.kind: change for change in changes_since(Opportunity.objects.visible_to(alice), DAY)}
    named = {deal.pk: name for name, deal in deals.items()}
    rows = Opportunity.objects.visible_to(alice)
    opened = {kind: changed_deals(rows, DAY, kind, 0, 10, by_value=True) for kind in changes}
    assert {kind: change.deals for kind, change in changes.items()} == {k: len(found) for k, found in opened.items()}
    assert {kind: [named[key] for key, _old, _new in found] for kind, found in opened.items()} == {
        "new": ["new"],
        "won": ["won"],
        "lost": ["lost"],
        "reopened": [],
        "moved": ["moved"],
        "up": ["up"],
        "down": [],
        "slipped": ["slipped"],
        "earlier": [],
    }
    ((_key, old, new),) = opened["slipped"]
    assert (old.expected_on, new.expected_on) == (dt.date(2026, 3, 2), dt.date(2026, 6, 1))
    assert (changes["up"].before, changes["up"].after) == (Decimal(1000), Decimal(1500))
    assert (changes["won"].before, changes["won"].after) == (Decimal(1000), Decimal(900))
    until = {change.kind: change.deals for change in changes_since(Opportunity.objects.all(), DAY, DAY)}
    assert not any(until.values())


def test_only_deals_that_one_sees(deals: dict[str, Opportunity], charlie: User) -> None:
    assert totals_on(Opportunity.objects.visible_to(charlie), DAY) == []
    assert not any(change.deals for change in changes_since(Opportunity.objects.visible_to(charlie), DAY))
