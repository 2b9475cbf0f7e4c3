"""The lines of vCard files (2.1, 3 and 4) as cards and their properties, in constant memory."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from integrations.reading.delimited import decoded_lines
from integrations.reading.table import UnreadableFile

_LINE = re.compile(r"(?:([\w-]+)\.)?([\w-]+)\s*((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";((?:\"[^\"]*\"|[^;\"])*)")
_BINARY = frozenset(["PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"])
_PLAIN_TYPES = frozenset("pref voice msg text video internet x400 x.400 postal parcel dom intl pcs textphone".split())
_MOST_CHARACTERS = 1_000_000


@dataclass
class Property:
    """One property of a card. `types` are lower case, without those that say nothing about what it is for."""

    name: str
    value: str
    group: str = ""
    types: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)
    preferred: bool = False

    def parts(self) -> list[str]:
        """Split a value of several components at its semicolons; each is unescaped."""
        return [unescaped(part).strip() for part in re.split(r"(?<!\\);", self.value)]

    @property
    def text(self) -> str:
        return unescaped(self.value).strip()


@dataclass
class Card:
    """The properties of one card and the line it begins on."""

    line: int
    properties: list[Property] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name that hold anything, the preferred first."""
        found = [one for one in self.properties if one.name == name and one.value.strip(" ;")]
        return sorted(found, key=lambda one: not one.preferred)

    def text(self, name: str) -> str:
        return next((one.text for one in self.all(name)), "")


def read_cards(file: BinaryIO, encoding: str) -> Iterator[Card]:
    """Yield the cards of a file; one inside another (an AGENT) is left out. Raises `UnreadableFile` with the line."""
    card: Card | None = None
    inner = 0
    last = ""
    for number, line in _unfolded(file, encoding):
        word = re.sub(r"\s+", "", line).upper()
        if word == "BEGIN:VCARD" and card and last == "AGENT":
            inner += 1
        elif word == "BEGIN:VCARD":
            if card:
                raise _unclosed(card)
            card = Card(number)
        elif word == "END:VCARD" and inner:
            inner -= 1
        elif word == "END:VCARD" and card:
            yield card
            card = None
        elif not card:
            raise UnreadableFile(_("Line %(line)s stands outside of any card.") % {"line": number})
        elif not inner:
            prop = _property(line, encoding)
            if prop is None:
                raise UnreadableFile(_("Line %(line)s is no line of a vCard.") % {"line": number})
            card.properties.append(prop)
            last = prop.name
    if card:
        raise _unclosed(card)


def _unclosed(card: Card) -> UnreadableFile:
    message = _("The card that begins on line %(line)s has no end: the file may be cut off.")
    return UnreadableFile(message % {"line": card.line})


def _unfolded(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield logical lines with the number of their first line; what binary properties hold is dropped on the way."""
    first, pieces, length = 0, [""], 0
    for number, raw in enumerate(decoded_lines(file, encoding), start=1):
        line = raw.rstrip("\r\n").lstrip("\ufeff")
        if pieces != [""] and _continues(pieces, line):
            soft = _is_soft(pieces)
            pieces[-1] = pieces[-1][:-1] if soft else pieces[-1]
            folded = line[1:] if line[:1] in {" ", "\t"} and not soft else line
            if not _is_binary(pieces[0]):
                # A line break inside a value that somebody forgot to escape.
                loose = not soft and line[:1] not in {" ", "\t"}
                pieces.append(f"\\n{folded}" if loose else folded)
                length += len(folded)
            if length > _MOST_CHARACTERS:
                raise UnreadableFile(_("Line %(line)s is too long for a vCard.") % {"line": first})
            continue
        if pieces != [""]:
            yield first, "".join(pieces)
        first, pieces, length = number, [line if line.strip() else ""], 0
    if pieces != [""]:
        yield first, "".join(pieces)


def _continues(pieces: list[str], line: str) -> bool:
    if _is_soft(pieces) or line[:1] in {" ", "\t"}:
        return True
    opened = not re.match(r"\s*(BEGIN|END)\s*:", pieces[0], re.IGNORECASE)
    return bool(line.strip()) and opened and not _LINE.match(line)


def _is_soft(pieces: list[str]) -> bool:
    """Say whether a quoted-printable value goes on in the next line."""
    return pieces[-1].endswith("=") and "QUOTED-PRINTABLE" in pieces[0].partition(":")[0].upper()


def _is_binary(line: str) -> bool:
    head = line.partition(":")[0].upper()
    return re.split(r"[;:]", head)[0].rpartition(".")[2] in _BINARY or "BASE64" in head


def _property(line: str, encoding: str) -> Property | None:
    match = _LINE.match(line.lstrip())
    if not match:
        return None
    group, name, after, value = match[1] or "", match[2].upper(), match[3], match[4]
    prop = Property(name, value, group.lower())
    for text in _PARAMETER.findall(after):
        _take_parameter(prop, text.strip())
    prop.types = [one for one in prop.types if one and one not in _PLAIN_TYPES]
    if prop.parameters.get("ENCODING", "").upper() in {"QUOTED-PRINTABLE", "Q"}:
        prop.value = _from_quoted(value, prop.parameters.get("CHARSET", ""), encoding)
    elif name in _BINARY:
        prop.value = ""
    return prop


def _take_parameter(prop: Property, text: str) -> None:
    """Note one parameter; version 2.1 writes types and encodings without their names ("TEL;HOME;VOICE")."""
    name, equals, value = text.partition("=")
    name, value = name.strip().upper(), value.strip().strip('"')
    if not equals and name in {"QUOTED-PRINTABLE", "BASE64", "8BIT"}:
        name, value = "ENCODING", name
    elif not equals:
        name, value = "TYPE", text
    if name == "TYPE":
        types = [one.strip().lower() for one in value.split(",")]
        prop.types += types
        prop.preferred |= "pref" in types
    elif name == "PREF":
        prop.preferred |= value == "1"
    prop.parameters.setdefault(name, value)


def _from_quoted(value: str, charset: str, encoding: str) -> str:
    data = quopri.decodestring(value.encode("latin-1", "ignore"))
    for name in (charset, "utf-8", encoding):
        try:
            # A line break said in bytes is one of the text, as an escaped one is in later versions.
            return data.decode(name).replace("\r\n", "\n").replace("\r", "\n") if name else data.decode()
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8" if charset else "cp1252", "replace")


def unescaped(text: str) -> str:
    """Take the escapes out of a value."""
    return re.sub(r"\\([nN]|[^\w\s])", lambda match: "\n" if match[1] in "nN" else match[1], text)
