"""How sales are set up: the verbs of pipelines, their stages and the reasons of losses. Administrators use them."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import Refused
from opportunities.changes import taking_effect
from opportunities.models import LostReason, Opportunity, Pipeline, Stage
from opportunities.services import into_a_live_stage

MOST_STAGES = 30
SETTINGS = Changeset.Source.SETTINGS
# What a stage hands on to its copy in another pipeline.
COPIED = (
    *("position", "name_fr", "name_en", "status", "probability", "colour", "required"),
    *("guidance_fr", "guidance_en", "expected_days"),
)


# ---- Pipelines and reasons: made, put in order, offered or not ----


def create_pipeline(pipeline: Pipeline, *, by: User, like: Pipeline) -> Changeset:
    """Add a pipeline behind the others, with stages as another one has them."""
    with changes(by, SETTINGS) as changeset:
        _add(pipeline, by, changeset)
        values = ({name: getattr(each, name) for name in COPIED} for each in stages_of(like))
        made = Stage.every.bulk_create([Stage(pipeline=pipeline, **each) for each in values])
        if like.accepted_stage is not None:
            at = like.accepted_stage.position
            pipeline.accepted_stage = next((stage for stage in made if stage.position == at), None)
            pipeline.save(update_fields=["accepted_stage"])
    return changeset


def create_reason(reason: LostReason, *, by: User) -> Changeset:
    """Add a reason behind the others."""
    with changes(by, SETTINGS) as changeset:
        _add(reason, by, changeset)
    return changeset


def _add(row: Any, by: User, changeset: Changeset) -> None:
    last = type(row).objects.aggregate(last=Max("position"))["last"]
    row.position = 0 if last is None else last + 1
    row.save(force_insert=True)
    record_event(f"{row._meta.model_name}.created", by=by, about=[row], changeset=changeset)


def put_at(row: Pipeline | LostReason, place: int, *, by: User) -> Changeset | None:
    """Put a pipeline or a reason at a place among the others, the first being 0; None where it is there already."""
    model: Any = type(row)
    with transaction.atomic():
        rows = list(model.objects.select_for_update(no_key=True))
        if not (changed := _put(rows, row, place)):
            return None
        with changes(by, SETTINGS) as changeset:
            model.objects.bulk_update(changed, ["position"])
            record_event(f"{model._meta.model_name}.ordered", by=by, about=[row], changeset=changeset)
    return changeset


def _put(rows: list[Any], row: Any, place: int) -> list[Any]:
    """Number rows anew with one of them at another place; those whose number changed."""
    others = [each for each in rows if each.pk != row.pk]
    if len(others) == len(rows):  # Removed in the meantime.
        return []
    moved = next(each for each in rows if each.pk == row.pk)
    others.insert(max(0, min(place, len(others))), moved)
    return _numbered(others)


def _numbered(rows: list[Any]) -> list[Any]:
    """Give rows their place as position; those that had another one. Stages of the end stand behind the open ones."""
    rows = sorted(rows, key=lambda each: getattr(each, "status", Stage.Status.OPEN) != Stage.Status.OPEN)
    changed = [row for position, row in enumerate(rows) if row.position != position]
    for position, row in enumerate(rows):
        row.position = position
    return changed


def set_active(reason: LostReason, is_active: bool, *, by: User) -> Changeset:
    """Offer a reason for losses, or no longer; deals that have it keep it."""
    if not is_active and not LostReason.objects.filter(is_active=True).exclude(pk=reason.pk).exists():
        raise Refused(_("This is the last reason that is offered: a loss needs one."))
    return _set_active(reason, is_active, by)


def _set_active(row: Pipeline | LostReason, is_active: bool, by: User) -> Changeset:
    with changes(by, SETTINGS) as changeset:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        verb = "activated" if is_active else "deactivated"
        record_event(f"{row._meta.model_name}.{verb}", by=by, about=[row], changeset=changeset)
    return changeset


def make_default(pipeline: Pipeline, *, by: User) -> Changeset:
    """Let new deals begin in this pipeline."""
    if not pipeline.is_active:
        raise Refused(_("%(name)s is not active: activate it first.") % {"name": pipeline})
    with changes(by, SETTINGS) as changeset:
        for former in Pipeline.objects.select_for_update(no_key=True).filter(is_default=True).exclude(pk=pipeline.pk):
            former.is_default = False
            former.save(update_fields=["is_default"])
        pipeline.is_default = True
        pipeline.save(update_fields=["is_default"])
        record_event("pipeline.changed", by=by, about=[pipeline], changeset=changeset, fields=["is_default"])
    return changeset


def activate(pipeline: Pipeline, *, by: User) -> Changeset:
    """Show a pipeline on the board again."""
    return _set_active(pipeline, True, by)


def deactivate(pipeline: Pipeline, *, by: User, to: Stage | None = None) -> Changeset:
    """Take a pipeline off the board. Its open deals go to the stage `to` of another one; what has ended stays told.

    Raises Refused for the default pipeline, and where open deals have nowhere to go.
    """
    refuse_deactivation(pipeline, to)
    with changes(by, SETTINGS) as changeset:
        hand_on(deals_of(pipeline), to, Stage.Status.OPEN, by=by)
        _set_active(pipeline, False, by)
    return changeset


def refuse_deactivation(pipeline: Pipeline, to: Stage | None) -> None:
    """Raise Refused where a pipeline cannot be taken off the board, or its deals cannot go to `to`."""
    _refuse_default(pipeline)
    if to is not None and to.pipeline_id == pipeline.pk:
        raise Refused(_("Choose a stage of another pipeline."))


def _refuse_default(pipeline: Pipeline) -> None:
    if pipeline.is_default:
        text = _("New opportunities begin in %(name)s: make another pipeline the default first.")
        raise Refused(text % {"name": pipeline})


def remove_pipeline(pipeline: Pipeline, *, by: User) -> Changeset:
    """Delete a pipeline that no deal has ever been in. Raises Refused for one with a past, and for the default one."""
    _refuse_default(pipeline)
    with changes(by, SETTINGS) as changeset:
        record_event("pipeline.removed", by=by, about=[pipeline], changeset=changeset)
        try:
            Stage.every.filter(pipeline=pipeline).delete()
            pipeline.delete()
        except models.ProtectedError as error:
            text = _("Opportunities are or were in %(name)s, and their past tells of it: deactivate it instead.")
            raise Refused(text % {"name": pipeline}) from error
    return changeset


# ---- Stages ----


def stages_of(pipeline: Pipeline) -> list[Stage]:
    """The stages of a pipeline in their order, without removed ones."""
    return list(Stage.objects.filter(pipeline=pipeline))


def create_stage(stage: Stage, *, by: User) -> Changeset:
    """Add a stage behind the others of its kind: open ones come before those of the end."""
    with changes(by, SETTINGS) as changeset:
        pipeline = _locked(stage.pipeline_id)
        rows = stages_of(pipeline)
        if len(rows) >= MOST_STAGES:
            raise Refused(_("A pipeline has %(count)d stages at most.") % {"count": MOST_STAGES})
        stage.position = len(rows)
        stage.save(force_insert=True)
        Stage.objects.bulk_update(_numbered([*rows, stage]), ["position"])
        record_event("pipeline.stage_added", by=by, about=[pipeline], changeset=changeset)
    return changeset


def put_stage_at(stage: Stage, place: int, *, by: User) -> Changeset | None:
    """Put a stage at a place among the others of its pipeline, the first being 0; None where it is there already."""
    with transaction.atomic():
        pipeline = _locked(stage.pipeline_id)
        if not (changed := _put(stages_of(pipeline), stage, place)):
            return None
        with changes(by, SETTINGS) as changeset:
            Stage.objects.bulk_update(changed, ["position"])
            record_event("pipeline.ordered", by=by, about=[pipeline], changeset=changeset)
    return changeset


def remove_stage(stage: Stage, *, by: User, to: Stage | None = None) -> Changeset:
    """Take a stage out of its pipeline; its deals, those in the trash too, go to `to`, which ends as it does.

    Raises Refused for the last stage of its kind, and where deals have nowhere to go.
    """
    with changes(by, SETTINGS) as changeset:
        pipeline = _locked(stage.pipeline_id)
        # Whoever moves a deal here waits, and is then refused (sql/deals.sql).
        found = Stage.objects.select_for_update().filter(pk=stage.pk).first()
        if found is None:
            raise Refused(_("This stage was removed in the meantime: choose another one."))
        refuse_removal(found, to)
        found.is_active = False
        found.save(update_fields=["is_active"])
        if pipeline.accepted_stage_id == found.pk:  # Where deals go once a quote is accepted.
            pipeline.accepted_stage = to if to is not None and to.pipeline_id == pipeline.pk else None
            pipeline.save(update_fields=["accepted_stage"])
        hand_on(deals_of(found), to, found.status, by=by)
        record_event("pipeline.stage_removed", by=by, about=[pipeline], changeset=changeset)
    return changeset


def refuse_removal(stage: Stage, to: Stage | None) -> None:
    """Raise Refused where a stage cannot be removed, or its deals cannot go to `to`."""
    siblings = Stage.objects.filter(pipeline=stage.pipeline_id, status=stage.status).exclude(pk=stage.pk)
    if not siblings.exists():
        text = _("A pipeline needs an open stage, one for won and one for lost: this is the last of its kind.")
        raise Refused(text)
    if to is not None and to.pk == stage.pk:
        raise Refused(_("Choose another stage than the one you remove."))


def deals_of(source: Stage | Pipeline) -> Any:
    """The deals that have to go somewhere, those in the trash too: all of a stage, the open ones of a pipeline."""
    rows = Opportunity._base_manager
    if isinstance(source, Stage):
        return rows.filter(stage=source)
    return rows.filter(pipeline=source, status=Stage.Status.OPEN)


def destinations(status: str, *, without: Stage | Pipeline) -> models.QuerySet[Stage]:
    """The stages of active pipelines that deals may go to from a stage, or from a pipeline, that is no longer there."""
    rows: models.QuerySet[Stage] = Stage.objects.filter(status=status, pipeline__is_active=True)
    others = rows.exclude(pipeline=without) if isinstance(without, Pipeline) else rows.exclude(pk=without.pk)
    return others.select_related("pipeline").order_by("pipeline__position", "pipeline", "position", "pk")


def _locked(key: int) -> Pipeline:
    """The pipeline, whose stages are changed by one at a time."""
    return Pipeline.objects.select_for_update(no_key=True).get(pk=key)


def hand_on(deals: Any, to: Stage | None, status: str, *, by: User) -> None:
    """Move deals to a stage, below those that are there and in the order they have; each move is dated now.

    What a stage requires binds whoever moves a deal, not an administrator who clears a stage. Raises Refused where they
    have nowhere to go, or would end otherwise than `status` says.
    """
    keys = list(deals.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if not keys:
        return
    if to is None:
        text = ngettext(
            "%(count)d opportunity is there: choose where it goes.",
            "%(count)d opportunities are there: choose where they go.",
            len(keys),
        )
        raise Refused(text % {"count": len(keys)})
    if to.status != status:
        text = _("Open opportunities stay open, won ones won and lost ones lost: choose a stage of the same kind.")
        raise Refused(text)
    now, rows = timezone.now(), Opportunity._base_manager
    last = rows.filter(stage=to).aggregate(last=Max("position"))["last"] or 0.0
    first = rows.filter(pk__in=keys).aggregate(first=Min("position"))["first"]
    moved = {"stage": to, "stage_since": now, "updated_at": now, "position": F("position") - first + last + 1}
    about = [Opportunity(pk=key) for key in keys]
    with changes(by, SETTINGS) as changeset, taking_effect(now), into_a_live_stage():
        rows.filter(pk__in=keys).update(**moved)
        record_event("opportunity.moved", by=by, about=about, changeset=changeset, count=len(keys), fields=["stage"])
