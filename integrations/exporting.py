"""Lists of contacts and companies as CSV and XLSX: every field in a column that our own import recognises."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction

from crm.access.models import User
from crm.records.changes import record_event
from integrations.added import columns_for
from integrations.columns import Column
from integrations.guarding import seen_by
from integrations.states import MODELS, read_state, with_values
from integrations.writing import Value, write_csv, write_xlsx

_CHUNK = 500


def columns_of(kind: str, viewer: User) -> list[Column]:
    """Return the columns an export of the viewer's has, in order."""
    return [column for column in seen_by(viewer, kind, columns_for(kind, viewer).values()) if column.is_written]


def export_rows(kind: str, rows: Any, viewer: User) -> Iterator[list[Value]]:
    """Yield records that came through `exportable_by`, in steady order, with flat memory."""
    written = columns_of(kind, viewer)
    for record in with_values(kind, rows.order_by("pk"), viewer).iterator(chunk_size=_CHUNK):
        state = read_state(kind, record, viewer)
        yield [column.export(state) for column in written]


def csv_export(kind: str, rows: Any, viewer: User, language: str) -> Iterator[bytes]:
    """Yield a CSV file of the records, in pieces."""
    headers = [column.header for column in columns_of(kind, viewer)]
    return write_csv(headers, export_rows(kind, rows, viewer), language=language)


def xlsx_export(kind: str, rows: Any, viewer: User) -> IO[bytes]:
    """Return a workbook of the records as a temporary file, at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    headers = [column.header for column in columns_of(kind, viewer)]
    write_xlsx(file, str(MODELS[kind]._meta.verbose_name_plural), headers, export_rows(kind, rows, viewer))
    file.seek(0)
    return file


def log_export(kind: str, rows: Any, *, by: User, file_format: str, filters: list[str]) -> None:
    """Record who took how many records out, in which format, and by which filters (their names, never their values)."""
    with transaction.atomic():
        verb = f"{MODELS[kind]._meta.model_name}.exported"
        record_event(verb, by=by, format=file_format, count=rows.count(), filters=filters)
