"""Ways to reach somebody as cells write them: several in one, with remarks (import_export widgets)."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from contacts.emails import clean_email
from contacts.models import Label
from contacts.phones import clean_phone
from crm.records.text import clean_block
from integrations.cells import SEPARATORS, SHORTENED, label_of, shortened, text_of
from integrations.fields import PARTS
from integrations.widgets import Widget

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.reading import Cell
    from integrations.writing import Value

_BETWEEN_PHONES = re.compile(r"\s*(?:::+|[;,|\n/]|\bou\b|\bor\b|\bet\b|\s-\s|(?<=\d{9})-(?=[0+]))\s*")
_REMARK = re.compile(r"\s*\([^()@\d]*\)")


class Points(Widget):
    """E-mail addresses or phones, one or several, each with what a remark behind it says it is for."""

    says_nothing = True

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[str]:
        return [point for point, _label in self.labelled(value, row)]

    def labelled(self, value: Cell, row: RowUnderWay | None = None) -> list[tuple[str, str]]:
        """Return each with the kind that a remark gives it (“a@x.fr (pro)”), "" for none."""
        raise NotImplementedError


class Emails(Points):
    """Those inside an Exchange server reach nobody outside and are left out."""

    def labelled(self, value: Cell, row: RowUnderWay | None = None) -> list[tuple[str, str]]:
        text = str(value)
        if text.count("@") > 1:
            pieces = [part for piece in SEPARATORS.split(text) for part in _each_address(piece)]
        else:
            pieces = [text.strip(" ;,")]
        own = [piece for piece in pieces if piece and not piece.lower().startswith("/o=")]
        return [(clean_email(_REMARK.sub("", piece)), _kind_in_remark(piece)) for piece in own]


def _each_address(piece: str) -> list[str]:
    """Take addresses apart that only blanks or slashes separate."""
    if "<" in piece or piece.count("@") < 2:
        return [piece]
    return [part for part in re.split(r"[\s/]+", piece) if "@" in part]


class Phones(Points):
    """Several numbers are told apart only where the whole is none."""

    def labelled(self, value: Cell, row: RowUnderWay | None = None) -> list[tuple[str, str]]:
        text, region = text_of(value), row.region if row else "FR"
        try:
            return [(clean_phone(text, region), "")]
        except ValidationError:
            if SHORTENED.fullmatch(text.strip()):
                raise shortened(text) from None
            found = [(bare, piece) for piece in _BETWEEN_PHONES.split(text) if (bare := _bare_number(piece))]
            if not found or any(len(re.sub(r"\D", "", number)) < 6 or number == text for number, _piece in found):
                raise
        return [(clean_phone(number, region), _kind_in_remark(piece)) for number, piece in found]


def _bare_number(text: str) -> str:
    """Take off what stands around a number: “Tél. : 06 12 34 56 78 (perso)”."""
    return re.sub(r"^[^\d+(]+|[^\d)]+$", "", _REMARK.sub("", text))


def _kind_in_remark(text: str) -> str:
    remark = _REMARK.search(text)
    label = label_of(remark[0].strip(" ()")) if remark else ""
    return label if label != Label.OTHER else ""


class MoreAddresses(Widget):
    """Addresses that have no columns of their own: one a line, its kind and its parts between semicolons."""

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> list[dict[str, str]]:
        found = []
        for cells in csv.reader(io.StringIO(str(value)), delimiter=";"):
            label, *texts = [clean_block(cell) for cell in cells] or [""]
            parts = {part: text for part, text in zip(PARTS, texts, strict=False) if text}
            if parts:
                found.append({"label": label_of(label) or str(Label.OTHER), **parts})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=";", lineterminator="\n")
        for address in value:
            writer.writerow([Label(address["label"]).label, *(address.get(part, "") for part in PARTS)])
        return lines.getvalue().rstrip("\n")
