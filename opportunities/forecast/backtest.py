"""The forecast grades itself: past months played again with only what was known when they began.

Four methods stand side by side: the odds of the stage (or those typed), the category of the rep, what was learned, and
the plain share of won among the deals closed so far. Each gives every deal that was open when a month began a chance
to be won in the end, graded by the Brier score once the deal has ended; and each gives every team a span in which four
of five months should fall, graded by how many do.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opportunities.forecast import factors
from opportunities.forecast.fitting import HORIZON, Fit, Table, fit
from opportunities.forecast.scoring import Outlook, outlook
from opportunities.forecast.simulating import shaken_by, simulate, spread_of
from opportunities.forecast.states import WON, Landmark
from opportunities.models.deals import Category

Floats = NDArray[np.float64]
LEARNED, STAGE, CATEGORY, BASE = "learned", "stage", "category", "base"
METHODS = (LEARNED, STAGE, CATEGORY, BASE)
BINS = 10
# How many deals of a category it takes to count as much as the average.
PRIOR = 20.0
# Fewer past months say nothing of how shaken months are.
FEWEST_MONTHS = 3


@dataclass
class Grade:
    """What a method got. Sums, so that months add up: `squares` over `deals` is the Brier score; by tenth of the
    chance told, `bins` count deals, their chances and how many were won; `held` of `spans` months of teams fell within
    the span told; `off` is by how much the months of teams were missed, of `worth` won in all, both in the company's
    currency.
    """

    deals: int = 0
    squares: float = 0.0
    bins: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _bin in range(BINS)])
    spans: int = 0
    held: int = 0
    off: float = 0.0
    worth: float = 0.0

    def add_chances(self, told: Floats, won: NDArray[np.bool_]) -> None:
        self.deals += len(told)
        self.squares += float(((told - won) ** 2).sum())
        for chance, was_won in zip(told.tolist(), won.tolist(), strict=True):
            counted = self.bins[min(int(chance * BINS), BINS - 1)]
            counted[0] += 1
            counted[1] += chance
            counted[2] += was_won

    def add(self, other: Grade) -> None:
        self.deals += other.deals
        self.squares += other.squares
        for mine, theirs in zip(self.bins, other.bins, strict=True):
            for place, value in enumerate(theirs):
                mine[place] += value
        self.spans += other.spans
        self.held += other.held
        self.off += other.off
        self.worth += other.worth

    @property
    def brier(self) -> float:
        return self.squares / self.deals if self.deals else math.nan

    @property
    def coverage(self) -> float:
        return self.held / self.spans if self.spans else math.nan

    def told(self) -> dict[str, Any]:
        """For keeping: only what JSON knows."""
        return {
            "deals": self.deals,
            "brier": self.brier if self.deals else None,
            "coverage": self.coverage if self.spans else None,
            "spans": self.spans,
            "off": self.off,
            "worth": self.worth,
            "bins": self.bins,
        }


@dataclass(frozen=True)
class Replayed:
    """A past month: what was known when it began (`fit`), how many deals have not ended to this day, and the grades."""

    month: int
    fit: Fit
    still_open: int
    grades: dict[str, Grade]


def replay(table: Table, until: dt.date, *, every: int = 1) -> Iterator[Replayed]:
    """Play again all whole months before a day for which enough was known; learn anew every so many of them.

    `table` are the deals at the beginning of each month (states.monthly).
    """
    last = factors.month_of(until) - 1
    learned: Fit | None = None
    past: list[_Wins] = []
    if not len(table):
        return
    for place, month in enumerate(range(int(table.month.min()) + 1, last + 1)):
        if learned is None or place % every == 0:
            learned = fit(table, factors.first_day(month)) or learned
        marks = [table.marks[at] for at in np.flatnonzero(table.month == month)]
        if learned is None or not marks:
            continue
        learned = replace(learned, shaken=_shaken(past))
        ahead = outlook(learned, marks, factors.first_day(month))
        yield _graded(table, learned, marks, ahead, month)
        past.append(_by_team(marks, ahead, month))


def pooled(months: list[Replayed]) -> dict[str, Grade]:
    """The grades of all months together."""
    total = {method: Grade() for method in METHODS}
    for month in months:
        for method, grade in month.grades.items():
            total[method].add(grade)
    return total


def _graded(table: Table, learned: Fit, marks: list[Landmark], ahead: Outlook, month: int) -> Replayed:
    """Grade the four methods on one month."""
    chances = {
        LEARNED: ahead.odds,
        STAGE: np.array([mark.odds / 100 for mark in marks]),
        CATEGORY: _by_category(table, marks, month, learned.base),
        BASE: np.full(len(marks), learned.base),
    }
    ended = np.array([mark.end is not None for mark in marks])
    won = np.array([mark.end == WON for mark in marks])
    grades = {method: Grade() for method in METHODS}
    for method, told in chances.items():
        grades[method].add_chances(told[ended], won[ended])
        shaken = learned.shaken if method == LEARNED else (0.0, 0.0)
        sums = simulate(
            *_months(method, told, ahead, marks, month),
            np.array([mark.amount or 0.0 for mark in marks]),
            [mark.team for mark in marks],
            ratios=learned.ratios,
            shaken=shaken,
            seed=month,
        )
        _add_spans(grades[method], sums, marks, month)
    return Replayed(month, learned, int((~ended).sum()), grades)


def _months(method: str, told: Floats, ahead: Outlook, marks: list[Landmark], month: int) -> tuple[Floats, Floats]:
    """The chances to be won and lost in the month: but for the learned ones, all of it if the deal is expected by
    then.
    """
    if method == LEARNED:
        return ahead.wins[:, :1], ahead.losses[:, :1]
    due = np.array([mark.due is not None and mark.due <= month for mark in marks])
    return np.where(due, told, 0.0)[:, None], np.where(due, 1 - told, 0.0)[:, None]


def _add_spans(grade: Grade, sums: Mapping[Any, Floats], marks: list[Landmark], month: int) -> None:
    """Grade the spans of the teams for a month by what the deals open at its beginning brought in it."""
    brought: dict[Any, float] = defaultdict(float)
    for mark in marks:
        if _is_won_in(mark, month):
            brought[mark.team] += mark.signed or 0.0
    for team, runs in sums.items():
        spread, actual = spread_of(runs[:, 0]), brought[team]
        grade.spans += 1
        grade.held += spread.holds(actual)
        grade.off += abs(spread.mean - actual)
        grade.worth += actual


def _is_won_in(mark: Landmark, month: int) -> bool:
    return mark.end == WON and mark.ended_on is not None and factors.month_of(mark.ended_on) == month


def _by_category(table: Table, marks: list[Landmark], month: int, base: float) -> Floats:
    """The share of won among deals that had been of the same category and had closed by then, drawn to the average."""
    counts: dict[str, list[float]] = {name: [PRIOR * base, PRIOR] for name in Category.values}
    for at in np.flatnonzero(table.ended < month):
        mark = table.marks[at]
        counts[mark.category][0] += mark.end == WON
        counts[mark.category][1] += 1
    shares = {name: won / closed for name, (won, closed) in counts.items()} | {Category.OMITTED.value: 0.0}
    return np.array([shares[mark.category] for mark in marks])


@dataclass
class _Wins:
    """Of a month by team: how many deals were won, how many had been expected, and the variance of that by chance."""

    won: dict[Any, float] = field(default_factory=lambda: defaultdict(float))
    expected: dict[Any, float] = field(default_factory=lambda: defaultdict(float))
    variance: dict[Any, float] = field(default_factory=lambda: defaultdict(float))


def _by_team(marks: list[Landmark], ahead: Outlook, month: int) -> _Wins:
    wins = _Wins()
    for mark, chance in zip(marks, ahead.wins[:, 0].tolist(), strict=True):
        wins.won[mark.team] += _is_won_in(mark, month)
        wins.expected[mark.team] += chance
        wins.variance[mark.team] += chance * (1 - chance)
    return wins


def _shaken(past: list[_Wins]) -> tuple[float, float]:
    """How shaken months were so far: measured on forecasts of months that the fits had not seen."""
    recent = past[-HORIZON:]
    if len(recent) < FEWEST_MONTHS:
        return 0.0, 0.0
    teams = sorted({team for month in recent for team in month.expected}, key=repr)
    parts = ([month.won for month in recent], [m.expected for m in recent], [m.variance for m in recent])
    won, expected, variance = (
        np.array([[month.get(team, 0.0) for team in teams] for month in months]) for months in parts
    )
    return shaken_by(won, expected, variance)
