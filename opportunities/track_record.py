"""How the forecast did on past months, as its pages tell it: read from the grades that the night kept (BackTest)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.ui import formatting
from opportunities.models import BackTest

METHODS: dict[str, str | Promise] = {
    "learned": gettext_lazy("Learned"),
    "stage": gettext_lazy("By stage"),
    "category": gettext_lazy("By category"),
    "base": gettext_lazy("Base rate"),
}
# Of fewer deals or months the grades are chance; errors that differ by less than this share are the same.
ENOUGH_DEALS, ENOUGH_MONTHS, ENOUGH_SPANS = 100, 6, 20
SAME = 0.01
# The span told is to hold four of five months; within these bounds it does.
NARROWEST, WIDEST = 0.7, 0.9
# The reliability curve is drawn on so many units each way.
SIDE = 200


@dataclass(frozen=True)
class Point:
    """Deals told chances of the same tenth: how many, their mean chance, the share won; and where that is drawn."""

    low: int
    deals: int
    told: float
    won: float

    @property
    def x(self) -> int:
        return round(self.told * SIDE)

    @property
    def y(self) -> int:
        return SIDE - round(self.won * SIDE)

    @property
    def high(self) -> int:
        return self.low + 10


@dataclass(frozen=True)
class Graded:
    """What one method got on all months or on one; None where nothing could be graded."""

    method: str
    deals: int
    brier: float | None
    coverage: float | None
    spans: int
    off: float
    worth: float
    points: list[Point]

    @property
    def name(self) -> str:
        return str(METHODS[self.method])

    @property
    def missed(self) -> float | None:
        """By which share of what was won the months of teams were missed."""
        return self.off / self.worth if self.worth else None

    @property
    def line(self) -> str:
        """The curve, as points of a polyline."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True)
class Month:
    """One past month: how many of the deals open when it began have not ended to this day, and the grades."""

    first: dt.date
    still_open: int
    grades: list[Graded]

    @property
    def title(self) -> str:
        return formatting.month_text(self.first)

    @property
    def deals(self) -> int:
        return self.grades[0].deals


@dataclass(frozen=True)
class TrackRecord:
    """All that the page tells."""

    until: dt.date
    made_at: dt.datetime
    grades: dict[str, Graded]
    months: list[Month]

    @property
    def best(self) -> Graded | None:
        """The method with the smallest error."""
        graded = [grade for grade in self.grades.values() if grade.brier is not None]
        return min(graded, key=lambda grade: grade.brier or 0.0, default=None)

    @property
    def is_short(self) -> bool:
        """Whether there is too little history for the grades to say much."""
        return self.grades["base"].deals < ENOUGH_DEALS or len(self.months) < ENOUGH_MONTHS


def read() -> TrackRecord | None:
    """The last grades that were kept; None as long as there are none. One statement."""
    kept = BackTest.objects.order_by("-until").first()
    if kept is None:
        return None
    months = [
        Month(dt.date.fromisoformat(month["month"]), month["open"], list(_grades(month["grades"]).values()))
        for month in reversed(kept.months)
    ]
    return TrackRecord(kept.until, kept.made_at, _grades(kept.grades), months)


def _grades(kept: Mapping[str, Any]) -> dict[str, Graded]:
    return {method: _grade(method, kept[method]) for method in METHODS}


def _grade(method: str, kept: Mapping[str, Any]) -> Graded:
    points = [
        Point(10 * place, int(deals), told / deals, won / deals)
        for place, (deals, told, won) in enumerate(kept["bins"])
        if deals
    ]
    figures = {name: kept[name] for name in ("deals", "brier", "coverage", "spans", "off", "worth")}
    return Graded(method, **figures, points=points)


# ---- In words ----


def verdict(record: TrackRecord) -> list[str]:
    """What the grades come to, plainly, one sentence each: the most important first."""
    learned, base, stage = (record.grades[method] for method in ("learned", "base", "stage"))
    if learned.brier is None or base.brier is None or stage.brier is None:
        return [_("No deal that was open at the beginning of a past month has ended since: nothing can be graded yet.")]
    told = [_too_short(record)] if record.is_short else []
    told += [_against_base(learned.brier, base.brier), _against_stage(learned.brier, stage.brier)]
    if span := _span(learned):
        told.append(span)
    return told


def _too_short(record: TrackRecord) -> str:
    months = ngettext("%(count)s month", "%(count)s months", len(record.months)) % {"count": len(record.months)}
    return _("There is too little history to tell much: %(deals)s ended deals in %(months)s could be graded.") % {
        "deals": formatting.number(record.grades["base"].deals),
        "months": months,
    }


def _against_base(learned: float, base: float) -> str:
    share = formatting.percent(abs(1 - learned / base)) if base else ""
    if learned > base * (1 + SAME):
        return _(
            "The learned forecast did worse than the plain base rate: its error is larger by %(share)s. "
            "Do not rely on it."
        ) % {"share": share}
    if learned < base * (1 - SAME):
        return _("The learned forecast did better than the plain base rate: its error is smaller by %(share)s.") % {
            "share": share
        }
    return _(
        "The learned forecast did no better than the plain base rate, which gives every deal the same chance: "
        "here the factors of a deal say little of its end."
    )


def _against_stage(learned: float, stage: float) -> str:
    share = formatting.percent(abs(1 - learned / stage)) if stage else ""
    if learned > stage * (1 + SAME):
        return _("The probabilities of the stages did better: the learned error is larger by %(share)s.") % {
            "share": share
        }
    if learned < stage * (1 - SAME):
        return _("Against the probabilities of the stages its error is smaller by %(share)s.") % {"share": share}
    return _("The probabilities of the stages did just as well.")


def _span(learned: Graded) -> str:
    """How often the spans held, and whether they were told right."""
    if learned.coverage is None or not learned.spans:
        return ""
    words = {
        "share": formatting.percent(learned.coverage),
        "count": formatting.number(learned.spans),
    }
    if learned.spans < ENOUGH_SPANS:
        return _("Its spans held in %(share)s of %(count)s team months, too few to judge them by.") % words
    if learned.coverage < NARROWEST:
        return (
            _(
                "Its spans are too narrow: meant to hold in four of five team months, "
                "they held in %(share)s of %(count)s."
            )
            % words
        )
    if learned.coverage > WIDEST:
        return (
            _("Its spans are too wide: meant to hold in four of five team months, they held in %(share)s of %(count)s.")
            % words
        )
    return _("Its spans, meant to hold in four of five team months, held in %(share)s of %(count)s.") % words
