"""What the forecast looks at, in words: factors and their levels."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm.ui import formatting
from opportunities.forecast import factors

FACTORS: dict[str, str | Promise] = {
    factors.STAGE: gettext_lazy("Stage"),
    factors.STAGE_AGE: gettext_lazy("Time in the stage"),
    factors.DEAL_AGE: pgettext_lazy("of a deal", "Age"),
    factors.SLIPS: gettext_lazy("Expected close"),
    factors.SIZE: gettext_lazy("Amount"),
    factors.SOURCE: gettext_lazy("Source"),
}


def level_words(factor: str, level: str, stages: Mapping[str, str], currency: str) -> str:
    """A level in words; `stages` are the names of stages by key as text."""
    if factor == factors.STAGE:
        return stages.get(level, _("A former stage"))
    if factor == factors.STAGE_AGE:
        return _days(int(level), factors.STAGE_DAYS)
    if factor == factors.DEAL_AGE:
        return _days(int(level), factors.DEAL_DAYS)
    if factor == factors.SLIPS:
        return _slips(int(level))
    if factor == factors.SIZE:
        return _amount(level, currency)
    return {factors.UNKNOWN: _("Not stated"), factors.OTHER: _("A rare one")}.get(level, level[:1].upper() + level[1:])


def _days(begin: int, begins: tuple[int, ...]) -> str:
    following = next((day for day in begins if day > begin), None)
    if following is None:
        return _("%(first)s days or more") % {"first": formatting.number(begin)}
    return _("%(first)s to %(last)s days") % {"first": begin, "last": following - 1}


def _slips(slips: int) -> str:
    if slips == 0:
        return _("Never put off")
    if slips == factors.MOST_SLIPS:
        return _("Put off %(count)s times or more") % {"count": slips}
    return ngettext("Put off once", "Put off %(count)s times", slips) % {"count": slips}


def _amount(level: str, currency: str) -> str:
    if level == factors.UNKNOWN:
        return _("No amount")
    begin = int(level)
    step = {"1": 2, "2": 2.5, "5": 2}.get(level[0], 0)
    end = int(begin * step) or 100
    words = {"first": formatting.money(begin, currency), "last": formatting.money(end, currency)}
    return _("%(first)s to %(last)s") % words
