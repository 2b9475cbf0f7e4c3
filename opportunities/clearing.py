"""Stages and pipelines with very many deals: these go on in a worker, chunk by chunk, and what held them goes last.

Until then the stage, or the pipeline, stays as it was: whatever stops the worker, every deal is where
the board shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import User
from crm.lists.bulk import CHUNK, BulkAct, start_run
from crm.lists.models import BulkRun
from crm.records.changes import changes
from crm.records.models import Changeset
from crm.records.services import Refused
from opportunities import setup
from opportunities.models import Pipeline, Stage

SLUG = "clear"
KIND = "opportunity"


def is_long(source: Stage | Pipeline) -> bool:
    """Whether there are more deals than one request moves."""
    return bool(setup.deals_of(source)[CHUNK : CHUNK + 1])


def start(source: Stage | Pipeline, to: Stage, *, title: str, back: str, by: User) -> BulkRun:
    """Have a worker move the deals to `to` and then remove the stage, or deactivate the pipeline. Raises Refused."""
    if isinstance(source, Stage):
        setup.refuse_removal(source, to)
    else:
        setup.refuse_deactivation(source, to)
    choice = {source._meta.model_name: source.pk, "to": to.pk}
    run = BulkRun(by=by, address=by.address, type=KIND, act=SLUG, title=title[:300], back=back)
    run.choice = json.dumps(choice)
    start_run(run, None)
    return run


def _read(choice: str) -> tuple[Stage | Pipeline, Stage]:
    """What is cleared, and where its deals go. Raises Refused where the latter was removed in the meantime."""
    keys = json.loads(choice)
    to = Stage.objects.select_related("pipeline").filter(pk=keys["to"], pipeline__is_active=True).first()
    if to is None:
        raise Refused(_("This stage was removed in the meantime: choose another one."))
    if "stage" in keys:
        return Stage.every.get(pk=keys["stage"]), to
    return Pipeline.objects.get(pk=keys["pipeline"]), to


def _gather(run: BulkRun) -> Iterable[int]:
    """The deals as they stand on the board; what is in the trash follows with the last of them."""
    source, _to = _read(run.choice)
    rows = setup.deals_of(source).filter(trashed_at__isnull=True).order_by("stage", "position", "pk")
    keys: Iterable[int] = rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    return keys


def _run(rows: Any, choice: str, by: User) -> dict[int, str]:
    """Move some deals on; once few are left, these too, with the removal itself."""
    source, to = _read(choice)
    if not source.is_active:  # Done: with the last few of an earlier chunk.
        return {}
    here = setup.deals_of(source)
    with changes(by, Changeset.Source.SETTINGS):
        status = source.status if isinstance(source, Stage) else Stage.Status.OPEN
        setup.hand_on(here.filter(pk__in=rows.values("pk")), to, status, by=by)
        if is_long(source) and here.filter(trashed_at__isnull=True).exists():
            return {}
        if isinstance(source, Stage):
            setup.remove_stage(source, by=by, to=to)
        else:
            setup.deactivate(source, by=by, to=to)
    return {}


CLEAR = BulkAct(
    SLUG,
    gettext_lazy("Remove a stage"),
    "visible_to",
    _run,
    source=Changeset.Source.SETTINGS,
    gather=_gather,
)


def why_stage_is_gone(row: dict[str, Any]) -> str:
    """Why Undo cannot put a deal back into its former stage, and what to do about it."""
    stage = Stage.every.get(pk=row["stage_id"])
    text = _("The stage “%(stage)s” was removed since: undo its removal in the audit log first, or move it by hand.")
    return text % {"stage": stage}
