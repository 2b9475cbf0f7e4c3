"""Indexes of added fields: built CONCURRENTLY by a worker, one after the other, so that nobody waits for them.

The database says which are there; whoever dies while building leaves one that is not valid, which the next run drops
and builds anew. Values compare as they are kept: texts without case and accents, dates and moments as ISO text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, models
from django.db.models import CharField, DecimalField, Func
from django.db.models.fields.json import KT

from crm.access.querysets import record_models
from crm.records.custom import CustomField
from crm.records.search import entry_models

Kind = CustomField.Kind
NUMBERS = (Kind.NUMBER, Kind.MONEY)
SORTED = (Kind.TEXT, *NUMBERS, Kind.DATE, Kind.MOMENT, Kind.LINK, Kind.EMAIL)
UNIQUE = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.LINK, Kind.EMAIL, Kind.PHONE)
# Below every number that is kept, for records without a value: they come first, as blank texts do.
LEAST = -(10**15)
SEARCHABLE = (Kind.TEXT, Kind.NUMBER, Kind.LINK, Kind.EMAIL, Kind.PHONE)
SORT, ONCE, SEARCH = "sort", "unique", "search"
_REWRITTEN = 2000
_LOCK = 0xC0F1E1D5
_NAMED = 5


class SortKey(Func):
    """What records are sorted by: never NULL, the same expression in the list and in its index."""

    def __init__(self, field: CustomField) -> None:
        is_number = field.kind in NUMBERS
        output: Any = DecimalField(max_digits=22, decimal_places=6) if is_number else CharField(db_collation="C")
        super().__init__(KT(f"custom__{field.slug}"), template=sort_template(field), output_field=output)


def sort_template(field: CustomField) -> str:
    """The SQL of the sort key around a field's value as text, `%(expressions)s`."""
    if field.kind in NUMBERS:
        return f"COALESCE((%(expressions)s)::numeric, {LEAST})"
    return "COALESCE(norm(%(expressions)s), '') COLLATE \"C\""


def can_sort(field: CustomField) -> bool:
    """Whether a list may be sorted by the field: it is wanted, and its indexes are there."""
    return field.is_indexed and SORT in field.built


def wanted(field: CustomField) -> dict[str, dict[str, str]]:
    """The indexes a live field should have: what for → name → statement."""
    if field.trashed_at is not None:
        return {}
    table = connection.ops.quote_name(_model(field)._meta.db_table)
    value = f"(custom ->> '{field.slug}')"  # slugs are letters, digits and underscores
    found: dict[str, dict[str, str]] = {}
    if field.is_indexed:
        key = sort_template(field) % {"expressions": value}
        ordered = {"all": "", "owner": "owner_id, ", "team": "team_id, "} if field.kind in SORTED else {}
        found[SORT] = {
            name: f"CREATE INDEX CONCURRENTLY {name} ON {table} ({first}({key}), id)"
            for name, first in ((f"custom_{field.pk}_{whose}", first) for whose, first in ordered.items())
        }
    if field.is_indexed or field.kind == Kind.RECORD:
        # Of a link for merges too, which look for what leads to the records that go.
        values = f"custom_{field.type}_values"
        found["values"] = {values: f"CREATE INDEX CONCURRENTLY {values} ON {table} USING gin (custom jsonb_path_ops)"}
    if field.is_unique:
        name = f"custom_{field.pk}_once"
        found[ONCE] = {
            name: f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ((norm({value}))) "
            f"WHERE {value} IS NOT NULL AND merged_into_id IS NULL"
        }
    if field.is_searchable:
        found[SEARCH] = {}
    return found


def state_of(field: CustomField) -> str:
    """Where the indexes of a field are: "" where none is wanted, "building", "ready" or "failed"."""
    parts = wanted(field)
    if not parts:
        return ""
    if field.problem:
        return "failed"
    return "ready" if set(parts) <= set(field.built) else "building"


def build_all() -> None:
    """Build what is wanted and drop what is not any more; outside a transaction. Another one at work is left to it."""
    with _alone() as is_alone:
        if not is_alone:
            return
        fields = list(CustomField.objects.all())
        statements = {name: sql for field in fields for part in wanted(field).values() for name, sql in part.items()}
        valid = _existing()
        for name, is_valid in valid.items():
            if name not in statements or not is_valid:
                _execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")
        done = {name for name, is_valid in valid.items() if is_valid and name in statements}
        for field in fields:
            _build(field, done)


def _build(field: CustomField, done: set[str]) -> None:
    """Build what one field lacks, and note how far that came."""
    if (SEARCH in wanted(field)) != (SEARCH in field.built):
        _rewrite_entries(field)
    built: list[str] = []
    problem: list[str] = []
    for what, parts in wanted(field).items():
        if what == ONCE and not set(parts) <= done and (problem := repeated(field)):
            continue
        for name, sql in parts.items():
            if name not in done:
                try:
                    _execute(sql)
                    done.add(name)
                except IntegrityError:  # somebody was quicker than our look
                    _execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
                    problem = repeated(field)
        if set(parts) <= done:
            built.append(what)
    if (built, problem) != (field.built, field.problem):
        # Only where something changed: every change has each process read the definitions anew.
        CustomField.objects.filter(pk=field.pk).update(built=built, problem=problem)


def _rewrite_entries(field: CustomField) -> None:
    """Write the search entries of all records with a value anew, in parts; the database knows what is searched."""
    model = _model(field)
    rewriter = next(each.rewriter for each in entry_models() if each.record_model() is model)
    rows, last = model._base_manager.filter(custom__has_key=field.slug).order_by("pk"), 0
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:_REWRITTEN]):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {rewriter}(%s::bigint[])", [keys])
        last = keys[-1]


def repeated(field: CustomField) -> list[str]:
    """Some values that several records have."""
    rows = _model(field)._default_manager.filter(merged_into=None, custom__has_key=field.slug)
    found = rows.values(key=_once_key(field)).annotate(n=models.Count("pk")).filter(n__gt=1).order_by("key")[:_NAMED]
    return [str(each["key"]) for each in found]


def twins(field: CustomField, value: Any, but: int | None) -> Any:
    """The records beside one that have a value, whatever its case and accents; also those in the trash."""
    given = str(value).lower() if isinstance(value, bool) else str(value)
    rows = _model(field)._default_manager.filter(merged_into=None).annotate(once=_once_key(field))
    return rows.filter(once=Func(models.Value(given), function="norm")).exclude(pk=but)


def _once_key(field: CustomField) -> Func:
    return Func(KT(f"custom__{field.slug}"), function="norm", output_field=CharField())


def _model(field: CustomField) -> Any:
    return next(model for model in record_models() if model._meta.model_name == field.type)


def _existing() -> dict[str, bool]:
    """The indexes of added fields that the database has, and whether each is valid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relname ~ '^custom_([0-9]+_(all|owner|team|once)|[a-z]+_values)$'"
        )
        return dict(cursor.fetchall())


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the work against a second worker, which gets False; a worker that dies lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (is_alone,) = cursor.fetchone() or (False,)
    try:
        yield is_alone
    finally:
        if is_alone:
            _execute(f"SELECT pg_advisory_unlock({_LOCK})")
