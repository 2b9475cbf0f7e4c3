"""Contacts and companies as address cards, vCard 3.0 (RFC 2426): the version that phones, Outlook and Google all take.

What vCard has no property for goes under names of our own, so that an exported card comes back without loss.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from contacts.models import Contact, Label
from crm.access.models import User
from crm.records.dates import NO_YEAR
from integrations.added import AddedColumn, added_columns, name_links
from integrations.cells import joined, untitled
from integrations.fields import CONTACTS
from integrations.reading.vcards import COMPANY_MARK, COMPANY_PROPERTIES, OWN_ADDED, OWN_JOBS, OWN_PROPERTIES
from integrations.resources import columns
from integrations.rows import Clean
from integrations.states import read_state, with_values

_CHUNK = 500
_LONGEST_LINE = 75  # bytes, without the line end
_TYPES = {Label.MOBILE: "CELL"}
_CIVILITIES = dict(Contact.Civility.choices)
_TEXTS = {"TITLE": "job_title", "NOTE": "notes", "LANG": "language"}


def vcard_export(kind: str, rows: Any, viewer: User) -> Iterator[bytes]:
    """Yield the cards of records that came through `exportable_by`, in steady order, with flat memory."""
    added = added_columns(kind, viewer)
    lines_of = card_lines if kind == CONTACTS else company_lines
    stream = with_values(kind, rows.order_by("pk"), viewer).iterator(chunk_size=_CHUNK)
    while some := list(islice(stream, _CHUNK)):
        name_links(added.values(), some, viewer)
        for record in some:
            yield b"".join(_folded(line) for line in lines_of(read_state(kind, record, viewer), added))


def card_lines(state: Clean, added: Mapping[str, AddedColumn] | None = None) -> list[str]:
    """Return the lines of one card, unfolded, from a contact's plain values; added fields under names of our own."""
    first, last = state.get("first_name", ""), state.get("last_name", "")
    companies = state.get("companies", [])
    civility = str(_CIVILITIES.get(state.get("civility", ""), ""))
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_parts([last, first, '', civility, ''])}"]
    lines.append(f"FN:{_escaped(f'{first} {last}'.strip() or next(iter(_values(state)), ''))}")
    lines += [f"ORG:{_parts(firm)}" for firm in _firms(companies, state.get("department", ""))]
    lines += _reach_lines(state)
    if birthday := state.get("birthday"):
        without_year = f";X-APPLE-OMIT-YEAR={NO_YEAR}" if birthday.startswith(str(NO_YEAR)) else ""
        lines.append(f"BDAY{without_year}:{birthday}")
    lines += [f"{name}:{_escaped(state[slug])}" for name, slug in _TEXTS.items() if state.get(slug)]
    if jobs := state.get("jobs"):
        lines.append(f"{OWN_JOBS}:{_own(columns(CONTACTS)['jobs'].widget.render(jobs))}")
    return [*lines, *_filing_lines(state, OWN_PROPERTIES, added), "END:VCARD"]


def company_lines(state: Clean, added: Mapping[str, AddedColumn] | None = None) -> list[str]:
    """Return the lines of a company's card, which phones show as one of a company."""
    name = _escaped(state.get("name", ""))
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_parts([''] * 5)}", f"FN:{name}", f"ORG:{name}", "X-ABSHOWAS:COMPANY"]
    lines.append(":".join(COMPANY_MARK))
    lines += [f"URL:{_escaped(state['website'])}"] if state.get("website") else []
    lines += _reach_lines(state)
    lines += [f"NOTE:{_escaped(state['notes'])}"] if state.get("notes") else []
    return [*lines, *_filing_lines(state, COMPANY_PROPERTIES, added), "END:VCARD"]


def _reach_lines(state: Clean) -> list[str]:
    lines = [f"EMAIL;TYPE=INTERNET{_type(label)}:{_escaped(value)}" for label, value in state.get("emails", [])]
    lines += [f"TEL{_type(label)}:{value}" for label, value in state.get("phones", [])]
    lines += [f"ADR{_type(address['label'])}:{_address(address)}" for address in state.get("addresses", [])]
    for number, (title, url) in enumerate(map(untitled, state.get("links", [])), start=1):
        # As Apple's address book writes titles.
        own = [f"item{number}.URL:{_escaped(url)}", f"item{number}.X-ABLABEL:{_escaped(title)}"]
        lines += own if title else [f"URL:{_escaped(url)}"]
    return lines


def _filing_lines(state: Clean, properties: dict[str, str], added: Mapping[str, AddedColumn] | None) -> list[str]:
    lines = [f"CATEGORIES:{','.join(map(_escaped, state['tags']))}"] if state.get("tags") else []
    lines += [f"{name}:{_own(state[slug])}" for name, slug in properties.items() if state.get(slug)]
    return lines + [
        f"{OWN_ADDED}{slug.upper().replace('_', '-')}:{_own(column.export(state))}"
        for slug, column in (added or {}).items()
        if slug in state and column.export(state) is not None
    ]


def _values(state: Clean) -> Iterator[str]:
    """Yield what may stand for a name where there is none: a card must have one."""
    yield from (address for _label, address in state.get("emails", []))
    yield from state.get("companies", [])


def _firms(companies: list[str], department: str) -> list[list[str]]:
    """Return each company, the first with the department; a department alone stands behind an empty name."""
    if not companies:
        return [["", department]] if department else []
    return [[companies[0], *([department] if department else [])], *([name] for name in companies[1:])]


def _address(address: dict[str, str]) -> str:
    return _parts(["", "", *(address.get(part, "") for part in ("street", "city", "region", "postcode", "country"))])


def _type(label: str) -> str:
    return f";TYPE={_TYPES.get(Label(label), label.upper())}" if label else ""


def _own(value: Any) -> str:
    """Write a value of our own properties: lists at semicolons, as a cell of a table has them."""
    if isinstance(value, list):
        return _escaped(joined(value))
    return str(value).lower() if isinstance(value, bool) else _escaped(str(value))


def _parts(texts: Iterable[str]) -> str:
    return ";".join(map(_escaped, texts))


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """Fold a line at 75 bytes, never inside a character."""
    pieces, piece, limit = [], b"", _LONGEST_LINE
    for char in line:
        data = char.encode()
        if len(piece) + len(data) > limit:
            pieces.append(piece)
            piece, limit = b"", _LONGEST_LINE - 1
        piece += data
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
