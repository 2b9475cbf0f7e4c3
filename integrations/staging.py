"""The file into the staging table: read twice, first for what whole columns say, then cleaned and copied in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.records.dates import DateEvidence, DateOrder
from crm.records.models import Organisation
from integrations.cleaning import Cleaner
from integrations.mapping import SAMPLES
from integrations.matching import keys_of
from integrations.models import ImportRow, ImportRun
from integrations.reading import Choices, Row, Table, open_table
from integrations.rows import CleanRow, Evidence, Reading

CHUNK = 1000
LOOKED_AT = 500
_COLUMNS = ("run_id", "number", "raw", "cleaned", "keys", "action", "diff", "errors", "step")


def open_run(run: ImportRun) -> Table:
    """Open the file of an import as the user wants it read. Raises `UnreadableFile`."""
    limit = Organisation.current().upload_limit_mb * 1024**2
    file: Any = run.file.storage.open(str(run.file.name), "rb")
    try:
        return open_table(file.file, limit=limit, choices=Choices(**run.choices)).closing(file)
    except BaseException:
        file.close()
        raise


def look_at(run: ImportRun) -> None:
    """Open the file and keep what the mapping page shows of it, so that the page need not open it again.

    Raises `UnreadableFile`.
    """
    with open_run(run) as table:
        dates = [DateEvidence() for _header in table.headers]
        for row in islice(table.rows(), LOOKED_AT):
            for evidence, cell in zip(dates, row.cells, strict=False):
                evidence.add(cell)
        run.headers = table.headers
        run.preset = table.detected.preset
        run.look = {
            "detected": asdict(table.detected),
            "samples": table.samples(rows=LOOKED_AT, values=SAMPLES),
            "ambiguous": {column: one.undecided for column, one in enumerate(dates) if one.is_ambiguous},
        }


def look_at_columns(table: Table, mapping: list[str]) -> Evidence:
    """Read the whole file for what its columns of dates and numbers say; nothing is read where there are none."""
    evidence = Evidence(mapping)
    if evidence.dates or evidence.numbers:
        for row in table.rows():
            evidence.add(row.cells)
    return evidence


def reading_of(run: ImportRun, evidence: Evidence) -> Reading:
    """Decide how cells are read: as the user answered, else by the evidence, else as this firm's country writes."""
    country = Organisation.current().country
    chosen = {int(column): DateOrder(order) for column, order in run.rules.get("orders", {}).items()}
    usual = DateOrder.MONTH_FIRST if run.preset == "outlook_en" or country == "US" else DateOrder.DAY_FIRST
    mark = "." if country in {"GB", "IE", "US", "CA", "AU", "NZ"} else ","
    reading = evidence.reading(region=country, order=usual, mark=mark, lenient=run.rules.get("lenient", False))
    return Reading(reading.region, reading.orders | chosen, reading.marks, reading.lenient)


def stage(run: ImportRun) -> None:
    """Empty the staging table of this run and fill it from the file, moving `rows_read` as it goes."""
    run.rows.all().delete()
    with open_run(run) as table:
        reading = reading_of(run, look_at_columns(table, run.mapping))
        cleaner = Cleaner(run.kind, table.headers, run.mapping, reading)
        rows = table.rows()
        while chunk := list(islice(rows, CHUNK)):
            with transaction.atomic():
                _copy(run, chunk, cleaner)
                run.rows_read += len(chunk)
                run.moved_at = timezone.now()
                run.save(update_fields=["rows_read", "moved_at"])


def _copy(run: ImportRun, rows: list[Row], cleaner: Cleaner) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {ImportRow._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for values in _staged(run, rows, cleaner):
            copy.write_row(values)


def _staged(run: ImportRun, rows: list[Row], cleaner: Cleaner) -> Iterator[tuple[Any, ...]]:
    """Give each row as the columns of the staging table; rows that are neither wrong nor left out get no action yet."""
    for row in rows:
        clean = cleaner.clean(row)
        kind = ImportRun.Kind.COMPANIES if "name" in clean.data else run.kind
        match = run.rules.get("match", "") if kind == run.kind else ""
        keys = keys_of(kind, clean.data, match) if not clean.failed else []
        raw = json.dumps(row.cells).replace("\\u0000", "")
        yield (
            run.pk,
            row.number,
            raw,
            json.dumps(clean.data),
            keys,
            _action(clean),
            "{}",
            json.dumps(_errors(clean)),
            0,
        )


def _action(clean: CleanRow) -> str:
    if clean.failed:
        return ImportRow.Action.FAIL
    return ImportRow.Action.SKIP if clean.skip else ""


def _errors(clean: CleanRow) -> list[dict[str, Any]]:
    errors = [
        {"column": error.column, "value": error.value, "reason": error.reason, "warning": error.warning}
        for error in clean.errors
    ]
    return errors + ([{"column": "", "value": "", "reason": clean.skip, "warning": True}] if clean.skip else [])
