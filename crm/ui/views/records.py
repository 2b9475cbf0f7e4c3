"""Names of records for controls that ask for one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_GET

from crm.lists.fields import record_type
from crm.records.links import numbered
from crm.ui.http import Request

SUGGESTED = 8


@login_required
@require_GET
def record_suggest(request: Request, type: str) -> HttpResponse:
    """Records that the user may see, found by what the control that asks sends, as `<option>`s.

    One whose name others have, or that holds a comma, comes with its number.
    """
    try:
        rows = record_type(type).rows()
    except KeyError as unknown:
        raise Http404 from unknown
    typed = next((str(value) for value in request.GET.values() if value), "")[:200].replace("\0", "")
    found = rows.search(typed, request.user).visible_to(request.user).order_by("sort_name", "pk")  # type: ignore[attr-defined]
    records = list(found[:SUGGESTED]) if typed.strip() else []
    names = [str(record) for record in records]
    options = [
        numbered(record).replace(",", "") if names.count(name) > 1 or "," in name else name
        for record, name in zip(records, names, strict=True)
    ]
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((each,) for each in options)))
