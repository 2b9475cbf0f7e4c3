"""What the command palette finds: navigation here, records through sources that apps register in `ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.ui import nav
from crm.ui.search import fold

if TYPE_CHECKING:
    from crm.access.models import User

COMMANDS_SHOWN = 8


@dataclass(frozen=True)
class Result:
    """One line: where it leads, how it is called, and an icon or the avatar of `who` ("sq" is a company's shape)."""

    label: str
    url: str
    icon: str = "arrow-right"
    detail: str = ""
    key: str = ""
    who: Any = None
    shape: str = ""


@dataclass(frozen=True)
class Group:
    """Results under a heading."""

    title: nav.Label
    results: list[Result]


Source = Callable[["User", str], Iterable[Result]]
_sources: list[tuple[int, nav.Label, Source]] = []


def register(title: nav.Label, source: Source, order: int = 100) -> None:
    """Search records of one kind too: `source(user, query)` yields what the user may see, best first, few."""
    _sources.append((order, title, source))
    _sources.sort(key=lambda entry: entry[0])


def find(user: "User", query: str) -> list[Group]:
    """Groups of results for what was typed; records come first (those whose name begins so before others)."""
    query = query.strip()
    groups = [Group(title, list(source(user, query))) for _order, title, source in _sources] if query else []
    # "acm" means Acme before it means the people who work there.
    wanted = fold(query)
    groups.sort(key=lambda group: not any(fold(result.label).startswith(wanted) for result in group.results))
    groups.append(Group(_("Create"), _matching(query, creation_results(user))))
    groups.append(Group(_("Go to"), _matching(query, page_results(user))))
    return [group for group in groups if group.results]


def creation_results(user: "User") -> list[Result]:
    return [
        Result(_("Create: %(what)s") % {"what": item.label}, item.url, item.icon, key=item.key)
        for item in nav.creations(user)
    ]


def page_results(user: "User") -> list[Result]:
    pages = [
        Result(str(item.label), item.url, item.icon, key=f"G {item.key}" if item.key else "")
        for item in nav.pages(user)
    ]
    return [
        *pages,
        Result(_("My account"), reverse("ui:account_edit"), icon="circle-user-round"),
        Result(_("Security and sessions"), reverse("mfa_index"), icon="shield-check"),
        Result(_("Keyboard shortcuts"), reverse("ui:shortcuts"), icon="keyboard", key="?"),
    ]


def _matching(query: str, results: list[Result]) -> list[Result]:
    wanted = fold(query)
    return [result for result in results if wanted in fold(result.label)][:COMMANDS_SHOWN]
