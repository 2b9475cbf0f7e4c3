"""What a list shows, read from its address: whose records, filters, words, order, columns and place.

The address is readable and shareable, and never trusted: what cannot be read is left out and named in `problems`, and
rows come through `visible_to` whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.access.rights import Act, Scope, kind_of
from crm.lists.custom import for_user
from crm.lists.fields import Field, RecordType
from crm.lists.operators import Operator
from crm.records.text import clean_line

if TYPE_CHECKING:
    from crm.access.models import User
    from crm.access.querysets import RecordQuerySet

PAGE_SIZES = (25, 50, 100)
RESERVED = {"view", "q", "sort", "by", "any", "saved", "columns", "size", "after", "before", "from", "page", "preview"}
NONE = "none"
MOST_VALUES = 50
NARROWEST, WIDEST = 60, 800
MOST_FILTERS = 20
_GROUP = re.compile(r"([1-9])\.")


@dataclass(frozen=True)
class Chip:
    """One filter in force: its parameter, and its values in words where they are keys or choices."""

    name: str
    field: Field
    operator: Operator
    values: list[str]
    labels: list[str]
    condition: Q


@dataclass(frozen=True)
class Part:
    """The filters that stand together: those of the list itself (group ""), or those between brackets ("1" to "9")."""

    group: str
    is_any: bool
    chips: list[Chip]


@dataclass
class ListState:
    """The reading of one list's address for one user."""

    type: RecordType
    user: User
    sort: Field
    view: str = "all"
    q: str = ""
    descending: bool = False
    # The field whose values the rows are shown under; None for one list.
    by: Field | None = None
    columns: list[Field] = field(default_factory=list)
    # By slug, in pixels; other columns are as wide as what is in them.
    widths: dict[str, int] = field(default_factory=dict)
    size: int = 50
    # The groups of which one filter suffices: "" is the list itself.
    any_of: set[str] = field(default_factory=set)
    filters: dict[str, list[str]] = field(default_factory=dict)
    conditions: dict[str, Q] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def rows(self) -> RecordQuerySet[Any]:
        """The rows that match, through the door, in no order."""
        return self._matching(self.type.rows().visible_of(self.user, self.view))

    def streams(self) -> list[RecordQuerySet[Any]]:
        """The same rows in parts that each have an index in every order; none where one statement for all does as well.

        Without filters a page is full soon enough; words have their own way (crm/records/search.py).
        """
        if self.q or not self.filters:
            return []
        return [self._matching(part) for part in self.type.rows().visible_parts(self.user, self.view)]

    def narrow(self, rows: RecordQuerySet[Any]) -> RecordQuerySet[Any]:
        """Apply whose, filters and words to rows that came through a door."""
        if self.view == "mine":
            rows = rows.filter(owner_id=self.user.pk)
        elif self.view == "team":
            rows = rows.filter(team_id__in=self.user.rights.teams)
        return self._matching(rows)

    def _matching(self, rows: RecordQuerySet[Any]) -> RecordQuerySet[Any]:
        if self.condition:
            rows = rows.filter(self.condition)
        if self.q:
            rows = rows.search(self.q, self.user)  # type: ignore[attr-defined]
        return rows

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters or self.q)

    @property
    def is_any(self) -> bool:
        """Whether one filter, or one group of them, suffices."""
        return "" in self.any_of

    @property
    def condition(self) -> Q:
        """All filters and groups in force together, or any of them."""
        own: list[Q] = []
        groups: dict[str, list[Q]] = {}
        for name, condition in self.conditions.items():
            if group := group_of(name):
                groups.setdefault(group, []).append(condition)
            else:
                own.append(condition)
        grouped = [_together(conditions, group in self.any_of) for group, conditions in groups.items()]
        return _together([*own, *grouped], self.is_any)

    @property
    def groups(self) -> list[str]:
        """The groups that have filters, "" for the list itself, in their order."""
        return sorted({group_of(name) for name in self.filters})

    @property
    def free_group(self) -> str:
        """The first group without filters; "" where all are taken."""
        return next((group for group in "123456789" if group not in self.groups), "")

    @cached_property
    def parts(self) -> list[Part]:
        """The chips, those that stand together in one part."""
        return [
            Part(group, group in self.any_of, [chip for chip in self.chips if group_of(chip.name) == group])
            for group in self.groups
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        return [self._chip(name, values) for name, values in self.filters.items()]

    @property
    def is_joined(self) -> bool:
        """Whether it matters that all count or one suffices: there is more than one filter or group."""
        return len(self.groups) > 1 or len([name for name in self.filters if not group_of(name)]) > 1

    @property
    def removable(self) -> dict[str, list[Chip]]:
        """What can be taken away so that more is found: each filter, or all of a group of which one suffices ("1.")."""
        found: dict[str, list[Chip]] = {}
        for chip in self.chips:
            group = group_of(chip.name)
            found.setdefault(f"{group}." if group and group in self.any_of else chip.name, []).append(chip)
        return found

    @property
    def column_names(self) -> list[str]:
        """The columns as an address or a saved view keeps them: "city", or "city:180" with a width."""
        return [f"{f.slug}:{self.widths[f.slug]}" if f.slug in self.widths else f.slug for f in self.columns]

    def _chip(self, name: str, values: list[str]) -> Chip:
        read = read_name(self.type, name)
        if read is None:
            raise KeyError(name)
        f, operator = read
        known: dict[str, Any] = {}
        if f.filter and operator != Operator.EMPTY:
            known = dict(f.filter.options(self.user)) if f.filter.options else {}
            if f.filter.names:
                known |= f.filter.names(values, self.user)
        labels = [str(known.get(value, value)) if value else _("none") for value in values]
        return Chip(name, f, operator, values, labels, self.conditions[name])

    def params(self) -> dict[str, str]:
        """What it shows as parameters in one order, so that two addresses of the same list are the same text."""
        found = {"view": self.view, "q": self.q, "sort": ("-" if self.descending else "") + self.sort.slug}
        found["by"] = self.by.slug if self.by else ""
        found["any"] = "1" if self.is_any and len(self.filters) > 1 else ""
        found |= {f"{group}.any": "1" for group in self.groups if group and group in self.any_of}
        for name in sorted(self.filters):
            found[name] = ",".join(self._value(name))
        return {name: value for name, value in found.items() if value}

    def _value(self, name: str) -> list[str]:
        values = self.filters[name]
        is_ordered = name.endswith(f"__{Operator.BETWEEN}")
        return values if is_ordered else [value or NONE for value in values]


def views_for(user: User, record_type: RecordType) -> list[str]:
    """Whose records the user can choose to look at, narrowest first."""
    scope = user.rights.scope(kind_of(record_type.model), Act.SEE)
    views = ["mine"]
    if scope >= Scope.TEAM and user.rights.teams:
        views.append("team")
    return [*views, "all"]


def read_state(params: QueryDict, record_type: RecordType, user: User, columns: list[str] | None = None) -> ListState:
    """Read the address. `columns` are those remembered for the user, used when the address names none."""
    record_type = for_user(record_type, user)
    state = ListState(record_type, user, _sort_field(record_type, record_type.sort))
    views = views_for(user, record_type)
    asked = params.get("view", "")
    state.view = asked if asked in views else _default_view(user, record_type)
    state.q = clean_line(params.get("q", ""))[:200]
    _read_sort(state, params.get("sort", ""))
    _read_grouping(state, params.get("by", ""))
    _read_columns(state, params.get("columns", ""), columns)
    state.any_of = {group_of(name) for name in params if is_any_name(name) and params.get(name) == "1"}
    size = params.get("size", "")
    state.size = int(size) if size.isascii() and size.isdigit() and int(size) in PAGE_SIZES else 50
    for name in params:
        if name not in RESERVED and not is_any_name(name):
            _read_filter(state, name, params.getlist(name))
    return state


def _default_view(user: User, record_type: RecordType) -> str:
    """What its kind says, or one's own records; who owns none opens on the widest view, not on an empty list."""
    if record_type.view:
        return record_type.view
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


def _read_grouping(state: ListState, asked: str) -> None:
    state.by = next((f for f in state.type.groupings if f.slug == asked), None)
    if asked and state.by is None:
        state.problems.append(_("This list cannot be grouped by “%(name)s”.") % {"name": asked[:40]})


def _sort_field(record_type: RecordType, name: str) -> Field:
    """The field a list can be sorted by; KeyError if there is none of that name."""
    return {f.slug: f for f in record_type.sorts}[name.removeprefix("-")]


def _read_columns(state: ListState, asked: str, remembered: list[str] | None) -> None:
    names = asked.split(",") if asked else remembered or list(state.type.columns)
    parts = [name.partition(":") for name in names]
    state.widths = {slug: read_width(width) for slug, _colon, width in parts if read_width(width)}
    found = [f for f in (state.type.field(slug) for slug, _colon, _width in parts) if f is not None and f.is_column]
    state.columns = found or [f for f in (state.type.field(n) for n in state.type.columns) if f is not None]


def read_width(text: str) -> int:
    """A column's width in pixels, kept within reason; 0 for none."""
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return min(max(int(text), NARROWEST), WIDEST) if is_number else 0


def group_of(name: str) -> str:
    """The group that a parameter belongs to: "1" of `1.city`, "" of `city`."""
    found = _GROUP.match(name)
    return found[1] if found else ""


def in_group(group: str, name: str) -> str:
    """The parameter of a group: `1.city`; the list's own where there is none."""
    return f"{group}.{name}" if group else name


def is_any_name(name: str) -> bool:
    """Whether the parameter says that one filter suffices: `any`, `1.any`."""
    return name == in_group(group_of(name), "any")


def _together(conditions: Iterable[Q], is_any: bool) -> Q:
    found = Q()
    for condition in conditions:
        found = found | condition if is_any else found & condition
    return found


def read_name(record_type: RecordType, name: str) -> tuple[Field, Operator] | None:
    """The field and operator that a parameter names: `city`, `1.city__contains`; None where there is no such filter."""
    name = _GROUP.sub("", name, count=1) if group_of(name) else name
    slug, has_suffix, suffix = name.rpartition("__")
    f = record_type.field(slug if has_suffix else name)
    if f is None or f.filter is None:
        return None
    if not has_suffix:
        return f, f.filter.bare or f.filter.operators[0]
    return (f, Operator(suffix)) if suffix in set(f.filter.offered) else None


def split_values(operator: Operator, raw: list[str]) -> list[str]:
    """The values of a parameter: several after commas or from several controls; "" is "none".

    Of "between" the place counts, so an open end stays; a span may come as number and unit: 30 and d.
    """
    texts = [clean_line(text) for text in raw]
    if operator == Operator.BETWEEN:
        return [part.strip() for part in ",".join(texts).split(",")] if any(texts) else []
    if operator in (Operator.LAST, Operator.OLDER, Operator.NEXT):
        texts = ["".join(texts)]
    parts = [part.strip() for text in texts for part in text.split(",")]
    return ["" if part == NONE else part for part in parts if part][:MOST_VALUES]


def _read_filter(state: ListState, name: str, raw: list[str]) -> None:
    read = read_name(state.type, name)
    if read is None:
        state.problems.append(_("There is no filter “%(name)s”; it was left out.") % {"name": name[:40]})
        return
    f, operator = read
    values = split_values(operator, raw)
    if not any(values) and "" not in values:
        return
    if len(state.filters) == MOST_FILTERS:
        state.problems.append(
            _("A list takes %(count)d filters at most; “%(name)s” was left out.")
            % {"count": MOST_FILTERS, "name": f.label}
        )
        return
    try:
        condition = f.filter.matches(operator, values, state.user) if f.filter else Q()
    except (ValueError, OverflowError):
        state.problems.append(_("The filter “%(name)s” could not be read; it was left out.") % {"name": f.label})
        return
    state.filters[name] = values
    state.conditions[name] = condition
