"""Write tables that leave the product: CSV and XLSX, streaming, with formula-like cells defused.

A text that a spreadsheet would run as a formula gets an apostrophe in front in CSV, and the reader takes it off again,
so that what was exported imports without loss. In XLSX it is typed as text, which no spreadsheet runs.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.styles import Font
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None
Rows = Iterable[Sequence[Value]]

DELIMITERS = {"fr": ";", "en": ","}
_ROWS_AT_ONCE = 500
# What spreadsheet programs take for the beginning of a formula; and what the reader would take for our guard.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]|'[=+\-@\t\r\n＝＋－＠']")
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠']")
_LONGEST_XLSX_CELL = 32_767
# Control characters that no workbook may hold.
_ILLEGAL = re.compile(r"[\000-\010]|[\013-\014]|[\016-\037]")


def guard(text: str) -> str:
    """Return a text as a CSV cell that no spreadsheet runs: an apostrophe in front where it would."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard`, or a spreadsheet, put in front of what is no formula."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv(
    headers: Sequence[str], rows: Rows, *, language: str = "fr", mark: bool = True, delimiter: str = ""
) -> Iterator[bytes]:
    """Yield a CSV file in pieces, in UTF-8, rows ended as RFC 4180 says; `mark` writes the byte order mark Excel needs.

    In French the delimiter is a semicolon unless another is chosen, and the decimal mark a comma, as French
    spreadsheets expect.
    """
    buffer = io.StringIO(newline="")
    delimiter = delimiter or DELIMITERS.get(language, ",")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\ufeff" if mark else "")
    lines = chain([headers], rows)
    while piece := list(islice(lines, _ROWS_AT_ONCE)):
        writer.writerows([[_csv_cell(value, language) for value in row] for row in piece])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _csv_cell(value: Value, language: str) -> str:
    """Write one value: dates as ISO, numbers with the language's decimal mark, yes and no in words, text guarded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return {True: "oui", False: "non"}[value] if language == "fr" else {True: "yes", False: "no"}[value]
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",") if language == "fr" else str(value)
    return str(value) if isinstance(value, int) else guard(value)


def write_json(names: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Yield a file of one JSON object a line, in pieces: dates as ISO, blank values left out."""
    lines = iter(rows)
    while piece := list(islice(lines, _ROWS_AT_ONCE)):
        records = (
            {name: _json_value(v) for name, v in zip(names, row, strict=True) if v not in (None, "")} for row in piece
        )
        yield "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()


def _json_value(value: Value) -> str | int | float | bool | None:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write_xlsx(file: IO[bytes], title: str, headers: Sequence[str], rows: Rows) -> None:
    """Write a workbook of one sheet with typed cells and a frozen header into a binary file, with flat memory."""
    # Here and not above: seven megabytes that a process which writes no workbook does without.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    assert isinstance(sheet, WriteOnlyWorksheet)  # noqa: S101 what `write_only` gives
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    sheet.append([_xlsx_cell(sheet, header, bold) for header in headers])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(file)


def _xlsx_cell(sheet: WriteOnlyWorksheet, value: Value, font: Font | None = None) -> object:
    """Give openpyxl a typed value; text is marked as text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _ILLEGAL.sub("", value)[:_LONGEST_XLSX_CELL])
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(value))
    if font:
        cell.font = font
    return cell
