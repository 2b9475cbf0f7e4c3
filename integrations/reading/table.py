"""What every reader gives: a table with its headers, its rows in file order, and how it was recognised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO, NamedTuple, Self

from django.utils.translation import gettext as _

from crm.records.text import clean_line

# Text, or the typed value of a spreadsheet's cell; its dates come as ISO text.
Cell = str | int | float | bool
MAX_COLUMNS = 1000


class UnreadableFile(Exception):
    """The file cannot be read as a table; `str()` is the sentence to show, already translated."""


class Row(NamedTuple):
    """One record; `number` is its place in the file as a spreadsheet shows it, where the header is usually row 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Choices:
    """What the user says about the file where the detection went wrong; empty means: detect."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Detected:
    """How a file was read. `header_row` is 0 where the file has no header; `encoding` is Python's name for it."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    preset: str = "generic"


@dataclass(frozen=True)
class Table:
    """An open table. `headers` are unique: a second "Titre" is "Titre (2)", a blank one "Column 3"."""

    headers: list[str]
    detected: Detected
    read: Callable[[], Iterator[Row]]
    files: list[IO[bytes]] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, blank ones left out, from the beginning each time it is called."""
        for row in self.read():
            if row.number > self.detected.header_row and any(cell != "" for cell in row.cells):
                yield row

    def samples(self, rows: int = 200, values: int = 3) -> list[list[str]]:
        """Return for each column its first non-empty different values, looking at no more than so many rows."""
        found: list[list[str]] = [[] for _header in self.headers]
        for row in islice(self.rows(), rows):
            for column, cell in zip(found, row.cells, strict=False):
                text = clean_line(str(cell))
                if text and text not in column and len(column) < values:
                    column.append(text)
        return found

    def closing(self, file: IO[bytes]) -> "Table":
        """Return the same table, which closes `file` when it is closed."""
        return replace(self, files=[*self.files, file])

    def close(self) -> None:
        """Close the files the table opened itself."""
        for file in self.files:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def unique_headers(cells: list[Cell], width: int) -> list[str]:
    """Name every column of a table: clean, never blank, never twice the same."""
    named: dict[str, None] = {}
    for place in range(max(width, len(cells))):
        name = clean_line(str(cells[place]))[:200] if place < len(cells) else ""
        name = name or _("Column %(number)s") % {"number": place + 1}
        number, wanted = 1, name
        while wanted in named:
            number += 1
            wanted = f"{name} ({number})"
        named[wanted] = None
    return list(named)


def find_header(rows: list[Row]) -> tuple[Row | None, bool]:
    """Find the header among the first rows: the first with more than one cell filled, if any has (titles stand above).

    Returns that row, and whether it is a header; where it already holds data the columns have no names.
    """
    filled = [(row, sum(cell != "" for cell in row.cells)) for row in rows]
    filled = [(row, count) for row, count in filled if count]
    if not filled:
        return None, False
    widest = max(count for _row, count in filled)
    row = next(row for row, count in filled if count > 1 or widest == 1)
    return row, not any(_is_data(cell) for cell in row.cells)


def _is_data(cell: Cell) -> bool:
    """Say whether a cell can only be a value, never the name of a column."""
    if not isinstance(cell, str):
        return True
    text = cell.strip()
    digits = sum(char.isdigit() for char in text)
    return ("@" in text and " " not in text and "." in text) or (digits >= 6 and digits * 2 > len(text))
