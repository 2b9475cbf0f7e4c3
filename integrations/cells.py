"""What is done to the text of a cell, whatever it means: several values in one, numbers as text, limits, labels."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Label
from crm.records.text import clean_line, norm
from integrations.vocabulary import LABELS

if TYPE_CHECKING:
    from integrations.reading import Cell

JOIN = "; "
_MARKS = re.compile(r"[;,|\n\"]|::")
SEPARATORS = re.compile(r"\s*(?:::+|[;,|\n])\s*")
TITLED = re.compile(r"(.*\S)\s+<(\S+)>")
SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def apart(text: str) -> list[str]:
    """Take apart what a cell lists; what stands between quotation marks stays whole."""
    if '"' not in text:
        return [piece for piece in map(str.strip, SEPARATORS.split(text)) if piece]
    pieces = next(csv.reader([text.replace("\n", " ")], delimiter=";", skipinitialspace=True), [])
    return [piece for piece in map(str.strip, pieces) if piece]


def joined(values: list[str]) -> str:
    """Write a list into one cell, so that `apart` gives the same list."""
    if not any(map(_MARKS.search, values)):
        return JOIN.join(values)
    doubled = (value.replace('"', '""') for value in values)
    return JOIN.join(f'"{value}"' for value in doubled)


def titled(title: str, url: str) -> str:
    """Write a web address with its title, as address books write mail addresses: “Portfolio <https://x.fr>”."""
    return f"{title} <{url}>" if title else url


def untitled(text: str) -> tuple[str, str]:
    """Return the title of a web address, "" for none, and the address."""
    found = TITLED.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def text_of(cell: Cell) -> str:
    """Write a typed cell as text, whole numbers without decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def within(text: str, limit: int) -> str:
    """Return a text that fits into so many characters. Raises `ValidationError`."""
    if limit and len(text) > limit:
        raise ValidationError(
            _("This text has %(length)s characters; at most %(limit)s fit."),
            "long",
            {"length": len(text), "limit": limit},
        )
    return text


def shortened(text: str) -> ValidationError:
    """Say that a spreadsheet wrote a long number in its short form, whose last figures are gone."""
    message = _(
        "A spreadsheet has shortened this number to “%(value)s”: format its column as text and export it again."
    )
    return ValidationError(message, "shortened", {"value": clean_line(text)})


def label_of(cell: Cell) -> str:
    """Return which kind of address or phone a label means; what is none of them is "other"."""
    words = norm(str(cell)).lstrip("* ").split()
    for label, known in LABELS.items():
        if set(words).intersection(known.split()) and (label == Label.FAX or "fax" not in words):
            return str(label)
    return str(Label.OTHER) if words else ""
