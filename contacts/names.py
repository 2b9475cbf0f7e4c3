"""Names of persons: one text into civility, first and last name, in French and in English."""

import re
from dataclasses import dataclass
from itertools import pairwise

from crm.records.text import clean_line, norm

# Written forms of each civility, as `norm` gives them, without their point. "me" is a lawyer's, Maître.
CIVILITY_WORDS = {
    "mr": ["m", "mr", "mister", "monsieur", "sir", "herr"],
    "ms": ["mme", "madame", "mlle", "mademoiselle", "ms", "mrs", "miss", "frau"],
    "mx": ["mx"],
    "dr": ["dr", "docteur", "doctor", "doc"],
    "pr": ["pr", "prof", "professeur", "professor"],
    "me": ["me", "maitre"],
}
_CIVILITIES = {word: code for code, words in CIVILITY_WORDS.items() for word in words}
_PARTICLES = frozenset(
    "de du des la le les von van vom der den zu zur di da del della dos das do ter ten af av al el ben bin ibn abu mac"
    " st saint".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md esq".split())


@dataclass(frozen=True)
class PersonName:
    """A person's name in parts; `civility` is a code of `CIVILITY_WORDS` or ""."""

    civility: str = ""
    first_name: str = ""
    last_name: str = ""


def clean_civility(text: str) -> str | None:
    """Return the code of a written civility ("Mme", "Mr.", "Docteur"), "" for nothing, None for anything else."""
    word = norm(clean_line(text)).rstrip(".")
    return _CIVILITIES.get(word) if word else ""


def split_name(text: str, *, last_first: bool = False) -> PersonName:
    """Split a full name.

    A comma or capitals tell the last name ("Dupont, Jean", "DUPONT Jean", "Jean-Pierre DUPONT"); else it begins at a
    particle ("Anne-Marie de La Tour"), else it is the last word, with `last_first` the first one. A single word is a
    last name.
    """
    civility, words = _without_civility(clean_line(text).split(" "))
    last, comma, first = " ".join(words).partition(",")
    if comma and norm(first).rstrip(".") not in _SUFFIXES:
        more, first_words = _without_civility(first.split())
        return PersonName(civility or more, " ".join(first_words), last.strip())
    words = [word for word in (word.strip(",") for word in words) if word]
    if len(words) < 2:
        return PersonName(civility, "", "".join(words))
    in_last = _in_capitals(words) or (_to_first_name(words) if last_first else _from_particle(words))
    first_words = [word for word, last_name in zip(words, in_last, strict=True) if not last_name]
    last_words = [word for word, last_name in zip(words, in_last, strict=True) if last_name]
    return PersonName(civility, " ".join(first_words), " ".join(last_words))


def _without_civility(words: list[str]) -> tuple[str, list[str]]:
    """Take the civility off the front. Of a couple ("M. et Mme") none is kept, of "M. le Docteur" the title is."""
    civility, rest = "", words
    while len(rest) > 1 and (code := clean_civility(rest[0])):
        civility, rest = code, rest[1:]
        if norm(rest[0]) in {"et", "and", "&"} and len(rest) > 2:
            return "", _without_civility(rest[1:])[1]
        if norm(rest[0]) == "le" and len(rest) > 2 and clean_civility(rest[1]):
            rest = rest[1:]
    return civility, rest


def _in_capitals(words: list[str]) -> list[bool]:
    """Mark the words in capitals (and a particle before them) where they stand together at one end, else nothing."""
    marks = [word.isupper() and len(re.sub(r"\W", "", word)) > 1 for word in words]
    while True in marks and (start := marks.index(True)) > 1 and norm(words[start - 1]) in _PARTICLES:
        marks[start - 1] = True
    changes = sum(one != other for one, other in pairwise(marks))
    return marks if changes == 1 else []


def _to_first_name(words: list[str]) -> list[bool]:
    """Mark the last name at the beginning: its particles and one more word, as “Le Goff Anne” has it."""
    end = next((place for place, word in enumerate(words) if norm(word) not in _PARTICLES), 0)
    return [place <= min(end, len(words) - 2) for place in range(len(words))]


def _from_particle(words: list[str]) -> list[bool]:
    """Mark the last name: from the first particle after the first word, else the last word and its suffix."""
    end = len(words) - 1 if norm(words[-1]).rstrip(".") in _SUFFIXES and len(words) > 2 else len(words)
    start = next((place for place in range(1, end - 1) if norm(words[place]) in _PARTICLES), end - 1)
    return [place >= start for place in range(len(words))]
