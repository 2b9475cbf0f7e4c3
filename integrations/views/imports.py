"""The steps of an import: file, columns and rules, check, import, result with Undo. Leave, and come back to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.access.models import User
from crm.lists.fields import record_type
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.ui.errors import conflict
from crm.ui.http import Request, redirect_to, render_page
from integrations import services
from integrations.added import added_columns, date_fields
from integrations.desks import DESKS
from integrations.fields import USERS
from integrations.forms import FileForm, MappingForm, ReadingForm
from integrations.models import ImportRow, ImportRun
from integrations.new_fields import make_fields
from integrations.presets import program_of
from integrations.reading import UnreadableFile
from integrations.states import MODELS
from integrations.words import in_words, label_of
from integrations.writing import write_csv

SHOWN = 100
Status = ImportRun.Status


@login_required
@require_GET
def import_list(request: Request) -> HttpResponse:
    """One's own imports, newest first."""
    runs = ImportRun.objects.filter(by=request.user).select_related("changeset")[:SHOWN]
    return render_page(request, "integrations/import_list.html", {"runs": runs, "may_import": may_import(request.user)})


def may_import(user: Any) -> bool:
    """Say whether somebody may import anything at all."""
    return any(services.may_import(user, kind) for kind in MODELS)


@login_required
def import_create(request: Request) -> HttpResponse:
    """Take a file in; one that cannot be read is refused in one sentence beside the field."""
    if not may_import(request.user):
        raise PermissionDenied
    if request.method != "POST":
        form = FileForm(by=request.user, initial={"kind": request.GET.get("kind", "")})
        return render_page(request, "integrations/import_file.html", {"form": form})
    form = FileForm(request.POST, request.FILES, by=request.user)
    if form.is_valid():
        try:
            run = services.start_import(form.cleaned_data["file"], by=request.user, kind=form.cleaned_data["kind"])
            return redirect_to(request, reverse("integrations:import_map", args=[run.pk]))
        except (UnreadableFile, Refused) as refused:
            form.add_error("file", str(refused))
    return render_page(request, "integrations/import_file.html", {"form": form}, status=422)


def _own(request: Request, pk: int) -> ImportRun:
    """The import, if it is the user's; 404 if not."""
    runs = ImportRun.objects.editable_by(request.user).select_related("by", "changeset")
    return get_object_or_404(runs, pk=pk)


@login_required
def import_map(request: Request, pk: int) -> HttpResponse:
    """Say where columns go and by which rules; then every row is checked."""
    run = _own(request, pk)
    if run.status not in {Status.MAPPING, Status.PLANNED, Status.FAILED}:
        return redirect_to(request, run.get_absolute_url())
    if request.method == "POST" and request.POST.get("act") == "read":
        return _read_again(request, run)
    return _map_page(request, run, request.POST if request.method == "POST" else None)


def _read_again(request: Request, run: ImportRun) -> HttpResponse:
    """Read the file as the user says."""
    form = ReadingForm(request.POST, by=request.user, sheets=run.look["detected"]["sheets"])
    problem = ""
    if form.is_valid():
        kind = form.cleaned_data.pop("kind")
        try:
            services.read_again(run, form.cleaned_data, kind)
            return redirect_to(request, reverse("integrations:import_map", args=[run.pk]))
        except UnreadableFile as unreadable:
            problem = str(unreadable)
    return _map_page(request, run, None, reading=form, problem=problem, status=422)


def _map_page(request: Request, run: ImportRun, posted: Any, **context: Any) -> HttpResponse:
    """Show the columns with samples, the rules and what was detected; or take what was chosen."""
    detected = run.look["detected"]
    pairs = zip(services.proposals_for(run), run.mapping, strict=True)
    proposals = [replace(proposal, field=field) for proposal, field in pairs]
    if "reading" not in context:
        read_as = {"encoding": "", "delimiter": "", "sheet": detected["sheet"], **run.choices, "kind": run.kind}
        context["reading"] = ReadingForm(by=request.user, sheets=detected["sheets"], initial=read_as)
    form = MappingForm(posted, run=run, proposals=proposals)
    form.ask_order(_ambiguous(run, posted))
    if posted is not None and form.is_valid():
        try:
            with transaction.atomic():
                mapping = make_fields(run, form.mapping(), form.made)
                services.request_plan(run, mapping, form.rules())
                services.remember_mapping(run, mapping)
            return redirect_to(request, run.get_absolute_url())
        except Refused as refused:
            return conflict(request, str(refused))
    base = {
        "run": run,
        "form": form,
        "detected": detected,
        "program": program_of(run.preset),
        "columns": [(proposal, form[f"field-{proposal.column}"]) for proposal in proposals],
        "known": sum(bool(proposal.field) for proposal in proposals),
        "orders": [form[name] for name in form.fields if name.startswith("order-")],
        "step": 2,
    }
    status = context.pop("status", 422 if posted is not None else 200)
    return render_page(request, "integrations/import_map.html", {**base, **context}, status=status)


def _ambiguous(run: ImportRun, posted: Any) -> dict[int, list[str]]:
    """Return the columns of dates, as mapped now, whose first values read both ways, with samples."""
    mapping = [posted.get(f"field-{column}", "") for column in range(len(run.mapping))] if posted else run.mapping
    dates = date_fields(added_columns(run.kind, run.by))
    found = {int(column): samples for column, samples in run.look["ambiguous"].items()}
    return {column: samples for column, samples in found.items() if mapping[column] in dates}


@login_required
@require_GET
def import_detail(request: Request, pk: int) -> HttpResponse:
    """Where an import is: at work with its progress, checked with its preview, or done with its result."""
    run = _own(request, pk)
    if run.status == Status.MAPPING:
        return redirect_to(request, reverse("integrations:import_map", args=[run.pk]))
    rows = run.rows.order_by("number")
    wrong = rows.exclude(errors=[])
    context = {
        "run": run,
        "is_undone": bool(run.changeset and run.changeset.status == Changeset.Status.UNDONE),
        "wrong": [(row, error) for row in wrong[:SHOWN] for error in row.errors],
        "wrong_count": wrong.count() if not run.is_working else 0,
        "updates": [(row, _cells(row, request.user)) for row in rows.filter(action=ImportRow.Action.UPDATE)[:20]],
        "created": rows.filter(action=ImportRow.Action.CREATE)[:10],
        "records": _records(request, run) if run.status == Status.DONE else [],
        "left_out": run.counts.get("same", 0) + run.counts.get("skip", 0),
        "time_left": _time_left(run),
        "rate": round(run.rate) if run.rate else None,
        "list_url": _list_url(run.kind),
        "step": 4
        if run.status in {Status.COMMITTING, Status.PAUSED, Status.DONE, Status.UNDOING, Status.UNDONE}
        else 3,
    }
    return render_page(request, "integrations/import_detail.html", context, partials=("import-state",))


def _list_url(kind: str) -> str:
    """Where the records of a kind are listed, the newest first."""
    if kind == USERS:
        return reverse("console:user_list")
    type_ = record_type(str(MODELS[kind]._meta.model_name))
    return f"{reverse(f'{type_.namespace}:{type_.slug}_list')}?view=all&sort=-created"


def _time_left(run: ImportRun) -> str:
    """Say how long the commit still takes, "" while that cannot be said."""
    left = run.time_left
    if left is None:
        return ""
    minutes = round(left.total_seconds() / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes} if minutes else _("a moment")


def _cells(row: ImportRow, viewer: User) -> list[tuple[str, str, str]]:
    """Return the changed cells of a row in words: field, old, new."""
    added = added_columns(row.kind, viewer)
    return [
        (label_of(row.kind, slug, added), in_words(slug, old, added), in_words(slug, new, added))
        for slug, (old, new) in row.diff.items()
    ]


def _records(request: Request, run: ImportRun) -> list[Any]:
    """Return the first records an import made or changed, as far as the user still sees them."""
    written = run.rows.filter(action__in=[ImportRow.Action.CREATE, ImportRow.Action.UPDATE])
    found: list[Any] = []
    for kind, model in MODELS.items():
        keys = [row.record_id for row in written.order_by("number")[:SHOWN] if row.kind == kind and row.record_id]
        seen = DESKS[kind].seen(request.user) if kind in DESKS else model.objects.visible_to(request.user)
        found += seen.filter(pk__in=keys).order_by("pk")[:20] if keys else []
    return found


def _act(request: Request, pk: int, act: Callable[[ImportRun], None]) -> HttpResponse:
    run = _own(request, pk)
    try:
        act(run)
    except Refused as refused:
        return conflict(request, str(refused))
    return redirect_to(request, run.get_absolute_url())


@login_required
@require_POST
def import_commit(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.request_commit)


@login_required
@require_POST
def import_cancel(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.cancel_import)


@login_required
@require_POST
def import_pause(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.pause_import)


@login_required
@require_POST
def import_resume(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.resume_import)


@login_required
@require_POST
def import_undo(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, services.request_undo)


@login_required
@require_GET
def import_failed(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The rows that failed, as the file had them, with the reasons: correct it and import it as it is."""
    run = _own(request, pk)
    failed = run.rows.filter(action=ImportRow.Action.FAIL).order_by("number").iterator(chunk_size=500)
    width = len(run.headers)
    rows = ([*(row.raw + [""] * width)[:width], _reasons(row)] for row in failed)
    headers = [*run.headers, _("Reason")]
    response = StreamingHttpResponse(write_csv(headers, rows, language=get_language() or "fr"), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    return response


def _reasons(row: ImportRow) -> str:
    wrong = (error for error in row.errors if not error["warning"])
    return " ".join(f"{error['column']}: {error['reason']}" if error["column"] else error["reason"] for error in wrong)
