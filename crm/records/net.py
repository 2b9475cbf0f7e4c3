"""The net effect of a changeset on each row, read from the versions of its table: what undo goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models

from crm.history import Tracked
from crm.records.models import Changeset

CHUNK = 1000
T = TypeVar("T")
Row = dict[str, Any]


class Which(Enum):
    """Rows that were there before the changeset, and rows that it made: all, or those that something changed since."""

    OLD = "NOT is_new"
    NEW = "is_new"
    NEW_CHANGED_SINCE = "is_new AND EXISTS (SELECT FROM {table} v WHERE v.pgh_obj_id = key AND v.pgh_id > last)"


class Span(NamedTuple):
    """The versions of one row in a changeset: the first and the last, and whether that inserted and this deleted it."""

    key: int
    first: int
    last: int
    is_new: bool
    is_gone: bool


@dataclass
class Net:
    """The net effect of a changeset on one row; `before`, `after` and `now` are None where the row did not exist.

    `version` is the version row that holds `before`.
    """

    pk: int
    version: int
    before: Row | None
    after: Row | None
    now: Row | None

    @property
    def changed(self) -> list[str]:
        if self.before is None or self.after is None:
            return []
        return [name for name in {**self.before, **self.after} if self.before.get(name) != self.after.get(name)]


def net_effects(tracked: Tracked, changeset: Changeset, which: Which) -> Iterator[Net]:
    """What the changeset did to each row of one table, read in chunks, lowest key first; inside a transaction."""
    for spans in spans_of(tracked, changeset, which):
        yield from nets_of(tracked, spans)


def spans_of(tracked: Tracked, changeset: Changeset, which: Which) -> Iterator[list[Span]]:
    """The rows of one table that the changeset touched, in chunks, lowest key first, without reading them."""
    table = connection.ops.quote_name(tracked.versions._meta.db_table)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT key, first, last, is_new, is_gone FROM (
                SELECT pgh_obj_id AS key, min(pgh_id) AS first, max(pgh_id) AS last,
                    min(pgh_id) IS NOT DISTINCT FROM min(pgh_id) FILTER (WHERE pgh_label = 'insert') AS is_new,
                    max(pgh_id) IS NOT DISTINCT FROM max(pgh_id) FILTER (WHERE pgh_label = 'delete') AS is_gone
                FROM {table} WHERE pgh_context_id = %s GROUP BY pgh_obj_id
            ) AS spans WHERE {which.value.format(table=table)} ORDER BY key""",  # noqa: S608 our own tables
            [changeset.pk],
        )
        while found := cursor.fetchmany(CHUNK):
            yield [Span(*row) for row in found]


def nets_of(tracked: Tracked, spans: list[Span]) -> Iterator[Net]:
    """Read the rows of spans, before, after and now."""
    versions = tracked.versions._default_manager
    names = [f.attname for f in tracked.fields]
    last = {span.key: span.last for span in spans}
    befores = {
        row.pop("pgh_id"): row
        for row in versions.filter(pk__in=[span.first for span in spans if not span.is_new]).values("pgh_id", *names)
    }
    following: dict[int, Row] = {}
    since = versions.filter(pgh_obj_id__in=list(last), pgh_id__gt=min(last.values())).order_by("pgh_id")
    for row in since.values("pgh_id", "pgh_obj_id", *names):
        key = row.pop("pgh_obj_id")
        if row.pop("pgh_id") > last[key]:
            following.setdefault(key, row)
    rows = {
        row.pop("_key"): row
        for row in tracked.model._base_manager.filter(pk__in=list(last)).values(*names, _key=models.F("pk"))
    }
    for span in spans:
        now = rows.get(span.key)
        after = None if span.is_gone else (following.get(span.key) or now)
        before = None if span.is_new else befores[span.first]
        yield Net(span.key, span.first, _by_field(before), _by_field(after), _by_field(now))


def _by_field(row: Row | None) -> Row | None:
    """Each added field as a column of its own: what somebody else changed since stays, and the rest goes back."""
    if row is None or "custom" not in row:
        return row
    return {**{name: value for name, value in row.items() if name != "custom"}, **(row["custom"] or {})}


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk
