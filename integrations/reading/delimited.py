"""Read text tables: any delimiter, quotes, line breaks in cells, ragged and blank rows, Excel's "sep=;" line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from integrations.presets import recognise
from integrations.reading.encodings import detect_encoding
from integrations.reading.table import (
    MAX_COLUMNS,
    Choices,
    Detected,
    Row,
    Table,
    UnreadableFile,
    find_header,
    unique_headers,
)
from integrations.writing import unguard

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 262_144
_LONGEST_CELL = 1_000_000
# A cell of this many lines is a quote that was opened and never closed: Excel's own limit is 253 line breaks.
_MOST_LINES_IN_A_ROW = 2_000
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?[\s,;]*", re.IGNORECASE)

csv.field_size_limit(_LONGEST_CELL)


def _byte_of_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the odd byte of another encoding in a UTF-8 file as Windows-1252, which it mostly is."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("byte_of_windows", _byte_of_windows)


def open_delimited(file: BinaryIO, choices: Choices) -> Table:
    """Detect encoding, delimiter and header of a text file and return its table."""
    encoding = known_encoding(choices.encoding) or detect_encoding(file)
    start = "".join(islice(decoded_lines(file, encoding), _SAMPLE_LINES))[:_SAMPLE_CHARACTERS]
    if not start.strip():
        raise UnreadableFile(_("The file is empty."))
    separator_line = _SEPARATOR_LINE.fullmatch(start.splitlines()[0])
    skipped = 1 if separator_line else 0
    delimiter = choices.delimiter or (separator_line[1] if separator_line else _delimiter_of(start))

    def read() -> Iterator[Row]:
        return _records(file, encoding, delimiter, skipped)

    first = list(islice(read(), 50))
    header, named = find_header(first)
    if header is None:
        raise UnreadableFile(_("The file is empty."))
    width = max(len(row.cells) for row in first) if not named else len(header.cells)
    headers = unique_headers(header.cells if named else [], width)
    detected = Detected(
        format="csv",
        encoding=encoding,
        delimiter=delimiter,
        header_row=header.number if named else 0,
        preset=recognise([str(cell) for cell in header.cells]),
    )
    return Table(headers, detected, read)


def known_encoding(name: str) -> str:
    """Check an encoding the user chose."""
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise UnreadableFile(_("There is no encoding called “%(name)s”.") % {"name": name}) from None


def decoded_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the lines of the file, decoded, line ends kept, without zero bytes."""
    file.seek(0)
    errors = "byte_of_windows" if encoding in {"utf-8", "utf-8-sig"} else "replace"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    try:
        for line in text:
            yield line.replace("\0", "") if "\0" in line else line
    except UnicodeError:
        raise UnreadableFile(_("The file is damaged: its text cannot be decoded. Save it again as CSV.")) from None
    finally:
        # The file stays open for the next pass: only its wrapper goes.
        if not file.closed:
            text.detach()


def _records(file: BinaryIO, encoding: str, delimiter: str, skipped: int) -> Iterator[Row]:
    """Yield every record, blank ones too, numbered as a spreadsheet shows them."""
    reader = csv.reader(islice(decoded_lines(file, encoding), skipped, None), delimiter=delimiter)
    number, line = 0, 0
    try:
        for cells in reader:
            number += 1
            if reader.line_num - line > _MOST_LINES_IN_A_ROW or len(cells) > MAX_COLUMNS:
                raise UnreadableFile(_broken(number))
            line = reader.line_num
            yield Row(number, [unguard(cell) for cell in cells])
    except csv.Error:
        raise UnreadableFile(_broken(number + 1)) from None


def _broken(number: int) -> str:
    message = _("Row %(row)s cannot be read: a quotation mark is opened there and never closed.")
    return message % {"row": number}


def _delimiter_of(text: str) -> str:
    """Return the delimiter by which most records have as many cells as the first, at least two; a comma if none."""
    scores = {delimiter: _consistency(text, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """Return which part of the records is as wide as most, and how wide that is."""
    try:
        widths = [len(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if cells]
    except csv.Error:
        return 0, 0
    wide = [width for width in widths[:-1] or widths if width > 1]
    if not wide:
        return 0, 0
    usual = max(set(wide), key=wide.count)
    return round(wide.count(usual) / len(widths[:-1] or widths), 1), usual
