"""Invent people and companies: the same for the same seed, with numbers that lead to nobody.

Phone numbers come from the ranges that Arcep and Ofcom keep for fiction, e-mail addresses end in `.example`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from stdnum import luhn

from contacts.identifiers import vat_from_siren
from contacts.sample import words
from crm.records.text import norm

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """An invented person; `language` is "fr" or "en"."""

    civility: str
    first_name: str
    last_name: str
    job_title: str
    language: str


@dataclass(frozen=True)
class Firm:
    """An invented company; identifiers are empty outside France."""

    name: str
    sector: str
    size: int
    city: tuple[str, str, str]
    country: str
    domain: str
    siren: str = ""
    siret: str = ""
    vat_number: str = ""


class Inventor:
    """A source of invented things, reproducible by its seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (invented data)

    def person(self, language: str = "fr") -> Person:
        french, woman = language == "fr", self.random.random() < 0.5
        if french:
            first = self._often_first(words.FRENCH_WOMEN if woman else words.FRENCH_MEN)
            last = words.spaced(self._often_first(words.FRENCH_NAMES))
            job = self.random.choice(words.JOBS)[0 if woman else 1]
        else:
            first = self._often_first(words.ENGLISH_WOMEN if woman else words.ENGLISH_MEN)
            last = self._often_first(words.ENGLISH_NAMES)
            job = self.random.choice(words.ENGLISH_JOBS)
        return Person("ms" if woman else "mr", first, last, job, language)

    def firm(self, language: str = "fr", name: str = "") -> Firm:
        """A firm, called by the family name if one is given."""
        french = language == "fr"
        name = name or self._often_first(words.FRENCH_NAMES if french else words.ENGLISH_NAMES)
        city = self._often_first(words.FRENCH_CITIES if french else words.ENGLISH_CITIES)
        sector, forms, usual = self.random.choice(words.SECTORS)
        form = self.random.choice(forms if french else words.ENGLISH_FIRMS)
        size = max(1, int(usual * self.random.lognormvariate(0, 0.7)))
        full_name = french_contraction(form.format(n=words.spaced(name), c=city[0]))
        if not french:
            return Firm(full_name, sector, size, city, "Royaume-Uni", domain_of(full_name))
        siren = self.siren()
        return Firm(
            full_name, sector, size, city, "France", domain_of(full_name), siren, siret_of(siren), vat_from_siren(siren)
        )

    def siren(self) -> str:
        """Nine digits with a right check digit."""
        stem = f"{self.random.randint(3, 9)}{self.random.randrange(10**7):07}"
        return stem + luhn.calc_check_digit(stem)

    def mobile(self, language: str = "fr") -> str:
        """A mobile number of fiction, E.164."""
        return f"+3363998{self._digits(4)}" if language == "fr" else f"+447700900{self._digits(3)}"

    def landline(self, language: str = "fr") -> str:
        """A landline number of fiction, E.164."""
        return f"+3326191{self._digits(4)}" if language == "fr" else f"+442079460{self._digits(3)}"

    def street(self, language: str = "fr") -> str:
        streets = words.STREETS if language == "fr" else words.ENGLISH_STREETS
        return f"{self.random.randint(1, 120)} {self.random.choice(streets)}"

    def _digits(self, count: int) -> str:
        return f"{self.random.randrange(10**count):0{count}}"

    def _often_first(self, choices: Sequence[T]) -> T:
        """One of the choices, the earlier the likelier."""
        return choices[int(len(choices) * self.random.random() ** 1.6)]


def siret_of(siren: str, branch: int = 1) -> str:
    """The SIRET of a branch: the SIREN, its number in four digits, and the check digit."""
    stem = f"{siren}{branch:04}"
    return stem + luhn.calc_check_digit(stem)


def domain_of(name: str) -> str:
    """An internet domain for a name, in the zone that is kept for examples."""
    return re.sub(r"[^a-z0-9]+", "-", norm(name)).strip("-")[:50] + ".example"


def address_of(first_name: str, last_name: str, domain: str) -> str:
    """A person's e-mail address at a domain: c.fontaine@groupe-valmont.example."""
    first, last = (re.sub(r"[^a-z0-9]+", "-", norm(part)).strip("-") for part in (first_name, last_name))
    return f"{first[:1]}.{last}@{domain}"


def french_contraction(name: str) -> str:
    """“de Angers” → “d’Angers”, “de Le Mans” → “du Mans”, “de Les Sables” → “des Sables”."""
    name = name.replace(" de Le ", " du ").replace(" de Les ", " des ")
    return re.sub(r" de (?=[AEIOUYÉÈ])", " d’", name)
