"""One row of a file, as mapped, into clean typed values, with a sentence for every cell that cannot be read."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.countries import clean_country, country_code
from contacts.emails import URL_MAX_LENGTH, clean_domain, clean_email, clean_url
from contacts.identifiers import clean_siren, clean_siret, clean_vat
from contacts.models import Company, Contact, Group, Label, Link, PostalAddress
from contacts.names import clean_civility, split_name
from contacts.phones import clean_phone, is_mobile
from crm.access.models import User
from crm.records.dates import NO_YEAR, DateOrder, parse_date
from crm.records.models import Tag
from crm.records.numbers import parse_consent, parse_number, parse_yes_no
from crm.records.text import clean_block, clean_line, norm
from integrations.fields import COMPANIES, CONTACTS, PARTS, PLACES
from integrations.reading import Cell, Row
from integrations.rows import Clean, CleanRow, Reading, RowError

_SEPARATORS = re.compile(r"\s*(?:::+|[;,\n])\s*")
_LABELS = {
    Label.MOBILE: "mobile cell portable iphone gsm",
    Label.WORK: "work travail bureau main business professionnel pro",
    Label.HOME: "home domicile maison personnel perso private",
    Label.FAX: "fax",
    Label.BILLING: "billing facturation",
    Label.DELIVERY: "delivery livraison shipping",
}
_LIFECYCLES = {
    Contact.Lifecycle.LEAD: "lead|subscriber|abonne|piste|new|nouveau|suspect|other|autre",
    Contact.Lifecycle.PROSPECT: "prospect|opportunity|opportunite|marketingqualifiedlead|salesqualifiedlead"
    "|marketing qualified lead|sales qualified lead|mql|sql",
    Contact.Lifecycle.CUSTOMER: "customer|client|cliente|evangelist|ambassadeur",
    Contact.Lifecycle.FORMER: "former|former customer|ancien client|ancienne cliente|ex client|churned",
    Contact.Lifecycle.PARTNER: "partner|partenaire",
    Contact.Lifecycle.SUPPLIER: "supplier|fournisseur|vendor",
}
_LIFECYCLE_OF = {word: code for code, words in _LIFECYCLES.items() for word in words.split("|")}
_LANGUAGES = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
_CONSENTS = {
    Contact.Consent.GIVEN: "given donne",
    Contact.Consent.REFUSED: "refused refuse",
    Contact.Consent.WITHDRAWN: "withdrawn retire",
}
_WITHDRAWN = ("unsub", "desab", "desin", "opt-out", "optout", "opted out")


class Cleaner:
    """Cleans the rows of one file. `mapping` names the field of each column, "" for none."""

    def __init__(self, kind: str, headers: list[str], mapping: list[str], reading: Reading) -> None:
        self.kind = kind
        self.headers = headers
        self.reading = reading
        self.columns = [(column, slug) for column, slug in enumerate(mapping) if slug]
        # A country decides how the phones of its row are read: countries come first.
        self.columns.sort(key=lambda pair: not pair[1].endswith("_country"))

    def clean(self, row: Row) -> CleanRow:
        """Clean one row; never raises for what a cell holds."""
        result = _RowUnderWay(self, row)
        for column, slug in self.columns:
            cell = row.cells[column] if column < len(row.cells) else ""
            if cell != "":
                result.take(column, slug, cell)
        return result.finish()


class _RowUnderWay:
    """The state of cleaning one row: values found so far, errors, and the kinds that label columns announced."""

    def __init__(self, cleaner: Cleaner, row: Row) -> None:
        self.cleaner = cleaner
        self.row = row
        self.result = CleanRow(row.number)
        self.data = self.result.data
        self.names: Clean = {}
        self.announced: dict[str, str] = {}
        self.places: dict[str, Clean] = {}

    # Each cell

    def take(self, column: int, slug: str, cell: Cell) -> None:
        """Clean one cell into the row, or note what is wrong with it."""
        try:
            self._take(column, slug, cell)
        except ValidationError as error:
            self._wrong(column, cell, error.messages[0], warning=self.cleaner.reading.lenient)

    def _take(self, column: int, slug: str, cell: Cell) -> None:
        place, _underscore, part = slug.partition("_")
        if place in PLACES and part in PARTS:
            self._address(place, part, cell)
        elif slug.startswith("email"):
            self._email(slug, cell)
        elif slug.startswith("phone"):
            self._phone(slug, cell)
        elif slug == "address_label":
            self.announced["address"] = str(_label(cell))
        elif slug in _LISTS:
            limit, clean = _LISTS[slug]
            for text in _split(cell):
                _append(self.data, slug, _within(clean(text), limit))
        elif slug in {"full_name", "middle_name", "suffix"}:
            self.names[slug] = clean_line(str(cell))
        elif slug in _LINES:
            self.data[slug] = _within(clean_line(_text(cell)), _LINES[slug])
        else:
            getattr(self, f"_{slug}")(column, cell)

    def _wrong(self, column: int | None, cell: Cell, reason: str, *, warning: bool = False) -> None:
        header = self.cleaner.headers[column] if column is not None and column < len(self.cleaner.headers) else ""
        self.result.errors.append(RowError(self.row.number, header, clean_line(str(cell))[:200], reason, warning))

    # Ways to reach somebody

    def _email(self, slug: str, cell: Cell) -> None:
        if slug == "email_label":
            self.announced["email"] = str(_label(cell))
            return
        label = self.announced.pop("email", "") or slug.partition("_")[2] or Label.WORK
        for text in _split_emails(str(cell)):
            if not text.lower().startswith("/o="):  # an internal address of Exchange: no mail reaches it from outside
                _append(self.data, "emails", [str(label), clean_email(text)])

    def _phone(self, slug: str, cell: Cell) -> None:
        if slug == "phone_label":
            self.announced["phone"] = str(_label(cell))
            return
        label = self.announced.pop("phone", "") or slug.partition("_")[2]
        for number in self._numbers(_text(cell)):
            _append(self.data, "phones", [label or str(Label.MOBILE if is_mobile(number) else Label.WORK), number])

    def _numbers(self, text: str) -> list[str]:
        """Clean the numbers of a cell: mostly one; several are told apart only where the whole is none."""
        region = self._region()
        pieces = [piece for piece in re.split(r"\s*(?:::+|[;,\n/]|\bou\b|\bor\b)\s*", text) if piece]
        try:
            return [clean_phone(text, region)]
        except ValidationError:
            if len(pieces) < 2 or any(len(re.sub(r"\D", "", piece)) < 6 for piece in pieces):
                raise
        return [clean_phone(piece, region) for piece in pieces]

    def _region(self) -> str:
        countries = (parts.get("country", "") for parts in self.places.values())
        return next(filter(None, map(country_code, countries)), "") or self.cleaner.reading.region

    def _address(self, place: str, part: str, cell: Cell) -> None:
        place = self.announced.get("address") or place
        parts = self.places.setdefault(place, {})
        text = clean_block(_text(cell)) if part == "street" else clean_line(_text(cell))
        if part == "country":
            text = clean_country(text)
        if part == "street" and parts.get("street"):
            text = f"{parts['street']}\n{text}"
        parts[part] = _within(text, _limit(PostalAddress, part))

    # Fields of their own kind

    def _notes(self, _column: int, cell: Cell) -> None:
        notes = [self.data["notes"]] if "notes" in self.data else []
        text = "\n\n".join([*notes, clean_block(_text(cell))])
        self.data["notes"] = _within(text, _limit(Contact, "notes"))

    def _civility(self, column: int, cell: Cell) -> None:
        code = clean_civility(str(cell))
        if code in Contact.Civility.values:
            self.data["civility"] = code
        elif code is None:
            self._wrong(column, cell, _("This is no civility: it was left out."), warning=True)

    def _birthday(self, column: int, cell: Cell) -> None:
        birthday = parse_date(_text(cell), self.cleaner.reading.orders.get(column, DateOrder.DAY_FIRST), past=True)
        if birthday and birthday.year != NO_YEAR and (birthday > timezone.localdate() or birthday.year < 1900):
            raise ValidationError(_("A birthday lies between 1900 and today: check the year."))
        if birthday:
            self.data["birthday"] = birthday.isoformat()

    def _language(self, column: int, cell: Cell) -> None:
        word = norm(str(cell))
        code = _LANGUAGES.get(word, word[:2] if re.fullmatch(r"[a-z]{2}([-_][a-z]{2})?", word) else "")
        if code in dict(settings.LANGUAGES):
            self.data["language"] = code
        else:
            self._wrong(column, cell, _("This language is not kept: it was left out."), warning=True)

    def _lifecycle(self, _column: int, cell: Cell) -> None:
        word = norm(str(cell)).replace("_", " ")
        labels = {norm(str(label)): code for code, label in Contact.Lifecycle.choices}
        code = _LIFECYCLE_OF.get(word) or labels.get(word) or (word if word in Contact.Lifecycle.values else None)
        if code is None:
            message = _("“%(value)s” is no lifecycle: use one of %(known)s.")
            known = ", ".join(str(label) for label in Contact.Lifecycle.labels)
            raise ValidationError(message % {"value": clean_line(str(cell)), "known": known})
        self.data["lifecycle"] = str(code)

    def _consent(self, _column: int, cell: Cell) -> None:
        word = norm(str(cell))
        if code := next((code for code, words in _CONSENTS.items() if word in words.split()), None):
            self.data["consent"] = str(code)
            return
        answer = parse_consent(str(cell))
        if answer:
            self.data.setdefault("consent", str(Contact.Consent.GIVEN))
        elif answer is not None:
            withdrawn = word.startswith(_WITHDRAWN)
            self.data["consent"] = str(Contact.Consent.WITHDRAWN if withdrawn else Contact.Consent.REFUSED)

    def _no_consent(self, _column: int, cell: Cell) -> None:
        if parse_yes_no(str(cell)):
            self.data["consent"] = str(Contact.Consent.WITHDRAWN)

    def _do_not_call(self, _column: int, cell: Cell) -> None:
        answer = parse_yes_no(str(cell))
        if answer is not None:
            self.data["do_not_call"] = answer

    def _deleted(self, _column: int, cell: Cell) -> None:
        if parse_yes_no(str(cell)):
            self.result.skip = _("Deleted in the program it comes from.")

    def _siren(self, _column: int, cell: Cell) -> None:
        self.data["siren"] = clean_siren(_text(cell))

    def _siret(self, _column: int, cell: Cell) -> None:
        self.data["siret"] = clean_siret(_text(cell))

    def _vat_number(self, _column: int, cell: Cell) -> None:
        self.data["vat_number"] = clean_vat(_text(cell))

    def _company(self, _column: int, cell: Cell) -> None:
        """Read one company, or several as HubSpot writes them ("Durand SARL;Durand Holding"): the first is primary."""
        for name in str(cell).split(";"):
            _append(self.data, "companies", _within(clean_line(name), _LINES["parent"]))

    def _company_domain(self, _column: int, cell: Cell) -> None:
        self.data["company_domain"] = clean_domain(str(cell))

    def _website(self, _column: int, cell: Cell) -> None:
        self.data["website"] = clean_url(str(cell))

    def _size(self, column: int, cell: Cell) -> None:
        """Read a headcount; of a range ("51-200", "10 à 49") the lower end."""
        text = _text(cell)
        if match := re.fullmatch(r"\s*(\d[\d\s]*?)\s*(?:-|–|à|to|\+)\s*[\d\s]*", text):
            text = match[1]
        number = parse_number(text if isinstance(cell, str) else cell, self._mark(column))
        if number is None:
            return
        if number < 0 or number != number.to_integral_value() or number > 2_000_000_000:
            raise ValidationError(_("“%(value)s” is no number of employees.") % {"value": text})
        self.data["size"] = int(number)

    def _turnover(self, column: int, cell: Cell) -> None:
        number = parse_number(cell, self._mark(column))
        if number is None:
            return
        if abs(number) >= Decimal(10) ** 14:
            raise ValidationError(_("“%(value)s” is too large an amount.") % {"value": _text(cell)})
        self.data["turnover"] = str(number.quantize(Decimal("0.01")))

    def _founded(self, column: int, cell: Cell) -> None:
        text = _text(cell)
        if re.fullmatch(r"\d{4}", text):
            year = int(text)
        elif founded := parse_date(text, self.cleaner.reading.orders.get(column, DateOrder.DAY_FIRST)):
            year = founded.year
        else:
            return
        if not 1000 <= year <= 2100:
            raise ValidationError(_("“%(value)s” is no year a company can be founded in.") % {"value": text})
        self.data["founded"] = year

    def _mark(self, column: int) -> str:
        return self.cleaner.reading.marks.get(column, ",")

    # The whole row

    def finish(self) -> CleanRow:
        """Join what belongs together and check what a row needs."""
        self._join_names()
        self._join_addresses()
        self.result.data = self.data = {slug: value for slug, value in self.data.items() if value not in ("", [], None)}
        extra = [cell for cell in self.row.cells[len(self.cleaner.headers) :] if cell != ""]
        if extra:
            message = _(
                "This row has more cells than the header: a delimiter inside a cell may lack its quotation marks."
            )
            self._wrong(None, extra[0], message)
        if self.cleaner.kind == COMPANIES:
            if not self.data.get("name"):
                self._wrong(None, "", _("The row has no company name."))
            elif self.data.get("parent") and norm(self.data["parent"]) == norm(self.data["name"]):
                self._wrong(None, self.data["parent"], _("A company cannot be its own parent company."))
        elif not any(self.data.get(slug) for slug in ("first_name", "last_name", "emails", "companies")):
            self._wrong(None, "", _("The row has no name, e-mail address or company."))
        elif not any(self.data.get(slug) for slug in ("first_name", "last_name", "emails")):
            self.result.data = self._as_company()
        return self.result

    def _as_company(self) -> Clean:
        """Turn a row of contacts that names a company and nobody into that company's values."""
        kept = ("phones", "addresses", "notes", "tags", "groups", "owner")
        data = {slug: self.data[slug] for slug in kept if slug in self.data} | {"name": self.data["companies"][0]}
        if domain := self.data.get("company_domain"):
            data["domains"] = [domain]
        if links := [url for url in self.data.get("links", []) if len(url) <= URL_MAX_LENGTH]:
            data["website"] = links[0]
        return data

    def _join_names(self) -> None:
        if self.cleaner.kind != CONTACTS:
            return
        if self.names.get("full_name") and not self.data.get("first_name") and not self.data.get("last_name"):
            name = split_name(self.names["full_name"])
            self.data["first_name"], self.data["last_name"] = name.first_name, name.last_name
            if name.civility in Contact.Civility.values:
                self.data.setdefault("civility", name.civility)
        if middle := self.names.get("middle_name"):
            self.data["first_name"] = f"{self.data.get('first_name', '')} {middle}".strip()
        if suffix := self.names.get("suffix"):
            self.data["last_name"] = f"{self.data.get('last_name', '')} {suffix}".strip()
        for slug in ("first_name", "last_name"):
            try:
                _within(self.data.get(slug, ""), _LINES[slug])
            except ValidationError as error:
                self._wrong(None, self.data[slug], error.messages[0])

    def _join_addresses(self) -> None:
        for place, parts in self.places.items():
            parts = {part: text for part, text in parts.items() if text}
            at_home = country_code(parts.get("country", "")) or self.cleaner.reading.region
            if at_home == "FR" and re.fullmatch(r"\d{4}", parts.get("postcode", "")):
                parts["postcode"] = "0" + parts["postcode"]  # a spreadsheet took 01000 for a number
            if parts:
                _append(self.data, "addresses", {"label": place, **parts})


def _text(cell: Cell) -> str:
    """Write a typed cell as text, whole numbers without decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _label(cell: Cell) -> str:
    """Return which kind of address or phone a label means; what is none of them is "other"."""
    words = norm(str(cell)).lstrip("* ").split()
    for label, known in _LABELS.items():
        if set(words).intersection(known.split()) and (label == Label.FAX or "fax" not in words):
            return label
    return Label.OTHER if words else ""


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValidationError(
            _("This text has %(length)s characters; at most %(limit)s fit."),
            "long",
            {"length": len(text), "limit": limit},
        )
    return text


def _split(cell: Cell) -> list[str]:
    """Split a cell of several words, such as tags; the programs' own groups ("* myContacts") are left out."""
    return [text for text in map(str.strip, _SEPARATORS.split(str(cell))) if text and not text.startswith("* ")]


def _split_emails(text: str) -> list[str]:
    pieces = [piece for piece in _SEPARATORS.split(text) if piece.strip()]
    return [
        part for piece in pieces for part in (piece.split() if "<" not in piece and piece.count("@") > 1 else [piece])
    ]


def _append(data: Clean, slug: str, value: Any) -> None:
    """Add a value to a list of the row, once."""
    values = data.setdefault(slug, [])
    known = [one[1] for one in values] if slug in {"emails", "phones"} else values
    if value not in ("", []) and (value[1] if slug in {"emails", "phones"} else value) not in known:
        values.append(value)


def _limit(model: type[models.Model], slug: str) -> int:
    """Return how many characters a field of a model holds."""
    limit = getattr(model._meta.get_field(slug), "max_length", None)
    return int(limit) if limit else 0


# Texts of one line, and texts of which a cell may hold several, with what they hold at most.
_LINES: dict[str, int] = {
    **{slug: _limit(Contact, slug) for slug in ("first_name", "last_name", "job_title", "department", "source")},
    **{slug: _limit(Company, slug) for slug in ("name", "trade_name", "legal_id", "sector")},
    "parent": _limit(Company, "name"),
    "owner": _limit(User, "email"),
}
_LISTS: dict[str, tuple[int, Callable[[str], str]]] = {
    "tags": (_limit(Tag, "name"), clean_line),
    "groups": (_limit(Group, "name"), clean_line),
    "domains": (253, clean_domain),
    "links": (_limit(Link, "url"), clean_url),
}
