"""The base of desks: one kind of record in files, from the cleaned row to the written one."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from crm.access.rights import Act, kind_of
from crm.records.custom import is_custom, with_value
from integrations.models import ImportRow
from integrations.rows import Clean, plain

if TYPE_CHECKING:
    from crm.access.models import User
    from integrations.cleaning import RowUnderWay
    from integrations.committing import Writer
    from integrations.planning import PlannedRow, Planner

Search = Callable[[set[str], "User"], list[tuple[str, int]]]
BATCH = 2000


class Desk(ABC):
    """One kind of record. The class knows its values and keys; an instance decides and writes the rows of a chunk.

    `scalars` are the plain values that a row sets or replaces, `names` those without one of which no record can be
    made, `fields` the fields of the model whose rights hold for values of another name.
    """

    kind: ClassVar[str]
    model: ClassVar[Any]
    scalars: ClassVar[tuple[str, ...]]
    matches: ClassVar[tuple[str, ...]]
    names: ClassVar[tuple[str, ...]]
    fields: ClassVar[dict[str, str]] = {}

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.by = planner.by

    # Rights

    @classmethod
    def may_create(cls, by: User) -> bool:
        return by.rights.may(kind_of(cls.model), Act.CREATE)

    @classmethod
    def seen(cls, viewer: User) -> Any:
        """The records that a viewer may see."""
        return cls.model.objects.visible_to(viewer)

    def editable(self, rows: Any) -> Any:
        """Those of some records that the importer may edit."""
        return rows.editable_by(self.by)

    # Rows of a file

    @classmethod  # noqa: B027 - a kind may need none
    def finish(cls, row: RowUnderWay) -> None:
        """Join what several columns say and refuse a row that cannot be a record."""

    @classmethod
    @abstractmethod
    def keys(cls, data: Clean, wanted: list[str]) -> list[str]:
        """What a cleaned row is recognised by, the surest first."""

    @classmethod
    @abstractmethod
    def searches(cls) -> dict[str, Search]:
        """How records are found by each sort of key."""

    # Records as plain values

    @classmethod
    def with_values(cls, rows: Any, viewer: User) -> Any:
        """Prefetch all that `state` reads."""
        return rows.select_related("owner")

    @classmethod
    def state(cls, record: Any) -> Clean:
        """A record's plain values."""
        return {slug: plain(getattr(record, slug)) for slug in cls.scalars}

    # What a row will do

    def look(self, rows: Iterable[PlannedRow]) -> None:  # noqa: B027 - a kind may need none
        """Look up in few statements what the rows of a chunk name."""

    def begin(self, row: PlannedRow) -> str:
        """Say by our words what a row that makes a record names; returns why it cannot, "" if it can."""
        return ""

    def compare(self, row: PlannedRow, state: Clean) -> str:
        """Say by our words what a row about a record names; returns why it may not change it, "" if it may."""
        return ""

    def incoming(self, data: Clean, state: Clean | None) -> Clean:
        """The values a row brings, for a new record, or for the one that is there as `state` says."""
        return data

    # Writing

    def write(self, writer: Writer, rows: list[ImportRow]) -> None:
        """Write rows decided as creations and updates."""
        creating = [row for row in rows if row.action == ImportRow.Action.CREATE]
        updating = [row for row in rows if row.action == ImportRow.Action.UPDATE]
        if creating:
            self.create(writer, creating)
        if updating:
            self.update(writer, updating)

    @abstractmethod
    def create(self, writer: Writer, rows: list[ImportRow]) -> None:
        """Write rows that make records, which take their keys."""

    def update(self, writer: Writer, rows: list[ImportRow]) -> None:
        """Write what rows change in records that were there: their columns at once, then what belongs to them."""
        records = self.locked([row.record_id for row in rows])
        changed: set[str] = set()
        for row in rows:
            changed |= self.apply(records[row.record_id], row)
        if hasattr(self.model, "updated_at"):
            changed.add("updated_at")
            for record in records.values():
                record.updated_at = timezone.now()
        if changed:
            self.model._base_manager.bulk_update(records.values(), sorted(changed), batch_size=BATCH)
        writer.touched += records.values()
        self.add(writer, [(records[row.record_id], self.added(row)) for row in rows])

    def locked(self, keys: list[int | None]) -> dict[int | None, Any]:
        """The records of these keys, held until the chunk is written."""
        return self.model._base_manager.select_for_update(of=("self",)).in_bulk(keys)  # type: ignore[no-any-return]

    def apply(self, record: Any, row: ImportRow) -> set[str]:
        """Set the changed columns of one record; returns their names."""
        changed = set()
        for slug, (_was, wanted) in row.diff.items():
            if is_custom(slug):
                record.custom = with_value(record.custom, slug, wanted)
                changed.add("custom")
            elif slug == "owner":
                owner = self.planner.person(wanted)
                record.owner, record.team_id = owner, owner.team_id if owner else None
                changed |= {"owner", "team"}
            elif slug in self.scalars and self.is_column(slug):
                setattr(record, slug, self.value(slug, wanted))
                changed.add(slug)
        return changed

    def added(self, row: ImportRow) -> Clean:
        """What an update adds to the lists of its record."""
        return {
            slug: new[len(old) :] for slug, (old, new) in row.diff.items() if isinstance(old, list) and old is not None
        }

    def add(self, writer: Writer, parts: list[tuple[Any, Clean]]) -> None:  # noqa: B027 - a kind may need none
        """Add the rows that belong to records."""

    @classmethod
    def is_column(cls, slug: str) -> bool:
        """Say whether a scalar is a column that holds the plain value itself, and not the key of another record."""
        return slug in {each.name for each in cls.model._meta.concrete_fields if not each.is_relation}

    @classmethod
    def value(cls, slug: str, wanted: Any) -> Any:
        """Turn a plain value into what the model's column holds."""
        column = cls.model._meta.get_field(slug)
        if isinstance(column, models.DateField) and wanted:
            return dt.date.fromisoformat(wanted)
        return Decimal(wanted) if isinstance(column, models.DecimalField) and wanted not in (None, "") else wanted

    def owned(self, data: Clean, writer: Writer) -> dict[str, Any]:
        """Owner and team of a new record."""
        owner = self.planner.person(data["owner"]) if data.get("owner") else writer.owner
        return {"owner": owner, "team_id": owner.team_id if owner else None}

    def values(self, data: Clean) -> dict[str, Any]:
        """The columns of a new record."""
        return {slug: self.value(slug, data[slug]) for slug in self.scalars if slug in data and self.is_column(slug)}


def filled(state: Clean) -> Clean:
    """Leave out what is blank; a plain No stays."""
    return {slug: value for slug, value in state.items() if value not in ("", [], None)}
