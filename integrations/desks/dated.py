"""The dated rows of imported deals: the stages they went through, on the days that the file tells."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.records.models import Event
from opportunities.changes import note_changes, taking_effect
from opportunities.models import Opportunity, Stage, StageChange
from opportunities.services import moment_of

if TYPE_CHECKING:
    from decimal import Decimal

    from crm.access.models import User


@dataclass(frozen=True)
class Entry:
    """A deal enters a stage at a moment of business time, worth so much."""

    stage: Stage
    before: Stage | None
    at: dt.datetime
    amount: Decimal | None

    def row(self, deal: Opportunity, by: User) -> StageChange:
        return StageChange(
            opportunity=deal,
            effective_at=self.at,
            by=by,
            from_stage=self.before,
            stage=self.stage,
            owner=deal.owner,
            team_id=deal.team_id,
            amount=self.amount,
            currency=deal.currency,
            expected_on=deal.expected_on,
            category=deal.category,
            probability=deal.probability,
        )


def entries(deal: Opportunity, stage: Stage, engaged: str) -> list[Entry]:
    """The stages that a new deal, now in `stage`, went through, as far as its days tell.

    On the day it was opened it entered the first stage (on the day it was engaged, "" for none, the second one), on
    the day it was closed the stage of its end. Of an open deal nothing tells when it moved: it is in its stage since.
    """
    still_open = [each for each in stage.pipeline.stages.all() if each.status == Stage.Status.OPEN]
    begun, past = deal.opened_on, dt.date.fromisoformat(engaged) if engaged else None
    path: list[tuple[Stage, dt.date | None]] = []
    if begun and (past is None or begun < past) and still_open:
        path.append((still_open[0], begun))
    if past and still_open:
        path.append((still_open[min(1, len(still_open) - 1)], past))
    if deal.is_open:
        since = path[-1][1] if path else begun
        path = [step for step in path[:-1] if step[0] != stage] + [(stage, since)]
    else:
        path.append((stage, deal.closed_on))
    worth = deal.amount if deal.won_amount is None else deal.won_amount
    found: list[Entry] = []
    for place, (each, day) in enumerate(path):
        ends = place == len(path) - 1
        found.append(Entry(each, found[-1].stage if found else None, moment_of(day), worth if ends else deal.amount))
    return found


def note_moves(event: Event, ended: set[int], keys: list[int]) -> None:
    """Date what an import changed in deals: the end of those that it `ended` on its day, everything else now."""
    by_moment: dict[dt.datetime, list[int]] = defaultdict(list)
    for key, closed_on in Opportunity._base_manager.filter(pk__in=keys).order_by("pk").values_list("pk", "closed_on"):
        by_moment[moment_of(closed_on if key in ended else None)].append(key)
    for moment, some in by_moment.items():
        with taking_effect(moment):
            note_changes(event, some)
