"""Saved views as a list shows them: its tabs, the one that is open, whether it was changed; and the side bar's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from crm.access.models import User
from crm.lists.fields import RecordType, record_types
from crm.lists.models import ListPreference, SavedView
from crm.lists.state import ListState
from crm.ui.http import Request

MOST_VIEWS = 200
MOST_PINNED = 12


@dataclass
class Views:
    """The saved views of one list that the user may open, and what they prefer."""

    all: list[Any]
    current: Any
    missing: bool
    preference: ListPreference

    @property
    def tabs(self) -> list[Any]:
        """Those pinned, and the one that is open."""
        return [each for each in self.all if each.pin is not None or each is self.current][:MOST_PINNED]

    @property
    def remembered(self) -> list[str]:
        """The columns that the open view has, else those the user chose last."""
        return list(self.current.columns) if self.current else list(self.preference.columns)

    @property
    def default(self) -> Any:
        return next((each for each in self.all if each.pk == self.preference.view_id), None)

    def opened_instead(self, request: Request) -> Any:
        """The view that a bare address stands for: `?saved=12`, or none at all where a view is the user's default."""
        if set(request.GET) == {"saved"}:
            return self.current
        return None if request.GET else self.default


def read_views(request: Request, record_type: RecordType) -> Views:
    """Two statements: the views, and the preference."""
    rows = SavedView.objects.visible_to(request.user).filter(type=record_type.slug)
    found = list(rows.for_tabs(request.user)[:MOST_VIEWS])
    asked = request.GET.get("saved", "")
    current = next((each for each in found if str(each.pk) == asked), None)
    kept = ListPreference.objects.filter(user=request.user, type=record_type.slug).first()
    preference = kept or ListPreference(user=request.user, type=record_type.slug)
    return Views(found, current, bool(asked) and current is None, preference)


def query_of(state: ListState) -> str:
    """The address of what a list shows, always the same text for the same list."""
    return urlencode(state.params(), safe=",")


def is_changed(view: SavedView, state: ListState) -> bool:
    """Whether the list shows something else than the view that is open."""
    return view.query != query_of(state) or list(view.columns) != [f.slug for f in state.columns]


def pinned_views(user: User) -> list[tuple[SavedView, str]]:
    """The views a user has pinned, of all lists, each with its address. One statement."""
    urls = {each.slug: each.url("list") for each in record_types()}
    rows = SavedView.objects.visible_to(user).filter(pins__user=user, type__in=urls)
    found = rows.order_by("pins__position", "name")[:MOST_PINNED]
    return [(view, reverse(urls[view.type]) + view.address) for view in found]
