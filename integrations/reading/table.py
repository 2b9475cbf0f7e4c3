"""What every reader gives: a table with its headers, its rows in file order, and how it was recognised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO, NamedTuple, Self

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
