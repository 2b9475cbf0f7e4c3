"""Read address cards: vCard 2.1, 3.0 and 4.0, many to a file, one row for each, in the columns our own fields name.

The rules are those of RFC 2426, RFC 6350 and the vCard 2.1 document; real files break them, so: parameters without
names, lines folded without a blank, groups ("item1.TEL"), escapes where none are due are all taken. Photos, sounds and
keys are left out, and so are cards of groups, which are no people.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from integrations.fields import CONTACTS, PARTS, PLACES
from integrations.reading.delimited import decoded_lines, known_encoding
from integrations.reading.encodings import detect_encoding
from integrations.reading.table import Choices, Detected, Row, Table, UnreadableFile
from integrations.resources import columns

PRESET = "vcard"
# Our own fields that vCard has no property for; `integrations/vcards.py` writes them.
# Fields that administrators added: "X-SILLAGE-C-BUDGET" is "c_budget".
OWN_ADDED = "X-SILLAGE-"
OWN_PROPERTIES = {
    "X-SILLAGE-LIFECYCLE": "lifecycle",
    "X-SILLAGE-SOURCE": "source",
    "X-SILLAGE-CONSENT": "consent",
    "X-SILLAGE-DO-NOT-CALL": "do_not_call",
    "X-SILLAGE-GROUPS": "groups",
    "X-SILLAGE-OWNER": "owner",
}
_LINE = re.compile(r"(?:([\w-]+)\.)?([\w-]+)\s*((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";((?:\"[^\"]*\"|[^;\"])*)")
_BINARY = frozenset(["PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"])
_PLAIN_TYPES = frozenset("pref voice msg text video internet x400 x.400 postal parcel dom intl pcs textphone".split())
_BIRTHDAY = re.compile(r"(\d{4}|--?)-?(\d\d)-?(\d\d)(?:[T ].*)?")
_MOST_POINTS = 20
_MOST_CHARACTERS = 1_000_000
Cells = dict[tuple[str, int], str]


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
        return [_unescaped(part).strip() for part in re.split(r"(?<!\\);", self.value)]

    @property
    def text(self) -> str:
        return _unescaped(self.value).strip()


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


def open_vcards(file: BinaryIO, choices: Choices) -> Table:
    """Return the table of a file of cards, with the columns that any of them fills. Raises `UnreadableFile`."""
    encoding = known_encoding(choices.encoding) or detect_encoding(file)
    columns: set[tuple[str, int]] = set()
    for card in read_cards(file, encoding):
        columns |= _cells(card).keys()
    ordered = sorted(columns, key=_place)

    def read() -> Iterator[Row]:
        people = (card for card in read_cards(file, encoding) if _is_somebody(card))
        for number, card in enumerate(people, start=1):
            cells = _cells(card)
            yield Row(number, [cells.get(column, "") for column in ordered])

    if not ordered:
        raise UnreadableFile(_("The file is empty."))
    detected = Detected(format="vcard", encoding=encoding, header_row=0, preset=PRESET)
    return Table([_header(column) for column in ordered], detected, read)


# From lines to cards


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


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nN]|[^\w\s])", lambda match: "\n" if match[1] in "nN" else match[1], text)


# From cards to cells


def _is_somebody(card: Card) -> bool:
    kind = card.text("KIND") or card.text("X-ADDRESSBOOKSERVER-KIND")
    return kind.lower() != "group"


def _cells(card: Card) -> Cells:
    """Return what a card says, by field and number (0 for fields of which there is one)."""
    if not _is_somebody(card):
        return {}
    cells: Cells = {}
    _take_name(card, cells)
    _take_points(card, "EMAIL", "email", cells)
    _take_points(card, "TEL", "phone", cells)
    spare = _take_addresses(card, cells)
    titles = card.all("TITLE") or card.all("ROLE")
    texts = {
        "job_title": " / ".join(one.text for one in titles),
        "birthday": next(map(_birthday, card.all("BDAY")), ""),
        "language": card.text("LANG"),
        "links": "; ".join(one.text for one in card.all("URL")),
        "tags": "; ".join(filter(_is_own_category, (tag for one in card.all("CATEGORIES") for tag in _list(one)))),
        "notes": "\n\n".join([*(one.text for one in card.all("NOTE")), *spare]),
        **{slug: card.text(name) for name, slug in OWN_PROPERTIES.items()},
        **{slug: card.text(name) for name, slug in _added(card).items()},
        "nickname": card.text("NICKNAME"),
        "anniversary": card.text("ANNIVERSARY") or card.text("X-ANNIVERSARY") or card.text("X-MS-ANNIVERSARY"),
    }
    cells |= {(slug, 0): text for slug, text in texts.items()}
    return {column: text for column, text in cells.items() if text}


def _take_name(card: Card, cells: Cells) -> None:
    names = next((one.parts() for one in card.all("N")), [])
    names = [name.replace(",", " ") if place == 2 else name for place, name in enumerate([*names, *[""] * 5][:5])]
    firms = [one.parts() for one in card.all("ORG")]
    companies = [firm[0].replace(";", ",") for firm in firms if firm[0]]
    full_name = "" if any(names[:2]) else card.text("FN")
    is_firm = card.text("KIND").lower() == "org" or card.text("X-ABSHOWAS").upper() == "COMPANY"
    if is_firm or (full_name and full_name in companies):
        names, full_name, companies = [""] * 5, "", companies or [card.text("FN")]
    for slug, name in zip(("last_name", "first_name", "middle_name", "civility", "suffix"), names, strict=True):
        # Without first and last name, the rest of the name stands in the whole one.
        cells[slug, 0] = " ".join(name.split()) if any(names[:2]) else ""
    cells["full_name", 0] = full_name
    cells["company", 0] = ";".join(companies)
    cells["department", 0] = " / ".join(filter(None, firms[0][1:])) if firms else ""


def _take_points(card: Card, name: str, slug: str, cells: Cells) -> None:
    """Give each e-mail address or phone a column, with one before it that says what it is for."""
    for number, one in enumerate(card.all(name)[:_MOST_POINTS], start=1):
        cells[f"{slug}_label", number] = " ".join(_kinds(card, one))
        cells[slug, number] = re.sub(r"^(?:mailto|tel):", "", one.text, flags=re.IGNORECASE)


def _kinds(card: Card, one: Property) -> list[str]:
    """Return what a property is for in words: its types, the label its group gives, or the name of the group."""
    labels = [other.text for other in card.all("X-ABLABEL") if one.group and other.group == one.group]
    words = one.types or [label.removeprefix("_$!<").removesuffix(">!$_") for label in labels]
    return words or ([one.group] if one.group in {"work", "home"} else [])


def _take_addresses(card: Card, cells: Cells) -> list[str]:
    """Put each address where it belongs; returns, for the notes, those whose place another one has already."""
    spare, taken = [], set()
    for one in card.all("ADR"):
        box, more, street, city, region, postcode, country = [*one.parts(), *[""] * 7][:7]
        words = _kinds(card, one)
        place = next((word for word in words if word in PLACES), "other" if words else "work")
        lines = [line for line in (more, street, box) if line]
        place = place if place not in taken else "other"
        if place in taken:
            spare.append(", ".join([*lines, *filter(None, (postcode, city, region, country))]))
            continue
        taken.add(place)
        texts = ("\n".join(lines), postcode, city, region, country)
        cells |= {(f"{place}_{part}", 0): text for part, text in zip(PARTS, texts, strict=True)}
    return spare


def _birthday(one: Property) -> str:
    """Write a birthday as ISO, without its year where the card leaves it out; what is no date stays as it is."""
    match = _BIRTHDAY.fullmatch(one.text)
    if not match:
        return one.text
    no_year = match[1].startswith("-") or match[1] == one.parameters.get("X-APPLE-OMIT-YEAR")
    return f"--{match[2]}-{match[3]}" if no_year else f"{match[1]}-{match[2]}-{match[3]}"


def _list(one: Property) -> list[str]:
    return [_unescaped(part).strip() for part in re.split(r"(?<!\\),", one.value)]


def _is_own_category(tag: str) -> bool:
    """Leave out the groups that phones put everybody into."""
    return bool(tag) and tag.replace(" ", "").lower() != "mycontacts"


# Columns

_ORDER = [
    *("civility", "first_name", "middle_name", "last_name", "suffix", "full_name", "birthday", "language"),
    *("company", "job_title", "department", "email", "phone", "links"),
    *(f"{place}_{part}" for place in PLACES for part in PARTS),
    *(*OWN_PROPERTIES.values(), "tags", "notes", "nickname", "anniversary"),
]


def _added(card: Card) -> dict[str, str]:
    """Return the slug of each property of an added field that a card has."""
    names = {one.name for one in card.properties if one.name.startswith(f"{OWN_ADDED}C-")}
    return {name: name.removeprefix(OWN_ADDED).lower().replace("-", "_") for name in names}


def _place(column: tuple[str, int]) -> tuple[int, int, bool, str]:
    """Return where a column stands: kinds directly before what they are about."""
    slug, number = column
    known = slug.removesuffix("_label")
    return _ORDER.index(known) if known in _ORDER else len(_ORDER), number, not slug.endswith("_label"), slug


def _header(column: tuple[str, int]) -> str:
    slug, number = column
    known = columns(CONTACTS).get(slug)
    if known is None:
        return slug.upper()
    return f"{known.header} {number}" if number else known.header
