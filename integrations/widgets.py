"""The kinds of values: a cell cleaned into a plain value, and a plain value written to a cell (import_export widgets).

`clean` gets the row under way, whose file says how dates and numbers are read and of which country phones are, and
raises `ValidationError` with a sentence; `render` gives what a spreadsheet types: text, number, date, yes or no.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export import widgets

from contacts.countries import clean_country
from contacts.emails import clean_domain, clean_url
from contacts.identifiers import clean_siren, clean_siret, clean_vat
from contacts.models import Contact
from contacts.names import clean_civility
from crm.records.dates import NO_YEAR, DateOrder, parse_date
from crm.records.numbers import parse_consent, parse_number, parse_yes_no
from crm.records.text import clean_block, clean_line, norm
from integrations.cells import SHORTENED, apart, joined, shortened, text_of, titled, untitled, within
from integrations.vocabulary import CONSENTS, LANGUAGES, LIFECYCLES

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.reading import Cell
    from integrations.writing import Value

_RANGE = re.compile(r"\s*(\d[\d\s]*?)\s*(?:-|–|à|to|\+)\s*[\d\s]*")
_UNIT = re.compile(
    r"(?<=\d)\s*(?:salari[ée]e?s?|employ[ée]e?s?|employees?|personnes?|people|staff|collaborateurs?)\.?$"
)
_WITHDRAWN = ("unsub", "desab", "desin", "opt-out", "optout", "opted out")
_LIFECYCLE_OF = {word: code for code, words in LIFECYCLES.items() for word in words.split("|")}
_HANDLES = {"twitter": "https://x.com/", "x": "https://x.com/", "instagram": "https://www.instagram.com/"}


def limit_of(model: type[models.Model], slug: str) -> int:
    """Return how many characters a field of a model holds."""
    limit = getattr(model._meta.get_field(slug), "max_length", None)
    return int(limit) if limit else 0


class Widget(widgets.Widget):  # type: ignore[misc]
    """One kind of value. `says_nothing`: words such as “unknown” mean that the cell is blank, not that it is wrong."""

    says_nothing = False

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> Any:
        raise NotImplementedError

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return None if value in (None, "") else value


class Line(Widget):
    """A text of one line."""

    def __init__(self, limit: int = 0) -> None:
        super().__init__()
        self.limit = limit

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return within(clean_line(text_of(value)), self.limit)


def line_of(model: type[models.Model], slug: str) -> Line:
    """Return the widget of a text of one line that fits into a field of a model."""
    return Line(limit_of(model, slug))


class Block(Line):
    """A text of several lines."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return within(clean_block(text_of(value)), self.limit)


class TitledUrl(Line):
    """A web address, with its title before it if it has one."""

    def __init__(self, limit: int, title_limit: int) -> None:
        super().__init__(limit)
        self.url, self.title = Url(limit), Line(title_limit)

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        title, url = untitled(str(value).strip())
        address = self.url.clean(url, row, **kwargs)
        return titled(self.title.clean(title), address) if address else ""


class Jobs(Widget):
    """Places of work that have no columns of their own: one a line, company; role; from; until."""

    def __init__(self, company: int, role: int) -> None:
        super().__init__()
        self.company, self.role = Line(company), Line(role)

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[list[str]]:
        found = []
        for cells in csv.reader(io.StringIO(str(value)), delimiter=";"):
            company, role, *days = [cell.strip() for cell in [*cells, "", "", "", ""][:4]]
            if company:
                started, ended = (day.isoformat() if (day := parse_date(text)) else "" for text in days)
                if started and ended and ended < started:
                    raise ValidationError(_("A job ends after it starts: check the dates."))
                found.append([self.company.clean(company), self.role.clean(role), started, ended])
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        lines = io.StringIO()
        csv.writer(lines, delimiter=";", lineterminator="\n").writerows(value or [])
        return lines.getvalue().rstrip("\n") or None


class Country(Line):
    """A country: a bare code is written out."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return within(clean_country(clean_line(text_of(value))), self.limit)


class Words(Widget):
    """Several words or addresses in one cell; the programs' own groups ("* myContacts") are left out."""

    def __init__(self, each: Widget) -> None:
        super().__init__()
        self.each = each

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[str]:
        return [self.each.clean(text, row, **kwargs) for text in apart(str(value)) if not text.startswith("* ")]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return joined(value or [])


class Names(Widget):
    """Companies: one, or several as HubSpot writes them ("Durand SARL;Durand Holding"); the first is primary."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[str]:
        text = text_of(value)
        names = apart(text) if '"' in text and ";" in text else text.split(";")
        return [within(clean_line(name), self.limit) for name in names]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        quoted = any(";" in name for name in value or [])
        return joined(value) if quoted else ";".join(value or [])


class Url(Line):
    """A web address; a bare name in a column of one network (“@zoe”) is somebody’s page there."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        text = clean_line(str(value))
        if row and re.fullmatch(r"@\w+", text) and (header := norm(row.header(kwargs.get("column"))).split()):
            text = next((page + text[1:] for name, page in _HANDLES.items() if name in header), text)
        return within(clean_url(text), self.limit)


class Domain(Line):
    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return within(clean_domain(str(value)), self.limit)


class Civility(Widget):
    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        code = clean_civility(str(value))
        if code is None and row:
            row.warn(kwargs.get("column"), value, _("This is no civility: it was left out."))
        return code if code in Contact.Civility.values else ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return str(dict(Contact.Civility.choices).get(value, "")) if value else ""


class Language(Widget):
    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        word = norm(str(value))
        code = LANGUAGES.get(word, word[:2] if re.fullmatch(r"[a-z]{2}([-_][a-z]{2})?", word) else "")
        if code in dict(settings.LANGUAGES):
            return code
        if row:
            row.warn(kwargs.get("column"), value, _("This language is not kept: it was left out."))
        return ""


class Lifecycle(Widget):
    """Where a contact stands; the stages of other programs are brought to ours, those of nobody else's left out."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        code = lifecycle_of(str(value))
        if not code and row:
            message = _("“%(value)s” is no lifecycle: it was left out. Known are %(known)s.")
            known = ", ".join(str(label) for label in Contact.Lifecycle.labels)
            row.warn(kwargs.get("column"), value, message % {"value": clean_line(str(value)), "known": known})
        return code

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return str(dict(Contact.Lifecycle.choices).get(value, "")) if value else ""


def lifecycle_of(text: str) -> str:
    """Return the code of a lifecycle in French, in English or as another program calls it, "" for none."""
    word = norm(re.sub(r"\s*\([^)]*\)$", "", text)).replace("_", " ")
    labels = {norm(str(label)): code for code, label in Contact.Lifecycle.choices}
    return str(_LIFECYCLE_OF.get(word) or labels.get(word) or (word if word in Contact.Lifecycle.values else ""))


class Consent(Widget):
    """Whether somebody agreed to mailing: our own words, or yes and no."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        word = norm(str(value))
        if code := next((code for code, words in CONSENTS.items() if word in words.split()), None):
            return str(code)
        answer = parse_consent(str(value))
        if answer is None:
            return ""
        if answer:
            # What another column said of a refusal stays.
            return str(row.data.get("consent", "") if row else "") or str(Contact.Consent.GIVEN)
        return str(Contact.Consent.WITHDRAWN if word.startswith(_WITHDRAWN) else Contact.Consent.REFUSED)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return str(dict(Contact.Consent.choices).get(value, "")) if value else ""


class NoConsent(Widget):
    """A column that says who wants no mailing."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return str(Contact.Consent.WITHDRAWN) if parse_yes_no(str(value)) else ""


class YesNo(Widget):
    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> bool | None:
        return parse_yes_no(str(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return True if value else None


class Birthday(Widget):
    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        birthday = parse_date(text_of(value), order_of(row, kwargs), past=True)
        if birthday and birthday.year != NO_YEAR and (birthday > timezone.localdate() or birthday.year < 1900):
            raise ValidationError(_("A birthday lies between 1900 and today: check the year."))
        return birthday.isoformat() if birthday else ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        """Give a date; one without a year as address books write it."""
        if not value:
            return None
        day = dt.date.fromisoformat(value)
        return f"--{day.month:02}-{day.day:02}" if day.year == NO_YEAR else day


class Size(Widget):
    """A headcount; of a range ("51-200", "10 à 49") the lower end. It has no decimals: 1,200 is twelve hundred."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> int | None:
        text = _UNIT.sub("", text_of(value).strip())
        if match := _RANGE.fullmatch(text):
            text = match[1]
        if isinstance(value, str):
            text = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text)
        number = parse_number(text if isinstance(value, str) else value)
        if number is None:
            return None
        if number < 0 or number != number.to_integral_value() or number > 2_000_000_000:
            raise ValidationError(_("“%(value)s” is no number of employees.") % {"value": text})
        return int(number)


class Amount(Widget):
    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        mark = row.cleaner.reading.marks.get(kwargs.get("column", -1), ",") if row else ","
        number = parse_number(value, mark)
        if number is None:
            return ""
        if abs(number) >= Decimal(10) ** 14:
            raise ValidationError(_("“%(value)s” is too large an amount.") % {"value": text_of(value)})
        return str(number.quantize(Decimal("0.01")))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return Decimal(value) if value else None


class Year(Widget):
    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> int | None:
        text = text_of(value)
        if re.fullmatch(r"\d{4}", text):
            year = int(text)
        elif founded := parse_date(text, order_of(row, kwargs)):
            year = founded.year
        else:
            return None
        if not 1000 <= year <= 2100:
            raise ValidationError(_("“%(value)s” is no year a company can be founded in.") % {"value": text})
        return year


class LegalId(Widget):
    """SIREN, SIRET or VAT number, checked."""

    says_nothing = True
    _CLEAN = {"siren": clean_siren, "siret": clean_siret, "vat_number": clean_vat}

    def __init__(self, sort: str) -> None:
        super().__init__()
        self.sort = sort

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        text = text_of(value)
        if SHORTENED.fullmatch(text.strip()):
            raise shortened(text)
        return self._CLEAN[self.sort](text)


def order_of(row: RowUnderWay | None, known: dict[str, Any]) -> DateOrder:
    """Return which of the first two numbers of a date is the day in a column."""
    return row.cleaner.reading.orders.get(known.get("column", -1), DateOrder.DAY_FIRST) if row else DateOrder.DAY_FIRST
