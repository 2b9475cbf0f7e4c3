"""The board: open deals in lanes, by stage or by the month they are expected in.

What a lane comes to is counted over all of its deals that the list's filter lets through; of the cards only the first
are read. One statement each, whatever the number of deals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Case, CharField, Count, DecimalField, ExpressionWrapper, F, Prefetch, Q, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lists.pages import TooSlow, cursor_of, turn_to, within_seconds
from crm.lists.state import ListState
from crm.records.veil import veil
from crm.ui import formatting
from opportunities.models import NEVER, Opportunity, Pipeline, Stage

CARDS = 20
MOST_CARDS = 300
# How long won deals stayed in a stage is known from so many of them on, and worked out from so many of the last.
ENOUGH_WON = 20
MOST_WON = 2000
STAYS_KEPT_SECONDS = 3600
MONTHS_AHEAD = 6
NOTHING = Decimal(0)


@dataclass
class Lane:
    """One column: which deals are in it, what all of them come to, and its first cards.

    `total` and `weighted` are in the company's currency, without the `unrated` deals, whose currency has no rate.
    A card turns amber after `stay` days. `after` is the cursor of the cards that follow those shown.
    """

    key: str
    title: str
    condition: Q
    colour: str = "gray"
    probability: int | None = None
    guidance: str = ""
    stay: float | None = None
    # Deals expected before this month: they are late, and none is moved here.
    is_past: bool = False
    count: int = 0
    total: Decimal = NOTHING
    weighted: Decimal = NOTHING
    unrated: int = 0
    # Its total in per cent of the largest one.
    share: int = 0
    cards: list[Any] = field(default_factory=list)
    after: str = ""

    @property
    def left(self) -> int:
        """How many cards are not shown."""
        return max(0, self.count - len(self.cards))


@dataclass
class Board:
    """All lanes of a pipeline in one of two arrangements: `column` orders the cards of each, "position" or a day."""

    pipeline: Pipeline
    stages: list[Stage]
    lanes: list[Lane]
    column: str
    # A board on show whose version is no longer `version()` is out of date.
    version: str = ""

    @property
    def by_month(self) -> bool:
        return self.column != "position"

    @property
    def targets(self) -> list[Lane]:
        """The lanes that cards can be moved to."""
        return [lane for lane in self.lanes if not lane.is_past]

    @property
    def ends(self) -> list[Stage]:
        """The stages of won and lost deals."""
        return [stage for stage in self.stages if stage.status != Stage.Status.OPEN]

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)

    @property
    def total(self) -> Decimal:
        return sum((lane.total for lane in self.lanes), NOTHING)

    @property
    def weighted(self) -> Decimal:
        return sum((lane.weighted for lane in self.lanes), NOTHING)

    @property
    def unrated(self) -> int:
        return sum(lane.unrated for lane in self.lanes)

    def lane(self, key: str) -> Lane | None:
        return next((lane for lane in self.lanes if lane.key == key), None)


# Of the last hundred versions, because one with a lower number can become visible after one with a higher.
_VERSION = """(
    SELECT coalesce(md5(string_agg(pgh_id::text, ' ')), '') FROM (
        SELECT pgh_id FROM opportunities_opportunityversion ORDER BY pgh_id DESC LIMIT 100
    ) AS last
)"""


def version() -> str:
    """A text that is another one after any change of a deal, whoever's, and on another day."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_VERSION}")
        (text,) = cursor.fetchone()
    return _of_today(text)


def _of_today(version: str) -> str:
    return f"{version}-{timezone.localdate():%j}"


def read_pipelines() -> tuple[dict[Pipeline, list[Stage]], str]:
    """The pipelines in use with their stages, in order, and the version of what is read after this. One statement."""
    stages = Stage.objects.filter(pipeline__is_active=True).select_related("pipeline")
    stages = stages.annotate(version=RawSQL(_VERSION, [], output_field=CharField()))  # noqa: S611 - no parameters
    found: dict[Pipeline, list[Stage]] = {}
    version = ""
    for stage in stages.order_by("pipeline__position", "pipeline_id", "position", "pk"):
        found.setdefault(stage.pipeline, []).append(stage)
        version = stage.version
    return found, _of_today(version)


def by_stage(pipeline: Pipeline, stages: list[Stage], language: str) -> Board:
    """A lane for each open stage."""
    stays = usual_stays(pipeline, stages)
    lanes = [
        Lane(
            str(stage.pk),
            str(stage),
            Q(stage_id=stage.pk),
            colour=stage.colour,
            probability=stage.probability,
            guidance=stage.guidance_fr if language == "fr" else stage.guidance_en,
            stay=stays.get(stage.pk, stage.expected_days),
        )
        for stage in stages
        if stage.status == Stage.Status.OPEN
    ]
    return Board(pipeline, stages, lanes, "position")


def by_month(pipeline: Pipeline, stages: list[Stage]) -> Board:
    """A lane for what is late, this month and those that follow, what comes later, and what has no day."""
    here = Q(stage_id__in=[stage.pk for stage in stages if stage.status == Stage.Status.OPEN])
    first = timezone.localdate().replace(day=1)
    months = [month_after(first, n) for n in range(MONTHS_AHEAD)]
    end = month_after(first, MONTHS_AHEAD)
    lanes = [
        Lane("late", _("Late"), here & Q(sort_expected__lt=first), colour="rose", is_past=True),
        *(
            Lane(
                f"{month:%Y-%m}",
                formatting.month_text(month),
                here & Q(sort_expected__gte=month, sort_expected__lt=month_after(month, 1)),
                colour="blue",
            )
            for month in months
        ),
        Lane("later", _("Later"), here & Q(sort_expected__gte=end, sort_expected__lt=NEVER), colour="teal"),
        Lane("none", _("No date"), here & Q(sort_expected=NEVER)),
    ]
    return Board(pipeline, stages, lanes, "sort_expected")


def month_after(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months after the one of a day."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def read_totals(board: Board, rows: Any) -> None:
    """Count and sum every lane over the rows that the filter lets through. One statement."""
    value = ExpressionWrapper(F("base_amount") * F("odds"), output_field=DecimalField())
    has_no_rate = Q(amount__isnull=False, base_amount__isnull=True)
    sums = (
        rows.filter(reduce(or_, (lane.condition for lane in board.lanes)))
        .with_odds()
        .order_by()
        .annotate(lane=_lane_of(board))
        .values("lane")
        .annotate(
            number=Count("pk"),
            total=Sum("base_amount"),
            hundredfold=Sum(value),
            unrated=Count("pk", filter=has_no_rate),
        )
    )
    for row in sums:
        if lane := board.lane(row["lane"]):
            lane.count, lane.unrated = row["number"], row["unrated"]
            lane.total, lane.weighted = row["total"] or NOTHING, (row["hundredfold"] or NOTHING) / 100
    highest = max(lane.total for lane in board.lanes)
    for lane in board.lanes:
        lane.share = round(lane.total / highest * 100) if highest else 0


def _lane_of(board: Board) -> Any:
    cases = [When(lane.condition, then=Value(lane.key)) for lane in board.lanes]
    return Case(*cases, default=Value(""), output_field=CharField())


def read_cards(board: Board, state: ListState, rows: Any, shown: Mapping[str, int]) -> None:
    """The first cards of every lane, `shown` of them where that is named. One statement, and one for their tags."""
    sizes = {lane.key: min(max(shown.get(lane.key, CARDS), CARDS), MOST_CARDS) for lane in board.lanes}
    first, *others = (
        each.filter(lane.condition).order_by(board.column, "pk").values("pk")[: sizes[lane.key]]
        for lane in board.lanes
        for each in state.streams() or [rows]
    )
    drawn = _drawn(state).filter(pk__in=first.union(*others, all=True) if others else first)
    for deal in veil(drawn.annotate(lane=_lane_of(board)).order_by(board.column, "pk"), state.user):
        found = board.lane(deal.lane)
        if found and len(found.cards) < sizes[found.key]:
            found.cards.append(deal)
    _note_what_follows(board)


def _drawn(state: ListState) -> Any:
    """Deals that the user may see, with what their cards show."""
    rows: Any = state.type.rows().visible_to(state.user).with_acts(state.user).select_related("owner")
    return rows.annotate(company_name=F("company__name")).prefetch_related(Prefetch("tags", to_attr="listed_tags"))


def _note_what_follows(board: Board) -> None:
    kind = Opportunity._meta.get_field(board.column)
    for lane in board.lanes:
        if lane.cards and lane.left:
            lane.after = cursor_of(lane.cards[-1], board.column, kind)


def read_more(board: Board, lane: Lane, state: ListState, after: str) -> None:
    """The cards of one lane that follow a cursor."""
    rows = _drawn(state).filter(pk__in=state.rows().filter(lane.condition).values("pk"))
    page = turn_to(rows, board.column, descending=False, size=CARDS, after=after)
    lane.cards, lane.after = veil(page.rows, state.user), page.after


def read_card(board: Board, state: ListState, pk: int) -> Any:
    """One card, wherever it is now; None where the user may not see it (any more)."""
    found = veil(_drawn(state).filter(pk=pk).annotate(lane=_lane_of(board)), state.user)
    return found[0] if found else None


@contextmanager
def in_time(state: ListState) -> Iterator[None]:
    """Read what a filter asks for within two seconds; what took longer is named."""
    try:
        with within_seconds() if state.is_narrowed else nullcontext():
            yield
    except TooSlow:
        state.problems.append(_("This took too long to find. Narrow the filter, or take a part of it off."))


# ---- How long deals usually stay ----

# Of the last deals won (they lie on top of their column): the days between entering a stage and leaving it, of which
# three in four were fewer.
_STAYS = """
    WITH won AS (
        SELECT id FROM opportunities_opportunity WHERE stage_id = ANY(%(won)s) ORDER BY position, id LIMIT %(most)s
    ), stays AS (
        SELECT stage_id, lead(effective_at) OVER (PARTITION BY opportunity_id ORDER BY effective_at, id) - effective_at
            AS stay
        FROM opportunities_stagechange WHERE opportunity_id IN (SELECT id FROM won)
    )
    SELECT stage_id, percentile_cont(0.75) WITHIN GROUP (ORDER BY extract(epoch FROM stay) / 86400)
    FROM stays WHERE stay IS NOT NULL GROUP BY stage_id HAVING count(*) >= %(enough)s
"""


def usual_stays(pipeline: Pipeline, stages: Iterable[Stage]) -> dict[int, float]:
    """By stage, the days after which three in four of the deals won had left it; only where enough were won.

    Worked out once an hour.
    """
    won = [stage.pk for stage in stages if stage.status == Stage.Status.WON]

    def work_out() -> dict[int, float]:
        with connection.cursor() as cursor:
            cursor.execute(_STAYS, {"won": won, "most": MOST_WON, "enough": ENOUGH_WON})
            return {stage: float(days) for stage, days in cursor.fetchall()}

    found: dict[int, float] = cache.get_or_set(f"usual-stays:{pipeline.pk}", work_out, STAYS_KEPT_SECONDS)  # type: ignore[assignment]
    return found
