"""Work of imports and exports outside requests. Rows are the truth: `resume_imports` sends a lost task again."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.db import OperationalError as DatabaseUnreachable
from django.utils import timezone
from kombu.exceptions import OperationalError

from crm.celery import app
from crm.console.beat import once_per
from integrations import handing_out, services
from integrations.models import ExportRun, ImportRun

log = logging.getLogger(__name__)
LOST_AFTER = timedelta(minutes=2)
_TASK_OF = {
    ImportRun.Status.PLANNING: "plan_import",
    ImportRun.Status.COMMITTING: "commit_import",
    ImportRun.Status.UNDOING: "undo_import",
}


def send(task: str, *, run_id: int) -> None:
    """Hand a task to the broker; if it cannot be reached, `resume_imports` does so later."""
    try:
        app.send_task(f"integrations.tasks.{task}", kwargs={"run_id": run_id})
    except OperationalError:
        log.warning("The broker cannot be reached: import %s waits for resume_imports", run_id)


def _run(run_id: int) -> ImportRun:
    return ImportRun.objects.select_related("by", "changeset").get(pk=run_id)


def _work(act: Callable[[ImportRun], object], run_id: int) -> None:
    """Do the work of a run. What fails by our own fault ends the run with a sentence; what it wrote can be undone."""
    try:
        act(_run(run_id))
    except DatabaseUnreachable:
        raise  # `resume_imports` sends it again
    except Exception:
        log.exception("Import %s failed", run_id)
        services.fail(run_id)
        raise


@shared_task
def plan_import(*, run_id: int) -> None:
    """Check the rows of an import."""
    _work(services.plan_import, run_id)


@shared_task
def commit_import(*, run_id: int) -> None:
    """Write the rows of an import."""
    _work(services.commit_import, run_id)


@shared_task
def undo_import(*, run_id: int) -> None:
    """Take an import back."""
    _work(services.undo_import, run_id)


@shared_task
def make_export(*, run_id: int) -> None:
    """Make the file of a large export."""
    try:
        handing_out.make_file(run_id)
    except DatabaseUnreachable:
        raise  # `resume_imports` sends it again
    except Exception:
        log.exception("Export %s failed", run_id)
        handing_out.fail(run_id)
        raise


@shared_task
@once_per(timedelta(minutes=1), lease=timedelta(minutes=2))
def resume_imports() -> None:
    """Send again the task of what is at work and has not moved for a while: its worker or the broker died."""
    lost = ImportRun.objects.filter(status__in=ImportRun.WORKING, moved_at__lt=timezone.now() - LOST_AFTER)
    for run in lost:
        ImportRun.objects.filter(pk=run.pk).update(moved_at=timezone.now())
        send(_TASK_OF[ImportRun.Status(run.status)], run_id=run.pk)
    waiting = ExportRun.objects.filter(status=ExportRun.Status.WORKING, moved_at__lt=timezone.now() - LOST_AFTER)
    for export in waiting:
        ExportRun.objects.filter(pk=export.pk).update(moved_at=timezone.now())
        send("make_export", run_id=export.pk)


@shared_task
@once_per(timedelta(days=1))
def forget_imports() -> None:
    """Remove what is personal data and no longer needed: of imports too old to be undone, and exported files."""
    services.forget_imports()
    handing_out.forget_exports()
