"""Saved views as a page shows them: a list's tabs, the one that is open, whether it was changed; the side bar's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from crm.lists.fields import RecordType, record_types
from crm.lists.models import ListPreference, SavedView
from crm.lists.state import ListState
from crm.ui.http import Request

MOST_VIEWS = 200
MOST_PINNED = 12
READ = ("id", "type", "name", "query", "columns", "sharing", "owner_id")


def kept_by(request: Request) -> list[Any]:
    """The views a user may open, in the order of their pins; read once a request, for a list and for the side bar."""
    found: list[Any] | None = getattr(request, "kept_views", None)
    if found is None:
        found = list(SavedView.objects.visible_to(request.user).for_tabs(request.user).only(*READ)[:MOST_VIEWS])
        request.kept_views = found  # type: ignore[attr-defined]
    return found


@dataclass
class Views:
    """The saved views of one list that the user may open, and what they prefer."""

    all: list[Any]
    current: Any
    default: Any
    missing: bool
    columns: list[str]

    @property
    def tabs(self) -> list[Any]:
        """Those pinned, and the one that is open."""
        return [each for each in self.all if each.pin is not None or each is self.current][:MOST_PINNED]

    @property
    def remembered(self) -> list[str]:
        """The columns that the open view has, else those the user chose last."""
        return list(self.current.columns) if self.current else self.columns

    def opened_instead(self, request: Request) -> Any:
        """The view that a bare address stands for: `?saved=12`, or none at all where a view is the user's default."""
        if set(request.GET) == {"saved"}:
            return self.current
        return None if request.GET else self.default


def read_views(request: Request, record_type: RecordType) -> Views:
    """The views of one list, and which of them is open."""
    found = [each for each in kept_by(request) if each.type == record_type.slug]
    columns, opened_on = _preference(request, record_type)
    asked = request.GET.get("saved", "")
    current = next((each for each in found if str(each.pk) == asked), None)
    default = next((each for each in found if each.pk == opened_on), None)
    return Views(found, current, default, bool(asked) and current is None, columns)


def _preference(request: Request, record_type: RecordType) -> tuple[list[str], int | None]:
    """The columns the user chose last and the view the list opens on; not read where the address names its columns."""
    if request.GET.get("columns") and not request.GET.get("saved"):
        return [], None
    found = ListPreference.objects.filter(user=request.user, type=record_type.slug)
    return found.values_list("columns", "view_id").first() or ([], None)


def query_of(state: ListState) -> str:
    """The address of what a list shows, always the same text for the same list."""
    return urlencode(state.params(), safe=",")


def is_changed(view: SavedView, state: ListState) -> bool:
    """Whether the list shows something else than the view that is open."""
    return view.query != query_of(state) or list(view.columns) != state.column_names


def pinned_views(request: Request) -> list[tuple[SavedView, str]]:
    """The views a user has pinned, of all lists, each with its address."""
    urls = {each.slug: each.url("list") for each in record_types()}
    pinned = [view for view in kept_by(request) if view.pin is not None and view.type in urls]
    return [(view, reverse(urls[view.type]) + view.address) for view in pinned[:MOST_PINNED]]


def segments_of(request: Request) -> list[tuple[SavedView, RecordType, str]]:
    """The views of lists that can be filtered by segment: each with its kind of record and its address."""
    types = {each.slug: each for each in record_types() if each.field("segment")}
    found = [(view, types[view.type]) for view in kept_by(request) if view.type in types]
    return [(view, type_, reverse(type_.url("list")) + view.address) for view, type_ in found]
