"""The end of the trash: records that lay in it long enough go for good, their history and files with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction

from crm.history import TRACKED
from crm.records.changes import changes, record_event
from crm.records.models import MERGE_DAYS, Changeset, EventRef, Organisation, Record

CHUNK = 500


def purge_trash(now: datetime) -> int:
    """Delete records that have been in the trash for longer than the organisation keeps them; how many went.

    A chunk is one transaction: safe to run twice and to be killed anywhere.
    """
    before = now - timedelta(days=Organisation.current().trash_days)
    gone = 0
    for model in apps.get_models():
        if issubclass(model, Record):
            while keys := list(_overdue(model, before)):
                _purge(model, keys)
                gone += len(keys)
    return gone


def _overdue(model: Any, before: datetime) -> Any:
    return (
        model.objects.filter(trashed_at__lt=before, merged_into=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:CHUNK]
    )


def purge_merged(now: datetime) -> int:
    """Delete records that were merged into another `MERGE_DAYS` ago; what happened to them stays told by the other."""
    gone = 0
    for model in apps.get_models():
        if issubclass(model, Record):
            while winners := _overdue_merged(model, now - timedelta(days=MERGE_DAYS)):
                with transaction.atomic():
                    _hand_on_events(model, winners)
                    _purge(model, list(winners))
                gone += len(winners)
    return gone


def _overdue_merged(model: Any, before: datetime) -> dict[int, int]:
    """Some merged records and what they went into; not those that others went into: their turn comes after these."""
    merged = model.objects.filter(merged_into__isnull=False)
    old = merged.filter(trashed_at__lt=before).exclude(pk__in=merged.values("merged_into"))
    return dict(old.order_by("pk").values_list("pk", "merged_into")[:CHUNK])


def _hand_on_events(model: type[Record], winners: dict[int, int]) -> None:
    """What happened to merged records is told by those they went into: once, where it is about both."""
    refs = EventRef.objects.filter(type=model._meta.label_lower)
    for loser, winner in winners.items():
        theirs = refs.filter(record_id=loser)
        theirs.filter(event__in=refs.filter(record_id=winner).values("event")).delete()
        theirs.update(record_id=winner)


def _with_merged(model: Any, keys: list[int]) -> list[int]:
    """The keys, and those of the records that were merged into them."""
    found, step = set(keys), set(keys)
    while step:
        step = set(model.objects.filter(merged_into__in=step).values_list("pk", flat=True)) - found
        found |= step
    return sorted(found)


def _purge(model: Any, keys: list[int]) -> None:
    """Delete some records of one kind, then the versions of theirs and of the rows that belonged to them."""
    keys = _with_merged(model, keys)
    with changes(None, Changeset.Source.AUTOMATION) as changeset:
        rows = model.objects.filter(pk__in=keys)
        files = [file for row in rows for file in _files(row)]
        files += [file for version in _versions(model, keys) for file in _files(version)]
        rows.delete()
        for tracked in TRACKED:
            versions: Any = tracked.versions._default_manager
            if tracked.model is model:
                versions.filter(pgh_obj_id__in=keys).delete()
            for name in tracked.parents:
                if tracked.model._meta.get_field(name).related_model is model:
                    theirs = versions.filter(**{f"{name}_id__in": keys})
                    children = set(theirs.values_list("pgh_obj_id", flat=True))
                    # What moved to another record by a merge lives on there, with its history since.
                    alive = tracked.model._base_manager.filter(pk__in=children).values_list("pk", flat=True)
                    theirs.delete()
                    versions.filter(pgh_obj_id__in=children - set(alive)).delete()
        # No reference: the records are gone, and what is left of them must not lead anywhere.
        record_event(f"{model._meta.model_name}.purged", by=None, changeset=changeset, count=len(keys))
        by_name = {file.name: file for file in files if not _is_used(model, file)}
        transaction.on_commit(lambda: [file.storage.delete(name) for name, file in by_name.items()])


def _versions(model: Any, keys: list[int]) -> Any:
    """What the records were before, where they may have had other files, which were kept for Undo."""
    if not any(isinstance(f, models.FileField) for f in model._meta.concrete_fields):
        return []
    versions = next(tracked.versions for tracked in TRACKED if tracked.model is model)
    return versions._default_manager.filter(pgh_obj_id__in=keys)


def _is_used(model: Any, file: Any) -> bool:
    """Whether another record shows the file: a photo that went over in a merge."""
    return bool(model._base_manager.filter(**{file.field.name: file.name}).exists())


def _files(row: models.Model) -> list[Any]:
    return [
        getattr(row, f.name)
        for f in row._meta.concrete_fields
        if isinstance(f, models.FileField) and getattr(row, f.name)
    ]
