"""The verbs of imports: start, map, plan (a dry run), commit in chunks, cancel, undo. Files in, changesets out."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.search import search_later
from crm.access.models import User
from crm.records.changes import record_event, within
from crm.records.models import Changeset, Event, EventRef, Organisation
from crm.records.services import Refused
from crm.records.text import clean_line
from crm.records.undo import Undone, undo
from integrations.added import added_columns
from integrations.committing import Writer, references
from integrations.guarding import kept_from
from integrations.inserting import waiting_rows
from integrations.mapping import Proposal, guarded, guess_kind, propose, recalled
from integrations.models import ImportRow, ImportRun, RememberedMapping
from integrations.planning import Planner, may_create
from integrations.reading import UnreadableFile
from integrations.requiring import fail_missing
from integrations.resources import columns
from integrations.staging import look_at, stage
from integrations.states import MODELS
from integrations.synonyms import words
from integrations.uniqueness import fail_repeated

log = logging.getLogger(__name__)
CHUNK = 2000
_LOCK = 0x1A9087  # the kind of our advisory locks; the run is the second key
Status = ImportRun.Status
_AT_START = {"rows_read": 0, "rows_done": 0, "rows_before": 0, "cursor": 0}


def may_import(user: User, kind: str) -> bool:
    """Say whether somebody may import a kind of record at all: whoever may create them."""
    return may_create(user, kind)


def start_import(file: File[Any], *, by: User, kind: str = "") -> ImportRun:
    """Keep a file that was handed in, detect what it is and propose a mapping. `kind` "" guesses what it holds.

    Raises `UnreadableFile`, and `Refused` where the person may not create such records.
    """
    run = ImportRun(
        by=by, kind=kind or ImportRun.Kind.CONTACTS, file_name=clean_line(file.name or "")[-200:], file=file
    )
    run.file.save("", file, save=False)
    try:
        look_at(run)
        run.kind = kind or guess_kind(run.headers, run.look["samples"], run.preset)
        if not may_import(by, run.kind):
            raise Refused(_("You may not create this kind of record."))
        run.mapping = [proposal.field for proposal in proposals_for(run)]
        run.save()
    except BaseException:
        run.file.delete(save=False)
        raise
    return run


def read_again(run: ImportRun, choices: dict[str, str], kind: str) -> None:
    """Read the file as the user says and map it anew. Raises `UnreadableFile`; the run then stays as it was."""
    before = run.choices, run.kind
    run.choices, run.kind = {name: value for name, value in choices.items() if value}, kind
    try:
        look_at(run)
    except UnreadableFile:
        run.choices, run.kind = before
        raise
    run.mapping = [proposal.field for proposal in proposals_for(run)]
    run.save(update_fields=["choices", "kind", "headers", "preset", "look", "mapping"])


def proposals_for(run: ImportRun) -> list[Proposal]:
    """Propose a field for each column of a run's file: as such columns were mapped before, else by what is seen."""
    added = added_columns(run.kind, run.by)
    proposals = propose(run.headers, run.look["samples"], run.preset, run.kind, added)
    known = RememberedMapping.objects.filter(kind=run.kind, headers=_fingerprint(run.headers)).first()
    return guarded(
        recalled(proposals, known.fields, {*columns(run.kind), *added}) if known else proposals, run.kind, run.by
    )


def remember_mapping(run: ImportRun, mapping: list[str]) -> None:
    """Keep the mapping for the next file with the same headers, whoever hands it in; the last one counts."""
    RememberedMapping.objects.update_or_create(
        kind=run.kind, headers=_fingerprint(run.headers), defaults={"fields": mapping}
    )


def _fingerprint(headers: list[str]) -> str:
    """Return what tells a set of headers from others, in a length that an index takes."""
    return hashlib.sha256(json.dumps([words(header) for header in headers]).encode()).hexdigest()


def request_plan(run: ImportRun, mapping: list[str], rules: dict[str, Any], *, here: bool = False) -> None:
    """Keep mapping and rules and have a worker check every row. Raises `Refused` where the import has gone on.

    `here` leaves the work to the caller, who does it with `plan_import`.
    """
    before = [Status.MAPPING, Status.PLANNED, Status.FAILED]
    if kept := kept_from(run.by):
        rules = {**rules, "kept": kept}
    _move(run, before, Status.PLANNING, mapping=mapping, rules=rules, counts={}, message="", **_AT_START)
    if not here:
        _enqueue("plan_import", run)


def request_commit(run: ImportRun, *, here: bool = False) -> None:
    """Have a worker write a planned import. A second click finds it moved on and is refused.

    `here` leaves the work to the caller, who does it with `commit_import`. Raises `Refused` where the person's roles
    allow other fields than when the rows were checked.
    """
    if run.rules.get("kept", []) != kept_from(User.objects.get(pk=run.by_id)):
        raise Refused(_("Your rights have changed since this was checked: have the rows checked again."))
    _move(run, [Status.PLANNED], Status.COMMITTING, started_at=timezone.now())
    if not here:
        _enqueue("commit_import", run)


def pause_import(run: ImportRun) -> None:
    """Have the worker stop after the chunk at hand; what is written stays, and `resume_import` goes on behind it."""
    _move(run, [Status.COMMITTING], Status.PAUSED)


def resume_import(run: ImportRun) -> None:
    """Have a worker go on with a paused import."""
    run.refresh_from_db(fields=["rows_done"])
    _move(run, [Status.PAUSED], Status.COMMITTING, started_at=timezone.now(), rows_before=run.rows_done)
    _enqueue("commit_import", run)


def request_undo(run: ImportRun, *, here: bool = False) -> None:
    """Have a worker take a finished (or cancelled) import back.

    `here` leaves the work to the caller, who does it with `undo_import`.
    """
    if run.changeset_id is None:
        raise Refused(_("There is nothing to undo."))
    _move(run, [Status.DONE, Status.CANCELLED, Status.FAILED], Status.UNDOING)
    if not here:
        _enqueue("undo_import", run)


def cancel_import(run: ImportRun) -> None:
    """Stop an import: what is written stays, under its changeset, and can be undone; the rest is left out."""
    before = [Status.MAPPING, Status.PLANNING, Status.PLANNED, Status.COMMITTING, Status.PAUSED]
    _move(run, before, Status.CANCELLED)
    Changeset.objects.filter(import_run=run).update(status=Changeset.Status.DONE)


def _move(run: ImportRun, before: list[ImportRun.Status], after: ImportRun.Status, **values: Any) -> None:
    """Move a run on, once: whoever comes second is refused."""
    values |= {"status": after, "moved_at": timezone.now()}
    with transaction.atomic():
        if not ImportRun.objects.filter(pk=run.pk, status__in=before).update(**values):
            raise Refused(_("This import has gone on meanwhile. Reload the page to see where it is."))
    for name, value in values.items():
        setattr(run, name, value)


def _enqueue(task: str, run: ImportRun) -> None:
    """Send the task once the transaction is committed; a broker that is down is made up for by `resume_imports`."""
    from integrations.tasks import send

    transaction.on_commit(lambda: send(task, run_id=run.pk))


# In the worker


def plan_import(run: ImportRun) -> None:
    """Check every row of a file without writing anything: what would be created, updated, left as it is, or fails."""
    if run.status != Status.PLANNING:
        return
    with _alone(run) as is_alone:
        if is_alone:
            _plan(run)


@contextmanager
def _alone(run: ImportRun) -> Iterator[bool]:
    """Hold a run against a second worker, which gets False; a worker that dies lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, run.pk])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, run.pk])


def _plan(run: ImportRun) -> None:
    with translation.override(run.by.language):
        try:
            if not stage(run):
                return
        except UnreadableFile as error:
            _move(run, [Status.PLANNING], Status.FAILED, message=str(error))
            return
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {ImportRow._meta.db_table}")
        _find_twins(run)
        fail_missing(run)
        fail_repeated(run)
    counts = dict(run.rows.values_list("action").annotate(Count("pk")).order_by())
    counts["total"] = sum(counts.values())
    ImportRun.objects.filter(pk=run.pk, status=Status.PLANNING).update(status=Status.PLANNED, counts=counts)


def _find_twins(run: ImportRun) -> None:
    """Tell rows that make the same record: the first does, and each later one is compared with it."""
    planner, first_by_key = Planner(run), dict[str, int]()
    for numbers in _batches(run.rows.with_shared_keys(run.pk), CHUNK):
        rows = list(run.rows.filter(number__in=numbers).order_by("number"))
        twins: list[tuple[ImportRow, int]] = []
        for row in rows:
            first = min((first_by_key[key] for key in row.keys if key in first_by_key), default=row.number)
            for key in row.keys:
                first_by_key.setdefault(key, first)
            if first < row.number:
                twins.append((row, first))
        firsts = {row.number: row for row in run.rows.filter(number__in={first for _row, first in twins})}
        for row, first in twins:
            planner.compare_with_twin(row, firsts[first])
        with transaction.atomic():
            ImportRow.objects.store(
                [row for row, _first in twins], ["action", "record_id", "cleaned", "diff", "errors"]
            )
            ImportRun.objects.filter(pk=run.pk).update(moved_at=timezone.now())


def _batches(numbers: list[int], size: int) -> Iterator[list[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def commit_import(run: ImportRun, *, after_chunk: Callable[[], object] = lambda: None) -> None:
    """Write a planned import in chunks, each one transaction with the run's cursor: killed anywhere, it resumes.

    `after_chunk` is called after each.
    """
    with translation.override(run.by.language):
        while _commit_chunk(run.pk, _write_rows):
            after_chunk()
        while _commit_chunk(run.pk, _link_rows):
            pass
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.status == Status.COMMITTING:
            counts = dict(run.rows.values_list("action").annotate(Count("pk")).order_by())
            run.counts = counts | {"total": sum(counts.values())}
            run.status = Status.DONE
            run.save(update_fields=["counts", "status"])
            Changeset.objects.filter(import_run=run).update(status=Changeset.Status.DONE)


def _commit_chunk(run_id: int, act: Callable[[ImportRun], list[Any] | None]) -> bool:
    """Do one chunk in one transaction, holding the run, so that two workers take turns. False when nothing is left."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("by").get(pk=run_id)
        if run.status != Status.COMMITTING or not run.to_write:
            return False
        changeset = run.changeset or _open_changeset(run)
        with within(changeset):
            touched = act(run)
            if touched is None:
                return False
            _refer(run, touched)
            run.moved_at = timezone.now()
            run.save(update_fields=["rows_done", "cursor", "moved_at"])
    return True


def _open_changeset(run: ImportRun) -> Changeset:
    """Open the one changeset of an import, with its one event."""
    run.changeset = Changeset.objects.create(
        actor=run.by, source=Changeset.Source.IMPORT, reason=_("Import of %(file)s")[:200] % {"file": run.file_name}
    )
    run.save(update_fields=["changeset"])
    fail_missing(run)  # what became required since the rows were checked
    record_event(
        f"{MODELS[run.kind]._meta.model_name}.imported",
        by=run.by,
        changeset=run.changeset,
        run=run.pk,
        count=run.to_write,
    )
    return run.changeset


def _write_rows(run: ImportRun) -> list[Any] | None:
    """Write the next chunk. Whatever is not as plain as in the dry run is planned again: the data may have changed."""
    waiting = waiting_rows(run, CHUNK)
    if not waiting:
        return None
    planner = Planner(run, asks=True)
    writer = Writer(planner)
    with search_later():
        plain = writer.write_plain(run, waiting, _event_of(run))
        _write_one_by_one(run, planner, writer, [row.number for row in waiting if row.number not in plain])
    run.rows_done += len(waiting)
    run.cursor = waiting[-1].number
    return writer.touched


def _write_one_by_one(run: ImportRun, planner: Planner, writer: Writer, numbers: list[int]) -> None:
    """Plan rows again and write them; of rows about one record each finds what the former left."""
    if not numbers:
        return
    rows = list(run.rows.filter(number__in=numbers).order_by("number"))
    pending = rows
    while pending:
        later = planner.plan(pending)
        writer.write([row for row in pending if row not in later])
        pending = later
    for row in rows:
        has_parent = row.cleaned.get("parent") and row.action in {ImportRow.Action.CREATE, ImportRow.Action.UPDATE}
        row.step = ImportRow.Step.TO_LINK if has_parent else ImportRow.Step.LINKED
    ImportRow.objects.store(rows, ["action", "record_id", "cleaned", "diff", "errors", "step"])


def _link_rows(run: ImportRun) -> list[Any] | None:
    """Link the next chunk of companies to their parents."""
    rows = list(run.rows.to_link()[:CHUNK])
    if not rows:
        return None
    writer = Writer(Planner(run))
    writer.link_parents(rows)
    for row in rows:
        row.step = ImportRow.Step.LINKED
    ImportRow.objects.store(rows, ["errors", "step"])
    return writer.touched


def _event_of(run: ImportRun) -> Event:
    return Event.objects.filter(changeset=run.changeset_id).order_by("pk")[0]


def _refer(run: ImportRun, touched: list[Any]) -> None:
    """Add the records of a chunk to the import's one event, so that each shows it in its history."""
    event = _event_of(run)
    refs = [EventRef(event=event, type=label, record_id=pk, at=event.at) for label, pk in references(touched)]
    EventRef.objects.bulk_create(refs, batch_size=5000, ignore_conflicts=True)


def undo_import(run: ImportRun) -> Undone | None:
    """Take a whole import back; what was edited since is named and left alone."""
    if run.status != Status.UNDOING or run.changeset is None:
        return None
    with translation.override(run.by.language):
        try:
            done = undo(run.changeset, by=run.by)
        except Refused as refused:
            _move(run, [Status.UNDOING], Status.DONE, message=str(refused))
            return None
        left = [f"{one.label}: {one.why}" for one in islice(done.left, 50)]
        _move(run, [Status.UNDOING], Status.UNDONE, message="\n".join(left))
    return done


def fail(run_id: int) -> None:
    """End a run that our own fault stopped; what it has written stays under its changeset and can be undone."""
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    with translation.override(run.by.language):
        message = _("Something went wrong on our side. Rows written so far can be undone; the error was recorded.")
    ImportRun.objects.filter(pk=run_id, status__in=ImportRun.WORKING).update(status=Status.FAILED, message=message)
    Changeset.objects.filter(import_run=run).update(status=Changeset.Status.DONE)


def forget_imports() -> None:
    """Remove files and staged rows of imports too old to be undone; the runs stay, with their counts."""
    limit = timezone.now() - timedelta(days=Organisation.current().undo_days)
    stopped = {Status.MAPPING, Status.PLANNED, Status.PAUSED}
    for run in ImportRun.objects.filter(created_at__lt=limit).exclude(file="").exclude(status__in=ImportRun.WORKING):
        run.rows.all().delete()
        run.file.delete(save=False)
        run.status = Status.CANCELLED if run.status in stopped else run.status
        run.save(update_fields=["file", "status"])
