"""What the shell offers: pages to go to and things to create. Apps register theirs in `AppConfig.ready()`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from crm.access.models import User

Label = str | Promise


def everyone(user: "User") -> bool:
    """Offer the entry to whoever is signed in."""
    return True


@dataclass(frozen=True)
class NavItem:
    """A page of the side bar: `G` then `key` opens it; `is_on_phone` puts it in the bottom bar too."""

    label: Label
    url_name: str
    icon: str
    key: str = ""
    section: str = ""
    shown: "Callable[[User], bool]" = everyone
    order: int = 100
    is_on_phone: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class CreateItem:
    """Something to create: in the palette, behind the phone's +, and by its key alone."""

    label: Label
    url_name: str
    icon: str
    key: str = ""
    shown: "Callable[[User], bool]" = everyone
    order: int = 100

    @property
    def url(self) -> str:
        return reverse(self.url_name)


SECTIONS: dict[str, Label] = {"": "", "sales": _("Sales"), "steer": pgettext_lazy("section", "Manage"), "foot": ""}
_pages: dict[str, NavItem] = {}
_creations: dict[str, CreateItem] = {}


def register(*items: NavItem | CreateItem) -> None:
    """Offer pages or creations; registering the same URL name again replaces the entry."""
    for item in items:
        if isinstance(item, NavItem):
            _pages[item.url_name] = item
        else:
            _creations[item.url_name] = item


def pages(user: "User") -> Iterator[NavItem]:
    """The pages this user is offered, section by section."""
    places = list(SECTIONS)
    for item in sorted(_pages.values(), key=lambda item: (places.index(item.section), item.order)):
        if item.shown(user):
            yield item


def creations(user: "User") -> list[CreateItem]:
    """What this user may create."""
    return [item for item in sorted(_creations.values(), key=lambda item: item.order) if item.shown(user)]
