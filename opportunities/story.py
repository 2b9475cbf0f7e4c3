"""What became of a deal, told from its dated rows: time spent in each stage, slips of the expected close, reopenings.

All days are of business time (`effective_at`), in the viewer's time zone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils import timezone

from opportunities.models import DatedChange, DealChange, Opportunity, Stage, StageChange

# Dated rows that a page reads of one deal.
MOST_ROWS = 1000


@dataclass(frozen=True)
class Step:
    """A stage on the bar: "done", "skipped", "now", "ahead", or how it ended: "won", "lost".

    `days` were spent there, over all visits; None where the deal never was.
    """

    stage: Stage
    state: str
    days: int | None = None


@dataclass(frozen=True)
class Slip:
    """The expected close moved from one day to another, later or earlier."""

    at: dt.datetime
    old: dt.date
    new: dt.date

    @property
    def days(self) -> int:
        """Later by so many days; less than 0 where it came nearer."""
        return (self.new - self.old).days


@dataclass(frozen=True)
class Reopening:
    """A deal that had ended was open again: when, and as what it had ended ("won" or "lost") in which stage."""

    at: dt.datetime
    ended: Stage
    ended_at: dt.datetime


@dataclass
class Story:
    """A deal's past, and the stages of its pipeline that it can go to."""

    steps: list[Step]
    slips: list[Slip] = field(default_factory=list)
    reopenings: list[Reopening] = field(default_factory=list)
    following: Stage | None = None  # The next open stage, after the last one the won stage; None once it has ended.
    won: Stage | None = None
    lost: Stage | None = None
    left: Stage | None = None  # The open stage it was in last: where it is reopened.

    @property
    def slipped(self) -> int:
        """By how many days the expected close lies after the first one expected."""
        return sum(slip.days for slip in self.slips)


def story_of(deal: Opportunity) -> Story:
    """The story of one deal. Three statements."""
    stages = list(Stage.objects.filter(pipeline=deal.pipeline_id))
    changes = list(StageChange.objects.filter(opportunity=deal).select_related("stage")[:MOST_ROWS])
    others = DealChange.objects.filter(opportunity=deal, fields__contains=["expected_on"])
    dated: list[DatedChange] = [*changes, *others[:MOST_ROWS]]
    dated.sort(key=lambda row: row.effective_at)
    open_stages = [stage for stage in stages if stage.status == Stage.Status.OPEN]
    visited = [row.stage for row in changes if row.stage.status == Stage.Status.OPEN]
    story = Story(_steps(deal, open_stages, changes), _slips(dated), _reopenings(changes))
    story.won = next((stage for stage in stages if stage.status == Stage.Status.WON), None)
    story.lost = next((stage for stage in stages if stage.status == Stage.Status.LOST), None)
    story.left = visited[-1] if visited else (open_stages[0] if open_stages else None)
    if deal.is_open:
        behind = _place(open_stages, deal.stage_id)
        ahead = open_stages[behind + 1 :] if behind is not None else open_stages
        story.following = ahead[0] if ahead else story.won
    return story


def _place(stages: list[Stage], key: int | None) -> int | None:
    return next((place for place, stage in enumerate(stages) if stage.pk == key), None)


def _steps(deal: Opportunity, stages: list[Stage], changes: list[StageChange]) -> list[Step]:
    """The open stages in order, as far as the deal got, and how it ended if it did."""
    spent = _days_spent(deal, changes)
    places = [_place(stages, deal.stage_id)]
    if not deal.is_open:
        places = [_place(stages, row.stage_id) for row in changes]
    reached = max((place for place in places if place is not None), default=-1)
    if deal.status == Stage.Status.WON:
        reached = len(stages)
    steps = []
    for place, stage in enumerate(stages):
        days = spent.get(stage.pk)
        if stage.pk == deal.stage_id:
            steps.append(Step(stage, "now", days))
        elif place <= reached:
            steps.append(Step(stage, "done" if days is not None else "skipped", days))
        else:
            steps.append(Step(stage, "ahead", days))
    if not deal.is_open:
        steps.append(Step(deal.stage, deal.status))
    return steps


def _days_spent(deal: Opportunity, changes: list[StageChange]) -> dict[int, int]:
    """Whole days in each open stage, by its key; the present one up to now."""
    spent: dict[int, dt.timedelta] = defaultdict(dt.timedelta)
    for row, then in pairwise(changes):
        if row.stage.status == Stage.Status.OPEN:
            spent[row.stage_id] += then.effective_at - row.effective_at
    if changes and deal.is_open and changes[-1].stage_id == deal.stage_id:
        spent[deal.stage_id] += max(dt.timedelta(), timezone.now() - changes[-1].effective_at)
    return {key: time.days for key, time in spent.items()}


def _slips(dated: list[DatedChange]) -> list[Slip]:
    slips: list[Slip] = []
    last: dt.date | None = None
    for row in dated:
        if last is not None and row.expected_on is not None and row.expected_on != last:
            slips.append(Slip(row.effective_at, last, row.expected_on))
        last = row.expected_on or last
    return slips


def _reopenings(changes: list[StageChange]) -> list[Reopening]:
    return [
        Reopening(then.effective_at, row.stage, row.effective_at)
        for row, then in pairwise(changes)
        if row.stage.status != Stage.Status.OPEN and then.stage.status == Stage.Status.OPEN
    ]
