"""The command palette and the list of shortcuts; both are whole pages without JavaScript."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from crm.ui import palette as commands
from crm.ui.http import Request, render_page

LONGEST_QUERY = 200


@require_safe
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """Records, creations and pages that match `?q=`."""
    user = cast(Request, request).user
    query = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY]
    context = {"query": query, "groups": commands.find(user, query)}
    return render_page(request, "ui/palette.html", context, partials=["palette-results"])


@require_safe
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render_page(request, "ui/shortcuts.html")
