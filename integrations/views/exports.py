"""A list as a file: what the list shows, as far as the user may take it out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access.rights import Act, kind_of
from crm.console.access import administrators_only
from crm.console.audit import action_of, events, lines
from crm.console.forms.audit import AuditFilter
from crm.lists.fields import RecordType, record_type
from crm.lists.pages import COUNTED_UP_TO, TooSlow, count_bounded
from crm.lists.state import ListState
from crm.records.changes import record_event
from crm.ui.crud import back_to, list_state
from crm.ui.errors import error_page
from crm.ui.http import Request, redirect_to, render_page
from crm.ui.saved_views import query_of
from integrations import handing_out
from integrations.exporting import CARDS, CONTENT_TYPES, KINDS, Wanted, log_export, write_export
from integrations.forms import ExportForm
from integrations.models import ExportRun
from integrations.writing import Value, write_csv

AUDIT_CHUNK = 500
SHOWN = 50
_OWN = {"format", "columns_of", "delimiter", "mark"}


@login_required
@require_http_methods(["GET", "POST"])
def export_list(request: Request, slug: str) -> HttpResponseBase:
    """Ask for the format of a list's file (its address, or the ticked rows of it), then send it and log it.

    More than `AT_ONCE` records are left to a worker.
    """
    if slug not in KINDS:
        raise Http404
    type_ = record_type(slug)
    if not request.user.rights.may(kind_of(type_.model), Act.EXPORT):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    state, keys = _chosen(request, type_)
    rows = handing_out.chosen_rows(type_, state, keys)
    form = ExportForm(asked if "format" in asked else None, has_cards=slug in CARDS)
    if not form.is_valid():
        return _ask(request, type_, form, rows)
    wanted = Wanted(
        form.cleaned_data["format"],
        get_language() or "fr",
        **form.options(),
        shown=state.columns if form.cleaned_data["columns_of"] == "list" else (),
    )
    if _count(rows) > handing_out.AT_ONCE:
        return _leave_to_worker(request, state, keys, wanted, form)
    filters = handing_out.filters_of(state)
    log_export(KINDS[slug], rows.count(), by=request.user, file_format=wanted.file_format, filters=filters)
    name = f"{slug}-{timezone.localdate():%Y-%m-%d}.{wanted.file_format}"
    return StreamingHttpResponse(
        write_export(KINDS[slug], rows, request.user, wanted),
        content_type=CONTENT_TYPES[wanted.file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _chosen(request: Request, type_: RecordType) -> tuple[ListState, list[int] | None]:
    """Return the list's state, and the keys of the ticked rows; None for all that match."""
    if request.method == "GET":
        params = request.GET.copy()
        for name in _OWN:
            params.pop(name, None)
        return list_state(request, type_, params), None
    params = QueryDict(request.POST.get("query", ""), mutable=True)
    if view := request.POST.get("view"):
        # The view that was shown: which one opens by itself may have changed meanwhile.
        params["view"] = view
    state = list_state(request, type_, params)
    if request.POST.get("all_matching"):
        return state, None
    return state, [int(key) for key in request.POST.getlist("pk") if key.isascii() and key.isdigit() and len(key) < 19]


def _ask(request: Request, type_: RecordType, form: ExportForm, rows: Any) -> HttpResponse:
    """The page that asks for format and columns; what is to be exported goes along."""
    count = _count(rows)
    asked = request.POST if request.method == "POST" else request.GET
    names = ["pk", "query", "view", "all_matching"] if request.method == "POST" else [n for n in asked if n not in _OWN]
    context = {
        "form": form,
        "type": type_,
        "kept": [(name, value) for name in names for value in asked.getlist(name)],
        "count": min(count, COUNTED_UP_TO),
        "is_more": count > COUNTED_UP_TO,
        "by_worker": count > handing_out.AT_ONCE,
        "is_post": request.method == "POST",
        "back": back_to(request, reverse(type_.url("list"))),
    }
    return render_page(request, "integrations/export.html", context, status=422 if form.errors else 200)


def _count(rows: Any) -> int:
    """How many rows, bounded; more than can be counted where that takes too long."""
    try:
        return count_bounded(rows)
    except TooSlow:
        return COUNTED_UP_TO + 1


def _leave_to_worker(
    request: Request, state: ListState, keys: list[int] | None, wanted: Wanted, form: ExportForm
) -> HttpResponse:
    run = ExportRun(
        by=request.user,
        address=request.user.address,
        type=state.type.slug,
        query=query_of(state),
        keys=keys,
        file_format=wanted.file_format,
        columns=state.column_names if wanted.shown else [],
        options=form.options(),
    )
    handing_out.request_export(run)
    return redirect_to(request, reverse("integrations:export_runs"))


@login_required
@require_safe
def export_runs(request: Request) -> HttpResponse:
    """One's own files that workers make, newest first; it asks again while one is under way."""
    runs = list(ExportRun.objects.visible_to(request.user)[:SHOWN])
    working = any(run.status == ExportRun.Status.WORKING for run in runs)
    rows = [(run, record_type(run.type).plural) for run in runs]
    context = {"rows": rows, "working": working, "days": handing_out.KEPT.days}
    return render_page(request, "integrations/export_runs.html", context, partials=["export-runs"])


@login_required
@require_safe
def export_file(request: Request, pk: int) -> FileResponse | HttpResponse:
    """Hand out a file that a worker made, to whoever asked for it and may still have it."""
    run = get_object_or_404(ExportRun.objects.visible_to(request.user), pk=pk, status=ExportRun.Status.DONE)
    if not handing_out.may_fetch(run, request.user):
        text = _("Your rights have changed since this file was made: export it again.")
        return error_page(request, 403, _("You may not do this."), text)
    content_type = CONTENT_TYPES[run.file_format]
    return FileResponse(run.file.open("rb"), as_attachment=True, filename=run.file_name, content_type=content_type)


@administrators_only
@require_safe
def export_audit(request: Request) -> StreamingHttpResponse:
    """The audit log as CSV, narrowed as its page is; that it was taken out is noted in it."""
    form = AuditFilter(request.GET)
    found = form.narrow(events(), request.user).order_by("-at", "-pk")
    newest = found.values_list("pk", flat=True).first() or 0
    asked = sorted(name for name in form.fields if form.cleaned_data.get(name))
    record_event("audit.exported", by=request.user, filters=asked, format="csv")
    headers = [_("Date"), _("Who"), _("Action"), _("About"), _("Fields"), _("Number"), _("From"), _("Changeset")]
    rows = _audit_rows(found.filter(pk__lte=newest), request)
    response = StreamingHttpResponse(
        write_csv(headers, rows, language=get_language() or "fr"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _audit_rows(found: Any, request: Request) -> Iterator[list[Value]]:
    """One row for each event; names of what the administrator may see, keys of what is gone."""
    stream = found.iterator(chunk_size=AUDIT_CHUNK)
    while some := list(islice(stream, AUDIT_CHUNK)):
        for line in lines(some, request.user):
            event = line.event
            yield [
                timezone.localtime(event.at),
                event.actor.name if event.actor else "",
                str(action_of(event.verb)[0]),
                ", ".join(f"{record.kind} {record.name}" for record in line.records),
                ", ".join(line.fields),
                event.data.get("count") or len(line.records) + max(0, line.more),
                event.address or "",
                str(event.changeset_id or ""),
            ]
