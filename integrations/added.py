"""Columns of the fields that administrators added (crm/records/custom.py), beside those that Sillage brings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from crm.access.models import User
from crm.records.custom import CustomField, custom_fields, is_custom, live_fields
from crm.records.dates import DateOrder, parse_date
from crm.records.links import is_link, linked, numbered
from crm.records.numbers import parse_number
from crm.records.text import clean_line, norm
from integrations.cells import JOIN, text_of
from integrations.columns import Column
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS
from integrations.resources import MORE, columns
from integrations.rows import DATE_FIELDS
from integrations.widgets import Widget

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.reading import Cell
    from integrations.rows import Clean
    from integrations.writing import Value

Kind = CustomField.Kind
_MODELS: dict[str, Any] = {CONTACTS: Contact, COMPANIES: Company, **{kind: desk.model for kind, desk in DESKS.items()}}
_CLOCK = re.compile(r"(.+?)[T\s]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?")


def columns_for(kind: str, user: User) -> dict[str, Column]:
    """Return the columns of contacts or companies as a user knows them: Sillage's, then added ones they may see."""
    return {**columns(kind), **added_columns(kind, user)}


def date_fields(added: Mapping[str, AddedColumn]) -> set[str]:
    """Return the fields whose cells are dates."""
    return {*DATE_FIELDS, *(slug for slug, one in added.items() if one.is_date)}


def added_columns(kind: str, user: User) -> dict[str, AddedColumn]:
    """Return the columns of the added fields that a user may see, by slug."""
    return {field.slug: AddedColumn(field, user) for field in custom_fields(_MODELS[kind], user)}


def visible_custom(kind: str, record: Any, user: User) -> Clean:
    """Return a record's values of the added fields that a user may see."""
    slugs = [field.slug for field in custom_fields(_MODELS[kind], user)]
    return {slug: record.custom[slug] for slug in slugs if slug in record.custom}


def defaults(kind: str, user: User) -> Clean:
    """Return the values that new records begin with."""
    live = live_fields(_MODELS[kind], user)
    return {field.slug: field.default for field in live if field.default is not None}


def link_fields(kind: str, user: User) -> list[CustomField]:
    """Return the added fields that lead to a record, which stands in files by its name and number."""
    return [field for field in live_fields(_MODELS[kind], user) if is_link(field)]


def name_links(columns: Iterable[Column], records: Iterable[Any], viewer: User) -> None:
    """Have columns know the records that some records lead to: a statement for each kind of record, if any."""
    links = [column for column in columns if isinstance(column, AddedColumn) and is_link(column.field)]
    values = [(column.field, record.custom.get(column.slug)) for column in links for record in records]
    names = linked(values, viewer) if links else {}
    for column in links:
        column.widget.records = names


def user_slugs(kind: str, user: User) -> list[str]:
    """Return the added fields that hold a colleague, who stands in files by name or e-mail address."""
    return [field.slug for field in live_fields(_MODELS[kind], user) if field.kind == Kind.USER]


def custom_of(data: Clean) -> Clean:
    """Return those values of a cleaned row that go to added fields."""
    return {slug: value for slug, value in data.items() if is_custom(slug)}


class AddedColumn(Column):
    """One added field as a column of files, as `viewer` knows it."""

    def __init__(self, field: CustomField, viewer: User) -> None:
        super().__init__(field.label, MORE, AddedWidget(field))
        self.field = field
        self.viewer = viewer
        self.named(field.slug)

    @property
    def is_date(self) -> bool:
        """Whether its cells are dates, whose order the file has to tell."""
        return self.field.kind in (Kind.DATE, Kind.MOMENT)

    @property
    def is_number(self) -> bool:
        return self.field.kind in (Kind.NUMBER, Kind.MONEY)

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        value = self.widget.clean(cell, row, column=column)
        if value is not None:
            row.data[self.slug] = value


class AddedWidget(Widget):
    """The values of an added field: cleaned as its form does, written so that they come back without loss."""

    def __init__(self, field: CustomField) -> None:
        super().__init__()
        self.field = field
        self.records: dict[tuple[str, int], Any] = {}  # see name_links

    @cached_property
    def _people(self) -> dict[int, str]:
        return {person.pk: person.name for person in User.objects.all()}

    def clean(self, value: Cell, row: RowUnderWay | None = None, **kwargs: Any) -> Any:
        """Return the value as records keep it; of a colleague or a record the words, found when the row is planned."""
        column = kwargs.get("column", 0)
        reading = row.cleaner.reading if row else None
        order = reading.orders.get(column, DateOrder.DAY_FIRST) if reading else DateOrder.DAY_FIRST
        match self.field.kind:
            case Kind.NUMBER | Kind.MONEY:
                return self.field.parse(parse_number(value, reading.marks.get(column, ",") if reading else ","))
            case Kind.DATE:
                return self.field.parse(parse_date(value, order))
            case Kind.MOMENT:
                return self.field.parse(_moment(value, order))
            case Kind.CHOICES:
                return self.field.parse(self._labels(str(value)))
            case Kind.USER | Kind.RECORD:
                return clean_line(str(value)) or None
            case Kind.PHONE:
                return self.field.parse(text_of(value), region=row.region if row else "FR")
        return self.field.parse(text_of(value))

    def _labels(self, text: str) -> list[str]:
        """Take several choices apart: at semicolons, and at commas where that leaves none that is known."""
        known = {norm(label) for _value, label in self.field.choices}
        pieces = [piece.strip() for piece in re.split(r"[;\n]", text)]
        return [
            part.strip()
            for piece in pieces
            for part in ([piece] if norm(piece) in known else piece.split(","))
            if part.strip()
        ]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        """Return what a spreadsheet types; moments with their offset, which no program's own type keeps."""
        read = self.field.read(value)
        match read:
            case Decimal():
                # A number of three decimals could be one of thousands: with one more it can only be itself.
                return read.quantize(Decimal("0.0001")) if read.as_tuple().exponent == -3 else read
            case dt.datetime():
                return timezone.localtime(read).isoformat(" ", "seconds")
            case list():
                return JOIN.join(read)
            case int() if self.field.kind == Kind.USER:
                return self._people.get(read, "")
            case int() if is_link(self.field):
                record = self.records.get((self.field.target, read))
                return numbered(record) if record else None
        return read  # type: ignore[no-any-return]


def _moment(value: Cell, order: DateOrder) -> dt.datetime | None:
    """Read a date with a time, in the active time zone unless it names its own. Raises ValidationError."""
    text = str(value).strip()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        found = _CLOCK.fullmatch(text)
        day = parse_date(found[1] if found else text, order)
        hour, minute, second = (int(part or 0) for part in found.groups()[1:]) if found else (0, 0, 0)
        if day is None or hour > 23 or minute > 59 or second > 59:
            raise ValidationError(_("Enter a date and a time.")) from None
        moment = dt.datetime.combine(day, dt.time(hour, minute, second))
    return moment if moment.tzinfo else timezone.make_aware(moment)
