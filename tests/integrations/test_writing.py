"""Exports: nothing a spreadsheet would run, and what goes out comes back the same."""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from integrations.reading import open_table
from integrations.writing import guard, unguard, write_csv, write_xlsx

HOSTILE = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1", "＝1+1", "+33612345678", "-2"),
    *("'=1", "''", "'tis", "O'Brien", "", "a=b", "''=x"),
]


def csv_of(rows: list[list[object]], language: str = "fr") -> bytes:
    return b"".join(write_csv(["Nom", "Valeur"], rows, language=language))  # type: ignore[arg-type]


def test_every_text_comes_back_as_it_was() -> None:
    assert [unguard(guard(text)) for text in HOSTILE] == HOSTILE
    data = csv_of([[text, "x"] for text in HOSTILE])
    with open_table(io.BytesIO(data)) as table:
        assert [row.cells[0] for row in table.rows()] == HOSTILE


def test_no_text_cell_begins_like_a_formula(data_dir: Path) -> None:
    with open_table(data_dir / "contacts" / "hostile_formula_injection.csv") as table:
        rows = [row.cells for row in table.rows()]
        data = b"".join(write_csv(table.headers, rows, language="en", mark=False))
    cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    with open_table(io.BytesIO(data)) as table:
        assert [row.cells for row in table.rows()] == rows


def test_numbers_dates_and_answers_follow_the_language() -> None:
    row: list[object] = [Decimal("-1234.50"), dt.date(2024, 3, 31)]
    assert csv_of([row]).decode() == "\ufeffNom;Valeur\r\n-1234,50;2024-03-31\r\n"
    assert csv_of([row, [-2, True], [None, "a;b"]], "en").decode("utf-8-sig").splitlines()[1:] == [
        "-1234.50,2024-03-31",
        "-2,yes",
        ",a;b",
    ]


def test_a_large_export_is_written_in_pieces() -> None:
    pieces = list(write_csv(["n"], ([number] for number in range(2000)), language="en"))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 2001


def test_a_workbook_has_typed_cells_and_a_frozen_header() -> None:
    file = io.BytesIO()
    stamp = dt.datetime(2024, 3, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    write_xlsx(
        file, "Contacts: 2024", ["Nom", "CA", "Né le", "Vu"], [["=1+1", Decimal("12.5"), dt.date(1980, 1, 31), stamp]]
    )
    sheet = load_workbook(file).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    name, amount, born, seen = sheet[2]
    assert (name.value, name.data_type, name.quotePrefix) == ("=1+1", "s", True)
    assert (amount.value, amount.data_type) == (12.5, "n")
    assert born.value == dt.datetime(1980, 1, 31)  # noqa: DTZ001 as a spreadsheet has it
    assert seen.value == dt.datetime(2024, 3, 31, 10)  # noqa: DTZ001


def test_a_workbook_comes_back_as_it_was() -> None:
    file = io.BytesIO()
    rows = [[text, "x"] for text in HOSTILE if text and text.isprintable()]
    write_xlsx(file, "[1]", ["Nom", "Valeur"], [*rows, ["\x00\x08", "y"], ["Zoë", 1.5]])
    with open_table(file) as table:
        back = [row.cells for row in table.rows()]
    assert back == [*rows, ["", "y"], ["Zoë", 1.5]]
