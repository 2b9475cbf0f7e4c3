"""Phone numbers: stored as E.164 (+33612345678), shown the local way, found in any spacing. Rules: `phonenumbers`."""

import re
from functools import lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from crm.records.text import clean_line

PHONE_MAX_LENGTH = 32
_EXTENSION_WORDS = re.compile(r"(?i)\b(?:extension|ext|poste|x)\b\.?\s*:?\s*(?=\d)|(?<=\d)\s*x\s*(?=\d{1,6}$)")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_TRUNK_ZERO = re.compile(r"\(0\)")
# The plain way French and British numbers are written, which needs no reading by the library (a hundred times as slow).
_GAPS = re.compile(r"[ .\-\u00a0\u202f]")
_PLAIN = {"FR": re.compile(r"(?:\+33|0033|0)([1-9]\d{8})"), "GB": re.compile(r"(?:\+44|0044|0)([1237]\d{9})")}
_PLAIN_ABROAD = re.compile(r"\+33([1-9]\d{8})|\+44([1237]\d{9})")
_PREFIXES = {"FR": "+33", "GB": "+44"}
# How many figures of a national number tell a mobile phone's.
_TELLING = {"+33": 3, "+44": 5}


def clean_phone(text: str, region: str = "FR") -> str:
    """Return a number as E.164, with ";ext=12" behind it when an extension was typed ("" for nothing typed).

    `region` (ISO, two letters) is the country of numbers without a prefix. A number that cannot be one of that country
    but is written the North American way, such as (555) 010-1234, is read as one. Raises `ValidationError`.
    """
    if plain := _plain(text, region):
        return plain
    typed = clean_line(text)
    if not typed:
        return ""
    number = _EXTENSION_WORDS.sub(";ext=", _TRUNK_ZERO.sub("", re.sub(r"(?i)^tel:\s*", "", typed)))
    if any(char.isalpha() for char in number.replace(";ext=", "")):
        raise ValidationError(_("“%(value)s” is no phone number: it has letters."), "phone", {"value": typed})
    for country in (region, "US") if _NORTH_AMERICAN.fullmatch(typed) else (region,):
        parsed = _parsed(number, country)
        if parsed:
            extension = f";ext={parsed.extension}" if parsed.extension else ""
            number = str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164)) + extension
            if len(number) <= PHONE_MAX_LENGTH:
                return number
    message = _("“%(value)s” is no phone number of %(region)s: check its digits, or begin with + and the country code.")
    raise ValidationError(message, "phone", {"value": typed, "region": region})


def is_mobile(stored: str) -> bool:
    """Say whether a stored number is a mobile phone's, as far as its country tells them apart."""
    if _PLAIN_ABROAD.fullmatch(stored):
        figures = _TELLING[stored[:3]] + 3
        return _is_mobile(stored[:figures] + "0" * (len(stored) - figures))
    return _is_mobile(stored)


@lru_cache(maxsize=4096)
def _is_mobile(stored: str) -> bool:
    parsed = _parsed(stored, None)
    return parsed is not None and phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE


def phone_digits(stored: str) -> list[str]:
    """Return the runs of digits a stored number is searched by: "33612345678" and, as dialled at home, "0612345678"."""
    if _PLAIN_ABROAD.fullmatch(stored):
        return [stored[1:], f"0{stored[3:]}"]
    e164 = stored.partition(";")[0].removeprefix("+")
    parsed = _parsed(stored, None)
    if not parsed:
        return [e164]
    at_home = "".join(
        filter(str.isdigit, phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL).split(" ext")[0])
    )
    return [e164] if at_home == e164 else [e164, at_home]


def searched_digits(text: str) -> str:
    """Return the digits of a search for a phone number in any spacing, or "" if the text is no such search."""
    if not re.fullmatch(r"\+?[\d\s().\-/]{3,}", text.strip()):
        return ""
    digits = re.sub(r"\D", "", _TRUNK_ZERO.sub("", text))
    return digits.removeprefix("00") if digits.startswith("00") else digits


def _plain(text: str, region: str) -> str:
    """Read a number written the plain French or British way, "" for any other."""
    figures = _GAPS.sub("", text)
    if match := _PLAIN_ABROAD.fullmatch(figures):
        return match[0]
    if region in _PLAIN and (match := _PLAIN[region].fullmatch(figures)):
        return _PREFIXES[region] + match[1]
    return ""


def _parsed(number: str, region: str | None) -> PhoneNumber | None:
    """Parse a number; None where it is none. Possible is enough: new ranges open faster than tables follow."""
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None
