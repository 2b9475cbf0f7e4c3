"""What became of open deals, month by month, as a function of what was known of them: the estimation.

A discrete-time model of competing risks, fitted by landmarks: for every deal and every month it was open at the
beginning of, and every month from then on until it ended (or nothing more is known), one row says whether it was won
in that month, lost, or stayed open. The factors of a row are those known at the *first* of these months, plus how far
ahead the month lies and what the calendar says of it; so nothing has to be guessed of how a deal will move on. A
multinomial logistic regression with a quadratic penalty gives every level of every factor its effect, drawn to the
average the more the fewer deals it has (docs/adr/0008-learned-forecast.md).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from opportunities.forecast import factors
from opportunities.forecast.factors import FEWEST_CLOSED, FEWEST_EACH
from opportunities.forecast.states import LOST, WON, Landmark

Numbers = NDArray[np.int64]
# The past that counts, in months, and how many months ahead one looks.
PAST, HORIZON = 36, 24
# How little effects are drawn to the average, as a variance; tried on the seeded deals and on the public data set.
LOOSENESS = 0.1
# How spread what was signed is against what was expected: kept as so many quantiles.
RATIOS = tuple((2 * place + 1) / 20 for place in range(10))
NOT_YET = 10**6


@dataclass(frozen=True)
class Fit:
    """What was learned. Of each level of each factor: its effects on (open, won, lost), how many deals are behind it,
    and how many of these were won and lost. `base` is the share of won among all closed ones; `ratios` are quantiles
    of what was signed against what had been expected; `shaken` is how much more than by chance the wins of a month
    vary around what was expected, for the company and for each team beside, as variances of a factor with mean 1.
    """

    before: dt.date
    deals: int
    won: int
    lost: int
    base: float
    intercept: list[float]
    levels: dict[str, dict[str, dict[str, Any]]]
    ratios: list[float]
    shaken: tuple[float, float] = (0.0, 0.0)


class Table:
    """Landmarks as columns of numbers; levels are numbered as they come."""

    def __init__(self, marks: Iterable[Landmark]) -> None:
        self.marks = list(marks)
        self.names: list[list[str]] = []
        columns = []
        for place in range(len(factors.OWN)):
            seen: dict[str, int] = {}
            column = [seen.setdefault(mark.own[place], len(seen)) for mark in self.marks]
            columns.append(np.array(column, dtype=np.int64))
            self.names.append(list(seen))
        self.own: Numbers = np.stack(columns, axis=1) if self.marks else np.zeros((0, len(factors.OWN)), np.int64)
        self.deal = self._whole(mark.deal for mark in self.marks)
        self.month = self._whole(factors.month_of(mark.day) for mark in self.marks)
        self.due = self._whole(-1 if mark.due is None else mark.due for mark in self.marks)
        self.end = self._whole(mark.end or 0 for mark in self.marks)
        self.ended = self._whole(NOT_YET if m.ended_on is None else factors.month_of(m.ended_on) for m in self.marks)

    @staticmethod
    def _whole(values: Iterable[int]) -> Numbers:
        return np.fromiter(values, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.marks)

    def taken(self, chosen: NDArray[np.bool_]) -> Table:
        """The rows that are chosen, as a table of its own with the same levels."""
        other = copy(self)
        other.marks = [self.marks[at] for at in np.flatnonzero(chosen)]
        for name in ("own", "deal", "month", "due", "end", "ended"):
            setattr(other, name, getattr(self, name)[chosen])
        return other


def coming_levels(ahead: Numbers, month: Numbers, due: Numbers) -> dict[str, Numbers]:
    """The levels, as numbers, of months that lie so far ahead, of the calendar and of the expected close."""
    behind = due - month
    stands = np.select([due < 0, behind < 0, behind == 0, behind == 1], [0, 1, 2, 3], default=4)
    return {
        factors.AHEAD: np.searchsorted(np.array(factors.AHEAD_MONTHS), ahead, side="right") - 1,
        factors.QUARTER: month % 3,
        factors.DUE: stands,
    }


def coming_names() -> dict[str, list[str]]:
    """What the levels of `coming_levels` are called."""
    return {
        factors.AHEAD: [str(month) for month in factors.AHEAD_MONTHS],
        factors.QUARTER: ["1", "2", "3"],
        factors.DUE: list(factors.DUE_LEVELS),
    }


def fit(table: Table, before: dt.date, looseness: float = LOOSENESS) -> Fit | None:
    """Learn from what was known before the first day of a month; None where too few deals had closed by then."""
    cut = factors.month_of(before)
    known = _rare_sources_joined(table.taken((table.month < cut) & (table.month >= cut - PAST)), cut)
    closed = known.ended < cut
    won = len(set(known.deal[closed & (known.end == WON)].tolist()))
    lost = len(set(known.deal[closed & (known.end == LOST)].tolist()))
    if won + lost < FEWEST_CLOSED or min(won, lost) < FEWEST_EACH:
        return None
    design = _Design(known, cut)
    # Rows of one deal tell much the same: together they count as one.
    weight = len(set(known.deal.tolist())) / len(known)
    # Of its solvers the quickest by far on a few hundred levels of which each row has ten.
    model = LogisticRegression(C=looseness, solver="newton-cg", max_iter=100, tol=1e-4)
    lines, outcomes, counts = design.grouped()
    model.fit(lines, outcomes, sample_weight=counts * weight)
    return Fit(
        before=before,
        deals=len(set(known.deal.tolist())),
        won=won,
        lost=lost,
        base=won / (won + lost),
        intercept=[float(value) for value in model.intercept_],
        levels=design.described(model.coef_),
        ratios=_ratios(known, cut),
    )


def _rare_sources_joined(table: Table, cut: int) -> Table:
    place = factors.OWN.index(factors.SOURCE)
    often = Counter(mark.own[place] for mark in table.marks)
    if len(often) <= factors.MOST_SOURCES:
        return table
    kept = {name for name, _count in often.most_common(factors.MOST_SOURCES)}
    own = factors.OWN
    return Table(
        mark
        if mark.own[place] in kept
        else mark._replace(own=tuple(factors.OTHER if at == place else mark.own[at] for at in range(len(own))))
        for mark in table.marks
    )


class _Design:
    """The rows of the regression: every landmark once for each month that it was seen in."""

    def __init__(self, table: Table, cut: int) -> None:
        seen_until = np.minimum(np.minimum(table.ended, cut - 1), table.month + HORIZON - 1)
        months = seen_until - table.month + 1
        self.rows = np.repeat(np.arange(len(table)), months)
        ahead = np.arange(len(self.rows)) - np.repeat(np.cumsum(months) - months, months) + 1
        month = table.month[self.rows] + ahead - 1
        self.outcome = np.where(month == table.ended[self.rows], table.end[self.rows], 0)
        self.deal = table.deal[self.rows]
        coming = coming_levels(ahead, month, table.due[self.rows])
        stage = table.own[self.rows, factors.OWN.index(factors.STAGE)]
        coming[factors.STAGE_AHEAD] = stage * len(factors.AHEAD_MONTHS) + coming[factors.AHEAD]
        self.columns = [table.own[self.rows, place] for place in range(len(factors.OWN))]
        self.columns += [coming[name] for name in factors.COMING]
        names = coming_names()
        stages = table.names[factors.OWN.index(factors.STAGE)]
        names[factors.STAGE_AHEAD] = [f"{stage}/{ahead}" for stage in stages for ahead in names[factors.AHEAD]]
        self.names = [*table.names, *(names[name] for name in factors.COMING)]

    def grouped(self) -> tuple[Any, Numbers, NDArray[np.float64]]:
        """Rows that look alike and ended alike, once: the matrix (patterns × levels), outcomes, how many they are."""
        code = self.outcome.copy()
        for column, names in zip(self.columns, self.names, strict=True):
            code = code * len(names) + column
        _codes, first, counts = np.unique(code, return_index=True, return_counts=True)
        starts = np.cumsum([0, *(len(names) for names in self.names)])
        columns = np.stack([column[first] + starts[at] for at, column in enumerate(self.columns)], axis=1)
        lines = np.repeat(np.arange(len(first)), columns.shape[1])
        ones = np.ones(columns.size)
        matrix = sparse.csr_matrix((ones, (lines, columns.ravel())), shape=(len(first), int(starts[-1])))
        return matrix, self.outcome[first], counts.astype(np.float64)

    def described(self, effects: NDArray[np.float64]) -> dict[str, dict[str, dict[str, Any]]]:
        """By factor and level: effects on (open, won, lost), deals behind it, and how many of these ended how."""
        described, start = {}, 0
        for factor, column, names in zip((*factors.OWN, *factors.COMING), self.columns, self.names, strict=True):
            counted = {end: self._deals(column, len(names), end) for end in (None, WON, LOST)}
            described[factor] = {
                name: {
                    "effects": [round(float(value), 5) for value in effects[:, start + at]],
                    "deals": int(counted[None][at]),
                    "won": int(counted[WON][at]),
                    "lost": int(counted[LOST][at]),
                }
                for at, name in enumerate(names)
                if counted[None][at]
            }
            start += len(names)
        return described

    def _deals(self, column: Numbers, levels: int, end: int | None) -> Numbers:
        """How many different deals were seen at each level, of all or of those that ended so."""
        chosen = slice(None) if end is None else self.outcome == end
        pairs = np.unique(self.deal[chosen] * levels + column[chosen])
        return np.bincount(pairs % levels, minlength=levels)


def _ratios(table: Table, cut: int) -> list[float]:
    """Quantiles of what was signed against what was expected at the beginning of the month of the signature."""
    found = [
        mark.signed / mark.amount
        for mark, ended, month in zip(table.marks, table.ended, table.month, strict=True)
        if mark.end == WON and ended == month < cut and mark.amount and mark.signed is not None
    ]
    if len(found) < FEWEST_EACH:
        return [1.0]
    return [round(float(value), 4) for value in np.quantile(found, RATIOS)]
