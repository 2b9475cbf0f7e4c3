"""The shell's own context: navigation, creations, preferences."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from crm.records.models import Organisation
from crm.ui import nav
from crm.ui.http import Request
from crm.ui.saved_views import pinned_views


@dataclass(frozen=True)
class Entry:
    """One page of the navigation as the page shown sees it."""

    item: nav.NavItem
    url: str
    is_current: bool


@dataclass(frozen=True)
class Section:
    """A headed group of entries."""

    key: str
    title: nav.Label
    entries: list[Entry]


@dataclass(frozen=True)
class Pinned:
    """A saved view in the side bar."""

    name: str
    url: str
    is_current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every full page; fragments pay nothing, because all of it is computed when a template asks."""
    return {"shell": Shell(request), "languages": SimpleLazyObject(_languages)}


class Shell:
    """Computed lazily: a partial never touches it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> Any:
        return getattr(self.request, "user", None)

    @cached_property
    def entries(self) -> list[Entry]:
        """Pages offered to the user; the longest address that begins the path is the current one."""
        if self.user is None or not self.user.is_authenticated:
            return []
        found = [(item, item.url) for item in nav.pages(self.user)]
        inside = [url for _, url in found if _is_within(self.request.path, url)]
        current = max(inside, key=len, default="")
        return [Entry(item, url, url == current) for item, url in found]

    @cached_property
    def sections(self) -> list[Section]:
        """Entries grouped under their headings, without the empty groups."""
        groups = [
            Section(key, title, [entry for entry in self.entries if entry.item.section == key])
            for key, title in nav.SECTIONS.items()
        ]
        return [group for group in groups if group.entries]

    def phone(self) -> list[Entry]:
        """At most two entries for the phone’s bottom bar, beside search, creation and the rest."""
        return [entry for entry in self.entries if entry.item.is_on_phone][:2]

    @cached_property
    def pinned(self) -> list[Pinned]:
        """The saved views the user has at hand."""
        if self.user is None or not self.user.is_authenticated:
            return []
        opened = self.request.GET.get("saved", "")
        return [
            Pinned(view.name, url, str(view.pk) == opened) for view, url in pinned_views(cast(Request, self.request))
        ]

    @cached_property
    def creations(self) -> list[nav.CreateItem]:
        return nav.creations(self.user)

    @cached_property
    def company(self) -> str:
        """Who runs this installation, as its settings name it."""
        return Organisation.current().name

    @cached_property
    def logo_url(self) -> str:
        """The organisation's logo, "" where it has none; the address changes with the picture."""
        name = Organisation.current().logo.name
        return f"{reverse('console:organisation_logo')}?{urlencode({'v': name})}" if name else ""

    @property
    def theme(self) -> str:
        """ "light", "dark" or "" for the system's choice: the user's, else the browser's cookie."""
        theme = getattr(self.user, "theme", "") or self.request.COOKIES.get("theme", "")
        return theme if theme in ("light", "dark") else ""

    @property
    def has_single_keys(self) -> bool:
        """Whether shortcuts of one key are on (WCAG 2.1.4 asks that they can be turned off)."""
        return bool(getattr(self.user, "single_keys", False))


def _languages() -> list[tuple[str, str]]:
    return Organisation.current().offered_languages()


def _is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
