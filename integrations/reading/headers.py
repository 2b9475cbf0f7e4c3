"""Where the header of a table stands: below titles, over two rows where cells are merged, or nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from django.utils.translation import gettext as _

from crm.records.text import clean_line
from integrations.presets import recognise
from integrations.reading.table import Cell, Detected, Row, Table
from integrations.synonyms import is_known

LOOKED_AT = 50


def headed_table(read: Callable[[], Iterator[Row]], detected: Detected) -> Table | None:
    """Find the header among the first rows that `read` gives and return the table; None where all are blank."""
    first = list(islice(read(), LOOKED_AT))
    filled = [row for row in first if any(cell != "" for cell in row.cells)]
    if not filled:
        return None
    place = _header_place(filled)
    names, last = _names_of(filled, place)
    if not _is_header(names):
        names, last = [], 0
    width = len(names) or max(len(row.cells) for row in first)
    preset = recognise([str(name) for name in names or filled[place].cells])
    return Table(unique_headers(names, width), replace(detected, header_row=last, preset=preset), read)


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


def familiarity(table: Table) -> int:
    """Return how many columns have a header that means something here: tells a sheet of people from a note."""
    return sum(map(is_known, table.headers))


def _header_place(rows: list[Row]) -> int:
    """Return which of the rows is the header: the one with most known names, else the first that is wide enough."""
    known = [sum(map(_is_known, row.cells)) for row in rows]
    best = max(range(len(rows)), key=lambda place: known[place])
    counts = [sum(cell != "" for cell in row.cells) for row in rows]
    widest = max(counts)
    if known[best] >= min(2, widest) and known[best] > sum(map(_is_data, rows[best].cells)):
        return best
    wide = (place for place, count in enumerate(counts) if count >= min(2, widest) and 2 * count >= widest)
    return next(wide, 0)


def _names_of(rows: list[Row], place: int) -> tuple[list[Cell], int]:
    """Return the names of the columns and the number of the last row they stand in.

    A header cell merged over columns has the names of these below it ("Address" over "Street" and "City"). A row of
    headings above tells columns of the same name apart: "Street (Billing)".
    """
    header = rows[place]
    names, above = list(header.cells), rows[place - 1] if place else None
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below and below.number == header.number + 1 and _goes_on(header, below):
        headings, names, last = _spread(names), _over(names, below.cells), below.number
    else:
        headings, last = _spread(above.cells) if above and above.number == header.number - 1 else [], header.number
    twice = {name for name, count in Counter(map(str, names)).items() if name and count > 1}
    if len(set(headings)) > 1:
        for column, heading in enumerate(headings[: len(names)]):
            if heading and str(names[column]) in twice:
                names[column] = f"{names[column]} ({heading})"
    return names, last


def _goes_on(header: Row, below: Row) -> bool:
    """Say whether a row is the second one of a header: it names columns that the first one leaves blank."""
    filled = [column for column, cell in enumerate(below.cells) if cell != ""]
    fills = any(column >= len(header.cells) or header.cells[column] == "" for column in filled)
    return fills and all(_is_known(below.cells[column]) for column in filled)


def _over(upper: list[Cell], lower: list[Cell]) -> list[Cell]:
    width = max(len(upper), len(lower))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    return [low if low != "" else up for up, low in zip(upper, lower, strict=True)]


def _spread(cells: list[Cell]) -> list[str]:
    """Give each blank cell of a row of merged ones what stands before it."""
    spread, last = [], ""
    for cell in cells:
        last = clean_line(str(cell)) or last
        spread.append(last)
    return [*spread, *[last] * 20]


def _is_known(cell: Cell) -> bool:
    return isinstance(cell, str) and cell != "" and is_known(cell)


def _is_header(cells: list[Cell]) -> bool:
    """Say whether a row names columns: it holds no value, or more names that are known than values."""
    values = sum(map(_is_data, cells))
    return not values or sum(map(_is_known, cells)) > values


def _is_data(cell: Cell) -> bool:
    """Say whether a cell can only be a value, never the name of a column."""
    if not isinstance(cell, str):
        return True
    text = cell.strip()
    digits = sum(char.isdigit() for char in text)
    return ("@" in text and " " not in text and "." in text) or (digits >= 6 and digits * 2 > len(text))
