"""The demo's deals, and seeded ones, whose truth is known."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from crm.access.models import User
from opportunities.models import (
    DealChange,
    DealContact,
    DealLine,
    DealScore,
    ForecastSnapshot,
    Opportunity,
    Product,
    Stage,
    StageChange,
)
from opportunities.sample.seed import GOES_ON, seed, size_of, win_probability

pytestmark = pytest.mark.django_db


def nothing_to_note(by: User | None) -> bool:
    """Say whether the dated rows say what the deals are."""
    before = StageChange.objects.count(), DealChange.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opportunities_note_changes(%s, now(), %s)",
            [list(Opportunity.objects.values_list("pk", flat=True)), by.pk if by else None],
        )
    return before == (StageChange.objects.count(), DealChange.objects.count())


def test_the_demo_has_deals_in_all_stages() -> None:
    call_command("demo", stdout=io.StringIO())
    past = {deal.pk for deal in Opportunity.objects.filter(reference__startswith="S")}
    deals = Opportunity.objects.exclude(pk__in=past)
    assert 40 <= deals.count() <= 50
    assert len(past) > 200
    assert not Opportunity.objects.open().filter(pk__in=past).exists()
    assert DealScore.objects.count() > 20
    assert ForecastSnapshot.objects.exclude(owner=None).exists()
    assert Product.objects.count() == 8
    assert dict(deals.values_list("stage__position").annotate(Count("pk")).order_by()).keys() == set(range(7))
    today = timezone.localdate()
    still_open = deals.open()
    assert still_open.filter(next_step_on__lt=today).count() >= 4
    assert still_open.filter(next_step="").count() >= 3
    assert not deals.lost().filter(lost_reason=None).exists()
    assert DealLine.objects.count() > 20
    assert DealContact.objects.exclude(part="").count() > 20
    assert deals.filter(owner__first_name="Camille").count() > 8
    for deal in deals.prefetch_related("stage_changes"):
        days = [timezone.localdate(change.effective_at) for change in deal.stage_changes.all()]
        assert days[0] == deal.opened_on
        assert days == sorted(days)
        assert deal.is_open or days[-1] == deal.closed_on
    assert nothing_to_note(None)


def test_seeded_deals_follow_the_truth(alice: User, bob: User) -> None:
    """Of those opened long enough ago, as many are won as the truth says, by source and by class of amount."""
    until = dt.date(2026, 6, 30)
    sum(seed([alice, bob], 6000, 3, until))
    assert Opportunity.objects.count() == 6000
    assert not StageChange.objects.filter(effective_at__date__gt=until).exists()
    assert nothing_to_note(alice)
    old = Opportunity.objects.filter(opened_on__lt=until - dt.timedelta(days=500)).exclude(status=Stage.Status.OPEN)
    won: dict[tuple[str, object], list[float]] = defaultdict(list)
    for deal in old:
        amount = float(deal.amount or 0)
        chance = sum(share * win_probability(0, 0, slips, amount, deal.source) for slips, share in ((0, 0.7), (1, 0.3)))
        keys: list[tuple[str, object]] = [("source", deal.source), ("size", size_of(amount)), ("all", "")]
        for key in keys:
            won[key].append((deal.status == Stage.Status.WON) - chance)
    for key, errors in won.items():
        assert abs(sum(errors) / len(errors)) < 4 * 0.45 / len(errors) ** 0.5, key
    assert len(won) > 6


def test_the_same_seed_gives_the_same_deals(alice: User) -> None:
    told = []
    for _time in range(2):
        list(seed([alice], 200, 5, dt.date(2026, 6, 30)))
        last = Opportunity.objects.order_by("-pk")[:200].values_list("amount", "status", "opened_on", "source")
        told.append(list(last))
    assert told[0] == told[1]


def test_age_and_slips_lower_the_odds() -> None:
    fresh = win_probability(1, 1, 0, 10_000, "Salon")
    assert win_probability(1, 60, 0, 10_000, "Salon") < fresh
    assert win_probability(1, 1, 2, 10_000, "Salon") < fresh
    assert win_probability(1, 1, 0, 100_000, "Salon") < fresh < win_probability(1, 1, 0, 10_000, "Recommandation")
    assert 0 < win_probability(len(GOES_ON) - 1, 400, 3, 10_000, "Prospection") < 1
