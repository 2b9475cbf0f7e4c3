"""How the console answers what was done: the page again, with a toast that takes it back."""

from __future__ import annotations

from django.http import HttpResponse

from crm.records.models import Changeset
from crm.ui.crud import undo_url
from crm.ui.http import Request, redirect_to, toast


def done(request: Request, url: str, text: str, changeset: Changeset | None = None) -> HttpResponse:
    """Go to `url` and say `text` there; with a changeset the toast offers Undo."""
    return toast(request, redirect_to(request, url), text, undo=undo_url(changeset))
