"""Fields that administrators require, asked of new records in files as the form asks them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.custom import CustomField, custom_fields
from integrations.models import ImportRow, ImportRun
from integrations.states import MODELS

_FAILED = (
    "action = 'fail', diff = '{}', errors = errors || jsonb_build_array(jsonb_build_object("
    "'column', %(column)s::text, 'value', '', 'reason', %(reason)s::text, 'warning', false))"
)


def required_fields(kind: str, by: User) -> list[CustomField]:
    """Return what somebody has to fill in of a new record: not what is kept from their role, nor what has a default."""
    locked = by.rights.locked(kind_of(MODELS[kind]))
    return [
        field
        for field in custom_fields(MODELS[kind], by)
        if field.is_required and field.default is None and field.slug not in locked
    ]


def missing_error(field: CustomField, run: ImportRun) -> dict[str, Any]:
    """Return the error of a row that lacks a required field."""
    column = run.headers[run.mapping.index(field.slug)] if field.slug in run.mapping else ""
    reason = _("“%(field)s” is required: fill it in, or add a column for it.") % {"field": field.label}
    return {"column": column, "value": "", "reason": reason, "warning": False}


def fail_missing(run: ImportRun) -> None:
    """Fail rows that would make a record without a required field; companies made beside a person are not asked."""
    own = "NOT cleaned ? 'name'" if run.kind == ImportRun.Kind.CONTACTS else "true"
    with connection.cursor() as cursor:
        for field in required_fields(run.kind, run.by):
            cursor.execute(
                f"UPDATE {ImportRow._meta.db_table} SET {_FAILED} WHERE run_id = %(run)s AND number > %(cursor)s "  # noqa: S608
                f"AND action = 'create' AND {own} AND NOT cleaned ? %(slug)s",
                {"run": run.pk, "cursor": run.cursor, "slug": field.slug, **missing_error(field, run)},
            )
