"""Bulk acts outside requests. The chunks are the truth: a task that is lost is sent again by `resume_bulk`."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.db import OperationalError as DatabaseUnreachable
from django.utils import timezone
from kombu.exceptions import OperationalError

from crm.celery import app
from crm.lists import bulk
from crm.lists.models import BulkRun

log = logging.getLogger(__name__)
LOST_AFTER = timedelta(minutes=2)


def send(task: str, *, run_id: int) -> None:
    """Hand a task to the broker; if it cannot be reached, `resume_lost` does so later."""
    try:
        app.send_task(f"crm.lists.tasks.{task}", kwargs={"run_id": run_id})
    except OperationalError:
        log.warning("The broker cannot be reached: bulk act %s waits", run_id)


def _work(act: Callable[[int], None], run_id: int) -> None:
    """Do the work of a run. What fails by our own fault ends the run with a sentence; what it did can be undone."""
    try:
        act(run_id)
    except DatabaseUnreachable:
        raise  # `resume_lost` sends it again
    except Exception:
        log.exception("Bulk act %s failed", run_id)
        bulk.fail(run_id)
        raise


@shared_task
def work_off_bulk(*, run_id: int) -> None:
    """Do what is left of a bulk act."""
    _work(bulk.work_off, run_id)


@shared_task
def undo_bulk(*, run_id: int) -> None:
    """Take a bulk act back."""
    _work(bulk.undo_run, run_id)


def resume_lost() -> None:
    """Send again the task of every act at work that has not moved for a while: its worker or the broker died."""
    for run in BulkRun.objects.filter(status__in=BulkRun.WORKING, moved_at__lt=timezone.now() - LOST_AFTER):
        BulkRun.objects.filter(pk=run.pk).update(moved_at=timezone.now())
        send("undo_bulk" if run.status == BulkRun.Status.UNDOING else "work_off_bulk", run_id=run.pk)
