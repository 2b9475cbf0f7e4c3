"""What a list shows, read from its address: whose records, filters, words, order, columns and place.

The address is readable and shareable, and never trusted: what cannot be read is left out and named in `problems`, and
rows come through `visible_to` whatever it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.access.rights import Act, Scope, kind_of
from crm.lists.fields import Field, RecordType
from crm.records.text import clean_line

if TYPE_CHECKING:
    from crm.access.models import User
    from crm.access.querysets import RecordQuerySet

PAGE_SIZES = (25, 50, 100)
RESERVED = {"view", "q", "sort", "columns", "size", "after", "before", "from", "page", "preview"}
EMPTY = "none"
MOST_VALUES = 50


@dataclass(frozen=True)
class Chip:
    """One filter in force, in words."""

    field: Field
    values: list[str]
    labels: list[str]


@dataclass
class ListState:
    """The reading of one list's address for one user."""

    type: RecordType
    user: User
    sort: Field
    view: str = "all"
    q: str = ""
    descending: bool = False
    columns: list[Field] = field(default_factory=list)
    size: int = 50
    filters: dict[str, list[str]] = field(default_factory=dict)
    condition: Q = field(default_factory=Q)
    problems: list[str] = field(default_factory=list)

    def rows(self) -> RecordQuerySet[Any]:
        """The rows that match, through the door, in no order."""
        return self.narrow(self.type.rows().visible_to(self.user))

    def narrow(self, rows: RecordQuerySet[Any]) -> RecordQuerySet[Any]:
        """Apply whose, filters and words to rows that came through a door."""
        if self.view == "mine":
            rows = rows.filter(owner_id=self.user.pk)
        elif self.view == "team":
            rows = rows.filter(team_id__in=self.user.rights.teams)
        if self.condition:
            rows = rows.filter(self.condition)
        if self.q:
            rows = rows.search(self.q)  # type: ignore[attr-defined]
        return rows

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters or self.q)

    def chips(self) -> list[Chip]:
        found = []
        for slug, values in self.filters.items():
            f = self.type.field(slug)
            if f is not None and f.filter is not None:
                known = dict(f.filter.options(self.user)) if f.filter.options else {}
                found.append(Chip(f, values, [str(known.get(v, v)) if v else _("none") for v in values]))
        return found


def views_for(user: User, record_type: RecordType) -> list[str]:
    """Whose records the user can choose to look at, narrowest first."""
    scope = user.rights.scope(kind_of(record_type.model), Act.SEE)
    views = ["mine"]
    if scope >= Scope.TEAM and user.rights.teams:
        views.append("team")
    return [*views, "all"]


def read_state(params: QueryDict, record_type: RecordType, user: User, columns: list[str] | None = None) -> ListState:
    """Read the address. `columns` are those remembered for the user, used when the address names none."""
    state = ListState(record_type, user, _sort_field(record_type, record_type.sort))
    views = views_for(user, record_type)
    asked = params.get("view", "")
    state.view = asked if asked in views else _default_view(user, record_type)
    state.q = clean_line(params.get("q", ""))[:200]
    _read_sort(state, params.get("sort", ""))
    _read_columns(state, params.get("columns", ""), columns)
    size = params.get("size", "")
    state.size = int(size) if size.isascii() and size.isdigit() and int(size) in PAGE_SIZES else 50
    for name in params:
        if name not in RESERVED:
            _read_filter(state, name, params.getlist(name))
    return state


def _default_view(user: User, record_type: RecordType) -> str:
    """One's own records; who owns none opens on the widest view, not on an empty list."""
    owns = record_type.rows().visible_to(user).filter(owner_id=user.pk).exists()
    return "mine" if owns else "all"


def _read_sort(state: ListState, asked: str) -> None:
    name = asked or state.type.sort
    state.descending = name.startswith("-")
    try:
        state.sort = _sort_field(state.type, name)
    except KeyError:
        state.problems.append(_("This list cannot be sorted by “%(name)s”.") % {"name": name.lstrip("-")[:40]})
        _read_sort(state, state.type.sort)


def _sort_field(record_type: RecordType, name: str) -> Field:
    """The field a list can be sorted by; KeyError if there is none of that name."""
    return {f.slug: f for f in record_type.sorts}[name.removeprefix("-")]


def _read_columns(state: ListState, asked: str, remembered: list[str] | None) -> None:
    names = asked.split(",") if asked else remembered or list(state.type.columns)
    found = [f for f in (state.type.field(name) for name in names) if f is not None and f.is_column]
    state.columns = found or [f for f in (state.type.field(n) for n in state.type.columns) if f is not None]


def _read_filter(state: ListState, name: str, raw: list[str]) -> None:
    f = state.type.field(name)
    values = ["" if value == EMPTY else value for text in raw for value in clean_line(text).split(",") if value][
        :MOST_VALUES
    ]
    if f is None or f.filter is None:
        state.problems.append(_("There is no filter “%(name)s”; it was left out.") % {"name": name[:40]})
        return
    if not values:
        return
    try:
        condition = f.filter.matches(values, state.user)
    except (ValueError, OverflowError):
        state.problems.append(_("The filter “%(name)s” could not be read; it was left out.") % {"name": f.label})
        return
    state.filters[name] = values
    state.condition &= condition
