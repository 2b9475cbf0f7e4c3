"""Acts on many rows of a list: gathered into chunks, done chunk by chunk under one changeset, taken back as one.

A chunk is one transaction with its own mark, so that whoever works it off may die at any point: nothing is lost and
nothing is done twice. Few rows are done at once, within the request; many by a worker (`crm.lists.tasks`).
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.lists.fields import Label, Options, record_type
from crm.lists.models import BulkChunk, BulkRun
from crm.lists.state import read_state
from crm.records.changes import going_on
from crm.records.models import Changeset, Organisation
from crm.records.services import Refused
from crm.records.undo import undo

CHUNK = 1000
NAMED = 50
Status = BulkRun.Status


@dataclass(frozen=True)
class BulkAct:
    """One act. `door` is the queryset method its rows come through; `choices` what is to be chosen first, if anything.

    `run(rows, choice, by)` does it to rows that came through the door. It raises Refused where the choice cannot be,
    and may return the rows that it left alone, and why. `check` names the rows that cannot be as chosen, and why.
    `form` is the form class of an act that sets fields. `gather` gives the keys of the rows of a run that is not about
    a list's: no list offers such an act. `chunk` rows are done in one transaction.
    """

    slug: str
    title: Label
    door: str
    run: Callable[[Any, str, User], Changeset | dict[int, str]]
    label: Label = ""
    choices: Callable[[User], Options] | None = None
    check: Callable[[Any, str, User], dict[int, str]] | None = None
    form: Any = None
    source: str = Changeset.Source.BULK
    gather: Callable[[BulkRun], Iterable[int]] | None = None
    chunk: int = CHUNK


_acts: dict[tuple[str, str], BulkAct] = {}


def register(slug: str, acts: Iterable[BulkAct]) -> None:
    """Make the acts of a kind of record known to workers; apps do so in `ready()`."""
    _acts.update({(slug, act.slug): act for act in acts})


def acts_of(slug: str) -> list[BulkAct]:
    """The acts of the list of a kind of record."""
    return [act for (kind, _name), act in _acts.items() if kind == slug and act.gather is None]


def start_run(run: BulkRun, keys: list[int] | None) -> None:
    """Begin: the rows of these keys are done at once; without them the list's, by a worker. Raises Refused.

    A refusal at once leaves nothing behind.
    """
    if keys is None:
        run.save()
        _enqueue(run, "work_off_bulk")
        return
    with transaction.atomic():
        run.status, run.total = Status.RUNNING, len(keys)
        run.save()
        _keep_chunks(run, iter(keys))
        while _step(run.pk):
            pass
    run.refresh_from_db()


def _keep_chunks(run: BulkRun, keys: Iterator[int]) -> int:
    total = 0
    size = _acts[run.type, run.act].chunk
    while some := list(islice(keys, size)):
        BulkChunk.objects.create(run=run, number=total // size, keys=some)
        total += len(some)
    return total


def _enqueue(run: BulkRun, task: str) -> None:
    """Send the task once the transaction is committed; a broker that is down is made up for by `resume_bulk`."""
    from crm.lists.tasks import send

    transaction.on_commit(lambda: send(task, run_id=run.pk))


def cancel_run(run: BulkRun) -> None:
    """Stop it: what is done stays, under its changeset, and can be undone. Raises Refused where it has ended."""
    if not _move(run, [Status.GATHERING, Status.RUNNING], Status.CANCELLED):
        raise Refused(_("This has ended meanwhile. Reload the page to see what was done."))


def request_undo(run: BulkRun, by: User) -> None:
    """Have a worker take a long act back. Raises Refused where there is nothing to take back."""
    if run.changeset_id is None:
        raise Refused(_("There is nothing to undo."))
    with transaction.atomic():
        if not _move(run, [Status.DONE, Status.CANCELLED, Status.FAILED], Status.UNDOING, undone_by=by, message=""):
            raise Refused(_("This is still under way, or was undone already."))
        _enqueue(run, "undo_bulk")


def _move(run: BulkRun, before: list[Any], after: Any, **values: Any) -> bool:
    """Move a run on, once; its changeset is closed with it, so that it can be undone."""
    with transaction.atomic():
        runs = BulkRun.objects.filter(pk=run.pk, status__in=before)
        moved = bool(runs.update(status=after, moved_at=timezone.now(), **values))
        if moved and after in (Status.DONE, Status.CANCELLED, Status.FAILED):
            changeset = Changeset.objects.filter(bulk_run=run, status=Changeset.Status.OPEN)
            changeset.update(status=Changeset.Status.DONE)
    return moved


# ---- In the worker ----


def work_off(run_id: int) -> None:
    """Do what is left of a run, chunk by chunk; two workers at once take turns."""
    run = BulkRun.objects.select_related("by").get(pk=run_id)
    with as_seen_by(run.by):
        try:
            while _step(run_id):
                pass
        except Refused as refused:
            _move(run, [Status.GATHERING, Status.RUNNING], Status.FAILED, message=str(refused))


@contextmanager
def as_seen_by(person: User) -> Iterator[None]:
    """In the person's language and time zone: "this month" means theirs."""
    try:
        zone = zoneinfo.ZoneInfo(person.time_zone or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    with translation.override(person.language), timezone.override(zone):
        yield


def _step(run_id: int) -> bool:
    """Gather the rows, or do one chunk, in one transaction that holds the run. False when nothing is left to do."""
    with transaction.atomic():
        run = BulkRun.objects.select_for_update(of=("self",)).select_related("by", "changeset").get(pk=run_id)
        run.by.address = run.address
        if run.status == Status.GATHERING:
            _gather(run)
            return True
        if run.status != Status.RUNNING:
            return False
        chunk = run.chunks.filter(is_done=False).order_by("number").first()
        if chunk is None:
            _move(run, [Status.RUNNING], Status.DONE)
            return False
        _do(run, chunk)
    return True


def _gather(run: BulkRun) -> None:
    """Keep which rows the list holds now: what the act does to them must not change which ones it is done to."""
    gather = _acts[run.type, run.act].gather
    run.total = _keep_chunks(run, iter(gather(run)) if gather else _listed(run))
    run.status, run.moved_at = Status.RUNNING, timezone.now()
    run.save(update_fields=["total", "status", "moved_at"])


def _listed(run: BulkRun) -> Iterator[int]:
    state = read_state(QueryDict(run.query), record_type(run.type), run.by)
    if state.problems:  # A filter left out would mean more rows than were asked for.
        raise Refused(_("The list can no longer be read as it was, so nothing was changed.") + f" {state.problems[0]}")
    keys: Iterator[int] = state.rows().order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    return keys


def _do(run: BulkRun, chunk: BulkChunk) -> None:
    act, rows, by = _acts[run.type, run.act], record_type(run.type).rows(), run.by
    seen = set(rows.visible_to(by).filter(pk__in=chunk.keys).values_list("pk", flat=True))
    through = getattr(rows, act.door)(by).filter(pk__in=seen)
    allowed = set(through.values_list("pk", flat=True))
    left = {key: _("You may not change it.") for key in chunk.keys if key not in allowed}
    left |= {key: _("It is no longer there.") for key in chunk.keys if key not in seen}
    if act.check:
        left |= act.check(through, run.choice, by)
    chosen = [key for key in chunk.keys if key not in left]
    if chosen:
        changeset = run.changeset or Changeset.objects.create(actor=by, source=act.source, reason=run.title[:200])
        with going_on(changeset):
            done = act.run(through.filter(pk__in=chosen), run.choice, by)
        left |= done if isinstance(done, dict) else {}
        run.changeset = changeset
        counted = Sum(Cast(KT("data__count"), IntegerField()))
        run.changed = changeset.events.aggregate(count=counted)["count"] or 0
    run.left = dict(Counter(run.left) + Counter(left.values()))
    run.seen += len(chunk.keys)
    run.moved_at = timezone.now()
    run.save(update_fields=["changeset", "changed", "left", "seen", "moved_at"])
    chunk.is_done, chunk.left = True, [[key, left[key]] for key in chunk.keys if key in left]
    chunk.save(update_fields=["is_done", "left"])


def undo_run(run_id: int) -> None:
    """Take a whole run back; what was changed since is named and left alone."""
    run = BulkRun.objects.select_related("undone_by", "changeset").get(pk=run_id)
    if run.status != Status.UNDOING or run.changeset is None or run.undone_by is None:
        return
    with as_seen_by(run.undone_by):
        try:
            done = undo(run.changeset, by=run.undone_by)
        except Refused as refused:
            _move(run, [Status.UNDOING], Status.DONE, message=str(refused))
            return
        left = [f"{one.label}: {one.why}" for one in islice(done.left, NAMED)]
        if more := len(done.left) - len(left):
            left.append(_("and %(count)d more") % {"count": more})
        _move(run, [Status.UNDOING], Status.UNDONE, message="\n".join(left))


def fail(run_id: int) -> None:
    """End a run that our own fault stopped; what it has done stays under its changeset and can be undone."""
    run = BulkRun.objects.select_related("by").get(pk=run_id)
    with translation.override(run.by.language):
        message = _("Something went wrong on our side. What was done so far can be undone; the error was recorded.")
    _move(run, list(BulkRun.WORKING), Status.FAILED, message=message)


def forget_runs() -> None:
    """Remove runs too old to be undone."""
    limit = timezone.now() - timedelta(days=Organisation.current().undo_days)
    BulkRun.objects.filter(created_at__lt=limit).exclude(status__in=BulkRun.WORKING).delete()
