"""Why a deal has the odds it has: what each of its factors does to them, and how many deals are behind that.

Reads what was stored; web workers may import it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from opportunities.forecast import factors

# Effects below that, on the logarithm of the odds, say nothing.
SLIGHT = 0.05


@dataclass(frozen=True)
class Reason:
    """What the level of a factor does to the chance that a deal, once it ends, is won: `effect` is on the logarithm of
    the odds (won to lost), against the average of all deals. `deals` were seen at this level, `won` and `lost` how
    they ended.
    """

    factor: str
    level: str
    effect: float
    deals: int
    won: int
    lost: int

    @property
    def times(self) -> float:
        """By how much the odds are multiplied, to one decimal; two where that would say nothing."""
        times = math.exp(self.effect)
        return round(times, 1 if times >= 2 else 2)

    @property
    def is_slight(self) -> bool:
        return abs(self.effect) < SLIGHT


def reasons(learned: dict[str, Any], levels: dict[str, str]) -> list[Reason]:
    """The reasons for the odds of a deal with these levels, strongest first, from a stored fit."""
    told = []
    for factor in factors.OWN:
        known: dict[str, dict[str, Any]] = learned["levels"][factor]
        level = levels.get(factor, factors.UNKNOWN)
        row = known.get(level) or known.get(factors.OTHER)
        if row is None:
            told.append(Reason(factor, level, 0.0, 0, 0, 0))
            continue
        deals = sum(each["deals"] for each in known.values())
        average = sum(_effect(each) * each["deals"] for each in known.values()) / deals
        told.append(Reason(factor, level, _effect(row) - average, row["deals"], row["won"], row["lost"]))
    return sorted(told, key=lambda reason: -abs(reason.effect))


def _effect(row: dict[str, Any]) -> float:
    _still_open, won, lost = row["effects"]
    return float(won - lost)
