"""Which encoding a text file has. Our own evidence first: byte order marks, valid UTF-8, then French plausibility."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from integrations.reading.table import UnreadableFile

_CHUNK = 1024 * 1024
_LONGEST_LINE = 16 * _CHUNK
_WIDE_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# A sequence of UTF-8 among bytes of another encoding is no accident: each chance hit needs the right pair of bytes.
_NO_WINDOWS = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # bytes that Windows-1252 leaves open
_VALID_TO_INVALID = 4
_EVIDENCE = 20_000


# UTF-8 that a program took for Windows-1252 and wrote as UTF-8 once more: "Ã©" for é.
TWICE = "utf-8-twice"
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_OF_WINDOWS = {bytes([code]).decode("cp1252"): code for code in range(128, 256) if code not in _NO_WINDOWS}


def is_encoded_twice(text: str) -> bool:
    """Say whether most of what is not ASCII in a text is UTF-8 encoded once more."""
    found = [_once(run) is not None for run in _BEYOND.findall(text)]
    return any(found) and sum(found) > len(found) / 2


def encoded_once(text: str) -> str:
    """Take the second encoding back where there was one; the rest stays as it is."""
    return _BEYOND.sub(lambda match: _once(match[0]) or match[0], text)


def _once(run: str) -> str | None:
    """Read characters as the bytes they stand for; None where these are no UTF-8."""
    try:
        return bytes(_OF_WINDOWS.get(char, ord(char)) for char in run).decode()
    except ValueError:  # no UTF-8, or a character that is none of a byte
        return None


def detect_encoding(file: BinaryIO) -> str:
    """Return Python's name of the encoding; the whole file is looked at once, in constant memory."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if wide := wide_encoding(head):
        return wide
    scan = _scan(file)
    if not scan.invalid or scan.valid > _VALID_TO_INVALID * scan.invalid:
        return "utf-8"
    return _single_byte(scan)


@dataclass
class _Scan:
    """What a pass over the bytes found: UTF-8 sequences, bytes that are none, and these with both neighbours."""

    valid: int = 0
    invalid: int = 0
    around: Counter[bytes] = field(default_factory=Counter)
    sample: bytes = b""


def wide_encoding(head: bytes) -> str:
    """Recognise UTF-16 and UTF-32 by their mark, UTF-16 also by zero bytes in every other place; "" for neither."""
    for mark, encoding in _WIDE_MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(head) / 2 and even > 4 * odd else ""


def _scan(file: BinaryIO) -> _Scan:
    """Read the file once, counting; raise `UnreadableFile` where no line ever ends."""
    scan, line, tail = _Scan(), 0, b""
    file.seek(0)
    while scan.invalid < _EVIDENCE and (chunk := file.read(_CHUNK)):
        line = 0 if b"\n" in chunk or b"\r" in chunk else line + len(chunk)
        if line > _LONGEST_LINE:
            raise UnreadableFile(_("This file is no table: it has no line breaks."))
        if tail or not chunk.isascii():
            tail = _count(scan, tail + chunk)
    return scan


def _count(scan: _Scan, data: bytes) -> bytes:
    """Count the sequences in a piece of the file; return what is cut off at its end."""
    start, view = 0, memoryview(data)
    while scan.invalid < _EVIDENCE:
        try:
            text, used = codecs.utf_8_decode(view[start:], "strict", False)
        except UnicodeDecodeError as error:
            place = start + error.start
            scan.valid += _beyond_ascii(str(view[start:place], "utf-8"))
            scan.invalid += 1
            scan.around[
                (data[place - 1 : place] or b" ") + data[place : place + 1] + (data[place + 1 : place + 2] or b" ")
            ] += 1
            if len(scan.sample) < _CHUNK // 8:
                scan.sample += data[max(0, place - 100) : place + 100]
            start = place + 1
        else:
            scan.valid += _beyond_ascii(text)
            return data[start + used :]
    return b""


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else sum(char > "\x7f" for char in text)


def _single_byte(scan: _Scan) -> str:
    """Decide between Windows, Mac and DOS by what reads like a word, and ask a library where none does."""
    scores = {encoding: _plausible(scan, encoding) for encoding in ("cp1252", "mac_roman", "cp850")}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] > 0:
        return best
    guess = from_bytes(scan.sample, cp_isolation=_OTHERS).best()
    return guess.encoding if guess else "cp1252"


def _plausible(scan: _Scan, encoding: str) -> int:
    """Score how well the bytes outside ASCII read between their neighbours; above zero is likely."""
    decoded = ((around.decode(encoding, "replace"), count) for around, count in scan.around.items())
    return sum(count * _plausible_letter(*text) for text, count in decoded)


def _plausible_letter(before: str, char: str, after: str) -> int:
    """Judge one character: a French letter is likely, a capital after a small letter or a sign inside a word is not.

    Where no letter is a plain one, the text is of another alphabet.
    """
    if before > "\x7f" and after > "\x7f" and before.isalpha() and after.isalpha():
        return -2
    if char.isalpha() and char not in "ªºƒµıˆ":
        return -2 if char.isupper() and before.islower() else 1 if char in _FRENCH else 0
    if char == "\ufffd" or not (char.isprintable() or char == "\xa0"):
        return -5
    if char == "’":
        return 1
    return -3 if before.isalpha() and after.isalpha() else 1 if char in "«»€°“”–—…•\xa0®©™" else 0


_FRENCH = frozenset("éèêëàâäçîïôöùûüÿœæÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŸŒÆñÑáíóúßå")
_OTHERS = [
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5", "iso8859_15"),
    *("koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp437"),
]
