"""A list as a file: what the list shows, as far as the user may take it out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access.rights import Act, kind_of
from crm.console.access import administrators_only
from crm.console.audit import action_of, events, lines
from crm.console.forms.audit import AuditFilter
from crm.lists.fields import record_type
from crm.lists.state import ListState
from crm.records.changes import record_event
from crm.ui.crud import list_state
from crm.ui.http import Request
from integrations import exporting
from integrations.fields import COMPANIES, CONTACTS
from integrations.vcards import vcard_export
from integrations.writing import Value, write_csv

KINDS = {"contact": CONTACTS, "company": COMPANIES}
FORMATS = {CONTACTS: {"csv", "xlsx", "vcf"}, COMPANIES: {"csv", "xlsx"}}
AUDIT_CHUNK = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "POST"])
def export_list(request: Request, slug: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Send the list (GET, with its address) or the ticked rows of it (POST) as CSV, XLSX or vCard, and log it."""
    if slug not in KINDS:
        raise Http404
    kind, type_ = KINDS[slug], record_type(slug)
    if not request.user.rights.may(kind_of(type_.model), Act.EXPORT):
        raise PermissionDenied
    state, rows = _chosen(request, type_)
    file_format = request.GET.get("format", "")
    file_format = file_format if file_format in FORMATS[kind] else "csv"
    filters = [f"view={state.view}", *state.filters, *(["q"] if state.q else [])]
    exporting.log_export(kind, rows, by=request.user, file_format=file_format, filters=filters)
    name = f"{slug}-{timezone.localdate():%Y-%m-%d}.{file_format}"
    if file_format == "xlsx":
        file = exporting.xlsx_export(kind, rows, request.user)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    if file_format == "vcf":
        pieces, content_type = vcard_export(rows, request.user), "text/vcard; charset=utf-8"
    else:
        pieces = exporting.csv_export(kind, rows, request.user, get_language() or "fr")
        content_type = "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


def _chosen(request: Request, type_: Any) -> tuple[ListState, Any]:
    """Return the list's state and the rows asked for that may be exported: all that match, or those ticked."""
    params = QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET.copy()
    if request.method == "GET":
        params.pop("format", None)
    state = list_state(request, type_, params)
    rows = type_.rows().exportable_by(request.user)
    if request.method == "POST" and not request.POST.get("all_matching"):
        keys = [int(key) for key in request.POST.getlist("pk") if key.isascii() and key.isdigit() and len(key) < 19]
        return state, rows.filter(pk__in=keys)
    return state, state.narrow(rows)


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
