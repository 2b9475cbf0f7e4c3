"""What the forecast learns, measured on seeded deals of known truth and on the public data set of a sales team."""

from __future__ import annotations

import csv
import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from crm.access.models import User
from opportunities.forecast import factors
from opportunities.forecast.backtest import BASE, LEARNED, STAGE, pooled, replay
from opportunities.forecast.fitting import Table, fit
from opportunities.forecast.scoring import outlook
from opportunities.forecast.simulating import shaken_by, simulate, spread_of
from opportunities.forecast.states import LOST, ROWS, WON, History, Landmark, State, histories, landmarks, monthly
from opportunities.models import Opportunity
from opportunities.sample.seed import seed, win_probability
from tests.factories import make_team, make_user

UNTIL = dt.date(2026, 6, 30)
PUBLIC = Path(__file__).resolve().parents[2] / "../shared/data/crm-sales-opportunities"


def state(day: str, status: str = "open", stage: int = 1, expected: str = "2026-05-01", amount: float = 700) -> State:
    at = dt.datetime.fromisoformat(day)
    return State(at, status, stage, 1, 2, amount, dt.date.fromisoformat(expected), "pipeline", 25)


def test_a_deal_is_told_as_it_stood_when_a_month_began() -> None:
    life = [
        state("2026-01-10T12:00"),
        state("2026-02-20T12:00", expected="2026-06-15"),
        state("2026-02-25T12:00", stage=2, expected="2026-06-15", amount=12_000),
        state("2026-03-12T12:00", "won", stage=9, expected="2026-06-15", amount=11_000),
    ]
    days = [dt.date(2026, month, 1) for month in range(1, 6)]
    february, march = landmarks(History(7, " Salon ", life), days)
    assert february.own == ("1", "15", "15", "0", "500", "salon")
    assert march.own == ("2", "0", "31", "1", "10000", "salon")
    assert (february.due, march.due) == (factors.month_of(dt.date(2026, 5, 1)), factors.month_of(dt.date(2026, 6, 1)))
    assert {(mark.end, mark.ended_on, mark.signed) for mark in (february, march)} == {
        (WON, dt.date(2026, 3, 12), 11_000)
    }


@pytest.mark.parametrize(
    ("amount", "level"),
    [(None, "none"), (0, "0"), (99, "0"), (100, "100"), (499, "200"), (5_000, "5000"), (10**6, "1000000")],
)
def test_classes_of_amounts_are_named_by_what_they_begin_with(amount: float | None, level: str) -> None:
    assert factors.level_of_amount(amount) == level


@pytest.mark.django_db
def test_no_factor_is_known_only_at_closing(alice: User) -> None:
    """What is told of a deal on a past day is the same whether or not what came afterwards is known."""
    list(seed([alice], 400, 3, UNTIL))
    # Of the deal itself only what it was from the start is read; all else comes from its dated rows.
    assert set(re.findall(r"\bo\.(\w+)", ROWS)) == {"source", "id", "trashed_at", "merged_into_id"}
    day = dt.date(2025, 6, 1)
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))

    def told(until: dt.datetime | None) -> dict[int, tuple[object, ...]]:
        marks = [mark for history in histories(until) for mark in landmarks(history, [day])]
        ends = [mark for mark in marks if mark.end]
        assert bool(ends) is (until is None)
        return {mark.deal: mark[: Landmark._fields.index("end")] for mark in marks}

    assert told(None) == told(midnight)
    assert len(told(midnight)) > 10


def twelve_teams() -> list[User]:
    return [make_user(team=make_team()) for _team in range(12)]


def errors_of_truth(table: Table) -> tuple[float, float, float]:
    """How far learned odds of the deals open at the end are from the true ones and the average, and how alike."""
    month = factors.month_of(UNTIL)
    learned = fit(table, factors.first_day(month))
    assert learned is not None
    day = UNTIL + dt.timedelta(days=1)
    marks = [mark for history in histories() for mark in landmarks(history, [day])]
    told = outlook(learned, marks, day).odds
    deals = (
        Opportunity.objects.select_related("stage").prefetch_related("deal_changes").in_bulk([m.deal for m in marks])
    )
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    true = []
    for mark in marks:
        deal = deals[mark.deal]
        age = (midnight - deal.stage_since).total_seconds() / 86400
        slips = sum("expected_on" in change.fields for change in deal.deal_changes.all())
        true.append(win_probability(deal.stage.position, age, slips, float(deal.amount or 0), deal.source))
    right = np.array(true)
    far = float(np.abs(told - right).mean())
    return far, float(np.abs(learned.base - right).mean()), float(np.corrcoef(told, right)[0, 1])


@pytest.mark.django_db
def test_the_truth_of_seeded_deals_is_found_again() -> None:
    """Over 36 months of twelve teams: near the truth, better graded than fixed odds and the plain share of won."""
    list(seed(twelve_teams(), 9000, 11, UNTIL))
    table = Table(monthly(UNTIL, 36))
    far, average, alike = errors_of_truth(table)
    assert far < 0.05
    assert far < average / 3
    assert alike > 0.95
    months = list(replay(table, UNTIL, every=3))
    total = pooled(months)
    assert total[LEARNED].brier < total[STAGE].brier
    assert total[LEARNED].brier < total[BASE].brier
    assert total[LEARNED].spans >= 300
    assert 0.7 <= total[LEARNED].coverage <= 0.9
    effects = months[-1].fit.levels[factors.SLIPS]

    def odds(slips: str) -> float:
        _still, won, lost = effects[slips]["effects"]
        return float(won - lost)

    assert odds("0") > odds("1") > odds("2")
    assert effects["0"]["deals"] > effects["2"]["deals"] > 0


def public_histories() -> Iterator[History]:
    """The public data set as the import tells it: expected at the price of the catalogue, ended on its day."""
    with (PUBLIC / "products.csv").open(encoding="utf-8") as file:
        prices = {row["product"].replace(" ", ""): float(row["sales_price"]) for row in csv.DictReader(file)}
    with (PUBLIC / "sales_teams.csv").open(encoding="utf-8") as file:
        teams = {row["sales_agent"]: row["manager"] for row in csv.DictReader(file)}
    managers = sorted(set(teams.values()))
    with (PUBLIC / "sales_pipeline.csv").open(encoding="utf-8") as file:
        for deal, row in enumerate(csv.DictReader(file)):
            if not row["engage_date"]:
                continue
            team, price = managers.index(teams[row["sales_agent"]]), prices[row["product"].replace(" ", "")]

            def became(day: str, status: str, amount: float, team: int = team) -> State:
                at = dt.datetime.strptime(day, "%m/%d/%Y").replace(hour=12)  # noqa: DTZ007 local time, as states are
                return State(at, status, 1 if status == "open" else 2, 1, team, amount, None, "pipeline", 25)

            life = [became(row["engage_date"], "open", price)]
            if row["close_date"]:
                life.append(became(row["close_date"], row["deal_stage"].lower(), float(row["close_value"])))
            yield History(deal, "", life)


def test_the_public_data_set_is_not_told_worse_than_by_the_plain_share() -> None:
    days = [dt.date(2016 + month // 12, month % 12 + 1, 1) for month in range(9, 25)]
    table = Table(mark for history in public_histories() for mark in landmarks(history, days))
    assert {mark.end for mark in table.marks} == {WON, LOST, None}
    total = pooled(list(replay(table, dt.date(2018, 1, 1))))
    assert total[LEARNED].deals > 5000
    assert total[LEARNED].brier <= 1.02 * total[BASE].brier


def test_too_few_closed_deals_teach_nothing() -> None:
    life = [state("2026-01-10T12:00"), state("2026-02-12T12:00", "won", stage=9)]
    days = [dt.date(2026, 2, 1)]
    table = Table(mark for deal in range(500) for mark in landmarks(History(deal, "", life), days))
    assert fit(table, dt.date(2026, 3, 1)) is None
    assert list(replay(table, dt.date(2026, 6, 1))) == []
    assert list(replay(Table([]), dt.date(2026, 6, 1))) == []


def test_months_played_through_come_to_what_is_expected_and_again_the_same() -> None:
    wins, losses = np.full((300, 2), 0.2), np.full((300, 2), 0.1)
    groups = [place % 3 for place in range(300)]

    def played(shaken: tuple[float, float]) -> np.ndarray:
        sums = simulate(wins, losses, np.full(300, 10.0), groups, shaken=shaken, seed=4)
        return np.stack([sums[team] for team in range(3)])

    plain = played((0, 0))
    assert (plain == played((0, 0))).all()
    assert plain.mean(axis=1) == pytest.approx(np.array([[200, 140]] * 3), rel=0.03)
    calm, shaken = spread_of(plain.sum(axis=0)[:, 0]), spread_of(played((0.1, 0.1)).sum(axis=0)[:, 0])
    assert calm.low < calm.middle < calm.high
    assert shaken.high - shaken.low > 2 * (calm.high - calm.low)


def test_how_shaken_past_months_were_is_measured() -> None:
    rng = np.random.default_rng(5)
    expected = np.full((400, 6), 12.0)
    calm = rng.poisson(expected).astype(float)
    shaken = rng.poisson(expected * rng.gamma(10, 0.1, (400, 1))).astype(float)
    assert sum(shaken_by(calm, expected, expected)) < 0.02
    of_month, of_team = shaken_by(shaken, expected, expected)
    assert 0.07 < of_month < 0.13
    assert of_team < 0.02


def test_web_workers_do_not_load_statistics() -> None:
    code = (
        "import django, sys; django.setup(); import crm.urls; print({'numpy', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
