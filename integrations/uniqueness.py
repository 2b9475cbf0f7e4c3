"""Rows of a file that would give a value of an added field to a second record, where each may be there once."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from crm.records.custom import live_fields
from integrations.models import ImportRow, ImportRun
from integrations.states import MODELS

_FAILED = (
    "action = 'fail', diff = '{}', errors = r.errors || jsonb_build_array(jsonb_build_object("
    "'column', %(column)s::text, 'value', r.cleaned->>%(slug)s, 'reason', %(reason)s::text, 'warning', false))"
)
_WRITES = "run_id = %(run)s AND cleaned ? %(slug)s AND (action = 'create' OR (action = 'update' AND diff ? %(slug)s))"


def fail_repeated(run: ImportRun) -> None:
    """Fail rows whose value another record has, or another row before them that is about another record."""
    for field in live_fields(MODELS[run.kind], run.by):
        if not field.is_unique or field.slug not in run.mapping:
            continue
        rows, records = ImportRow._meta.db_table, MODELS[run.kind]._meta.db_table
        values = {"run": run.pk, "slug": field.slug, "column": run.headers[run.mapping.index(field.slug)]}
        there = _("Another record has this value already: each may be there once.")
        twice = _("A row before has this value already: each may be there once.")
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {rows} r SET {_FAILED} WHERE {_WRITES} AND EXISTS (SELECT FROM {records} t "  # noqa: S608
                f"WHERE norm(t.custom ->> '{field.slug}') = norm(r.cleaned->>%(slug)s) "
                f"AND t.custom ->> '{field.slug}' IS NOT NULL AND t.merged_into_id IS NULL "
                "AND t.id IS DISTINCT FROM r.record_id)",
                {**values, "reason": there},
            )
            cursor.execute(
                f"UPDATE {rows} r SET {_FAILED} FROM (SELECT id, first_value(keys) OVER same AS keys, "  # noqa: S608
                f"row_number() OVER same AS place FROM {rows} WHERE {_WRITES} "
                "WINDOW same AS (PARTITION BY norm(cleaned->>%(slug)s) ORDER BY number)) AS found "
                "WHERE found.id = r.id AND found.place > 1 AND NOT r.keys && found.keys",
                {**values, "reason": twice},
            )
