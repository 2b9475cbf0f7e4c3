"""The dated rows of deals, written in the transaction of whatever changed them (crm/subscriptions.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection
from django.utils import timezone

from crm.records.models import Event

# The moment of business time that changes under way took effect; None for now.
_effective: ContextVar[datetime | None] = ContextVar("effective", default=None)


@contextmanager
def taking_effect(at: datetime | None) -> Iterator[None]:
    """Date what is changed inside: a deal won last Friday and entered today was won on Friday."""
    token = _effective.set(at)
    try:
        yield
    finally:
        _effective.reset(token)


def note_changes(event: Event, keys: list[int]) -> None:
    """Write what the deals have become since their last dated row; nothing where that says the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opportunities_note_changes(%s, %s, %s)",
            [keys, _effective.get() or timezone.now(), event.actor_id],
        )
