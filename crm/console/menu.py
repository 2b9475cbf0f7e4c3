"""What apps above the console add to the administrators' menu: pages of their own, under a heading."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Entry:
    """A page of the menu; `nouns` begin the URL names of the pages that belong to it: "stage" that of `stage_edit`."""

    label: str | Promise
    url_name: str
    icon: str
    nouns: tuple[str, ...]

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_current(self, request: HttpRequest) -> bool:
        """Whether the page shown is this one, or belongs to it."""
        match = request.resolver_match
        if match is None:
            return False
        noun = (match.url_name or "").partition("_")[0]
        return match.namespace == self.url_name.partition(":")[0] and noun in self.nouns


_sections: dict[str, tuple[str | Promise, list[Entry]]] = {}


def register(section: str, heading: str | Promise, *entries: Entry) -> None:
    """Add pages to a section of the menu; registering the section again replaces it."""
    _sections[section] = (heading, list(entries))


def menu(request: HttpRequest) -> list[tuple[str | Promise, list[tuple[Entry, bool]]]]:
    """Headings, each with its pages and whether each is the one shown."""
    return [
        (heading, [(each, each.is_current(request)) for each in entries]) for heading, entries in _sections.values()
    ]
