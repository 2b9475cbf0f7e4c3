"""What the command palette finds: navigation here, records through sources that apps register in `ready()`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.records.search import Asked, words_of
from crm.records.spelling import other_wordings
from crm.ui import nav
from crm.ui.recent import last_used
from crm.ui.search import fold

if TYPE_CHECKING:
    from crm.access.models import User

COMMANDS_SHOWN = 8
RECENT_SHOWN = 6


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


@dataclass(frozen=True)
class Source:
    """Records of one kind ("contacts.contact"), only those that the user may see.

    `find(asked)` yields what carries all words of one of the wordings, best first, few; `show(user, keys)`
    gives the results of these records. `is_spelt`: words like those typed are looked for too where nothing is found.
    """

    kind: str
    title: nav.Label
    find: "Callable[[Asked], Iterable[Result]]"
    show: "Callable[[User, list[int]], Mapping[int, Result]]"
    order: int = 100
    is_spelt: bool = True


_sources: list[Source] = []


def register(source: Source) -> None:
    """Search records of one kind too."""
    _sources.append(source)
    _sources.sort(key=lambda each: each.order)


_pages: list[nav.NavItem] = []


def register_pages(*items: nav.NavItem) -> None:
    """Offer pages that are not in the side bar under "Go to"."""
    _pages.extend(item for item in items if item not in _pages)


def find(user: "User", query: str) -> list[Group]:
    """Groups of results for what was typed; records come first (those whose name begins so before others).

    Before anything is typed: the records that the user was with last.
    """
    query = query.strip()
    groups = _record_groups(user, words_of(query)) if query else [Group(_("Recent"), recent_results(user))]
    # "acm" means Acme before it means the people who work there.
    wanted = fold(query)
    groups.sort(key=lambda group: not any(fold(result.label).startswith(wanted) for result in group.results))
    groups.append(Group(_("Create"), _matching(query, creation_results(user))))
    groups.append(Group(_("Go to"), _matching(query, page_results(user))))
    return [group for group in groups if group.results]


def _record_groups(user: "User", words: list[str]) -> list[Group]:
    """Records that carry the words; where there are none at all, those that carry words like them."""
    asked = Asked(user, [words])
    groups = [Group(source.title, list(source.find(asked))) for source in _sources]
    if any(group.results for group in groups):
        return groups
    likely = Asked(user, other_wordings(words))
    return [
        Group(_("%(kind)s, spelt otherwise") % {"kind": source.title}, list(source.find(likely)))
        for source in (_sources if likely.wordings else ())
        if source.is_spelt
    ]


def recent_results(user: "User") -> list[Result]:
    """The records that the user opened or edited last and still sees, of all kinds together, newest first."""
    used = last_used(user, [source.kind for source in _sources])
    shown: dict[tuple[str, int], Result] = {}
    for source in _sources:
        keys = [pk for kind, pk in used if kind == source.kind]
        shown |= {(source.kind, pk): result for pk, result in (source.show(user, keys) if keys else {}).items()}
    return [shown[key] for key in used if key in shown][:RECENT_SHOWN]


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
        *(Result(str(item.label), item.url, item.icon) for item in _pages if item.shown(user)),
        Result(_("My account"), reverse("ui:account_edit"), icon="circle-user-round"),
        Result(_("Security and sessions"), reverse("mfa_index"), icon="shield-check"),
        Result(_("Keyboard shortcuts"), reverse("ui:shortcuts"), icon="keyboard", key="?"),
    ]


def _matching(query: str, results: list[Result]) -> list[Result]:
    wanted = fold(query)
    return [result for result in results if wanted in fold(result.label)][:COMMANDS_SHOWN]
