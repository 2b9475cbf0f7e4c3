"""Read text tables: any delimiter, quotes, line breaks in cells, ragged and blank rows, Excel's "sep=;" line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from integrations.reading.encodings import TWICE, detect_encoding, encoded_once, is_encoded_twice
from integrations.reading.headers import headed_table
from integrations.reading.table import MAX_COLUMNS, Choices, Detected, Row, Table, UnreadableFile
from integrations.writing import unguard

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 262_144
_LONGEST_CELL = 1_000_000
# A cell of this many lines is a quote that was opened and never closed: Excel's own limit is 253 line breaks.
_MOST_LINES_IN_A_ROW = 2_000
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?[\s,;]*", re.IGNORECASE)
_END_OF_DOS = "\x1a"
_UTF_8 = ("utf-8", "utf-8-sig")
_ESCAPED = re.compile(r"(?<!\\)\\\"(?=[^,;\t|\r\n])")
_DOUBLED = re.compile(r"[^,;\t|\r\n\"]\"\"[^,;\t|\r\n\"]")

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True)
class Form:
    """How a text file writes its table; `skipped` lines come before it."""

    encoding: str
    delimiter: str
    skipped: int
    quotation_mark: str
    escapes: bool

    @property
    def dialect(self) -> dict[str, Any]:
        """What `csv` is to be told."""
        escape = "\\" if self.escapes else None
        return {"delimiter": self.delimiter, "quotechar": self.quotation_mark, "escapechar": escape}


def _byte_of_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the odd byte of another encoding in a UTF-8 file as Windows-1252, which it mostly is."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("byte_of_windows", _byte_of_windows)


def open_delimited(file: BinaryIO, choices: Choices) -> Table:
    """Detect encoding, delimiter and header of a text file and return its table."""
    encoding = known_encoding(choices.encoding) or detect_encoding(file)
    start = _start_of(file, encoding)
    if not choices.encoding and encoding in _UTF_8 and is_encoded_twice(start):
        encoding = TWICE
        start = _start_of(file, encoding)
    if not start.strip():
        raise UnreadableFile(_("The file is empty."))
    separator_line = _SEPARATOR_LINE.fullmatch(start.splitlines()[0])
    skipped = 1 if separator_line else 0
    delimiter = choices.delimiter or (separator_line[1] if separator_line else _delimiter_of(start))
    form = Form(encoding, delimiter, skipped, _quotation_mark(start, delimiter), _has_escapes(start))

    def read() -> Iterator[Row]:
        return _records(file, form)

    table = headed_table(read, Detected(format="csv", encoding=encoding, delimiter=delimiter))
    if table is None:
        raise UnreadableFile(_("The file is empty."))
    return table


def _start_of(file: BinaryIO, encoding: str) -> str:
    return "".join(islice(decoded_lines(file, encoding), _SAMPLE_LINES))[:_SAMPLE_CHARACTERS]


def known_encoding(name: str) -> str:
    """Check an encoding the user chose."""
    if name == TWICE:
        return name
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise UnreadableFile(_("There is no encoding called “%(name)s”.") % {"name": name}) from None


def decoded_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the lines of the file, decoded, line ends kept, without zero bytes."""
    file.seek(0)
    errors = "byte_of_windows" if encoding in {*_UTF_8, TWICE} else "replace"
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if encoding == TWICE else encoding, errors=errors, newline="")
    try:
        for number, raw in enumerate(text):
            line = encoded_once(raw) if encoding == TWICE else raw
            if number == 0:
                line = line.removeprefix("\ufeff")  # a mark that was encoded twice too
            yield line.replace("\0", "") if "\0" in line else line
    except UnicodeError:
        raise UnreadableFile(_("The file is damaged: its text cannot be decoded. Save it again as CSV.")) from None
    finally:
        # The file stays open for the next pass: only its wrapper goes.
        if not file.closed:
            text.detach()


def _records(file: BinaryIO, form: Form) -> Iterator[Row]:
    """Yield every record, blank ones too, numbered as a spreadsheet shows them."""
    lines = _Lines(islice(decoded_lines(file, form.encoding), form.skipped, None))
    reader = csv.reader(lines, **form.dialect)
    number, line = 0, 0
    record: list[str] = []
    try:
        for cells in reader:
            number += 1
            record, lines.taken = lines.taken, []
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile(_too_wide(number))
            if reader.line_num - line > _MOST_LINES_IN_A_ROW:
                raise UnreadableFile(_broken(number))
            line = reader.line_num
            if cells != [_END_OF_DOS]:
                yield Row(number, [unguard(cell) for cell in cells])
    except csv.Error as error:
        too_long = "field larger" in str(error) and not any('"' in line for line in lines.taken)
        raise UnreadableFile(_too_long(number + 1) if too_long else _broken(number + 1)) from None
    if _is_open(record, form):
        raise UnreadableFile(_broken(number))


class _Lines:
    """Hands out lines and keeps those of the record under way."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken.append(line)
        return line


def _is_open(record: list[str], form: Form) -> bool:
    """Say whether the last record of a file ends inside a quotation, and so may have swallowed rows."""
    try:
        list(csv.reader(record, **form.dialect, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _broken(number: int) -> str:
    message = _("Row %(row)s cannot be read: a quotation mark is opened there and never closed.")
    return message % {"row": number}


def _too_long(number: int) -> str:
    message = _("Row %(row)s has a cell of more than %(most)s characters: this is no table of people or companies.")
    return message % {"row": number, "most": _LONGEST_CELL}


def _too_wide(number: int) -> str:
    message = _("Row %(row)s has more than %(most)s columns: this is no table of people or companies.")
    return message % {"row": number, "most": MAX_COLUMNS}


def _quotation_mark(text: str, delimiter: str) -> str:
    """Return the mark around cells: a single one where all cells of the first row stand between single ones."""
    first = next(line for line in text.splitlines() if line.strip())
    cells = [cell.strip() for cell in first.split(delimiter)]
    single = len(cells) > 1 and all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if single else '"'


def _has_escapes(text: str) -> bool:
    """Say whether quotation marks inside cells are written with a backslash, as databases write them, never doubled."""
    return bool(_ESCAPED.search(text)) and not _DOUBLED.search(text)


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
