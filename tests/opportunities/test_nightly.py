"""What the night works out and keeps: scores, snapshots and grades, the same when it is done twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.access.models import User
from opportunities.forecast import nightly
from opportunities.forecast.factors import MONTHS
from opportunities.forecast.reasons import reasons
from opportunities.models import BackTest, DealScore, ForecastFit, ForecastSnapshot, Opportunity
from opportunities.sample.seed import seed
from tests.factories import make_deal

pytestmark = pytest.mark.django_db


def everything() -> list[object]:
    return [
        list(DealScore.objects.order_by("pk").values_list("pk", "odds", "close_month", "months", "levels")),
        list(
            ForecastSnapshot.objects.order_by("month", "team", "owner").values_list(
                "month", "team", "owner", "won", "weighted", "low", "high"
            )
        ),
        [test.grades for test in BackTest.objects.all()],
    ]


def odds() -> dict[int, int]:
    return {deal.pk: vars(deal)["odds"] for deal in Opportunity.objects.with_odds()}


def test_a_night_scores_open_deals_and_keeps_the_forecast(alice: User) -> None:
    list(seed([alice], 1500, 3))
    day = timezone.localdate()
    kept = nightly.learn(day)
    assert kept is not None
    nightly.score_all(kept, day)
    scored = Opportunity.objects.open().filter(opened_on__lt=day)
    assert DealScore.objects.count() == scored.count() > 50
    # Of all, of the team and of the owner: each month, and all of them together.
    assert ForecastSnapshot.objects.count() == 3 * (MONTHS + 1)
    spread = ForecastSnapshot.objects.filter(team=None, owner=None)[0]
    assert spread.low is not None and spread.middle is not None and spread.high is not None
    assert spread.low <= spread.middle <= spread.high
    first = everything()
    kept = nightly.learn(day)
    assert kept is not None
    nightly.score_all(kept, day)
    assert everything() == first
    assert ForecastFit.current() == kept
    score = DealScore.objects.all()[0]
    told = reasons(kept.learned, score.levels)
    assert {reason.factor for reason in told} == {"stage", "stage_age", "deal_age", "slips", "size", "source"}
    assert abs(told[0].effect) >= abs(told[-1].effect)
    assert all(reason.deals >= reason.won + reason.lost for reason in told)


def test_few_deals_teach_nothing_and_nothing_is_kept(alice: User) -> None:
    make_deal(owner=alice)
    assert nightly.learn(timezone.localdate()) is None
    assert not ForecastFit.objects.exists()


def test_the_learned_probability_counts_where_it_was_chosen(alice: User) -> None:
    chosen, plain = make_deal(probability_source="learned"), make_deal()
    fit = ForecastFit.objects.create(before=dt.date(2026, 1, 1), deals=1, won=1, lost=0, learned={})
    for deal in (chosen, plain):
        DealScore.objects.create(opportunity=deal, fit=fit, scored_on=dt.date(2026, 1, 2), odds=42)
    assert odds() == {chosen.pk: 42, plain.pk: plain.stage.probability}
    DealScore.objects.all().delete()
    assert odds()[chosen.pk] == chosen.stage.probability
