"""The addresses that every kind of record has beside its list, its page and its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from crm.lists.fields import RecordType
from crm.ui import crud
from crm.ui.bulk import bulk_page
from crm.ui.filters import filter_page
from crm.ui.http import Request

# Under the address of the list: (rest of the address, name, what answers, by GET or POST).
OF_THE_LIST: tuple[tuple[str, str, Callable[..., HttpResponse], Any], ...] = (
    ("count/", "count", crud.list_count, require_GET),
    ("filter/", "filter", filter_page, require_GET),
    ("columns/", "columns", crud.save_columns, require_POST),
    ("bulk/", "bulk", bulk_page, require_POST),
    ("trash/", "trash_list", crud.trash_list, require_GET),
    ("<int:pk>/trash/", "trash", crud.trash_page, require_POST),
    ("<int:pk>/restore/", "restore", crud.restore_page, require_POST),
)


def common_paths(prefix: str, record_type: RecordType) -> list[URLPattern]:
    """Count, filter, columns, bulk acts and trash of a kind of record, under the address of its list ("deals/")."""
    return [
        path(prefix + rest, login_required(method(_view(answer, record_type))), name=f"{record_type.slug}_{name}")
        for rest, name, answer, method in OF_THE_LIST
    ]


def _view(answer: Callable[..., HttpResponse], record_type: RecordType) -> Callable[..., HttpResponse]:
    def view(request: Request, **keys: Any) -> HttpResponse:
        return answer(request, record_type, **keys)

    return view
