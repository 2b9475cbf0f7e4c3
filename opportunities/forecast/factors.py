"""What the forecast looks at: the factors of a deal as they were known at the beginning of a month, and their levels.

Every factor falls into a few named levels; a figure that is not known is a level of its own.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

# Of the deal on the day itself.
STAGE, STAGE_AGE, DEAL_AGE, SLIPS, SIZE, SOURCE = "stage", "stage_age", "deal_age", "slips", "size", "source"
OWN = (STAGE, STAGE_AGE, DEAL_AGE, SLIPS, SIZE, SOURCE)
# Of a month to come: how far off it is (also by stage), its place in the quarter, and where it stands to the expected
# close.
AHEAD, STAGE_AHEAD, QUARTER, DUE = "ahead", "stage_ahead", "quarter", "due"
COMING = (AHEAD, STAGE_AHEAD, QUARTER, DUE)

# Fewer closed deals than that, or of either end, teach nothing that the average does not say.
FEWEST_CLOSED, FEWEST_EACH = 60, 10

# Days at which a new level begins; a level is named by its first day.
STAGE_DAYS = (0, 8, 15, 31, 61, 91, 181)
DEAL_DAYS = (0, 15, 31, 61, 91, 181, 366)
# Months ahead at which a new level begins: 1 is the month that begins.
AHEAD_MONTHS = (1, 2, 3, 4, 6, 9, 13)
# How many months, with the present one, pages tell of.
MONTHS = 6
MOST_SLIPS = 3
UNKNOWN = "none"
# Sources are typed by hand: the rarest of more than so many are one level.
MOST_SOURCES, OTHER = 30, "other"
DUE_LEVELS = (UNKNOWN, "past", "this", "next", "later")


def month_of(day: dt.date) -> int:
    """A month as a number, one more than that of the month before."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> dt.date:
    """The first day of a month that `month_of` numbered."""
    return dt.date(month // 12, month % 12 + 1, 1)


def level_of_days(days: int, begins: tuple[int, ...]) -> str:
    """The level that a number of days falls into."""
    return str(begins[bisect_right(begins, max(days, 0)) - 1])


def level_of_slips(slips: int) -> str:
    """How often the expected close was put off; the last level is that often or more."""
    return str(min(slips, MOST_SLIPS))


def level_of_amount(amount: float | None) -> str:
    """The class of an amount in the company's currency, by 1, 2, 5, 10, 20, 50 …; named by what it begins with."""
    if amount is None:
        return UNKNOWN
    begins, power = 0, 100
    while power <= amount and power < 10**12:
        begins = next(power * step for step in (5, 2, 1) if power * step <= amount)
        power *= 10
    return str(begins)


def level_of_source(source: str) -> str:
    """A source as typed, whatever its case and the spaces about it."""
    return source.strip().casefold() or UNKNOWN
