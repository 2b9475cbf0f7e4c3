"""Opening a changeset and recording an event: the frame of every write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction
from django.utils.module_loading import import_string

from crm.access.models import User
from crm.records.models import Changeset, Event, EventRef
from crm.subscriptions import NOW

# The changeset of the act under way, for acts inside it.
_under_way: ContextVar[Changeset | None] = ContextVar("changeset", default=None)


@contextmanager
def changes(by: User | None, source: str, reason: str = "", undoes: Changeset | None = None) -> Iterator[Changeset]:
    """One act in one transaction: all rows written inside are versioned under the changeset it yields.

    An act inside another belongs to it: a company made for a new contact is undone with the contact.
    """
    outer = _under_way.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    with transaction.atomic():
        changeset = Changeset.objects.create(
            actor=by, source=source, status=Changeset.Status.DONE, reason=reason, undoes=undoes
        )
        token = _under_way.set(changeset)
        try:
            with within(changeset):
                yield changeset
        finally:
            _under_way.reset(token)


@contextmanager
def going_on(changeset: Changeset) -> Iterator[None]:
    """Go on with a changeset in a transaction of its own: acts inside belong to it. One chunk of a long act."""
    token = _under_way.set(changeset)
    try:
        with transaction.atomic(), within(changeset):
            yield
    finally:
        _under_way.reset(token)


@contextmanager
def within(changeset: Changeset) -> Iterator[None]:
    """Write under an existing changeset: one transaction of several (a chunk of an import, say).

    The database's setting is local to the transaction, so that nothing leaks over a pooled connection.
    """
    with transaction.atomic(savepoint=False):
        _set_context(str(changeset.pk))
        yield
        _set_context("")


def _set_context(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', %s, true)", [value])


# What apps have kept for the end of many writes in one transaction (search entries, say).
_AROUND_MANY: list[Callable[[], AbstractContextManager[None]]] = []


def register_around_many(around: Callable[[], AbstractContextManager[None]]) -> None:
    """Have `around` entered for every act of many writes, inside its transaction."""
    _AROUND_MANY.append(around)


@contextmanager
def many_writes() -> Iterator[None]:
    """Write many rows table by table: what follows from a record's rows is done once, at the end."""
    with ExitStack() as stack:
        for around in _AROUND_MANY:
            stack.enter_context(around())
        yield


def record_event(
    verb: str,
    *,
    by: User | None,
    about: Iterable[models.Model] = (),
    changeset: Changeset | None = None,
    address: str | None = None,
    **data: Any,
) -> Event:
    """Write one event and its references. `data` names fields and counts, never values.

    `address` is where it was done from, by default where `by` is acting from.
    """
    address = address or (by.address if by else None)
    event = Event.objects.create(verb=verb, actor=by, changeset=changeset, address=address, data=data)
    _refer(event, about)
    return event


def extend_event(event: Event, about: Iterable[models.Model], count: int) -> None:
    """Let the one event of an act under way be about more records, `count` of which were changed."""
    Event.objects.filter(pk=event.pk).update(data={**event.data, "count": event.data.get("count", 0) + count})
    _refer(event, about)


def _refer(event: Event, about: Iterable[models.Model]) -> None:
    """Tie the event to the records it is about, and do what follows from it at once (crm/subscriptions.py)."""
    refs = {(record._meta.label_lower, record.pk) for record in about}
    EventRef.objects.bulk_create(
        [EventRef(event=event, type=label, record_id=pk, at=event.at) for label, pk in sorted(refs)], batch_size=5000
    )
    for kind, paths in NOW.items():
        if keys := sorted(pk for label, pk in refs if label == kind):
            for path in paths:
                import_string(path)(event, keys)
