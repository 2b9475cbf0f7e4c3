"""Read ODS spreadsheets, streaming, behind the same guards as XLSX."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any, BinaryIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from integrations.reading.headers import headed_table
from integrations.reading.table import MAX_COLUMNS, Cell, Choices, Detected, Row, Table, UnreadableFile
from integrations.reading.workbook import DAMAGED, check_sizes, choose_sheet, damaged, plain_cell

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = _NAMES % "table", _NAMES % "office", _NAMES % "text"
_CELLS = frozenset([f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"])
_SHEET = re.compile(rb"<table:table\s[^<>]*?table:name=[\"']([^\"'<>]*)")
_MOST_ROWS = 1_048_576
_MOST_REPEATS = 10_000


def open_opendocument(file: BinaryIO, choices: Choices) -> Table:
    """Check a spreadsheet and return the table of one sheet: the chosen, else the likeliest."""
    try:
        check_sizes(file)
        _check_open(file)
        sheets = _sheets(file)
    except (*DAMAGED, DefusedXmlException):
        raise damaged() from None
    return choose_sheet(sheets, choices.sheet, lambda name: _table(file, name, sheets))


def _sheets(file: BinaryIO) -> tuple[str, ...]:
    """Return the names of the sheets: found in the bytes, a tenth of what parsing takes; parsed if none is there."""
    names: list[str] = []
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as content:
        rest = b""
        while piece := content.read(1024**2):
            data = rest + piece
            end = data.rfind(b"<")
            names += [unescape(name.decode()) for name in _SHEET.findall(data[:end])]
            rest = data[end:][:65_536] if end >= 0 else b""
    return tuple(dict.fromkeys(names or (name for name, row in _all_rows(file) if row is None)))


def _check_open(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise UnreadableFile(_("This workbook is protected by a password. Remove it and save the workbook again."))


def _table(file: BinaryIO, name: str, sheets: tuple[str, ...]) -> Table | None:
    def read() -> Iterator[Row]:
        try:
            yield from (row for sheet, row in _all_rows(file) if sheet == name and row)
        except (*DAMAGED, DefusedXmlException):
            raise damaged() from None

    return headed_table(read, Detected(format="ods", sheet=name, sheets=sheets))


def _all_rows(file: BinaryIO) -> Iterator[tuple[str, Row | None]]:
    """Yield (sheet, row) for every row, and (sheet, None) where a sheet begins; what was read is let go."""
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as content:
        name, number, table = "", 0, None
        for event, element in iterparse(content, events=("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table" and table is None:
                name, number, table = element.get(f"{_TABLE}name", ""), 0, element
                yield name, None
            elif event == "end" and element is table:
                table.clear()
                table = None
            elif event == "end" and element.tag == f"{_TABLE}table-row" and table is not None:
                cells = _cells(element)
                repeats = _number(element, "number-rows-repeated")
                for place in range(min(repeats, _MOST_REPEATS) if cells else 0):
                    if number + place < _MOST_ROWS:
                        yield name, Row(number + place + 1, cells)
                number += repeats
                table.clear()


def _cells(row: Any) -> list[Cell]:
    cells: list[Cell] = []
    blanks = 0
    for element in row:
        if element.tag not in _CELLS:
            continue
        value = _value(element)
        repeats = min(_number(element, "number-columns-repeated"), MAX_COLUMNS)
        if value == "":
            blanks += repeats
            continue
        cells += ([""] * blanks + [value] * repeats)[: MAX_COLUMNS - len(cells)]
        blanks = 0
    return cells


def _number(element: Any, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}", "1")))


def _value(cell: Any) -> Cell:
    """Return a cell as text, a number or a yes/no; dates are ISO text already."""
    sort = cell.get(f"{_OFFICE}value-type", "")
    if sort in {"float", "percentage", "currency"}:
        return plain_cell(float(cell.get(f"{_OFFICE}value", "0")))
    if sort == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).removesuffix("T00:00:00").replace("T", " ")
    if sort == "boolean":
        return bool(cell.get(f"{_OFFICE}boolean-value") == "true")
    return plain_cell("\n".join(_text(line) for line in cell if line.tag == f"{_TEXT}p"))


def _text(element: Any) -> str:
    """Return the text of a paragraph with its runs, blanks, tabs and line breaks."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * min(1000, int(child.get(f"{_TEXT}c", "1"))))
        elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            pieces.append("\n" if child.tag.endswith("break") else "\t")
        elif child.tag != f"{_OFFICE}annotation":
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
