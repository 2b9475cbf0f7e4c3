"""The file into the staging table: read twice, for what whole columns say, then cleaned, planned and copied in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation

from contacts.phones import phone_digits
from crm.records.dates import DateEvidence, DateOrder
from crm.records.models import Organisation
from integrations.added import AddedColumn, added_columns, date_fields
from integrations.ahead import ahead
from integrations.cleaning import Cleaner
from integrations.guarding import drop_hidden, drop_locked
from integrations.mapping import SAMPLES
from integrations.matching import keys_of
from integrations.models import ImportRow, ImportRun
from integrations.planning import Planner
from integrations.reading import Choices, Row, Table, open_table
from integrations.rows import NUMBER_FIELDS, CleanRow, Evidence, Reading, Staged, kind_of_row
from integrations.states import MODELS

CHUNK = 2000
AHEAD = 1
LOOKED_AT = 500
_COLUMNS = ("run_id", "number", "raw", "cleaned", "keys", "action", "record_id", "diff", "errors", "step")


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


def look_at_columns(table: Table, mapping: list[str], added: Mapping[str, AddedColumn]) -> Evidence:
    """Read the whole file for what its columns of dates and numbers say; nothing is read where there are none."""
    dates, numbers = date_fields(added), {slug for slug, one in added.items() if one.is_number}
    evidence = Evidence(mapping, dates, NUMBER_FIELDS | numbers)
    if evidence.dates or evidence.numbers:
        for row in table.rows():
            evidence.add(row.cells)
    return evidence


def reading_of(run: ImportRun, evidence: Evidence) -> Reading:
    """Decide how cells are read: as the user answered, else by the evidence, else as this firm's country writes."""
    country = Organisation.current().country
    chosen = {int(column): DateOrder(order) for column, order in run.rules.get("orders", {}).items()}
    usual = DateOrder.MONTH_FIRST if run.preset == "outlook_en" or country == "US" else DateOrder.DAY_FIRST
    # Whoever writes commas between cells does not write them for decimals.
    written_english = run.look.get("detected", {}).get("delimiter") == ","
    mark = "." if written_english or country in {"GB", "IE", "US", "CA", "AU", "NZ"} else ","
    reading = evidence.reading(region=country, order=usual, mark=mark, lenient=run.rules.get("lenient", False))
    return Reading(reading.region, reading.orders | chosen, reading.marks, reading.lenient)


def stage(run: ImportRun) -> bool:
    """Empty the staging table of this run and fill it with planned rows, moving `rows_read` as it goes.

    False where somebody gave the import up in the meantime.
    """
    run.rows.all().delete()
    run.rows_read = 0
    with open_run(run) as table:
        added = added_columns(run.kind, run.by)
        reading = reading_of(run, look_at_columns(table, run.mapping, added))
        cleaner = Cleaner(run.kind, table.headers, run.mapping, reading, added)
        with ahead(_cleaned(table, cleaner, run.by.language), AHEAD) as chunks:
            for chunk in chunks:
                with transaction.atomic():
                    rows = [_row(run, row, clean) for row, clean in chunk]
                    plan_staged(Planner(run), [row for row in rows if not row.action])
                    _copy(run, rows)
                    run.rows_read += len(rows)
                    still = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.PLANNING)
                    if not still.update(rows_read=run.rows_read, moved_at=timezone.now()):
                        return False
    return True


def _cleaned(table: Table, cleaner: Cleaner, language: str) -> Iterator[list[tuple[Row, CleanRow]]]:
    """Read and clean the file in chunks, with sentences in the importer's language; nothing here asks the database."""
    with translation.override(language):
        rows = table.rows()
        while chunk := list(islice(rows, CHUNK)):
            yield [(row, cleaner.clean(row)) for row in chunk]


def _row(run: ImportRun, row: Row, clean: CleanRow) -> Staged:
    """Make the staged row of a cleaned one; one that is neither wrong nor left out has no action yet."""
    kind = kind_of_row(run.kind, clean.data)
    match = run.rules.get("match", "") if kind == run.kind else ""
    warnings = drop_hidden(run.by, kind, clean.data) if run.by.rights.rules else []
    keys = keys_of(kind, clean.data, match) if not clean.failed else []
    staged = Staged(row.number, row.cells, clean.data, keys, _action(clean), [*_errors(clean), *warnings], kind)
    drop_locked(run.by, staged)
    return staged


def plan_staged(planner: Planner, rows: list[Staged]) -> None:
    """Plan rows that are to be staged; those about the same person as another row of the file are told apart later.

    Rows that create get the keys of their records, where the database writes them.
    """
    for row in planner.plan(rows):
        planner.create(row)
    for kind, model in MODELS.items() if planner.desk is None else ():
        new = [row for row in rows if row.action == ImportRow.Action.CREATE and row.kind == kind]
        if new:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, len(new)],
                )
                for row, (key,) in zip(new, cursor.fetchall(), strict=True):
                    row.record_id = key


def _copy(run: ImportRun, rows: list[Staged]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {ImportRow._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(
                (
                    *(run.pk, row.number, json.dumps(row.raw).replace("\\u0000", "")),
                    *(json.dumps(_with_digits(row.cleaned)), row.keys, row.action, row.record_id),
                    *(json.dumps(row.diff) if row.diff else "{}", json.dumps(row.errors) if row.errors else "[]", 0),
                )
            )


def _with_digits(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Add what search reads of the phones, so that the database can write them by itself."""
    phones = cleaned.get("phones")
    return cleaned | {"digits": [" ".join(phone_digits(number)) for _label, number in phones]} if phones else cleaned


def _action(clean: CleanRow) -> str:
    if clean.failed:
        return ImportRow.Action.FAIL
    return ImportRow.Action.SKIP if clean.skip else ""


def _errors(clean: CleanRow) -> list[dict[str, Any]]:
    if not clean.errors and not clean.skip:
        return []
    errors = [
        {"column": error.column, "value": error.value, "reason": error.reason, "warning": error.warning}
        for error in clean.errors
    ]
    return errors + ([{"column": "", "value": "", "reason": clean.skip, "warning": True}] if clean.skip else [])
