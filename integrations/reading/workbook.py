"""Read XLSX workbooks, streaming. Sizes, ratio and entries are checked before anything is unpacked."""

from __future__ import annotations

import datetime as dt
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _

from integrations.reading.headers import familiarity, headed_table
from integrations.reading.table import MAX_COLUMNS, Cell, Choices, Detected, Row, Table, UnreadableFile

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_ENTRIES = 5_000
MOST_UNPACKED = 2 * 1024**3
MOST_SHARED_TEXT = 256 * 1024**2
# Tables of repeated words shrink to a fiftieth; a bomb to a thousandth.
MOST_SHRUNK = 250
SMALL = 20 * 1024**2
_MOST_BLANK_ROWS = 10_000
# A sheet of another kind than the wanted one is mostly among the first.
_MOST_SHEETS = 20
# All that a damaged workbook makes zipfile, expat and openpyxl raise.
DAMAGED = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, RuntimeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, struct.error, ParseError, NotImplementedError, MemoryError),
)


def open_workbook(file: BinaryIO, choices: Choices) -> Table:
    """Check a workbook and return the table of one sheet: the chosen, else the likeliest of those that can be seen."""
    try:
        check_sizes(file)
        book = _load(file)
        sheets = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except DAMAGED:
        raise damaged() from None
    return choose_sheet(sheets, choices.sheet, lambda name: _table(book, name, tuple(sheets)))


def choose_sheet(sheets: Sequence[str], chosen: str, table_of: Callable[[str], Table | None]) -> Table:
    """Return the table of the sheet somebody chose, else of the first among those with most known headers."""
    if chosen and chosen not in sheets:
        raise UnreadableFile(_("The workbook has no sheet called “%(name)s”.") % {"name": chosen})
    tables = [table for name in ([chosen] if chosen else sheets[:_MOST_SHEETS]) if (table := table_of(name))]
    if not tables:
        raise UnreadableFile(_("The file is empty."))
    return max(tables, key=familiarity)


def check_sizes(file: BinaryIO) -> None:
    """Refuse archives that would unpack to more than they can honestly hold, or that could refer to other files."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile(_("This workbook is protected by a password. Remove it and save the workbook again."))
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        shared = sum(entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml"))
        if (
            len(entries) > MOST_ENTRIES
            or unpacked > MOST_UNPACKED
            or shared > MOST_SHARED_TEXT
            or (unpacked > SMALL and unpacked > MOST_SHRUNK * max(1, packed))
        ):
            raise UnreadableFile(
                _("This workbook unpacks to more data than is accepted. Save the table as CSV instead.")
            )
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if b"<!" in part.read(4096).replace(b"<!--", b""):
                        raise UnreadableFile(_("This workbook holds instructions no spreadsheet needs. Save it again."))


def _load(file: BinaryIO) -> Workbook:
    # Here and not above: seven megabytes that a process which reads no workbook does without.
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of validation rules and styles that it skips: the values are all there.
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _table(book: Workbook, name: str, sheets: tuple[str, ...]) -> Table | None:
    """Return the table of one sheet, None for an empty one."""
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    sheet = book[name]
    if not isinstance(sheet, ReadOnlyWorksheet):
        return None

    def read() -> Iterator[Row]:
        return _records(sheet)

    return headed_table(read, Detected(format="xlsx", sheet=name, sheets=sheets))


def _records(sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    """Yield every row with its number, until the sheet ends or only formatted blank rows follow."""
    # Programs write wrong sizes of the sheet: do not believe them.
    sheet.reset_dimensions()
    blank = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, values in enumerate(_values(sheet), start=1):
                cells = [plain_cell(value) for value in values]
                while cells and cells[-1] == "":
                    cells.pop()
                blank = 0 if cells else blank + 1
                if blank > _MOST_BLANK_ROWS:
                    return
                yield Row(number, cells)
    except DAMAGED:
        raise damaged() from None


def _values(sheet: ReadOnlyWorksheet) -> Iterator[tuple[object, ...]]:
    # The type stubs give `iter_rows` of ordinary sheets only, whose class this one borrows it from.
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)  # type: ignore[misc]
    return rows


def plain_cell(value: object) -> Cell:
    """Turn a typed cell into text, a number or a yes/no; dates become ISO text, error values blanks."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, bool | int):
        return value
    text = str(value)
    return "" if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "N/A")) else text


def damaged() -> UnreadableFile:
    return UnreadableFile(_("The workbook is damaged or cut off. Open it, save it again, and choose it anew."))
