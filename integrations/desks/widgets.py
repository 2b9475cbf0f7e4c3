"""The kinds of values of deals and products (integrations/widgets.py)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contacts.emails import clean_email
from crm.records.dates import parse_date
from crm.records.numbers import parse_number
from crm.records.text import clean_line, norm
from crm.ui.currencies import CURRENCIES
from integrations.cells import apart, joined, text_of, within
from integrations.widgets import Amount, Line, Widget, YesNo, order_of
from opportunities.models import DealContact

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.reading import Cell
    from integrations.rows import Clean
    from integrations.writing import Value

YEARS = range(1990, 2100)
_NAMED = re.compile(r"(.*?)\s*[<(]([^<>()]*)[>)]\s*(?:\[([^\]]*)\])?")
_PART = re.compile(r"(.*?)\s*\[([^\]]*)\]")
_SHARE = re.compile(r"(.*?)\s*\(?(\d{1,3})\s*%\)?")
LINE = ("product", "label", "description", "quantity", "unit", "price", "discount", "vat_rate", "is_recurring")
_PLAIN_LINE = {"quantity": "1", "discount": "0", "vat_rate": "20"}


class Price(Amount):
    """An amount that is not negative."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        text = super().clean(value, row, **kwargs)
        if text and Decimal(text) < 0:
            raise ValidationError(_("“%(value)s” is negative: write an amount of zero or more.") % {"value": text})
        return text


class Percent(Widget):
    """A number from 0 to 100, with or without its sign."""

    says_nothing = True

    def __init__(self, *, decimals: bool = True) -> None:
        super().__init__()
        self.decimals = decimals

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str | int | None:
        number = parse_number(value.replace("%", "").strip() if isinstance(value, str) else value)
        if number is None:
            return None
        if not 0 <= number <= 100:
            raise ValidationError(_("“%(value)s” is no percentage from 0 to 100.") % {"value": text_of(value)})
        return str(number.quantize(Decimal("0.01"))) if self.decimals else round(number)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return Decimal(value) if isinstance(value, str) and value else value


class Day(Widget):
    """A day of business."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        day = parse_date(text_of(value), order_of(row, kwargs))
        if day and day.year not in YEARS:
            raise ValidationError(_("This day lies too far away: check the year."))
        return day.isoformat() if day else ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return parse_date(value) if value else None


class Currency(Widget):
    """A currency by its code."""

    _SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        text = clean_line(str(value)).upper()
        code = self._SIGNS.get(text, text)
        if code not in CURRENCIES:
            raise ValidationError(_("“%(value)s” is no currency known here: write its code, as EUR.") % {"value": text})
        return code


class Answer(YesNo):
    """Yes or no, both of which are told."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return value  # type: ignore[no-any-return]


class Choice(Widget):
    """One of some values, by its name in the reader's language or by a word of other programs; others are left out."""

    says_nothing = True

    def __init__(self, choices: Sequence[tuple[str, str | Promise]], also: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.choices = choices
        self.also = also or {}

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        word = norm(str(value))
        named = {norm(str(label)): code for code, label in self.choices}
        code = named.get(word) or self.also.get(word) or (word if word in dict(self.choices) else "")
        if not code and row:
            known = ", ".join(str(label) for _code, label in self.choices)
            message = _("“%(value)s” is none of %(known)s: it was left out.")
            row.warn(kwargs.get("column"), value, message % {"value": clean_line(str(value)), "known": known})
        return code

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return str(dict(self.choices).get(value, "")) if value else ""


class EmailAddress(Line):
    """One e-mail address."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> str:
        return within(clean_email(str(value)), self.limit)


class Prices(Widget):
    """Prices in other currencies: “120.00 USD; 99.00 GBP”."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[list[str]]:
        found = []
        for piece in str(value).split(";"):
            amount, _space, code = piece.strip().rpartition(" ")
            if piece.strip():
                found.append([Currency().clean(code), Price().clean(amount)])
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return "; ".join(f"{amount} {code}" for code, amount in value or [])


class Takers(Widget):
    """The people of a deal: “Zoé Martin <zoe@martin.example> [Decider]”, as far as that is told."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[Clean]:
        return [self._one(piece) for piece in apart(str(value))]

    def _one(self, text: str) -> Clean:
        whole = _NAMED.fullmatch(text)
        part = _PART.fullmatch(text)
        name, address, word = (
            whole.groups()
            if whole
            else (part[1], "", part[2])
            if part
            else ((text, "", "") if "@" not in text else ("", text, ""))
        )
        codes = {norm(str(label)): code for code, label in DealContact.Part.choices}
        address = clean_email(address) if address and "@" in address else ""
        return {"name": clean_line(name), "email": address, "part": codes.get(norm(word or ""), "")}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        names = dict(DealContact.Part.choices)
        return joined(
            [
                " ".join(
                    filter(
                        None,
                        [
                            one["name"],
                            f"<{one['email']}>" if one["email"] else "",
                            f"[{names[one['part']]}]" if one["part"] else "",
                        ],
                    )
                )
                for one in value or []
            ]
        )


class Sellers(Widget):
    """Co-owners with their share: “Hugo Blanc (30 %)”."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[list[Any]]:
        found: list[list[Any]] = []
        for piece in apart(str(value)):
            told = _SHARE.fullmatch(piece)
            share = min(100, int(told[2])) if told else 0
            found.append([clean_line(told[1] if told else piece), share])
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return joined([f"{name} ({share} %)" for name, share in value or []])


class Lines(Widget):
    """The lines of a deal, one below the other, each with its cells separated by semicolons as in CSV."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[Clean]:
        found = []
        for cells in csv.reader(io.StringIO(str(value)), delimiter=";"):
            told = dict(zip(LINE, map(clean_line, cells), strict=False))
            line: Clean = {**_PLAIN_LINE, **{name: text for name, text in told.items() if text}}
            if not (line.get("label") or line.get("product")):
                continue
            numbers = {
                "quantity": Decimal("0.001"),
                "price": Decimal("0.01"),
                "discount": Decimal("0.01"),
                "vat_rate": Decimal("0.01"),
            }
            for name, step in numbers.items():
                if name in line:
                    line[name] = self._number(line[name], step)
            line["is_recurring"] = norm(str(line.get("is_recurring", ""))) in {"yes", "oui", "1", "x"}
            line["label"] = within(line.get("label") or line["product"], 200)
            found.append(line)
        return found

    def _number(self, text: str, step: Decimal) -> str:
        number = parse_number(text, ".")
        if number is None or not 0 <= number < Decimal(10) ** 9:
            raise ValidationError(_("“%(value)s” is no number that fits into a line.") % {"value": text})
        return str(number.quantize(step))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=";", lineterminator="\n")
        for line in value or []:
            told = {**line, "is_recurring": "x" if line.get("is_recurring") else ""}
            writer.writerow([told.get(name, "") for name in LINE])
        return lines.getvalue().rstrip("\n")
