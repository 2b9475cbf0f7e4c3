"""Which field a header in French or English names. Headers are compared as `words` writes them."""

import re
from functools import lru_cache

from crm.records.text import norm
from integrations.desks.vocabulary import SYNONYMS as TRADE
from integrations.vocabulary import BASES, FOREIGN_WORDS, PLACE_WORDS, SMALL_WORDS, SYNONYMS

PLACE_OF_WORD = {word: place for place, words in PLACE_WORDS.items() for word in words.split()}
BASE_OF_WORDS = {words: base for base, all_words in BASES.items() for words in all_words.split("|")}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PROGRAM_PREFIX = re.compile(r"^(?:person|personne|organization|organisation|deal|affaire|transaction) - ")
_MOMENT_ZONE = re.compile(r" \((?:gmt|utc|heure)[^)]*\)$")


def words(header: str) -> str:
    """Write a header for comparing: "Person - E-mail", "MailingStreet" and "N° SIREN" are words in small letters."""
    plain = norm(header if " " in header else _CAMEL.sub(" ", header))
    plain = re.sub(r"[\W_]+", " ", _PROGRAM_PREFIX.sub("", _MOMENT_ZONE.sub("", plain))).strip()
    return re.sub(r"\be mail", "email", plain)


def known_header(kind: str, header: str) -> str:
    """Return the field a header (as `words` writes it) names by itself, else ""."""
    return _EXACT[kind].get(header, "")


@lru_cache(maxsize=4096)
def is_known(header: str) -> bool:
    """Say whether a header, as a file writes it, names a field of contacts or companies."""
    written = re.sub(r" \d+(?= |$)", "", words(header))
    return any(written in known for known in _EXACT.values()) or bool(reach_header(written))


def is_foreign(header: str) -> bool:
    """Say whether a header (as `words` writes it) is about something beside the record itself."""
    return not FOREIGN_WORDS.isdisjoint(header.split(" "))


def reach_header(header: str) -> str:
    """Return the field of a header about an address, phone or e-mail ("Rue (bureau) 2" is `work_street`), else ""."""
    all_words = [word for word in header.split(" ") if word and not word.isdigit()]
    if is_foreign(header):
        return ""
    plain = [word for word in all_words if word not in SMALL_WORDS]
    base = BASE_OF_WORDS.get(" ".join(plain))
    places: list[str] = []
    if not base:
        places = [PLACE_OF_WORD[word] for word in plain if word in PLACE_OF_WORD]
        rest = " ".join(word for word in plain if word not in PLACE_OF_WORD)
        rest = (
            rest if rest in BASE_OF_WORDS else re.sub(r"^(?:address|adresse) | (?:address|adresse|postal)$", "", rest)
        )
        base = BASE_OF_WORDS.get(rest) if rest else "phone" if {"mobile", "fax"}.intersection(places) else None
    return _reach_field(base, places) if base else ""


def _reach_field(base: str, places: list[str]) -> str:
    """Join what a column holds and where that belongs."""
    if base == "phone":
        place = next((place for place in ("fax", "mobile", "home", "other", "work") if place in places), "")
        return f"phone_{place}" if place else "phone"
    place = next((place for place in places if place not in {"mobile", "fax"}), "")
    if base == "email":
        return f"email_{place}" if place in {"work", "home", "other"} else "email"
    return f"{place or 'work'}_{base}"


_EXACT = {
    kind: {words: slug for slug, all_words in fields.items() for words in all_words.split("|")}
    for kind, fields in {**SYNONYMS, **TRADE}.items()
}
