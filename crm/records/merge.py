"""Merge: several records of one kind become one; what hangs on the others moves to it, and Undo takes it apart.

What moves is registered by the app that holds it (`register`), so that a merge need not know who points at a record.
The merged records stay as rows out of sight for `MERGE_DAYS`, which is how long the merge can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.links import move_links
from crm.records.models import Changeset, Record
from crm.records.services import Refused

R = TypeVar("R", bound=Record)
MOST_MERGED = 10


@dataclass(frozen=True)
class Relation:
    """Rows that move with a record: those of `model` whose foreign key `owner` leads to it.

    Rows alike in all of `unites` become one. `is_primary_of`: `is_primary` is a mark within the record, which has one.
    """

    model: type[models.Model]
    owner: str
    unites: tuple[str, ...] = ()
    is_primary_of: bool = True

    @property
    def has_primary(self) -> bool:
        return self.is_primary_of and any(f.name == "is_primary" for f in self.model._meta.concrete_fields)

    def rows(self, keys: Iterable[int]) -> Any:
        return self.model._base_manager.filter(**{f"{self.owner}__in": list(keys)})


_relations: dict[type[models.Model], list[Relation]] = defaultdict(list)


def register(kind: type[Record], *relations: Relation) -> None:
    """Have rows move when records of a kind are merged; apps do so in `ready()`."""
    known = _relations[kind]
    known.extend(relation for relation in relations if relation not in known)


def relations_of(kind: type[Record]) -> list[Relation]:
    """What moves with records of a kind, in the order of registration."""
    return list(_relations[kind])


def merge(winner: R, losers: Iterable[R], values: dict[str, Any] | None = None, *, by: User) -> Changeset:
    """Make `losers` part of `winner`, which takes `values` for its fields. One act, which can be undone.

    Raises Refused unless the user may edit the winner and delete the losers, and all are there, apart and not too many.
    """
    model = type(winner)
    keys = [loser.pk for loser in losers]
    if not keys or winner.pk in keys or len(set(keys)) != len(keys) or len(keys) >= MOST_MERGED:
        raise Refused(_("Choose two to %(most)d different records to merge.") % {"most": MOST_MERGED})
    with changes(by, Changeset.Source.MERGE) as changeset:
        # In the order of keys, so that two merges at once wait for each other.
        rows = model._base_manager.select_for_update().filter(pk__in=[winner.pk, *keys]).order_by("pk")
        kept = {row.pk: row for row in rows}.get(winner.pk)
        editable = model.objects.editable_by(by).filter(pk=winner.pk)
        deletable = model.objects.deletable_by(by).filter(pk__in=keys)
        if kept is None or not editable.exists() or deletable.count() < len(keys):
            raise Refused(_("You may merge only records that you may delete into one that you may edit."))
        for relation in relations_of(model):
            _move(relation, winner.pk, keys)
        changed = [name for name, value in (values or {}).items() if getattr(kept, name) != value]
        for name in changed:
            setattr(kept, name, (values or {})[name])
        now = timezone.now()
        # First, so that what may be there only once can go over.
        model._base_manager.filter(pk__in=keys).update(trashed_at=now, merged_into=kept, updated_at=now)
        kept.save(update_fields=[*changed, "updated_at"])
        move_links(kept, keys, by)
        about = [kept, *(model(pk=key) for key in keys)]
        verb = f"{model._meta.model_name}.merged"
        record_event(verb, by=by, about=about, changeset=changeset, count=len(keys), fields=changed)
    return changeset


def _move(relation: Relation, winner: int, losers: list[int]) -> None:
    """Unite what is the same, then let the rest follow; what is primary with the winner stays so."""
    place = {key: n for n, key in enumerate([winner, *losers])}
    owner = f"{relation.owner}_id"
    rows = sorted(relation.rows(place), key=lambda row: (place[getattr(row, owner)], row.pk))
    known: set[tuple[Any, ...]] = set()
    spare, moved = [], []
    for row in rows:
        same = tuple(getattr(row, name) for name in relation.unites)
        if getattr(row, owner) == winner:
            known.add(same)
        elif relation.unites and same in known:
            spare.append(row)
        else:
            known.add(same)
            moved.append(row)
    manager = relation.model._base_manager
    if spare:
        manager.filter(pk__in=[row.pk for row in spare]).delete()
    if relation.has_primary:
        primary = [row for row in rows if row.is_primary and row not in spare]
        manager.filter(pk__in=[row.pk for row in primary[1:]]).update(is_primary=False)
    if moved:
        manager.filter(pk__in=[row.pk for row in moved]).update(**{owner: winner})


def winner_of(record: R) -> R:
    """The record that a merged one is part of now, through any number of merges; itself if it was not merged."""
    seen = {record.pk}
    step: Any = record
    while step.merged_into_id is not None and step.merged_into_id not in seen:
        seen.add(step.merged_into_id)
        step = type(record)._base_manager.get(pk=step.merged_into_id)
    found: R = step
    return found


def merged_into(record: Record) -> list[int]:
    """Keys of the records merged into one, at once or by way of others. One statement, of kinds that are merged."""
    if not relations_of(type(record)):
        return []
    table = record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH RECURSIVE part (id) AS (SELECT id FROM "{table}" WHERE merged_into_id = %s '  # noqa: S608
            f'UNION SELECT t.id FROM "{table}" t JOIN part ON t.merged_into_id = part.id) SELECT id FROM part',
            [record.pk],
        )
        return [key for (key,) in cursor.fetchall()]
