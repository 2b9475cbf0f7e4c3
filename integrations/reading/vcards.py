"""Read address cards: vCard 2.1, 3.0 and 4.0, many to a file, one row for each, in the columns our own fields name.

The rules are those of RFC 2426, RFC 6350 and the vCard 2.1 document; real files break them, so: parameters without
names, lines folded without a blank, groups ("item1.TEL"), escapes where none are due are all taken. Photos, sounds and
keys are left out, and so are cards of groups, which are no people.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from contacts.models import Label
from integrations.cells import joined, label_of, titled
from integrations.fields import COMPANIES, CONTACTS, PARTS, PLACES
from integrations.reading.cards import Card, Property, read_cards, unescaped
from integrations.reading.delimited import known_encoding
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
OWN_JOBS = "X-SILLAGE-JOBS"
# Cards of companies as we write them say so, and what vCard has no property for.
COMPANY_MARK = ("X-SILLAGE-KIND", "company")
COMPANY_PROPERTIES = {
    f"X-SILLAGE-{slug.upper().replace('_', '-')}": slug
    for slug in (
        *("trade_name", "siren", "siret", "vat_number", "legal_id", "sector", "size", "turnover", "founded", "parent"),
        *("website", "domains", "groups", "owner"),
    )
}
_BIRTHDAY = re.compile(r"(\d{4}|--?)-?(\d\d)-?(\d\d)(?:[T ].*)?")
_MOST_POINTS = 20
Cells = dict[tuple[str, int], str]


def open_vcards(file: BinaryIO, choices: Choices) -> Table:
    """Return the table of a file of cards, with the columns that any of them fills. Raises `UnreadableFile`."""
    encoding = known_encoding(choices.encoding) or detect_encoding(file)
    named: set[tuple[str, int]] = set()
    of_companies = True
    for card in read_cards(file, encoding):
        named |= _cells(card).keys()
        of_companies &= card.text(COMPANY_MARK[0]) == COMPANY_MARK[1]
    if not named:
        raise UnreadableFile(_("The file is empty."))
    kind, cells_of = (COMPANIES, company_cells) if of_companies else (CONTACTS, _cells)
    if of_companies:
        named = set().union(*(company_cells(card).keys() for card in read_cards(file, encoding)))
    ordered = sorted(named, key=_place)

    def read() -> Iterator[Row]:
        people = (card for card in read_cards(file, encoding) if _is_somebody(card))
        for number, card in enumerate(people, start=1):
            cells = cells_of(card)
            yield Row(number, [cells.get(column, "") for column in ordered])

    preset = f"{PRESET}_{kind}" if of_companies else PRESET
    detected = Detected(format="vcard", encoding=encoding, header_row=0, preset=preset)
    return Table([_header(column, kind) for column in ordered], detected, read)


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
    _take_addresses(card, cells)
    titles = card.all("TITLE") or card.all("ROLE")
    texts = {
        "job_title": " / ".join(one.text for one in titles),
        "birthday": next(map(_birthday, card.all("BDAY")), ""),
        "language": card.text("LANG"),
        "jobs": card.text(OWN_JOBS),
        "links": joined([_titled(card, one) for one in card.all("URL")]),
        "tags": _tags(card),
        "notes": "\n\n".join(one.text for one in card.all("NOTE")),
        **{slug: card.text(name) for name, slug in OWN_PROPERTIES.items()},
        **{slug: card.text(name) for name, slug in _added(card).items()},
        "nickname": card.text("NICKNAME"),
        "anniversary": card.text("ANNIVERSARY") or card.text("X-ANNIVERSARY") or card.text("X-MS-ANNIVERSARY"),
    }
    cells |= {(slug, 0): text for slug, text in texts.items()}
    return {column: text for column, text in cells.items() if text}


def company_cells(card: Card) -> Cells:
    """Return what the card of a company says, as we write it."""
    if not _is_somebody(card):
        return {}
    cells: Cells = {}
    _take_points(card, "EMAIL", "email", cells)
    _take_points(card, "TEL", "phone", cells)
    _take_addresses(card, cells)
    website = card.text("X-SILLAGE-WEBSITE")
    texts = {
        "name": card.text("FN"),
        "links": joined([_titled(card, one) for one in card.all("URL") if one.text != website]),
        "tags": _tags(card),
        "notes": card.text("NOTE"),
        **{slug: card.text(name) for name, slug in COMPANY_PROPERTIES.items()},
        **{slug: card.text(name) for name, slug in _added(card).items()},
    }
    cells |= {(slug, 0): text for slug, text in texts.items()}
    return {column: text for column, text in cells.items() if text}


def _titled(card: Card, url: Property) -> str:
    """A web address with the title that its group gives it; Apple's own words for kinds are none."""
    label = next((one.text for one in card.all("X-ABLABEL") if url.group and one.group == url.group), "")
    return titled("" if label.startswith("_$!<") else label, url.text)


def _tags(card: Card) -> str:
    return joined([tag for one in card.all("CATEGORIES") for tag in _list(one) if _is_own_category(tag)])


def _take_name(card: Card, cells: Cells) -> None:
    names = next((one.parts() for one in card.all("N")), [])
    names = [name.replace(",", " ") if place == 2 else name for place, name in enumerate([*names, *[""] * 5][:5])]
    firms = [one.parts() for one in card.all("ORG")]
    companies = [firm[0] for firm in firms if firm[0]]
    full_name = "" if any(names[:2]) else card.text("FN")
    is_firm = card.text("KIND").lower() == "org" or card.text("X-ABSHOWAS").upper() == "COMPANY"
    if is_firm or (full_name and full_name in companies):
        names, full_name, companies = [""] * 5, "", companies or [card.text("FN")]
    for slug, name in zip(("last_name", "first_name", "middle_name", "civility", "suffix"), names, strict=True):
        # Without first and last name, the rest of the name stands in the whole one.
        cells[slug, 0] = " ".join(name.split()) if any(names[:2]) else ""
    cells["full_name", 0] = full_name
    cells["company", 0] = joined(companies) if any(";" in name for name in companies) else ";".join(companies)
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


def _take_addresses(card: Card, cells: Cells) -> None:
    """Put each address where it belongs; among the further one whose place is taken, or that would come first."""
    ranks, taken, further = list(PLACES), set[str](), list[dict[str, str]]()
    first = 0
    for one in card.all("ADR"):
        box, more, street, city, region, postcode, country = [*one.parts(), *[""] * 7][:7]
        words = _kinds(card, one)
        place = next((word for word in words if word in PLACES), _label_without_columns(words))
        lines = "\n".join(line for line in (more, street, box) if line)
        parts = dict(zip(PARTS, (lines, postcode, city, region, country), strict=True))
        rank = ranks.index(place) if place in PLACES else -1
        first = first if taken or further else rank if place in PLACES else len(ranks)
        if place in taken or rank < first:
            further.append({"label": place, **parts})
        else:
            taken.add(place)
            cells |= {(f"{place}_{part}", 0): text for part, text in parts.items()}
    cells["more_addresses", 0] = str(columns(CONTACTS)["more_addresses"].widget.render(further)) if further else ""


def _label_without_columns(words: list[str]) -> str:
    """Return what an address is for that has no columns of its own: as we write it, else "other"."""
    label = label_of(" ".join(words))
    return label if label in {Label.MOBILE, Label.FAX} else "other" if words else "work"


def _birthday(one: Property) -> str:
    """Write a birthday as ISO, without its year where the card leaves it out; what is no date stays as it is."""
    match = _BIRTHDAY.fullmatch(one.text)
    if not match:
        return one.text
    no_year = match[1].startswith("-") or match[1] == one.parameters.get("X-APPLE-OMIT-YEAR")
    return f"--{match[2]}-{match[3]}" if no_year else f"{match[1]}-{match[2]}-{match[3]}"


def _list(one: Property) -> list[str]:
    return [unescaped(part).strip() for part in re.split(r"(?<!\\),", one.value)]


def _is_own_category(tag: str) -> bool:
    """Leave out the groups that phones put everybody into."""
    return bool(tag) and tag.replace(" ", "").lower() != "mycontacts"


# Columns

_ORDER = [
    *("name", "trade_name", "siren", "siret", "vat_number", "legal_id", "sector", "size", "turnover", "founded"),
    *(
        "parent",
        "website",
        "domains",
        "civility",
        "first_name",
        "middle_name",
        "last_name",
        "suffix",
        "full_name",
        "birthday",
        "language",
    ),
    *("company", "job_title", "department", "email", "phone", "links"),
    *(f"{place}_{part}" for place in PLACES for part in PARTS),
    *("more_addresses", "jobs", *OWN_PROPERTIES.values(), "tags", "notes", "nickname", "anniversary"),
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


def _header(column: tuple[str, int], kind: str) -> str:
    slug, number = column
    known = columns(kind).get(slug)
    if known is None:
        return slug.upper()
    return f"{known.header} {number}" if number else known.header
