"""The door to imports: one's own, and all for administrators."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    from crm.access.models import User
    from integrations.models import ExportRun, ImportRow, ImportRun  # noqa: F401 named in quotation marks


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports. They hold whole files of personal data, so nobody sees another person's."""

    def visible_to(self, user: User) -> ImportRunQuerySet:
        return self if user.is_administrator else self.filter(by=user)

    def editable_by(self, user: User) -> ImportRunQuerySet:
        """Imports somebody may map, commit, cancel or undo: their own."""
        return self.filter(by=user)


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    """Files that workers made. Nobody fetches another person's, whatever their role."""

    def visible_to(self, user: User) -> ExportRunQuerySet:
        return self.filter(by=user)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Staged rows of imports."""

    def visible_to(self, user: User) -> ImportRowQuerySet:
        return self if user.is_administrator else self.filter(run__by=user)

    def to_write(self, after: int) -> ImportRowQuerySet:
        """Rows behind the one of that number that change something, in the order of the file."""
        from integrations.models import ImportRow

        writing = [ImportRow.Action.CREATE, ImportRow.Action.UPDATE]
        return self.filter(action__in=writing, number__gt=after).order_by("number")

    def to_link(self) -> ImportRowQuerySet:
        """Written rows whose parent company is still to be linked."""
        from integrations.models import ImportRow

        return self.filter(step=ImportRow.Step.TO_LINK).order_by("number")

    def with_shared_keys(self, run: int) -> list[int]:
        """Numbers of the rows that make a record and have a key in common with another such row, in file order."""
        with connection.cursor() as cursor:
            cursor.execute(
                """WITH known AS MATERIALIZED (
                    SELECT number, unnest(keys) AS key FROM integrations_importrow
                    WHERE run_id = %s AND action = 'create'
                ), shared AS (SELECT key FROM known GROUP BY key HAVING count(*) > 1)
                SELECT DISTINCT number FROM known JOIN shared USING (key) ORDER BY number""",
                [run],
            )
            return [number for (number,) in cursor.fetchall()]

    def store(self, rows: list[ImportRow], columns: list[str]) -> None:
        """Write columns of many rows in one statement (`bulk_update` writes a CASE for each row: ten times slower)."""
        types = {column: _TYPES[column] for column in columns}
        arrays = ", ".join(f"%s::{sql if sql != 'jsonb' else 'text'}[]" for sql in ("bigint", *types.values()))
        setting = ", ".join(f"{column} = v.{column}::{sql}" for column, sql in types.items())
        plain: dict[str, Callable[[Any], Any]] = {
            column: json.dumps if sql == "jsonb" else _as_it_is for column, sql in types.items()
        }
        values = [[plain[column](getattr(row, column)) for row in rows] for column in columns]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE integrations_importrow AS t SET {setting} "  # noqa: S608 names of our own columns
                f"FROM unnest({arrays}) AS v (id, {', '.join(columns)}) WHERE t.id = v.id",
                [[row.pk for row in rows], *values],
            )


def _as_it_is(value: Any) -> Any:
    return value


_TYPES = {
    "action": "text",
    "record_id": "bigint",
    "cleaned": "jsonb",
    "diff": "jsonb",
    "errors": "jsonb",
    "step": "smallint",
}
