"""People by the thousand: names as skewed as life's, the same for the same random source."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from typing import Generic, NamedTuple, TypeVar

from contacts.sample import words
from crm.records.text import norm

T = TypeVar("T")
LANGUAGES = (("fr", "en"), (80, 20))


class Skewed(Generic[T]):
    """Items to draw from, the n-th 1/n^`steepness` as often as the first."""

    def __init__(self, items: Sequence[T], steepness: float) -> None:
        self.items = items
        self.weights = list(accumulate(1 / n**steepness for n in range(1, len(items) + 1)))

    def draw(self, rng: random.Random, count: int) -> list[T]:
        return rng.choices(self.items, cum_weights=self.weights, k=count)


class Someone(NamedTuple):
    """What is drawn of a person; `local` is the e-mail address before the at sign."""

    civility: str
    first: str
    last: str
    language: str
    local: str


class People:
    """First and family names, by language, with their long tails."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.first = {
            ("fr", "ms"): Skewed(words.FRENCH_WOMEN, 0.7),
            ("fr", "mr"): Skewed(words.FRENCH_MEN, 0.7),
            ("en", "ms"): Skewed(words.ENGLISH_WOMEN, 0.7),
            ("en", "mr"): Skewed(words.ENGLISH_MEN, 0.7),
        }
        self.last = {
            "fr": Skewed([*map(words.spaced, words.FRENCH_NAMES), *self._tail(words.FRENCH_PARTS)], 0.75),
            "en": Skewed([*words.ENGLISH_NAMES, *self._tail(words.ENGLISH_PARTS)], 0.75),
        }

    def _tail(self, parts: Sequence[Sequence[str]]) -> list[str]:
        names = ["".join(each) for each in product(*parts)]
        self.rng.shuffle(names)
        return names

    def draw(self, count: int) -> Iterator[Someone]:
        """People; one in seventy is a twin of an earlier one, written as somebody else would have written them."""
        languages = self.rng.choices(*LANGUAGES, k=count)
        civilities = self.rng.choices(("ms", "mr"), k=count)
        first = {key: names.draw(self.rng, count) for key, names in self.first.items()}
        last = {key: names.draw(self.rng, count) for key, names in self.last.items()}
        earlier: list[Someone] = []
        for n, (language, civility) in enumerate(zip(languages, civilities, strict=True)):
            if earlier and self.rng.random() < 0.014:
                yield self._written_otherwise(self.rng.choice(earlier))
                continue
            someone = self._someone(civility, first[language, civility][n], last[language][n], language)
            if n % 20 == 0:
                earlier.append(someone)
            yield someone

    def _someone(self, civility: str, first: str, last: str, language: str) -> Someone:
        chance = self.rng.random()
        if chance < 0.04:
            return Someone("", "", last, language, plain(last))
        local = f"{plain(first)[0] if chance < 0.4 else plain(first)}.{plain(last)}"
        return Someone(civility, first, last.upper() if chance > 0.95 else last, language, local)

    def _written_otherwise(self, someone: Someone) -> Someone:
        if self.rng.random() < 0.5:
            return someone._replace(first=norm(someone.first).title(), last=norm(someone.last).title())
        return someone._replace(last=someone.last.upper())


def plain(name: str) -> str:
    """A name as it stands in an e-mail address."""
    return re.sub(r"[^a-z0-9]+", "-", norm(name)).strip("-")
