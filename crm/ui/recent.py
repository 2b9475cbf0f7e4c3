"""The records somebody was with last: opened, which the cache remembers, or edited, which their changesets tell.

Opening a record writes no row and asks the database nothing; a cache that was emptied forgets what was only looked at.
Keys alone are kept: what they stand for is read through the door when it is shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.models import Changeset, EventRef, Record

KEPT = 20
FOR = timedelta(days=90)
EDITS = (Changeset.Source.CREATE, Changeset.Source.EDIT)
Key = tuple[str, int]


def note_opened(user: User, record: Record) -> None:
    """Remember that the user has just opened the record."""
    opened, key = _opened(user), (kind_of(record), record.pk)
    opened.pop(key, None)
    newest = {key: timezone.now(), **opened}
    cache.set(_name(user), dict(list(newest.items())[:KEPT]), FOR.total_seconds())


def last_opened(user: User, kind: str) -> list[int]:
    """Keys of the records of one kind that the user opened last, newest first. No statement."""
    return [pk for opened, pk in _opened(user) if opened == kind]


def last_used(user: User, kinds: list[str]) -> list[Key]:
    """(kind, key) of the records that the user opened or edited last, newest first, each once. One statement."""
    edits = Changeset.objects.filter(actor=user, source__in=EDITS).order_by("-created_at").values("pk")[:KEPT]
    refs = EventRef.objects.filter(event__changeset__in=edits, type__in=kinds).order_by("-at", "-event")
    edited = list(refs.values_list("type", "record_id", "at")[:KEPT])
    used: dict[Key, datetime] = {(kind, pk): at for kind, pk, at in reversed(edited)}
    for key, at in _opened(user).items():
        if key[0] in kinds:
            used[key] = max(at, used.get(key, at))
    return sorted(used, key=lambda key: used[key], reverse=True)


def _opened(user: User) -> dict[Key, datetime]:
    opened: dict[Key, datetime] = cache.get(_name(user), {})
    return opened


def _name(user: User) -> str:
    return f"opened:{user.pk}"
