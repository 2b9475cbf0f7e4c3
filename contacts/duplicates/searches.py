"""Searches for duplicates: begun by the clock, by a button or in the shell; worked off step by step; taken up again.

The row of a search says which step comes next. A step and its mark are one transaction, so that a worker may die at any
point: what it had not finished is done again by another. An advisory lock keeps two workers from doing the same step.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from contacts.duplicates.finding import STEPS
from contacts.models import DuplicateHit, DuplicateSearch
from crm.access.models import User
from crm.access.rights import Act, Scope
from crm.celery import app

log = logging.getLogger(__name__)
KINDS = ("contact", "company")
Status = DuplicateSearch.Status
LOST_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=30)
_LOCK = {"contact": 7_316_401, "company": 7_316_402}


def may_search(user: User, kind: str) -> bool:
    """Whether the user may begin a search: it reads everything, so it is for those who may edit all of it."""
    return bool(user.rights.scope(f"contacts.{kind}", Act.EDIT) == Scope.ALL)


def begin_search(kind: str, by: User | None) -> DuplicateSearch:
    """Begin a search over all records of a kind, or return the one that is under way."""
    try:
        with transaction.atomic():
            return DuplicateSearch.objects.create(kind=kind, by=by)
    except IntegrityError:
        running = DuplicateSearch.objects.filter(kind=kind, status=Status.RUNNING).first()
        return running or begin_search(kind, by)


def send(search: DuplicateSearch) -> None:
    """Hand the work to a worker once the transaction is committed; a broker that is down is made up for later."""

    def hand_over() -> None:
        try:
            app.send_task("contacts.tasks.search_duplicates", kwargs={"search_id": search.pk})
        except OperationalError:
            log.warning("The broker cannot be reached: search for duplicates %s waits", search.pk)

    transaction.on_commit(hand_over)


def work_off(search_id: int) -> None:
    """Do what is left of a search; returns at once where another worker is at it."""
    while do_step(search_id):
        pass


def do_step(search_id: int) -> bool:
    """Do the next step. False where nothing is left to do, or where another worker does it."""
    search = DuplicateSearch.objects.get(pk=search_id)
    with transaction.atomic():
        if not _locked(search.kind):
            return False
        search.refresh_from_db()
        steps = STEPS[search.kind]
        if search.status != Status.RUNNING:
            return False
        steps[search.step].run(search.pk)
        is_last = search.step + 1 == len(steps)
        mark = {"step": search.step + 1, "moved_at": timezone.now()}
        going = DuplicateSearch.objects.filter(pk=search.pk, status=Status.RUNNING)
        if is_last:
            mark |= {"status": Status.DONE}
        if not going.update(**mark):  # Stopped meanwhile.
            transaction.set_rollback(True)
            return False
    return not is_last


def _locked(kind: str) -> bool:
    """Hold the kind's lock until the transaction ends; False where somebody holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK[kind]])
        row = cursor.fetchone()
    return bool(row and row[0])


def end(search_id: int, status: str) -> bool:
    """Stop a search, or note that it failed; the pairs stay as the last whole search found them."""
    moved = DuplicateSearch.objects.filter(pk=search_id, status=Status.RUNNING)
    ended = bool(moved.update(status=status, moved_at=timezone.now()))
    if ended:
        DuplicateHit.objects.filter(search=search_id)._raw_delete("default")
    return ended


def resume_lost() -> None:
    """Send again every search that has not moved for a while: its worker or the broker died, or a step takes long."""
    for search in DuplicateSearch.objects.filter(status=Status.RUNNING, moved_at__lt=timezone.now() - LOST_AFTER):
        send(search)


def forget() -> None:
    """Remove the rows of old searches."""
    DuplicateSearch.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(status=Status.RUNNING).delete()
