"""Lists of contacts and companies as CSV and XLSX: every field in a column that our own import recognises."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import IO, Any

from django.db import transaction
from django.utils import translation

from contacts.models import Contact
from crm.access.models import User
from crm.records.changes import record_event
from crm.records.dates import NO_YEAR
from integrations.fields import PARTS, PLACES, TARGETS, Target, header_of
from integrations.rows import Clean
from integrations.states import MODELS, read_state, with_values
from integrations.synonyms import words
from integrations.writing import Value, write_csv, write_xlsx

_CHUNK = 500
_JOIN = "; "
# Fields of the mapping that say something about another column, or that an export gives in another field.
_NOT_WRITTEN = frozenset(
    "full_name|middle_name|suffix|company_domain|no_consent|deleted|email|phone|email_label|phone_label|address_label".split(
        "|"
    )
)
_LISTS = frozenset(["tags", "groups", "links", "domains"])
_LABELS: dict[str, dict[str, Any]] = {
    "civility": dict(Contact.Civility.choices),
    "lifecycle": dict(Contact.Lifecycle.choices),
    "consent": dict(Contact.Consent.choices),
}


def columns_of(kind: str) -> list[Target]:
    """Return the fields an export has, in order."""
    return [one for one in TARGETS[kind] if one.slug not in _NOT_WRITTEN]


@cache
def own_headers(kind: str) -> dict[str, str]:
    """Return the field of each header that our exports write, in French and in English."""
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            found |= {words(header_of(one)): one.slug for one in TARGETS[kind]}
    return found


def export_rows(kind: str, rows: Any, viewer: User) -> Iterator[list[Value]]:
    """Yield records that came through `exportable_by`, in steady order, with flat memory."""
    readers = [_reader(kind, one.slug) for one in columns_of(kind)]
    for record in with_values(kind, rows.order_by("pk"), viewer).iterator(chunk_size=_CHUNK):
        state = read_state(kind, record)
        yield [read(state) for read in readers]


def _reader(kind: str, slug: str) -> Callable[[Clean], Value]:
    """Return how one column is read from a record's plain values."""
    place, _underscore, part = slug.partition("_")
    if place in PLACES and part in PARTS:
        return lambda state: next((a.get(part, "") for a in state.get("addresses", []) if a["label"] == place), "")
    if slug.startswith(("email_", "phone_")):
        sort, known = (
            f"{place}s",
            {one.slug.partition("_")[2] for one in columns_of(kind) if one.slug.startswith(place)},
        )
        return lambda state: _JOIN.join(
            value for label, value in state.get(sort, []) if (label if label in known else "other") == part
        )
    if slug == "company":
        return lambda state: ";".join(state.get("companies", []))
    if slug in _LISTS:
        return lambda state: _JOIN.join(state.get(slug, []))
    if slug in _LABELS:
        return lambda state: str(_LABELS[slug].get(state.get(slug, ""), "")) if state.get(slug) else ""
    return _PLAIN.get(slug, lambda state: state.get(slug))


def _birthday(state: Clean) -> Value:
    """Give a birthday as a date; one without a year as address books write it."""
    if not state.get("birthday"):
        return None
    day = dt.date.fromisoformat(state["birthday"])
    return f"--{day.month:02}-{day.day:02}" if day.year == NO_YEAR else day


_PLAIN: dict[str, Callable[[Clean], Value]] = {
    "birthday": _birthday,
    "turnover": lambda state: Decimal(state["turnover"]) if state.get("turnover") else None,
    "do_not_call": lambda state: True if state.get("do_not_call") else None,
}


def csv_export(kind: str, rows: Any, viewer: User, language: str) -> Iterator[bytes]:
    """Yield a CSV file of the records, in pieces."""
    headers = [header_of(one) for one in columns_of(kind)]
    return write_csv(headers, export_rows(kind, rows, viewer), language=language)


def xlsx_export(kind: str, rows: Any, viewer: User) -> IO[bytes]:
    """Return a workbook of the records as a temporary file, at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    headers = [header_of(one) for one in columns_of(kind)]
    write_xlsx(file, str(MODELS[kind]._meta.verbose_name_plural), headers, export_rows(kind, rows, viewer))
    file.seek(0)
    return file


def log_export(kind: str, rows: Any, *, by: User, file_format: str, filters: list[str]) -> None:
    """Record who took how many records out, in which format, and by which filters (their names, never their values)."""
    with transaction.atomic():
        verb = f"{MODELS[kind]._meta.model_name}.exported"
        record_event(verb, by=by, format=file_format, count=rows.count(), filters=filters)
