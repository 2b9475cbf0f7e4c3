"""Who changed each field of one row last, and when: read from its versions, so that an undo counts too."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models

from crm.access.models import User
from crm.records.diff import changes_of
from crm.records.models import Changeset


@dataclass(frozen=True)
class LastChange:
    """The last change of one field."""

    by: User | None
    at: datetime.datetime


def last_changes(row: models.Model) -> dict[str, LastChange]:
    """{field: its last change}; fields that were never changed are left out."""
    versions = row.versions.exclude(pgh_context_id=None)  # type: ignore[attr-defined]
    keys = set(versions.values_list("pgh_context_id", flat=True))
    found: dict[str, LastChange] = {}
    changed = changes_of(row, keys)
    changesets = Changeset.objects.filter(pk__in=keys).select_related("actor").order_by("created_at")
    for changeset in changesets:
        for change in changed.get(changeset.pk, []):
            found[change.field.name] = LastChange(changeset.actor, changeset.created_at)
    return found
