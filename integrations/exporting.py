"""Contacts and companies as files: every field in a column that our own import recognises, or what a list shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.db import transaction
from django.utils import translation

from crm.access.models import User
from crm.lists.custom import name_people
from crm.lists.fields import Field, Kind
from crm.records.changes import record_event
from integrations.added import columns_for, name_links
from integrations.cells import joined
from integrations.columns import Column
from integrations.fields import COMPANIES, CONTACTS, OPPORTUNITIES, PRODUCTS
from integrations.guarding import seen_by
from integrations.states import MODELS, read_state, with_values
from integrations.vcards import vcard_export
from integrations.writing import Value, write_csv, write_json, write_xlsx

KINDS = {"contact": CONTACTS, "company": COMPANIES, "opportunity": OPPORTUNITIES, "product": PRODUCTS}
# What can be a card of an address book.
CARDS = frozenset({"contact", "company"})
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
_CHUNK = 500


@dataclass(frozen=True)
class Wanted:
    """What file is wanted. `shown` are a list's columns instead of all fields; `delimiter` "" is the language's."""

    file_format: str
    language: str = "fr"
    delimiter: str = ""
    mark: bool = True
    shown: Sequence[Field] = field(default_factory=tuple)


def columns_of(kind: str, viewer: User) -> list[Column]:
    """Return the columns an export of the viewer's has, in order."""
    return [column for column in seen_by(viewer, kind, columns_for(kind, viewer).values()) if column.is_written]


def write_export(kind: str, rows: Any, viewer: User, wanted: Wanted) -> Iterator[bytes]:
    """Yield a file of records that came through `exportable_by`, in pieces, with flat memory.

    It is written in the language wanted, whichever is active where the pieces are sent.
    """
    pieces = _written(kind, rows, viewer, wanted)
    while True:
        with translation.override(wanted.language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _written(kind: str, rows: Any, viewer: User, wanted: Wanted) -> Iterator[bytes]:
    if wanted.file_format == "vcf":
        yield from vcard_export(kind, rows, viewer)
        return
    if wanted.shown:
        names = headers = [str(shown.label) for shown in wanted.shown]
        lines = _shown_rows(rows, wanted.shown, viewer)
    else:
        written = columns_of(kind, viewer)
        headers, names = [column.header for column in written], [column.slug for column in written]
        lines = export_rows(kind, rows, viewer)
    if wanted.file_format == "xlsx":
        yield from _pieces(_workbook(kind, headers, lines))
    elif wanted.file_format == "jsonl":
        yield from write_json(names, lines)
    else:
        yield from write_csv(headers, lines, language=wanted.language, mark=wanted.mark, delimiter=wanted.delimiter)


def export_rows(kind: str, rows: Any, viewer: User) -> Iterator[list[Value]]:
    """Yield records in steady order, each as the cells of all columns."""
    written = columns_of(kind, viewer)
    stream = with_values(kind, rows.order_by("pk"), viewer).iterator(chunk_size=_CHUNK)
    while some := list(islice(stream, _CHUNK)):
        name_links(written, some, viewer)
        for record in some:
            state = read_state(kind, record, viewer)
            yield [column.export(state) for column in written]


def _shown_rows(rows: Any, shown: Sequence[Field], viewer: User) -> Iterator[list[Value]]:
    """Yield records as their list shows them."""
    stream = rows.order_by("pk").iterator(chunk_size=_CHUNK)
    while some := list(islice(stream, _CHUNK)):
        name_people(some, list(shown), viewer)
        for record in some:
            yield [_plain(one, one.read(record)) for one in shown]


def _plain(shown: Field, value: Any) -> Value:
    """Write what a list reads as a typed cell."""
    if value in (None, ""):
        return None
    if isinstance(value, Iterable) and not isinstance(value, str):
        return joined([str(one) for one in value])
    if shown.kind in {Kind.DATE, Kind.MOMENT, Kind.NUMBER, Kind.MONEY, Kind.YES_NO}:
        return value  # type: ignore[no-any-return]
    return str(value)


def _workbook(kind: str, headers: list[str], lines: Iterator[list[Value]]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 whoever reads it to its end closes it
    write_xlsx(file, str(MODELS[kind]._meta.verbose_name_plural), headers, lines)
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65_536):
            yield piece


def log_export(kind: str, count: int, *, by: User, file_format: str, filters: list[str]) -> None:
    """Record who took how many records out, in which format, and by which filters (their names, never their values)."""
    with transaction.atomic():
        verb = f"{MODELS[kind]._meta.model_name}.exported"
        record_event(verb, by=by, format=file_format, count=count, filters=filters)
