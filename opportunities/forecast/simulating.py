"""What deals may come to month by month: their chances played through many times.

Deals of a month are not won independently of each other: a good month is good for all, and a team has its own. Both are
factors with mean 1 by which the chances to win are multiplied; how much they vary is measured on past months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RUNS, CHUNK = 1000, 2000
LOW, MIDDLE, HIGH = 10, 50, 90
# Chances are multiplied up to this one, never to certainty.
MOST = 0.98
# No month is taken to be more shaken than that, however wrong the first forecasts were.
MOST_SHAKEN = 1.0


@dataclass(frozen=True)
class Spread:
    """What a month may come to: one in ten runs stays below `low`, half below `middle`, nine in ten below `high`."""

    low: float
    middle: float
    high: float
    mean: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def spread_of(sums: Floats) -> Spread:
    """The spread of the sums of all runs."""
    low, middle, high = np.percentile(sums, (LOW, MIDDLE, HIGH))
    return Spread(float(low), float(middle), float(high), float(sums.mean()))


def simulate(
    wins: Floats,
    losses: Floats,
    amounts: Floats,
    groups: Sequence[Hashable],
    *,
    ratios: Sequence[float] = (1.0,),
    shaken: tuple[float, float] = (0.0, 0.0),
    seed: int = 0,
    runs: int = RUNS,
) -> Mapping[Hashable, Floats]:
    """By group (a team), the amounts won in each run and month: arrays (runs × months).

    `wins` and `losses` are the chances of each deal (rows) in each month (columns) if it is open when that begins;
    `amounts` are expected amounts, nought where none is known. The same seed gives the same sums.
    """
    rng = np.random.default_rng(seed)
    months = wins.shape[1]
    shared = _factor(rng, shaken[0], (runs, months))
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    sums: dict[Hashable, Floats] = {}
    for group in sorted(rows, key=repr):
        factor = shared * _factor(rng, shaken[1], (runs, months))
        total = np.zeros((runs, months))
        for start in range(0, len(rows[group]), CHUNK):
            chosen = rows[group][start : start + CHUNK]
            total += _played(rng, wins[chosen], losses[chosen], amounts[chosen], factor, np.array(ratios))
        sums[group] = total
    return sums


def _played(
    rng: np.random.Generator, wins: Floats, losses: Floats, amounts: Floats, factor: Floats, ratios: Floats
) -> Floats:
    runs, months = factor.shape
    still = np.ones((runs, len(wins)), dtype=bool)
    signed = amounts * rng.choice(ratios, size=(runs, len(wins)))
    total = np.zeros((runs, months))
    for month in range(months):
        chance = np.minimum(wins[:, month] * factor[:, month, None], np.minimum(MOST, 1 - losses[:, month]))
        drawn = rng.random((runs, len(wins)))
        won = still & (drawn < chance)
        total[:, month] = (signed * won).sum(axis=1)
        still &= ~won & (drawn < 1 - losses[:, month])
    return total


def _factor(rng: np.random.Generator, variance: float, shape: tuple[int, int]) -> Floats:
    """Factors with mean 1 and so much variance."""
    if variance <= 0:
        return np.ones(shape)
    return rng.gamma(1 / variance, variance, shape)


def shaken_by(won: Floats, expected: Floats, variances: Floats) -> tuple[float, float]:
    """How much more than by chance wins vary, from past ones: arrays (months × teams) of how many were won, of how
    many had been expected, and of the variance of that by chance alone. Returns the variance of a month and of a team
    in a month.
    """
    if not won.size or not expected.sum():
        return 0.0, 0.0
    of_month = _excess(won.sum(axis=1), expected.sum(axis=1), variances.sum(axis=1))
    both = _excess(won, expected, variances)
    return of_month, max(0.0, both - of_month)


def _excess(won: Floats, expected: Floats, variances: Floats) -> float:
    excess = float(((won - expected) ** 2 - variances).sum() / (expected**2).sum())
    return min(max(0.0, excess), MOST_SHAKEN)
