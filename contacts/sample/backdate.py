"""Move what was just written back in time: changesets, their versions and events, and the records' own dates."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

import pgtrigger
from django.db import connection

from crm.access.querysets import record_models
from crm.history import TRACKED
from crm.records.models import Changeset, Event, EventRef


def backdate(acts: list[tuple[dt.datetime, dt.datetime]]) -> None:
    """Give every changeset the moment it stands for.

    `acts` pairs the moment from which something was written with the moment it stands for, both ascending.
    """
    written = [act[0] for act in acts]
    known = Changeset.objects.order_by("created_at").values_list("pk", "created_at")
    moments = {pk: acts[bisect_right(written, at) - 1][1] for pk, at in known}
    changeset, event, ref = (model._meta.db_table for model in (Changeset, Event, EventRef))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {changeset} c SET created_at = m.at "  # noqa: S608
            "FROM unnest(%s::uuid[], %s::timestamptz[]) AS m (id, at) WHERE c.id = m.id",
            [list(moments), list(moments.values())],
        )
        cursor.execute(f"UPDATE {event} e SET at = c.created_at FROM {changeset} c WHERE c.id = e.changeset_id")  # noqa: S608
        cursor.execute(f"UPDATE {ref} r SET at = e.at FROM {event} e WHERE e.id = r.event_id")  # noqa: S608
        for tracked in TRACKED:
            cursor.execute(
                f"UPDATE {tracked.versions._meta.db_table} v SET pgh_created_at = c.created_at "  # noqa: S608
                f"FROM {changeset} c WHERE c.id = v.pgh_context_id"
            )
        for model in record_models():
            has_touched = any(column.name == "touched_at" for column in model._meta.concrete_fields)
            touched = ", touched_at = r.last" if has_touched else ""
            with pgtrigger.ignore(f"{model._meta.label}:update_update"):
                cursor.execute(
                    f"UPDATE {model._meta.db_table} t SET created_at = r.first, updated_at = r.last{touched} "  # noqa: S608
                    "FROM (SELECT record_id, min(at) AS first, max(at) AS last "
                    f"FROM {ref} WHERE type = %s GROUP BY record_id) AS r WHERE t.id = r.record_id",
                    [model._meta.label_lower],
                )
