"""What a file is by its first bytes and not by its name; everything that is no table is refused with a sentence."""

import re
import zipfile
from enum import Enum
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.reading.encodings import wide_encoding
from integrations.reading.table import UnreadableFile


class Kind(Enum):
    """The formats that are read."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    VCARD = "vcard"
    JSON = "json"


_SAMPLE = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED = [
    (b"%PDF", gettext_lazy("This is a PDF document. Export the table as CSV or XLSX instead.")),
    (b"\x89PNG", gettext_lazy("This is a picture. Choose a CSV or XLSX file.")),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture. Choose a CSV or XLSX file.")),
    (b"GIF8", gettext_lazy("This is a picture. Choose a CSV or XLSX file.")),
    (b"\x1f\x8b", gettext_lazy("This is a compressed archive. Unpack it and choose the file inside.")),
    (b"7z\xbc\xaf\x27\x1c", gettext_lazy("This is a compressed archive. Unpack it and choose the file inside.")),
    (b"Rar!", gettext_lazy("This is a compressed archive. Unpack it and choose the file inside.")),
    (b"{\\rtf", gettext_lazy("This is a text document. Export the table as CSV or XLSX instead.")),
    (b"SQLite format 3", gettext_lazy("This is a database. Export the table as CSV or XLSX instead.")),
]
_REFUSED_TEXTS = [
    (b"<!doctype html", gettext_lazy("This is a web page. Export the table as CSV or XLSX instead.")),
    (b"<html", gettext_lazy("This is a web page. Export the table as CSV or XLSX instead.")),
    (b"<", gettext_lazy("This is an XML file. Export the table as CSV or XLSX instead.")),
    (b"begin:vcalendar", gettext_lazy("This is a calendar. Choose a CSV or XLSX file.")),
]
_TEXT_CONTROLS = b"\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f"
_CONTROLS = bytes(code for code in range(1, 32) if code not in _TEXT_CONTROLS)


def kind_of(file: BinaryIO) -> Kind:
    """Return the format of a file, or raise `UnreadableFile`."""
    head = file.read(_SAMPLE)
    for magic, message in _REFUSED:
        if head.startswith(magic):
            raise UnreadableFile(str(message))
    if head.startswith(_OLE):
        raise UnreadableFile(_ole_message(file, head))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(file)
    return _kind_of_text(head)


def _ole_message(file: BinaryIO, head: bytes) -> str:
    """Tell a protected workbook from an old one: both come in Microsoft's older container."""
    file.seek(max(0, file.seek(0, 2) - _SAMPLE))
    if "EncryptedPackage".encode("utf-16-le") in head + file.read(_SAMPLE):
        return _("This workbook is protected by a password. Open it, remove the password, and save it again.")
    return _("This is a file of an older Office program. Open it and save it as XLSX or CSV.")


def _kind_of_zip(file: BinaryIO) -> Kind:
    """Tell the two sorts of workbooks apart; refuse a zip archive that holds neither."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, EOFError):
        message = _(
            "This file begins like an Excel workbook but is damaged or cut off. Save it again and choose it anew."
        )
        raise UnreadableFile(message) from None
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    if b"opendocument" in mimetype:
        raise UnreadableFile(_("This is a document or a presentation. Copy its table into a workbook first."))
    if "xl/workbook.bin" in names:
        raise UnreadableFile(_("This is a binary workbook (XLSB). Save it as XLSX or CSV."))
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise UnreadableFile(_("This is a document or a presentation. Copy its table into a workbook first."))
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_("This is a compressed archive. Unpack it and choose the file inside."))
    return Kind.XLSX


def _kind_of_text(head: bytes) -> Kind:
    """Tell cards from tables; refuse what is no text, or text that is neither."""
    wide = wide_encoding(head)
    plain = head.decode(wide, "ignore").encode() if wide else head.replace(b"\0", b"")
    if not plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise UnreadableFile(_("The file is empty."))
    if len(plain.translate(None, delete=_CONTROLS)) < 0.95 * len(plain):
        raise UnreadableFile(_("This file is no table: it holds binary data. Choose a CSV or XLSX file."))
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:100].lower()
    for beginning, message in _REFUSED_TEXTS:
        if start.startswith(beginning):
            raise UnreadableFile(str(message))
    if re.match(rb"\{\s*[\"}]|\[\s*\{", start):
        return Kind.JSON
    return Kind.VCARD if re.match(rb"begin\s*:\s*vcard", start) else Kind.TEXT
