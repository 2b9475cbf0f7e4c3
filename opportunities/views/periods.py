"""Months, quarters and years of the company: in addresses, `?period=quarter&from=2026-01`, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from babel.dates import format_date
from django.utils import timezone
from django.utils.text import capfirst

from crm.ui import formatting
from crm.ui.http import Request
from opportunities.models import Target
from opportunities.models.targets import MONTHS, months_later
from opportunities.targets import period_of

Period = Target.Period


def read_period(request: Request, otherwise: Callable[[str], dt.date]) -> tuple[str, dt.date]:
    """The kind of period asked for, quarters by default, and the first day of the one meant.

    Where the address names none, the one that the day lies in which `otherwise` gives for the kind of period.
    """
    period = request.GET.get("period", "")
    period = period if period in Period.values else Period.QUARTER.value
    try:
        day = dt.date.fromisoformat(f"{request.GET.get('from', '')}-01")
    except ValueError:
        day = otherwise(period)
    return period, period_of(day if 2000 <= day.year <= 2090 else timezone.localdate(), period)


def period_label(day: dt.date, period: str) -> str:
    """A period in words: “January 2026”, “Jan. – Mar. 2026”, “2026”."""
    locale = formatting.locale()
    if period == Period.MONTH:
        return capfirst(format_date(day, "LLLL y", locale=locale))
    last = months_later(day, MONTHS[period] - 1)
    if period == Period.YEAR and day.month == 1:
        return str(day.year)
    pattern = "LLL" if day.year == last.year else "LLL y"
    return f"{format_date(day, pattern, locale=locale)} – {format_date(last, 'LLL y', locale=locale)}"
