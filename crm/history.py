"""Every change is kept by the database: which tables are versioned, and what a version row holds.

`@track()` on a model installs statement-level triggers (django-pghistory). An update or a deletion keeps the OLD row,
an insert keeps its key alone, so the row that a changeset left is the OLD row of the next version, or the row itself.
Derived columns (search text, touches, `updated_at`) are not versioned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
import pghistory.trigger
import pgtrigger
from django.db import models

T = TypeVar("T", bound=type[models.Model])
DERIVED = ("updated_at", "touched_at")


@dataclass(frozen=True)
class Tracked:
    """A versioned table.

    `parents` names the foreign keys to the record a child row belongs to, if it is one; `owner` the one to the person
    whose own the row is and who may undo what was done to it, if there is one. Rows that are not `told` repeat what the
    record says already: a timeline leaves them out, as it does columns that follow from others (`untold`).
    """

    model: type[models.Model]
    versions: type[models.Model]
    parents: tuple[str, ...]
    owner: str = ""
    told: bool = True
    untold: tuple[str, ...] = ()

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """The columns a version restores, without the key."""
        kept = {field.name for field in self.versions._meta.fields}
        return [f for f in self.model._meta.concrete_fields if f.name in kept and not f.primary_key]


# In the order of declaration, which is the order of foreign keys: parents before children.
TRACKED: list[Tracked] = []


class _KeyOnly(pghistory.trigger.Event):
    """Records that a row was inserted: its key, when, and in which changeset."""

    def get_func(self, model: Any) -> Any:
        key = model._meta.pk.column
        versions: Any = self.event_model
        table = versions._meta.db_table
        return pgtrigger.Func(
            f'INSERT INTO "{table}" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "{key}") '  # noqa: S608
            f"SELECT NOW(), '{self.label}', new_values.\"{key}\", "
            "NULLIF(CURRENT_SETTING('pghistory.context_id', TRUE), '')::UUID, "
            f'new_values."{key}" FROM new_values; RETURN NULL;'
        )


class _Inserted(pghistory.InsertEvent):
    def add_event_trigger(self, event_model: type[models.Model]) -> None:
        pgtrigger.register(
            _KeyOnly(  # type: ignore[no-untyped-call]
                event_model=event_model,
                label=self.label,
                name=self.trigger_name,
                operation=self.operation,
                level=self.level,
            )
        )(event_model.pgh_tracked_model)  # type: ignore[attr-defined]


def track(
    *,
    parents: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    owner: str = "",
    told: bool = True,
    untold: tuple[str, ...] = (),
) -> Callable[[T], T]:
    """Version the decorated model in `<Model>Version`; `exclude` names further derived columns."""

    def decorate(model: T) -> T:
        names = {field.name for field in model._meta.fields}
        generated = {f.name for f in model._meta.fields if isinstance(f, models.GeneratedField)}
        left_out = sorted((set(DERIVED) | set(exclude) | generated) & names)
        level = pgtrigger.Statement
        versions = pghistory.create_event_model(
            model,
            _Inserted(level=level),
            pghistory.UpdateEvent(row=pghistory.Old, level=level),
            pghistory.DeleteEvent(row=pghistory.Old, level=level),
            exclude=left_out,
            model_name=f"{model.__name__}Version",
            obj_field=pghistory.ObjForeignKey(related_name="versions", db_index=False),
            meta={"indexes": [models.Index(fields=["pgh_context_id"]), models.Index(fields=["pgh_obj", "pgh_id"])]},
            abstract=False,
        )
        TRACKED.append(Tracked(model, versions, parents, owner, told, untold))
        return model

    return decorate
