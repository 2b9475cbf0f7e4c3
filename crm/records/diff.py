"""What a changeset changed on one record, field by field, read from the versions: old → new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from crm.history import TRACKED, Tracked

HIDDEN = {
    "created_at",
    "trashed_at",
    "digits",
    "is_primary",
    "contact",
    "company",
    "content_object",
    "team",
    "permission",
}
MOST_VERSIONS = 400


@dataclass(frozen=True)
class Change:
    """One field of the record or of a row that belongs to it; `old` and `new` are raw values, None for nothing."""

    model: type[models.Model]
    field: models.Field[Any, Any]
    old: Any
    new: Any


def changes_of(record: models.Model, changesets: Iterable[UUID]) -> dict[UUID, list[Change]]:
    """The changes that some changesets made to a record and to the rows that belong to it, by changeset."""
    wanted = set(changesets)
    found: dict[UUID, list[Change]] = defaultdict(list)
    if wanted:
        for tracked in TRACKED:
            for condition in _ties(tracked, record):
                for changeset, change in _changes(tracked, condition, wanted):
                    found[changeset].append(change)
    return found


def _ties(tracked: Tracked, record: models.Model) -> list[Q]:
    """How version rows of a table belong to the record: as itself, or through a parent column."""
    if isinstance(record, tracked.model):
        return [Q(pgh_obj_id=record.pk)]
    ties = []
    for name in tracked.parents:
        if isinstance(record, tracked.model._meta.get_field(name).related_model):  # type: ignore[arg-type]
            # An insert keeps its key alone: it is found through the row, or through the version that deleted it.
            rows = tracked.model._base_manager.filter(**{f"{name}_id": record.pk}).values("pk")
            gone = tracked.versions._default_manager.filter(**{f"{name}_id": record.pk}).values("pgh_obj_id")
            ties.append(Q(pgh_obj_id__in=rows) | Q(pgh_obj_id__in=gone))
    return ties


def _changes(tracked: Tracked, condition: Q, wanted: set[UUID]) -> Iterable[tuple[UUID, Change]]:
    touched = tracked.versions._default_manager.filter(condition, pgh_context_id__in=wanted).values("pgh_obj_id")
    versions: Any = tracked.versions._default_manager.filter(pgh_obj_id__in=touched).order_by("pgh_obj_id", "pgh_id")
    by_row: dict[int, list[Any]] = defaultdict(list)
    for version in versions[:MOST_VERSIONS]:
        by_row[version.pgh_obj_id].append(version)
    if not by_row:
        return
    rows = tracked.model._base_manager.in_bulk(list(by_row))
    for key, line in by_row.items():
        for version, then in zip(line, [*line[1:], rows.get(key)], strict=True):
            if version.pgh_context_id in wanted:
                for change in _between(tracked, version, then):
                    yield version.pgh_context_id, change


def _between(tracked: Tracked, version: Any, then: Any) -> Iterable[Change]:
    for f in tracked.fields:
        if f.name in HIDDEN:
            continue
        old = None if version.pgh_label == "insert" else getattr(version, f.attname)
        new = None if version.pgh_label == "delete" or then is None else getattr(then, f.attname)
        if old != new and not (old in (None, "") and new in (None, "", False)):
            yield Change(tracked.model, f, old, new)
