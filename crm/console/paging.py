"""What the pager under a list shows, for the console's short lists."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest

from crm.ui import formatting


def pager(request: HttpRequest, page: Page[Any]) -> dict[str, Any]:
    """Rows shown, how many there are, and the addresses of the pages before and after ("" where there is none)."""

    def url(number: int) -> str:
        params = request.GET.copy()
        params["page"] = str(number)
        return f"?{params.urlencode()}"

    return {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": formatting.number(page.paginator.count),
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }
