"""Where an act on many rows is: under way with its progress, or done with what was left alone, and Undo."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from crm.lists import bulk
from crm.lists.fields import record_type
from crm.lists.models import BulkRun
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.ui.crud import undo_url
from crm.ui.errors import conflict
from crm.ui.facts import names_of
from crm.ui.http import Request, redirect_to, render_page

SHOWN = 100


def _visible(request: Request, pk: int) -> BulkRun:
    runs = BulkRun.objects.visible_to(request.user).select_related("by", "changeset")
    run: BulkRun = get_object_or_404(runs, pk=pk)
    return run


@login_required
@require_GET
def bulk_list(request: Request) -> HttpResponse:
    """One's own acts, newest first."""
    runs = BulkRun.objects.filter(by=request.user).select_related("changeset")[:SHOWN]
    return render_page(request, "ui/bulk_list.html", {"runs": runs})


@login_required
@require_GET
def bulk_detail(request: Request, pk: int) -> HttpResponse:
    """Progress with Stop, then the result: what was changed, what was left alone and why, Undo."""
    run = _visible(request, pk)
    is_open = run.changeset is not None and run.changeset.status == Changeset.Status.DONE
    context = {
        "run": run,
        "type": record_type(run.type),
        "same": run.seen - run.changed - run.left_count,
        "left": [] if run.is_working else _left(request, run),
        "shown": SHOWN,
        "undo": undo_url(run.changeset) if is_open and run.changed and not run.is_working else None,
        "is_undone": run.changeset is not None and run.changeset.status == Changeset.Status.UNDONE,
    }
    return render_page(request, "ui/bulk_detail.html", context, partials=("bulk-state",))


def _left(request: Request, run: BulkRun) -> list[tuple[str, str, str]]:
    """The first rows left alone: name, address, reason. A row the user no longer sees has no name."""
    found: list[Any] = []
    for chunk in run.chunks.exclude(left=[]).order_by("number").only("left")[:SHOWN]:
        found += chunk.left
        if len(found) >= SHOWN:
            break
    type_ = record_type(run.type)
    names = names_of(type_.model, [key for key, _reason in found[:SHOWN]], request.user)
    return [
        (names.get(key, f"#{key}"), type_.address("detail", key) if key in names else "", reason)
        for key, reason in found[:SHOWN]
    ]


@login_required
@require_POST
def bulk_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop it where it is."""
    run = _visible(request, pk)
    try:
        bulk.cancel_run(run)
    except Refused as refused:
        return conflict(request, str(refused))
    return redirect_to(request, run.get_absolute_url())
