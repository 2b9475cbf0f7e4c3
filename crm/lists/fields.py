"""What a kind of record declares once: its fields, and how each is read, shown, sorted, filtered and edited.

List columns, filter choices, editing in place, bulk editing, import mapping and export follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.access.rights import kind_of
from crm.lists.operators import (
    CHOICE_OPERATORS,
    DATE_OPERATORS,
    NEGATED,
    NUMBER_OPERATORS,
    TEXT_OPERATORS,
    Operator,
    date_condition,
    moment_condition,
    number_condition,
    text_condition,
)

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
    REFERENCE = "reference"


class Money(NamedTuple):
    """An amount in a currency of its own; a bare Decimal is in the company's."""

    amount: Decimal
    currency: str


Condition = Callable[[Operator, list[str], "User"], Q]


@dataclass(frozen=True)
class Filter:
    """How a field narrows a list.

    `operators` are those offered; an address without a suffix means `bare`, else the first. `condition` gives the rows
    of one operator that is no negation, for values that are never ""; it raises ValueError or OverflowError for what
    cannot be. `empty` gives the rows without a value (None: all have one). `options` lists what can be picked (None: it
    is typed, as `input` says: text, number, date, or a record of the kind `target`). `names` puts values
    that are keys into words.
    """

    operators: tuple[Operator, ...]
    condition: Condition
    empty: Callable[[User], Q] | None = None
    options: Callable[[User], Options] | None = None
    names: Callable[[list[str], User], dict[str, str]] | None = None
    input: str = "text"
    bare: Operator | None = None
    target: str = ""

    @property
    def offered(self) -> tuple[Operator, ...]:
        """What the dialog offers: the operators, and "empty" where there is such a thing."""
        return (*self.operators, Operator.EMPTY) if self.empty else self.operators

    def matches(self, operator: Operator, values: list[str], user: User) -> Q:
        """The condition for an operator and its values; "" among them is "none". Raises ValueError, OverflowError."""
        if operator not in self.offered:
            raise ValueError(operator)
        if operator == Operator.EMPTY:
            if values not in (["0"], ["1"]) or self.empty is None:
                raise ValueError(values)
            return self.empty(user) if values == ["1"] else ~self.empty(user)
        positive = NEGATED.get(operator, operator)
        if operator == Operator.BETWEEN:
            return self.condition(positive, values, user)
        given = [value for value in values if value]
        found = self.condition(positive, given, user) if given else Q()
        if len(given) < len(values):
            if self.empty is None:
                raise ValueError(values)
            found |= self.empty(user)
        return ~found if operator in NEGATED else found


@dataclass(frozen=True)
class Field:
    """One field of a kind of record. `read` takes a row of `for_list()`; `sort` names a NOT NULL indexed column, or
    what the expression `order` is called.

    `edit` names the model field that the form edits ("" when the field is not edited as one value). `of` names the
    field whose rules of roles hold for it, where that is not its own slug: "postaladdress", "contacts.company.sector".
    """

    slug: str
    label: Label
    kind: Kind
    read: Callable[[Any], Any]
    sort: str = ""
    filter: Filter | None = None
    edit: str = ""
    is_column: bool = True
    of: str = ""
    order: Any = None

    @property
    def makes_sections(self) -> bool:
        """Whether a list can be grouped by it: each row has one of a few values."""
        is_offered = self.filter is not None and self.filter.options is not None
        return self.is_column and is_offered and self.kind in (Kind.CHOICE, Kind.USER, Kind.YES_NO)


ANY_KEY = 1234567890


@dataclass(frozen=True)
class RecordType:
    """A kind of record as lists, pickers, import and export know it.

    `url` names its pages: `<namespace>:<name>_list`, `_detail`, `_create`… `described` is the field that tells rows
    apart in small print. `guarded` names what roles can be kept from: fields of the model, and the models of rows that
    belong to a record ("email"); those in `unhidden` can be made read only, never hidden. `viewer` is the user whose
    view of the kind this is, 0 for nobody's (crm/lists/custom.py). `view` is whose records its list shows first, where
    that is not one's own.
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
    described: str = ""
    has_preview: bool = False
    guarded: tuple[str, ...] = ()
    unhidden: tuple[str, ...] = ()
    viewer: int = 0
    view: str = ""

    def field(self, slug: str) -> Field | None:
        return next((f for f in self.fields if f.slug == slug), None)

    @property
    def sorts(self) -> list[Field]:
        return [f for f in self.fields if f.sort]

    @property
    def filters(self) -> list[Field]:
        return [f for f in self.fields if f.filter]

    @property
    def groupings(self) -> list[Field]:
        return [f for f in self.fields if f.makes_sections]

    @property
    def kind(self) -> str:
        """The kind's name in the matrix of rights."""
        return kind_of(self.model)

    def describe(self, row: Any) -> str:
        """What stands under the name of a row."""
        return str(getattr(row, self.described)) if self.described else ""

    def label_of(self, name: str) -> str:
        """What one of `guarded` is called."""
        try:
            field: Any = self.model._meta.get_field(name)
            words = field.verbose_name
        except FieldDoesNotExist:
            words = apps.get_model(self.model._meta.app_label, name)._meta.verbose_name_plural
        return str(capfirst(words))

    def key_of(self, field: Field) -> tuple[str, str]:
        """The field whose rules of roles hold for one of its own, as (kind, name)."""
        kind, _dot, name = (field.of or field.slug).rpartition(".")
        return kind or self.kind, name

    def rows(self) -> RecordQuerySet[Any]:
        return self.model._default_manager.all()  # type: ignore[return-value]

    def url(self, page: str) -> str:
        """The name of one of its pages: url("list") is "contacts:contact_list"."""
        return f"{self.namespace}:{self.slug}_{page}"

    def address(self, page: str, key: int) -> str:
        """The address of one row's page; the row's own key is put into an address that was worked out once."""
        before, after = _around_key(self.url(page))
        return f"{before}{key}{after}"


@cache
def _around_key(name: str) -> tuple[str, str]:
    """What stands before and after the key in the addresses of a page."""
    before, _, after = reverse(name, args=[ANY_KEY]).partition(str(ANY_KEY))
    return before, after


_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> None:
    """Make a kind of record known; apps do so in `ready()`."""
    _types[record_type.slug] = record_type


_further: dict[str, tuple[Field, ...]] = {}


def register_fields(slug: str, *fields: Field) -> None:
    """Add fields of a higher app to a kind of record of a lower one; apps do so in `ready()`."""
    names = {field.slug for field in fields}
    _further[slug] = (*(field for field in further_fields(slug) if field.slug not in names), *fields)


def further_fields(slug: str) -> tuple[Field, ...]:
    """The fields that higher apps added to a kind of record."""
    return _further.get(slug, ())


def record_type(slug: str) -> RecordType:
    """The kind of record of that name; KeyError if there is none."""
    return _types[slug]


def record_types() -> list[RecordType]:
    return list(_types.values())


# ---- Filters, by kind of field ----


def text_filter(column: str) -> Filter:
    """A text: contains or is, whatever its case and accents."""
    return Filter(
        TEXT_OPERATORS,
        lambda operator, values, _user: text_condition(column, operator, values),
        empty=lambda _user: Q(**{column: ""}),
    )


def number_filter(column: str) -> Filter:
    """A number or an amount, which may be missing."""
    return Filter(
        NUMBER_OPERATORS,
        lambda operator, values, _user: number_condition(column, operator, values),
        empty=lambda _user: Q(**{f"{column}__isnull": True}),
        input="number",
    )


def date_filter(column: str) -> Filter:
    """A date, which may be missing."""
    return Filter(
        DATE_OPERATORS,
        lambda operator, values, _user: date_condition(column, operator, values),
        empty=lambda _user: Q(**{f"{column}__isnull": True}),
        input="date",
    )


def moment_filter(column: str) -> Filter:
    """A moment that every row has: its creation, its last activity."""
    return Filter(
        DATE_OPERATORS,
        lambda operator, values, _user: moment_condition(column, operator, values),
        input="date",
    )


def choice_filter(column: str, options: Options) -> Filter:
    """One of a fixed list of choices."""
    known = {value for value, _label in options}

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= known:
            raise ValueError(values)
        return Q(**{f"{column}__in": values})

    return Filter(CHOICE_OPERATORS, condition, lambda _user: Q(**{column: ""}), lambda _user: options)


def yes_no_filter(column: str) -> Filter:
    """Yes ("1") or no ("0")."""

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        return Q(**{f"{column}__in": [value == "1" for value in values]})

    return Filter((Operator.IS,), condition, options=lambda _user: [("1", _("yes")), ("0", _("no"))])


def key_filter(
    column: str,
    options: Callable[[User], Options] | None = None,
    names: Callable[[list[str], User], dict[str, str]] | None = None,
    words: Callable[[User], dict[str, list[int]]] = lambda _user: {},
) -> Filter:
    """One of a few rows, by their key; `words` are values that stand for keys of the viewer's: "me", "mine"."""

    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        meant = words(user)
        keys = [key for value in values for key in (meant[value] if value in meant else [int(value)])]
        return Q(**{f"{column}__in": keys})

    return Filter(CHOICE_OPERATORS, condition, lambda _user: Q(**{f"{column}__isnull": True}), options, names)


def linked_filter(inner: Filter, links: Callable[[User], models.QuerySet[Any]], record: str, key: str = "pk") -> Filter:
    """Rows tied to a row that `inner` finds, through `links`, whose foreign key `record` leads back to `key`.

    By EXISTS, because a join would repeat rows. Empty: tied to none.
    """

    def tied(user: User, found: Q) -> Q:
        return Q(Exists(links(user).filter(found, **{record: OuterRef(key)})))

    return Filter(
        inner.operators,
        lambda operator, values, user: tied(user, inner.condition(operator, values, user)),
        lambda user: ~tied(user, Q()),
        inner.options,
        inner.names,
        inner.input,
        inner.bare,
    )


def known_filter(inner: Filter) -> Filter:
    """Only values among its options: what else is asked for might not be the viewer's to know."""

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        if inner.options is None or not set(values) <= {value for value, _label in inner.options(user)}:
            raise ValueError(values)
        return inner.condition(operator, values, user)

    return replace(inner, condition=condition)
