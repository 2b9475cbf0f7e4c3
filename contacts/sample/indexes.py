"""Indexes of tables that are filled from nothing: built once at the end, sorted, instead of row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

# By these a record's rows are found while it is written; they grow at their end, which costs little.
NEEDED = ("contact_id", "company_id", "record_id", "word")
_OTHERS = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND NOT i.indisunique
        AND coalesce(a.attname, '') <> ALL(%s)
    ORDER BY c.relname
"""


@contextmanager
def indexes_later(tables: Sequence[str]) -> Iterator[None]:
    """Fill the tables without most of their indexes, in one transaction: killed at any point, it leaves all as it was.

    Nobody else reads the tables meanwhile, and each statement checks its own foreign keys, so that memory stays flat.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_OTHERS, [list(tables), list(NEEDED)])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
