"""Open a file somebody hands in and read it as a table: CSV of any common encoding and delimiter, XLSX, ODS, vCard,
JSON lines.

    with open_table(path_or_file, limit=settings_limit) as table:
        table.headers, table.detected
        for row in table.rows(): row.number, row.cells

Memory stays flat whatever the size. One pass at a time: `rows()` begins anew. A file that cannot be read raises
`UnreadableFile` with one sentence, and nothing else.
"""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from integrations.reading.content import Kind, kind_of
from integrations.reading.delimited import open_delimited
from integrations.reading.json_lines import open_json
from integrations.reading.opendocument import open_opendocument
from integrations.reading.table import Cell, Choices, Detected, Row, Table, UnreadableFile
from integrations.reading.vcards import open_vcards
from integrations.reading.workbook import open_workbook

__all__ = ["DEFAULT_LIMIT", "Cell", "Choices", "Detected", "Row", "Table", "UnreadableFile", "open_file", "open_table"]

DEFAULT_LIMIT = 1024**3

_OPENERS: dict[Kind, Callable[[BinaryIO, Choices], Table]] = {
    Kind.TEXT: open_delimited,
    Kind.XLSX: open_workbook,
    Kind.ODS: open_opendocument,
    Kind.VCARD: open_vcards,
    Kind.JSON: open_json,
}


def open_table(source: str | Path | BinaryIO, *, limit: int = DEFAULT_LIMIT, choices: Choices | None = None) -> Table:
    """Return the table in a file, given by its path or as a seekable binary file.

    `limit` is the largest size accepted, in bytes; `choices` replaces what would be detected. The table closes the file
    it opened; a file that was handed in stays its owner's.
    """
    if isinstance(source, str | Path):
        file = open_file(Path(source))
        try:
            return _open(file, limit, choices or Choices()).closing(file)
        except BaseException:
            file.close()
            raise
    return _open(source, limit, choices or Choices())


def open_file(path: Path) -> BinaryIO:
    """Open a file by its path. Raises `UnreadableFile`."""
    try:
        return path.open("rb")
    except OSError:
        raise UnreadableFile(_("The file cannot be opened: it is missing, or reading it is not allowed.")) from None


def _open(file: BinaryIO, limit: int, choices: Choices) -> Table:
    """Check size and content, then hand over to the reader of that format."""
    size = file.seek(0, 2)
    if size > limit:
        values = {"size": -(-size // 1024**2), "limit": max(1, limit // 1024**2)}
        message = _("The file has %(size)s MB; at most %(limit)s MB are accepted. Split it, or ask an administrator.")
        raise UnreadableFile(message % values)
    file.seek(0)
    kind = kind_of(file)
    file.seek(0)
    return _OPENERS[kind](file, choices)
