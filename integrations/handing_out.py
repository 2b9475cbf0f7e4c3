"""Large exports: asked for in a page, made by a worker, kept for a while, handed out to whoever still may have them."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.mail import send_mail
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.lists.bulk import as_seen_by
from crm.lists.fields import record_type
from crm.lists.state import ListState, read_state
from integrations.exporting import KINDS, Wanted, log_export, write_export
from integrations.guarding import kept_from
from integrations.models import ExportRun

# Up to so many records come at once, as the answer itself.
AT_ONCE = 5_000
KEPT = timedelta(days=7)
_MOVES = 200  # pieces of a file between two signs of life
Status = ExportRun.Status


def rights_of(user: User, slug: str) -> dict[str, Any]:
    """Return what decides which records and fields somebody may take out."""
    scope = user.rights.scope(kind_of(record_type(slug).model), Act.EXPORT)
    return {"scope": int(scope), "teams": sorted(user.rights.teams), "kept": kept_from(user)}


def request_export(run: ExportRun) -> None:
    """Have a worker make the file; a broker that is down is made up for by `resume_imports`."""
    from integrations.tasks import send

    run.rights = rights_of(run.by, run.type)
    with transaction.atomic():
        run.save()
        transaction.on_commit(lambda: send("make_export", run_id=run.pk))


def may_fetch(run: ExportRun, user: User) -> bool:
    """Say whether the file may still be handed out: somebody may export, and as much as when they asked."""
    may = user.rights.may(kind_of(record_type(run.type).model), Act.EXPORT)
    return may and run.rights == rights_of(user, run.type)


def chosen_rows(type_: Any, state: ListState, keys: list[int] | None) -> Any:
    """Return the rows asked for that may be exported: those ticked, else all that match the list."""
    rows = type_.rows().exportable_by(state.user)
    return state.narrow(rows) if keys is None else rows.filter(pk__in=keys)


def filters_of(state: ListState) -> list[str]:
    """Return what a list was narrowed by, as the audit log names it."""
    return [f"view={state.view}", *state.filters, *(["q"] if state.q else [])]


# In the worker


def make_file(run_id: int) -> None:
    """Write the file, whole or not at all; a worker that dies leaves it to the next."""
    run = ExportRun.objects.select_related("by").get(pk=run_id)
    if run.status != Status.WORKING:
        return
    run.by.address = run.address
    with as_seen_by(run.by), tempfile.TemporaryFile() as file:
        type_ = record_type(run.type)
        state = read_state(QueryDict(run.query), type_, run.by, run.columns or None)
        rows = chosen_rows(type_, state, run.keys)
        if not may_fetch(run, run.by) or state.problems:
            _end(run, Status.FAILED, message=_("Your rights or the list have changed since: export it again."))
            return
        wanted = Wanted(run.file_format, run.by.language, **run.options, shown=state.columns if run.columns else ())
        count = rows.count()
        for number, piece in enumerate(write_export(KINDS[run.type], rows, run.by, wanted)):
            file.write(piece)
            if number % _MOVES == 0:
                ExportRun.objects.filter(pk=run.pk).update(moved_at=timezone.now())
        file.seek(0)
        _keep(run, File(file), count, filters_of(state))


def _keep(run: ExportRun, file: File[bytes], count: int, filters: list[str]) -> None:
    """Keep the file, note who took what out, and tell them; a second worker that was as quick keeps nothing."""
    run.file.save("", file, save=False)
    with transaction.atomic():
        kept = _end(run, Status.DONE, file=run.file.name, count=count)
        if kept:
            log_export(KINDS[run.type], count, by=run.by, file_format=run.file_format, filters=filters)
    if not kept:
        run.file.delete(save=False)
    elif run.by.email:
        address = f"{settings.SITE_URL}{reverse('integrations:export_runs')}"
        text = _("Your file is ready: %(address)s\nIt is kept for %(days)s days.")
        send_mail(_("Your export is ready"), text % {"address": address, "days": KEPT.days}, None, [run.by.email])


def _end(run: ExportRun, status: ExportRun.Status, **values: Any) -> bool:
    """End a run, once."""
    runs = ExportRun.objects.filter(pk=run.pk, status=Status.WORKING)
    return bool(runs.update(status=status, moved_at=timezone.now(), **values))


def fail(run_id: int) -> None:
    """End a run that our own fault stopped."""
    run = ExportRun.objects.select_related("by").get(pk=run_id)
    with translation.override(run.by.language):
        _end(run, Status.FAILED, message=_("Something went wrong on our side; the error was recorded."))


def forget_exports() -> None:
    """Remove the files that were kept long enough; that they were made stays known."""
    for run in ExportRun.objects.filter(created_at__lt=timezone.now() - KEPT, status=Status.DONE):
        run.file.delete(save=False)
        ExportRun.objects.filter(pk=run.pk).update(status=Status.GONE, file="", keys=None)
