"""Pages by keyset: as quick at the far end as at the start, and never a count of the whole table."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q
from psycopg.errors import QueryCanceled

if TYPE_CHECKING:
    from crm.access.querysets import RecordQuerySet
    from crm.lists.state import ListState

COUNTED_UP_TO = 10_000
LONGEST_CURSOR = 6000
LONGEST_SECONDS = 2.0


class TooSlow(Exception):
    """The database did not answer in time: the list must be narrowed."""


@contextmanager
def within_seconds(seconds: float | None = None) -> Iterator[None]:
    """Let no statement inside run longer; raises TooSlow. For what a list's address may ask of any combination.

    The limit is local to the transaction, so that nothing leaks over a pooled connection.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)",
                    [f"{int((seconds or LONGEST_SECONDS) * 1000)}ms"],
                )
            yield
            if connection.savepoint_ids:  # Inside a caller's transaction the limit would outlive this one.
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise


@dataclass(frozen=True)
class Page:
    """Up to `size` rows, and the cursors of the pages before and after ("" where there is none)."""

    rows: list[Any]
    before: str
    after: str


def read_page(rows: RecordQuerySet[Any], state: ListState, *, after: str = "", before: str = "") -> Page:
    """One page of rows that came through a door, in the state's order; an unreadable cursor gives the first page."""
    order: Any = {"descending": state.descending, "size": state.size, "after": after, "before": before}
    parts = state.streams()
    if state.sort.order is not None:
        key = {state.sort.sort: state.sort.order}
        rows, parts = rows.annotate(**key), [part.annotate(**key) for part in parts]
        order["kind"] = state.sort.order.output_field
    return turn_to(rows, state.sort.sort, parts=parts, **order)


def turn_to(
    rows: models.QuerySet[Any],
    column: str,
    *,
    descending: bool,
    size: int,
    after: str = "",
    before: str = "",
    parts: Sequence[models.QuerySet[Any]] = (),
    kind: Any = None,
) -> Page:
    """One page of rows in the order of a NOT NULL column and the key, after or before a cursor.

    Where `parts` are given, which together are the rows, the page is merged from the first rows of each. `kind` is the
    field of an expression that rows and parts were annotated with as `column`.
    """
    kind = kind or rows.model._meta.get_field(column)
    cursor = _read_cursor(kind, before or after)
    backwards = bool(before) and cursor is not None
    descending = descending != backwards
    beyond = Q()
    if cursor is not None:
        value, key = cursor
        side = "lt" if descending else "gt"
        # The first condition walks the index, the second settles rows of equal value.
        beyond = Q(**{f"{column}__{side}e": value}) & (Q(**{f"{column}__{side}": value}) | Q(**{f"pk__{side}": key}))
    sign = "-" if descending else ""
    order = (f"{sign}{column}", f"{sign}pk")
    if parts:
        first, *others = (part.filter(beyond).order_by(*order).values("pk")[: size + 1] for part in parts)
        rows = rows.filter(pk__in=first.union(*others, all=True))
    found = list(rows.filter(beyond).order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_before = more if backwards else cursor is not None
    has_after = backwards or more
    return Page(
        found,
        before=cursor_of(found[0], column, kind) if found and has_before else "",
        after=cursor_of(found[-1], column, kind) if found and has_after else "",
    )


def count_bounded(rows: RecordQuerySet[Any]) -> int:
    """How many rows, counted up to 10,001: more than 10,000 is "more than 10,000". Raises TooSlow after two seconds."""
    with within_seconds():
        return rows.order_by().values("pk")[: COUNTED_UP_TO + 1].count()


def cursor_of(row: Any, column: str, kind: Any) -> str:
    """The place of a row in the order of a column: what `turn_to` takes as `after`."""
    value = kind.value_to_string(row) if kind.name else str(getattr(row, column))
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode().rstrip("=")


def _read_cursor(kind: Any, text: str) -> tuple[Any, int] | None:
    """The value and key a cursor names, or None where it is empty, broken or forged."""
    if not text or len(text) > LONGEST_CURSOR:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _read_value(kind, value), int(key)
    except (ValueError, TypeError, ValidationError, OverflowError, RecursionError):
        return None


def _read_value(field: Any, value: Any) -> Any:
    """A value that the database can compare with the column. Raises ValueError, TypeError or ValidationError."""
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC)
    if value is None or "\0" in str(value):
        raise ValueError(value)
    str(value).encode()  # Lone surrogates are no text.
    return field.to_python(value)
