"""One row of a file, as mapped, into clean plain values, with a sentence for every cell that cannot be read.

Each cell is cleaned by its column (`resources`); what joins several columns is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.addresses import split_address
from contacts.countries import country_code
from contacts.emails import URL_MAX_LENGTH
from contacts.models import Contact
from contacts.names import split_name
from crm.records.text import clean_line, norm
from integrations.cells import untitled, within
from integrations.columns import AddressPart, Column
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS, PARTS
from integrations.reading import Cell, Row
from integrations.resources import columns
from integrations.rows import Clean, CleanRow, Reading, RowError
from integrations.synonyms import words
from integrations.vocabulary import NOTHING, NOTHING_IN_WORDS, TOTALS

# What only a real record has: there are companies called Total.
_TELLING = {"emails", "phones", "siren", "siret", "vat_number", "domains", "website", "firm"}
_LAST_NAME_FIRST = re.compile(r"(?:noms?|last name|surname|family name)\b.*\b(?:prenoms?|first name|given name)\b")


class Cleaner:
    """Cleans the rows of one file. `mapping` names the field of each column, "" for none.

    `added` are the columns of fields that administrators added; one that is gone meanwhile is left out.
    """

    def __init__(
        self,
        kind: str,
        headers: list[str],
        mapping: list[str],
        reading: Reading,
        added: Mapping[str, Column] | None = None,
    ) -> None:
        self.kind = kind
        self.headers = headers
        self.reading = reading
        known = {**columns(kind), **(added or {})}
        self.columns: list[tuple[int, Column]] = [(n, known[slug]) for n, slug in enumerate(mapping) if slug in known]
        # A country decides how the phones of its row are read: phones, and what says what they are for, come last.
        self.columns.sort(key=lambda pair: getattr(pair[1], "sort", "") == "phones")
        parts = [column for _n, column in self.columns if isinstance(column, AddressPart)]
        apart = {column.place for column in parts if column.part in {"postcode", "city"}}
        # Addresses whose one column holds all of them.
        self.in_one_piece = {column.place for column in parts if column.part == "street"} - apart

    def clean(self, row: Row) -> CleanRow:
        """Clean one row; never raises for what a cell holds."""
        result = RowUnderWay(self, row)
        cells = row.cells
        for n, column in self.columns:
            cell = cells[n] if n < len(cells) else ""
            if (cell != "" and cell not in NOTHING) or column.takes_blank:
                try:
                    column.take(result, n, cell)
                except ValidationError as error:
                    result.refuse(n, column, cell, error.messages[0])
        return result.finish()


class RowUnderWay:
    """The state of cleaning one row: values found so far, errors, and the kinds that label columns announced."""

    def __init__(self, cleaner: Cleaner, row: Row) -> None:
        self.cleaner = cleaner
        self.row = row
        self.result = CleanRow(row.number)
        self.data = self.result.data
        self.names: Clean = {}
        self.name_columns: dict[str, int] = {}
        self.announced: dict[str, str] = {}
        self.places: dict[str, Clean] = {}
        self.whole_addresses: dict[str, list[str]] = {}
        self.more_addresses: list[Clean] = []

    # What columns and widgets ask for

    @property
    def region(self) -> str:
        """The country of a phone that names none: the row's own, else that of the file."""
        for parts in self.places.values():
            if code := country_code(parts.get("country", "")):
                return code
        return self.cleaner.reading.region

    def header(self, column: int | None) -> str:
        """Return the header of a column, "" for none."""
        return self.cleaner.headers[column] if column is not None and column < len(self.cleaner.headers) else ""

    def append(self, slug: str, value: Any) -> None:
        """Add a value to a list of the row, once."""
        values = self.data.setdefault(slug, [])
        if value not in ("", []) and value not in values:
            values.append(value)

    def append_point(self, sort: str, label: str, value: str) -> None:
        """Add an e-mail address or a phone, once."""
        points = self.data.setdefault(sort, [])
        if value and all(value != known for _label, known in points):
            points.append([label, value])

    def begin_address(self, label: str) -> None:
        """Begin another address for what `label` says; of several for the same purpose each stays by itself."""
        place = label or "work"
        while place in self.places or place in self.whole_addresses:
            place += "#"
        self.announced["addresses"] = place

    def leave_out_deleted(self) -> None:
        self.result.skip = _("Deleted in the program it comes from.")

    def warn(self, column: int | None, cell: Cell, reason: str) -> None:
        """Note what was left out of a row that is taken all the same."""
        self._wrong(column, cell, reason, warning=True)

    def refuse_row(self, reason: str, value: str = "") -> None:
        """Note what keeps the whole row from being a record."""
        self._wrong(None, value, reason)

    def refuse(self, column: int, kind: Column, cell: Cell, reason: str) -> None:
        """Note what is wrong with a cell, unless it is a word for nothing."""
        if not (kind.widget.says_nothing and norm(str(cell)) in NOTHING_IN_WORDS):
            self._wrong(column, cell, reason, warning=self.cleaner.reading.lenient)

    def _wrong(self, column: int | None, cell: Cell, reason: str, *, warning: bool = False) -> None:
        value = clean_line(str(cell))[:200]
        self.result.errors.append(RowError(self.row.number, self.header(column), value, reason, warning))

    # The whole row

    def finish(self) -> CleanRow:
        """Join what belongs together and check what a row needs."""
        if self._is_total():
            self.result.skip, self.result.errors = _("A line of totals."), []
            return self.result
        self._join_names()
        self._join_addresses()
        self.result.data = self.data = {slug: value for slug, value in self.data.items() if value not in ("", [], None)}
        extra = [cell for cell in self.row.cells[len(self.cleaner.headers) :] if cell != ""]
        if extra:
            message = _(
                "This row has more cells than the header: a delimiter inside a cell may lack its quotation marks."
            )
            self._wrong(None, extra[0], message)
        if self.cleaner.kind in DESKS:
            DESKS[self.cleaner.kind].finish(self)
        elif self.cleaner.kind == COMPANIES:
            if not self.data.get("name"):
                self._wrong(None, "", _("The row has no company name."))
            elif self.data.get("parent") and norm(self.data["parent"]) == norm(self.data["name"]):
                self._wrong(None, self.data["parent"], _("A company cannot be its own parent company."))
        elif not any(self.data.get(slug) for slug in ("first_name", "last_name", "emails", "companies")):
            self._wrong(None, "", _("The row has no name, e-mail address or company."))
        elif not any(self.data.get(slug) for slug in ("first_name", "last_name", "emails")):
            self.result.data = self._as_company()
        return self.result

    def _is_total(self) -> bool:
        """Say whether the row sums up those above it: a word for that, and numbers that tell of nobody."""
        first, *others = [text for cell in self.row.cells if (text := clean_line(str(cell)))] or [""]
        is_summed = bool(others) and all(re.fullmatch(r"[\d\s.,€$£%-]+", text) for text in others)
        return is_summed and norm(first).strip(" :") in TOTALS and not self.data.keys() & _TELLING

    def _as_company(self) -> Clean:
        """Turn a row of contacts that names a company and nobody into that company's values."""
        kept = ("phones", "addresses", "notes", "tags", "groups", "owner")
        data = {slug: self.data[slug] for slug in kept if slug in self.data} | {"name": self.data["companies"][0]}
        if domain := self.data.get("company_domain"):
            data["domains"] = [domain]
        if links := [url for text in self.data.get("links", []) if len(url := untitled(text)[1]) <= URL_MAX_LENGTH]:
            data["website"] = links[0]
        firm = dict(self.data.get("firm", {}))
        firm["phones"] = [*data.get("phones", []), *(["work", number] for number in firm.get("phones", []))]
        return data | {fact: value for fact, value in firm.items() if value}

    def _join_names(self) -> None:
        if not self.names:
            return
        if self.names.get("full_name") and not self.data.get("first_name") and not self.data.get("last_name"):
            header = words(self.header(self.name_columns["full_name"]))
            name = split_name(self.names["full_name"], last_first=bool(_LAST_NAME_FIRST.match(header)))
            self.data["first_name"], self.data["last_name"] = name.first_name, name.last_name
            if name.civility in Contact.Civility.values:
                self.data.setdefault("civility", name.civility)
        if middle := self.names.get("middle_name"):
            self.data["first_name"] = f"{self.data.get('first_name', '')} {middle}".strip()
        if suffix := self.names.get("suffix"):
            self.data["last_name"] = f"{self.data.get('last_name', '')} {suffix}".strip()
        for slug in ("first_name", "last_name"):
            try:
                within(self.data.get(slug, ""), columns(CONTACTS)[slug].widget.limit)
            except ValidationError as error:
                self._wrong(None, self.data[slug], error.messages[0])

    def _join_addresses(self) -> None:
        for place, texts in self.whole_addresses.items():
            parts = self.places.setdefault(place, {})
            for whole in texts:
                for part, text in split_address(whole, self.cleaner.reading.region).items():
                    parts.setdefault(part, text)
        for place, parts in self.places.items():
            parts = {part: text for part, text in parts.items() if text}
            if place in self.cleaner.in_one_piece and parts.get("street"):
                parts = parts | split_address(parts["street"], country_code(parts.get("country", "")) or self.region)
            at_home = country_code(parts.get("country", "")) or self.cleaner.reading.region
            if at_home == "FR" and re.fullmatch(r"\d{4}", parts.get("postcode", "")):
                parts["postcode"] = "0" + parts["postcode"]  # a spreadsheet took 01000 for a number
            if parts:
                self.append("addresses", {"label": place.rstrip("#"), **self._fitting(parts)})
        for address in self.more_addresses:
            self.append("addresses", self._fitting(address))

    def _fitting(self, parts: Clean) -> Clean:
        """Check that each part of an address taken apart fits."""
        for part in PARTS:
            try:
                within(parts.get(part, ""), columns(self.cleaner.kind)[f"work_{part}"].widget.limit)
            except ValidationError as error:
                self._wrong(None, parts[part], error.messages[0])
        return parts
