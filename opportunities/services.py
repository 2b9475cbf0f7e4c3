"""The verbs of opportunities beyond plain edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.records import services
from crm.records.changes import changes, record_event
from crm.records.custom import CustomField, is_custom
from crm.records.models import Changeset, Organisation
from crm.records.services import Refused
from opportunities.changes import taking_effect
from opportunities.models import CoOwner, LostReason, Opportunity, Pipeline, Stage

# What a stage may require that is not a field of the deal itself: rows that belong to it.
ROWS = {"contact": "parts", "line": "lines"}


# The columns that a move writes.
MOVED = (
    *("stage", "status", "pipeline", "stage_since", "position"),
    *("won_amount", "closed_on", "lost_reason", "lost_text", "updated_at"),
)


@dataclass
class Missing(Exception):
    """The deal lacks what the stage requires: names of fields, "contact", "line", "lost_reason"."""

    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Closing:
    """How a deal ended: the day, what was signed, or why it was lost."""

    on: dt.date | None = None
    amount: Decimal | None = None
    reason: LostReason | None = None
    text: str = ""


def default_pipeline() -> Pipeline:
    """The pipeline that new deals begin in."""
    return Pipeline.objects.filter(is_active=True).order_by("-is_default", "position", "pk")[0]


def first_stage(pipeline: Pipeline) -> Stage:
    """The open stage that deals of a pipeline begin in."""
    return pipeline.stages.filter(status=Stage.Status.OPEN)[0]


def open_deal(deal: Opportunity, *, by: User, children: Iterable[models.Model] = ()) -> Opportunity:
    """Insert a deal on top of its column, dated from the day it was opened."""
    if deal.stage_id is None:
        deal.stage = first_stage(deal.pipeline if deal.pipeline_id else default_pipeline())
    deal.pipeline_id, deal.status = deal.stage.pipeline_id, deal.stage.status
    deal.currency = deal.currency or Organisation.current().currency
    deal.stage_since = moment_of(deal.opened_on)
    deal.position = top_of(deal.stage)
    with changes(by, Changeset.Source.CREATE), taking_effect(deal.stage_since), into_a_live_stage():
        return services.create(deal, by=by, children=children)


@contextmanager
def into_a_live_stage() -> Iterator[None]:
    """Refuse in words what the database does: a stage that was removed in the meantime (sql/deals.sql)."""
    try:
        yield
    except IntegrityError as error:
        if "was removed" not in str(error):
            raise
        raise Refused(_("This stage was removed in the meantime: choose another one.")) from error


def moment_of(day: dt.date | None) -> dt.datetime:
    """The moment that stands for a day in business time: its noon where it is past, else now."""
    now = timezone.now()
    if day is None or day >= timezone.localdate():
        return now
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def top_of(stage: Stage) -> float:
    """A place above all cards of a column."""
    first = (
        Opportunity._base_manager.filter(stage=stage).order_by("position").values_list("position", flat=True).first()
    )
    return (first or 0.0) - 1.0


def missing_for(deal: Opportunity, stage: Stage) -> list[str]:
    """What the stage requires and the deal lacks, in the stage's order. A field in the trash is required no longer."""
    added = [name for name in stage.required if is_custom(name)]
    live = CustomField.objects.filter(type="opportunity", slug__in=added, trashed_at__isnull=True)
    gone = set(added).difference(live.values_list("slug", flat=True)) if added else set()
    return [name for name in stage.required if name not in gone and not _has(deal, name)]


def _has(deal: Opportunity, name: str) -> bool:
    if name in ROWS:
        return bool(getattr(deal, ROWS[name]).exists())
    value = deal.custom.get(name) if is_custom(name) else getattr(deal, name)
    return value not in (None, "", [])


def move_to_stage(
    deal: Opportunity,
    stage: Stage,
    *,
    by: User,
    closing: Closing | None = None,
    position: float | None = None,
    at: dt.datetime | None = None,
) -> Changeset | None:
    """Move a deal, which came through `editable_by`, to a stage; None where it is there already.

    Into a stage of the end, `closing` says how it ended; out of one, the deal is open again and its past stays told by
    its dated rows. Raises Missing where the stage requires more, Refused for a day before the deal was opened.
    """
    closing = closing or Closing()
    with transaction.atomic():
        deal = Opportunity._base_manager.select_for_update(no_key=True).select_related("stage").get(pk=deal.pk)
        if deal.stage_id == stage.pk:
            if position is not None:  # A place in the column is no fact of the deal: nothing to tell or to undo.
                Opportunity._base_manager.filter(pk=deal.pk).update(position=position)
            return None
        if lacking := _lacking(deal, stage, closing):
            raise Missing(lacking)
        verb = _verb(deal.stage, stage)
        _end(deal, stage, closing)
        moment = max(at or moment_of(deal.closed_on), deal.stage_since)
        deal.stage, deal.status, deal.pipeline_id = stage, stage.status, stage.pipeline_id
        deal.stage_since = moment
        deal.position = top_of(stage) if position is None else position
        with changes(by, Changeset.Source.EDIT) as changeset, taking_effect(moment), into_a_live_stage():
            deal.save(update_fields=MOVED)
            record_event(f"opportunity.{verb}", by=by, about=[deal], changeset=changeset, fields=["stage"])
    return changeset


def _lacking(deal: Opportunity, stage: Stage, closing: Closing) -> list[str]:
    """What keeps the deal from the stage; every loss has its reason, whether the stage says so or not.

    Nothing is asked of a deal that goes back.
    """
    goes_back = stage.pipeline_id == deal.stage.pipeline_id and stage.position < deal.stage.position
    names = [] if goes_back else [name for name in missing_for(deal, stage) if name != "lost_reason"]
    return [*names, "lost_reason"] if stage.status == Stage.Status.LOST and closing.reason is None else names


def _verb(old: Stage, new: Stage) -> str:
    if new.status == Stage.Status.OPEN:
        return "moved" if old.status == Stage.Status.OPEN else "reopened"
    return "won" if new.status == Stage.Status.WON else "lost"


def _end(deal: Opportunity, stage: Stage, closing: Closing) -> None:
    """Set what tells how a deal ended, or that it is open."""
    deal.lost_reason, deal.lost_text, deal.won_amount, deal.closed_on = None, "", None, None
    if stage.status == Stage.Status.OPEN:
        return
    deal.closed_on = closing.on or timezone.localdate()
    if deal.opened_on and deal.closed_on < deal.opened_on:
        raise Refused(_("The day it was closed lies before the day it was opened."))
    if stage.status == Stage.Status.WON:
        deal.won_amount = deal.amount if closing.amount is None else closing.amount
    else:
        deal.lost_reason, deal.lost_text = closing.reason, closing.text


# What a copy of a deal takes over; the rest is its own past.
COPIED = (
    *("name", "company", "owner", "team", "pipeline", "amount", "amount_source", "currency", "category"),
    *("source", "campaign", "competitors", "notes", "custom"),
)
COPIED_ROWS = ("parts", "tag_links", "lines")


def clone(deal: Opportunity, *, by: User) -> Opportunity:
    """Make an open copy of a deal at the beginning of its pipeline, with its contacts, co-owners, tags and lines."""
    copy = Opportunity(**{name: getattr(deal, name) for name in COPIED}, opened_on=timezone.localdate())
    copy.name = _("%(name)s (copy)") % {"name": deal.name[:190]}
    if not services.may_assign(by, Opportunity):
        copy.owner, copy.team = by, by.team
    children = []
    for name in COPIED_ROWS:
        for row in getattr(deal, name).all():
            row.pk, row._state.adding, row.opportunity = None, True, copy
            children.append(row)
    for row in CoOwner.objects.filter(content_object=deal).exclude(user=copy.owner_id):
        row.pk, row._state.adding, row.content_object = None, True, copy
        children.append(row)
    return open_deal(copy, by=by, children=children)
