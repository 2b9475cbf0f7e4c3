"""The audit log's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from crm.access.models import User
from crm.console.access import administrators_only
from crm.console.audit import events, kinds, lines
from crm.console.forms.audit import AuditFilter
from crm.lists.pages import Page, TooSlow, turn_to, within_seconds
from crm.ui.http import Request, render_page, target

PER_PAGE = 50
PARTIALS = ("audit",)


@administrators_only
@require_safe
def audit(request: Request) -> HttpResponse:
    """Events, newest first, narrowed by what the address says; each act with Undo while it can be undone."""
    form = AuditFilter(request.GET)
    rows = form.narrow(events(), request.user)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    is_slow = False
    try:
        with within_seconds():
            page = turn_to(rows, "at", descending=True, size=PER_PAGE, after=after, before=before)
    except TooSlow:
        page, is_slow = Page([], "", ""), True
    context = {
        "filter": form,
        "lines": lines(page.rows, request.user),
        "page": page,
        "is_slow": is_slow,
        "kinds": kinds(),
        "is_search": bool(target(request, PARTIALS)),
        "people": User.objects.only("first_name", "last_name", "email"),
    }
    return render_page(request, "console/audit.html", context, partials=PARTIALS)
