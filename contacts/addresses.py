"""Postal addresses written in one piece: taken apart into street, postcode, city, region and country."""

import re

from contacts.countries import country_code
from crm.records.text import clean_block, clean_line

# Countries whose postcodes have four figures; elsewhere such a number is a year in the name of a street.
_FOUR_FIGURES = frozenset(["BE", "CH", "LU", "NL", "AT", "DK", "NO", "HU", "AU", "NZ", "TN"])
_CITY = r"(?P<city>[^\W\d_][^\d,\n]*?(?:\s+(?:cedex|c[eé]dex)(?:\s+\d+)?)?)"
_LAST = re.compile(
    rf"(?P<street>.*?)[\s,;–-]*\b(?:[A-Z]{{1,2}}-)?(?P<postcode>\d{{5}}|\d{{3}} \d{{2}})[\s,]+{_CITY}",
    re.DOTALL | re.IGNORECASE,
)
_LAST_OF_FOUR = re.compile(
    rf"(?P<street>.*?)[\s,;–-]*\b(?:[A-Z]{{1,2}}-)?(?P<postcode>\d{{4}}(?:\s?[A-Z]{{2}}\b)?)[\s,]+{_CITY}",
    re.DOTALL | re.IGNORECASE,
)
_FIRST = re.compile(rf"(?P<postcode>\d{{5}})\s+{_CITY}\s*[,\n]\s*(?P<street>.+)", re.DOTALL | re.IGNORECASE)
_BRITISH = re.compile(
    r"(?P<street>.*?)[\s,]*\b(?P<city>[^\W\d_][^,\n\d]*?)[\s,]+(?P<postcode>[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})",
    re.DOTALL,
)
_AMERICAN = re.compile(
    r"(?P<street>.*?)[,\n]\s*(?P<city>[^,\n\d]+?),?\s+(?P<region>[A-Z]{2})[\s,]+(?P<postcode>\d{5}(?:-\d{4})?)",
    re.DOTALL,
)


def split_address(text: str, region: str = "FR") -> dict[str, str]:
    """Return the parts of an address written in one piece, those that are told apart; the rest is the street.

    `region` (ISO) is the country of an address that names none.
    """
    whole = clean_block(text)
    rest, country = _without_country(whole)
    code = country_code(country) or region
    for pattern in (_AMERICAN, _BRITISH, _LAST, _FIRST, *([_LAST_OF_FOUR] if code in _FOUR_FIGURES else [])):
        if match := pattern.fullmatch(rest):
            parts = {name: clean_line(value) for name, value in match.groupdict().items() if name != "street"}
            parts |= {"street": _street(match["street"]), "country": country}
            return {name: value for name, value in parts.items() if value}
    return {"street": _street(whole)} if whole else {}


def _without_country(whole: str) -> tuple[str, str]:
    """Take the country off the end, where the last piece is one."""
    rest, mark, last = re.match(r"(.*?)(?:([,\n])([^,\n]*))?$", whole, re.DOTALL).groups()  # type: ignore[union-attr]
    last = clean_line(last or "")
    return (rest.rstrip(" ,\n"), last) if mark and len(last) > 1 and country_code(last) else (whole, "")


def _street(text: str) -> str:
    """Write what is left as lines, without the marks that stood between it and the rest."""
    lines = [clean_line(line).strip(" ,;") for line in text.split("\n")]
    return "\n".join(filter(None, lines))
