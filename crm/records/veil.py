"""Rows as a viewer may be shown them: emptied of what their roles hide, so that no template can tell it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from crm.access.models import User
from crm.access.rights import kind_of

M = TypeVar("M", bound=models.Model)


def veil(rows: Iterable[M], viewer: User) -> list[M]:
    """Empty the fields that the viewer may not see, and the rows that belong to a record; to be shown, never saved."""
    found = list(rows)
    for row in found if viewer.rights.rules else ():
        for name in viewer.rights.hidden(kind_of(row)):
            _empty(row, name)
    return found


def _empty(row: models.Model, name: str) -> None:
    field = next((each for each in row._meta.concrete_fields if each.name == name), None)
    if field is not None:
        setattr(row, name, _nothing(field))
        return
    # Rows of the model of that name, read ahead or not; and the one of them that a list has read along.
    for relation in row._meta.related_objects:
        if relation.related_model._meta.model_name == name:
            kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
            kept[relation.get_accessor_name()] = relation.related_model._default_manager.none()
    if name in row.__dict__:
        setattr(row, name, "")


def _nothing(field: Any) -> object:
    """What a field holds when it is empty."""
    if field.null:
        return None
    return False if isinstance(field, models.BooleanField) else [] if isinstance(field, models.JSONField) else ""
