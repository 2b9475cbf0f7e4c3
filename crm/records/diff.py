"""What changesets changed on one record, field by field, read from the versions: old → new. Two statements in all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from crm.history import TRACKED, Tracked

HIDDEN = {"created_at", "trashed_at", "digits", "is_primary", "team", "permission", "position"}
MOST_VERSIONS = 1000
Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One field of the record or of a row that belongs to it; `old` and `new` are raw values, None for nothing.

    `key` is the slug of an added field.
    """

    model: type[models.Model]
    field: models.Field[Any, Any]
    old: Any
    new: Any
    key: str = ""


@dataclass(frozen=True)
class _Version:
    table: int
    key: int
    label: str
    changeset: UUID | None
    row: Row


def changes_of(record: models.Model, changesets: Iterable[UUID]) -> dict[UUID, list[Change]]:
    """The changes that some changesets made to a record and to the rows that belong to it, by changeset."""
    wanted = set(changesets)
    found: dict[UUID, list[Change]] = defaultdict(list)
    if not wanted:
        return found
    lines: dict[tuple[int, int], list[_Version]] = defaultdict(list)
    for version in _versions(record):
        lines[version.table, version.key].append(version)
    rows = _rows(record)
    for (table, key), line in lines.items():
        now = rows.get((table, key))
        for version, then in zip(line, [*(v.row for v in line[1:]), now], strict=True):
            if version.changeset in wanted:
                found[version.changeset] += _between(record, TRACKED[table], version, then)
    return found


def _tied(record: models.Model) -> Iterator[tuple[int, Tracked, str]]:
    """The tables whose rows are the record's, each with the column that says so."""
    for number, tracked in enumerate(TRACKED):
        if not tracked.told:
            continue
        if isinstance(record, tracked.model):
            yield number, tracked, _key(tracked)
        for name in tracked.parents:
            field: Any = tracked.model._meta.get_field(name)
            if isinstance(record, field.related_model):
                yield number, tracked, field.column


def _versions(record: models.Model) -> Iterator[_Version]:
    """Versions of the record's rows, oldest first. An insert keeps its key alone: it is found through its row, or
    through a later version."""
    parts = []
    for number, tracked, column in _tied(record):
        table, versions, key = tracked.model._meta.db_table, tracked.versions._meta.db_table, _key(tracked)
        parts.append(
            f"(SELECT {number} AS place, pgh_obj_id, pgh_id, pgh_label, pgh_context_id, to_jsonb(v) AS line "  # noqa: S608
            f'FROM "{versions}" v WHERE pgh_obj_id IN (SELECT "{key}" FROM "{table}" WHERE "{column}" = %(pk)s '
            f'UNION SELECT pgh_obj_id FROM "{versions}" WHERE "{column}" = %(pk)s) '
            f"ORDER BY pgh_id DESC LIMIT {MOST_VERSIONS})"
        )
    with connection.cursor() as cursor:
        lines = " UNION ALL ".join(parts)
        lines = f"SELECT * FROM ({lines}) lines ORDER BY place, pgh_obj_id, pgh_id"  # noqa: S608
        cursor.execute(lines, {"pk": record.pk})
        for place, key, _id, label, changeset, line in cursor.fetchall():
            yield _Version(place, key, label, changeset, _parsed(line))


def _rows(record: models.Model) -> dict[tuple[int, int], Row]:
    """The record's rows as they are."""
    parts = [
        f'SELECT {number}, t."{_key(tracked)}", to_jsonb(t) FROM "{tracked.model._meta.db_table}" t '  # noqa: S608
        f'WHERE t."{column}" = %(pk)s'
        for number, tracked, column in _tied(record)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"pk": record.pk})
        return {(place, key): _parsed(row) for place, key, row in cursor.fetchall()}


def _between(record: models.Model, tracked: Tracked, version: _Version, then: Row | None) -> Iterator[Change]:
    for f in tracked.fields:
        related: Any = f.related_model
        if f.name in HIDDEN or f.name in tracked.untold or f.name == "content_object":
            continue
        old = None if version.label == "insert" else _value(f, version.row)
        new = None if version.label == "delete" or then is None else _value(f, then)
        if f.name == "custom":
            before, after = old or {}, new or {}
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key):
                    yield Change(tracked.model, f, before.get(key), after.get(key), key)
            continue
        is_self = related is not None and isinstance(record, related) and record.pk in (old, new)
        if old != new and not is_self and not (old in (None, "") and new in (None, "", False)):
            yield Change(tracked.model, f, old, new)


def _value(field: models.Field[Any, Any], row: Row) -> Any:
    """A column of a JSON row as its field's Python value."""
    raw = row.get(str(field.column))
    if raw is None or isinstance(field, models.ForeignKey | models.FileField | models.JSONField):
        return raw
    return field.to_python(raw)


def _parsed(line: Any) -> Row:
    return line if isinstance(line, dict) else json.loads(line)


def _key(tracked: Tracked) -> str:
    meta: Any = tracked.model._meta
    return str(meta.pk.column)
