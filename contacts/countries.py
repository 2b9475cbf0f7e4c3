"""Countries as people write them: the ISO code behind a name in French or English, a code, or a near miss."""

from difflib import get_close_matches
from functools import cache

from babel import Locale
from django.utils.translation import get_language

from crm.records.text import clean_line, norm

_ALIASES = {
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "etats unis d'amerique": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "angleterre": "GB",
    "grande-bretagne": "GB",
    "scotland": "GB",
    "ecosse": "GB",
    "holland": "NL",
    "hollande": "NL",
    "ivory coast": "CI",
    "czech republic": "CZ",
    "republique tcheque": "CZ",
    "korea": "KR",
    "coree": "KR",
}


@cache
def _codes() -> dict[str, str]:
    """Map every name in French and English, and each code, to the code."""
    codes = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}:
                codes[norm(name)] = codes[code.lower()] = code
    return codes | _ALIASES


def country_code(text: str) -> str:
    """Return the ISO code (two letters) of a written country, "" if it is none; one slip of the pen is forgiven."""
    word = norm(clean_line(text))
    codes = _codes()
    if word in codes or len(word) < 5:
        return codes.get(word, "")
    near = get_close_matches(word, codes, n=1, cutoff=0.88)
    return codes[near[0]] if near else ""


def clean_country(text: str) -> str:
    """Return a country as it is kept: a bare code is written out in the active language, a name stays as typed."""
    typed = clean_line(text)
    if len(typed) == 2 and typed.upper() in _codes().values():
        return str(Locale((get_language() or "fr")[:2]).territories[typed.upper()])
    return typed
