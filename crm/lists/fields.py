"""What a kind of record declares once: its fields, and how each is read, shown, sorted, filtered and edited.

List columns, filter choices, editing in place, bulk editing, import mapping and export follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from crm.records.text import norm

if TYPE_CHECKING:
    from crm.access.models import User
    from crm.access.querysets import RecordQuerySet

Label = str | Promise
Options = Iterable[tuple[str, Label]]


class Kind(StrEnum):
    """How a value looks: to the cell, the export and the filter."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    USER = "user"
    TAGS = "tags"
    RECORD = "record"


@dataclass(frozen=True)
class Filter:
    """How a field narrows a list. `matches` gives the condition for the values picked; "" among them is "empty".

    `options` lists what can be picked (None: free text). `matches` raises ValueError for a value that cannot be.
    """

    matches: Callable[[list[str], User], Q]
    options: Callable[[User], Options] | None = None


@dataclass(frozen=True)
class Field:
    """One field of a kind of record. `read` takes a row of `for_list()`; `sort` names a NOT NULL indexed column.

    `edit` names the model field that the form edits ("" when the field is not edited as one value).
    """

    slug: str
    label: Label
    kind: Kind
    read: Callable[[Any], Any]
    sort: str = ""
    filter: Filter | None = None
    edit: str = ""
    is_column: bool = True


@dataclass(frozen=True)
class RecordType:
    """A kind of record as lists, pickers, import and export know it.

    `url` names its pages: `<namespace>:<name>_list`, `_detail`, `_create`…
    """

    model: type[models.Model]
    slug: str
    namespace: str
    label: Label
    plural: Label
    icon: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    sort: str
    describe: Callable[[Any], str] = str
    has_preview: bool = False

    def field(self, slug: str) -> Field | None:
        return next((f for f in self.fields if f.slug == slug), None)

    @property
    def sorts(self) -> list[Field]:
        return [f for f in self.fields if f.sort]

    @property
    def filters(self) -> list[Field]:
        return [f for f in self.fields if f.filter]

    def rows(self) -> RecordQuerySet[Any]:
        return self.model._default_manager.all()  # type: ignore[return-value]

    def url(self, page: str) -> str:
        """The name of one of its pages: url("list") is "contacts:contact_list"."""
        return f"{self.namespace}:{self.slug}_{page}"


_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> None:
    """Make a kind of record known; apps do so in `ready()`."""
    _types[record_type.slug] = record_type


def record_type(slug: str) -> RecordType:
    """The kind of record of that name; KeyError if there is none."""
    return _types[slug]


def record_types() -> list[RecordType]:
    return list(_types.values())


# ---- Filters that every kind of record uses ----


def choice_filter(column: str, options: Options) -> Filter:
    """One of a fixed list of choices."""
    known = {value for value, _label in options}

    def matches(values: list[str], _user: User) -> Q:
        if not set(values) <= known | {""}:
            raise ValueError(values)
        return Q(**{f"{column}__in": values})

    return Filter(matches, lambda _user: options)


def text_filter(*columns: str) -> Filter:
    """Contains the text, whatever its case and accents; any of several texts."""

    def matches(values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            for column in columns:
                found |= Q(**{f"{column}__norm__contains": norm(value)}) if value else Q(**{column: ""})
        return found

    return Filter(matches)


def ids_filter(column: str, options: Callable[[User], Options]) -> Filter:
    """One of a few rows, by their key; "" is none of them."""

    def matches(values: list[str], _user: User) -> Q:
        found = Q(**{f"{column}__in": [int(value) for value in values if value]})
        return found | Q(**{f"{column}__isnull": True}) if "" in values else found

    return Filter(matches, options)


def yes_no_filter(column: str, options: Options) -> Filter:
    """Yes ("1") or no ("0")."""

    def matches(values: list[str], _user: User) -> Q:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        return Q(**{f"{column}__in": [value == "1" for value in values]})

    return Filter(matches, lambda _user: options)
