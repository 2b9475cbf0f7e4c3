"""Read JSON: an object a line, or a list of objects; what is nested gets a header of its own ("address city")."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from integrations.cells import joined
from integrations.presets import recognise
from integrations.reading.delimited import decoded_lines, known_encoding
from integrations.reading.encodings import detect_encoding
from integrations.reading.table import MAX_COLUMNS, Cell, Choices, Detected, Row, Table, UnreadableFile

_LOOKED_AT = 2000
_LONGEST = 1_000_000
_DEEPEST = 4
# An object over so many lines that end like one is no record of a table.
_MOST_TRIES = 300


def open_json(file: BinaryIO, choices: Choices) -> Table:
    """Return the table of the objects of a file, with the columns of the first ones. Raises `UnreadableFile`."""
    encoding = known_encoding(choices.encoding) or detect_encoding(file)
    headers: dict[str, None] = {}
    for record in islice(_records(file, encoding), _LOOKED_AT):
        headers |= dict.fromkeys(record)
        if len(headers) > MAX_COLUMNS:
            raise UnreadableFile(_("This JSON holds no table: its objects have too many different fields."))
    if not headers:
        raise UnreadableFile(_("The file is empty."))

    def read() -> Iterator[Row]:
        for number, record in enumerate(_records(file, encoding), start=1):
            late = [value for name, value in record.items() if name not in headers]
            yield Row(number, [*(record.get(name, "") for name in headers), *late])

    detected = Detected(format="json", encoding=encoding, header_row=0, preset=recognise(list(headers)))
    return Table(list(headers), detected, read)


def _records(file: BinaryIO, encoding: str) -> Iterator[dict[str, Cell]]:
    for number, value in enumerate(_values(file, encoding), start=1):
        if not isinstance(value, dict):
            raise UnreadableFile(
                _("Record %(number)s of this JSON is no object with named fields.") % {"number": number}
            )
        yield _flat(value)


def _values(file: BinaryIO, encoding: str) -> Iterator[Any]:
    """Yield one value after the other, whether each has a line or all stand in a list, in constant memory."""
    decoder, text, number, tries = json.JSONDecoder(), "", 0, 0
    for line in decoded_lines(file, encoding):
        text += line
        if not line.rstrip().endswith(("}", "},", "]")):
            continue
        place, tries = 0, tries + 1
        while (place := _next(text, place, may_open=not number)) < len(text) and text[place] != "]":
            try:
                value, place = decoder.raw_decode(text, place)
            except (ValueError, RecursionError):
                break
            number, tries = number + 1, 0
            yield value
        text = text[place:]
        if text.startswith("]") or len(text) > _LONGEST or tries > _MOST_TRIES:
            break
    if text.strip() and not text.startswith("]"):
        raise UnreadableFile(_("Record %(number)s of this JSON is damaged or cut off.") % {"number": number + 1})


def _next(text: str, place: int, *, may_open: bool) -> int:
    """Return where the next value begins: behind blanks and commas, at first also behind the bracket of a list."""
    between = " \t\r\n,\ufeff[" if may_open else " \t\r\n,"
    while place < len(text) and text[place] in between:
        place += 1
    return place


def _flat(value: dict[str, Any], before: str = "", depth: int = 1) -> dict[str, Cell]:
    """Write an object as cells: lists of words joined, objects inside by both names."""
    cells: dict[str, Cell] = {}
    for name, inner in value.items():
        header = f"{before} {name}".strip()[:200]
        if isinstance(inner, dict) and depth < _DEEPEST:
            cells |= _flat(inner, header, depth + 1)
        elif isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner) and depth < _DEEPEST:
            for place, one in enumerate(inner[:20], start=1):
                cells |= _flat(one, f"{header} {place}", depth + 1)
        elif isinstance(inner, list):
            cells[header] = joined([str(one) for one in inner if one is not None])
        elif inner is not None:
            cells[header] = inner if isinstance(inner, str | int | float | bool) else json.dumps(inner)
    return cells
