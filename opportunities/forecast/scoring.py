"""What is to be expected of open deals by what was learned: month by month, and in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opportunities.forecast import factors
from opportunities.forecast.fitting import HORIZON, Fit, Table, coming_levels, coming_names
from opportunities.forecast.states import Landmark

Floats = NDArray[np.float64]
OPEN, WON, LOST = range(3)


@dataclass(frozen=True)
class Outlook:
    """By deal (rows) and month from the one of the day on (columns): the chance to be won or lost in a month if it is
    open when that begins (`wins`, `losses`), and to be won in it after all (`won`); `odds` is the chance to be won at
    all.
    """

    month: int
    wins: Floats
    losses: Floats
    won: Floats
    odds: Floats

    def close_months(self) -> list[int]:
        """The month, as a number, by the end of which each deal is as likely as not to have ended."""
        still = np.cumprod(1 - self.wins - self.losses, axis=1)
        return [int(month) for month in self.month + (still > 0.5).sum(axis=1)]


def left_of_month(day: dt.date) -> float:
    """The part of a month that lies ahead at the beginning of a day: 1 on the first."""
    length = (factors.first_day(factors.month_of(day) + 1) - factors.first_day(factors.month_of(day))).days
    return (length - day.day + 1) / length


def outlook(fit: Fit, marks: Sequence[Landmark], day: dt.date) -> Outlook:
    """Look ahead from the beginning of a day at deals as they stood then, over HORIZON months.

    Of a month that has begun, what is left of it counts in proportion. A level that no deal was seen at has no effect:
    the average holds.
    """
    table, month = Table(marks), factors.month_of(day)
    fixed = np.tile(np.array(fit.intercept), (len(table), 1))
    for place, factor in enumerate(factors.OWN):
        effects = _effects(fit, factor, table.names[place])
        fixed += effects[table.own[:, place]]
    stage_at = factors.OWN.index(factors.STAGE)
    names = coming_names()
    coming = {factor: _effects(fit, factor, names[factor]) for factor in names}
    pairs = [f"{stage}/{ahead}" for stage in table.names[stage_at] for ahead in names[factors.AHEAD]]
    by_stage = _effects(fit, factors.STAGE_AHEAD, pairs).reshape(-1, len(factors.AHEAD_MONTHS), 3)
    wins, losses = np.zeros((len(table), HORIZON)), np.zeros((len(table), HORIZON))
    for step in range(HORIZON):
        ahead = np.full(len(table), step + 1)
        levels = coming_levels(ahead, ahead - 1 + month, table.due)
        scores = fixed + sum(coming[factor][levels[factor]] for factor in names)
        scores += by_stage[table.own[:, stage_at], levels[factors.AHEAD]]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        wins[:, step], losses[:, step] = chances[:, WON], chances[:, LOST]
    return _ahead(wins, losses, month, left_of_month(day))


def _ahead(wins: Floats, losses: Floats, month: int, left: float) -> Outlook:
    if left < 1 and len(wins):
        ends = wins[:, 0] + losses[:, 0]
        part = (1 - (1 - ends) ** left) / np.maximum(ends, 1e-12)
        wins[:, 0] *= part
        losses[:, 0] *= part
    still = np.cumprod(1 - wins - losses, axis=1)
    before = np.concatenate([np.ones((len(wins), 1)), still[:, :-1]], axis=1)
    won = before * wins
    last = wins[:, -1] / np.maximum(wins[:, -1] + losses[:, -1], 1e-12)
    return Outlook(month, wins, losses, won, won.sum(axis=1) + still[:, -1] * last)


def _effects(fit: Fit, factor: str, names: Sequence[str]) -> Floats:
    """The effects of levels of a factor: (levels × 3), nought for levels that nothing is known of."""
    known, other = fit.levels[factor], fit.levels[factor].get(factors.OTHER)
    nothing = {"effects": [0.0, 0.0, 0.0]}
    return np.array([(known.get(name) or other or nothing)["effects"] for name in names]).reshape(-1, 3)
