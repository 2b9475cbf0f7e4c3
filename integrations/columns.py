"""What a column of a file is: a field with its kind of value and its place in a record (import_export fields).

`take` cleans a cell into the row under way; `export` gives the cell from a record's plain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from import_export.fields import Field

from contacts.models import Label
from contacts.phones import is_mobile
from integrations.cells import JOIN, label_of
from integrations.fields import PLACES
from integrations.reaching import Points
from integrations.widgets import Line, Widget

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.reading import Cell
    from integrations.rows import Clean
    from integrations.writing import Value


class Column(Field):  # type: ignore[misc]
    """One field; `many` columns may feed it. `label` names it in the list, under the heading `group`.

    `is_written` is False for what an export gives in another field. `takes_blank`: a blank cell says something too.
    """

    takes_blank = False

    def __init__(
        self,
        label: str | Promise,
        group: str | Promise,
        widget: Widget,
        *,
        many: bool = False,
        is_written: bool = True,
    ) -> None:
        super().__init__(column_name=label, widget=widget)
        self.slug = ""
        self.label = label
        self.group = group
        self.many = many
        self.is_written = is_written

    def named(self, slug: str) -> Column:
        """Return the column, which knows by what name it is declared."""
        self.slug = self.attribute = slug
        return self

    @property
    def header(self) -> str:
        """The header of the column in the active language."""
        return str(self.label)

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        """Clean one cell into the row. Raises `ValidationError`."""
        value = self.widget.clean(cell, row, column=column)
        if value not in (None, ""):
            row.data[self.slug] = value

    def export(self, state: Clean, **kwargs: Any) -> Value:
        """Return what a file says of a record, from its plain values."""
        return self.widget.render(state.get(self.slug))  # type: ignore[no-any-return]


class Notes(Column):
    """A text that several columns may feed, one below the other."""

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        before = f"{row.data[self.slug]}\n\n" if self.slug in row.data else ""
        row.data[self.slug] = self.widget.clean(before + str(cell), row, column=column)


class Several(Column):
    """A list of values, each once; `values` is what a record calls it."""

    def __init__(self, *args: Any, values: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = values

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        values = self.values or self.slug
        for value in self.widget.clean(cell, row, column=column):
            row.append(values, value)

    def export(self, state: Clean, **kwargs: Any) -> Value:
        return self.widget.render(state.get(self.values or self.slug))  # type: ignore[no-any-return]


class Aside(Column):
    """What is joined with other columns when the whole row is read: a full name, a suffix."""

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        row.names[self.slug] = self.widget.clean(cell, row, column=column)
        row.name_columns[self.slug] = column


class FirmFact(Column):
    """What a row of a person says of the company, for when that is new; its SIREN tells which company is meant."""

    def __init__(self, fact: str, label: str | Promise, group: str | Promise, widget: Widget) -> None:
        super().__init__(label, group, widget, is_written=False)
        self.fact = fact

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        if value := self.widget.clean(cell, row, column=column):
            row.data.setdefault("firm", {})[self.fact] = value


class Refusal(Column):
    """A column that sets another field."""

    def __init__(self, *args: Any, sets: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = sets

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        if value := self.widget.clean(cell, row, column=column):
            row.data[self.sets] = value


class Deleted(Column):
    """A column that says who was deleted in the other program."""

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        if self.widget.clean(cell, row, column=column):
            row.leave_out_deleted()


class Point(Column):
    """E-mail addresses or phones of one kind; without a kind, the column before it or the number itself tells.

    A file we write gives the primary one without a kind, with its kind in the column before, and the others by kind.
    """

    def __init__(
        self,
        sort: str,
        kind: str,
        label: str | Promise,
        group: str | Promise,
        widget: Points,
        known: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(label, group, widget, many=True)
        self.sort = sort
        self.kind = kind
        self.known = known

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        announced = self.kind or row.announced.pop(self.sort, "")
        for value, remark in self.widget.labelled(cell, row):
            row.append_point(self.sort, remark or announced or self.usual(value), value)

    def usual(self, value: str) -> str:
        """Return what a value is for that nothing says it of."""
        return str(Label.MOBILE if self.sort == "phones" and is_mobile(value) else Label.WORK)

    def export(self, state: Clean, **kwargs: Any) -> Value:
        """Give the values of this kind; those of a kind without a column stand under “other”, with their kind."""
        points = state.get(self.sort, [])
        if not self.kind:
            return points[0][1] if points else None
        found = [value for label, value in points[1:] if label == self.kind]
        if self.kind == Label.OTHER:
            strange = [(Label(label).label, value) for label, value in points[1:] if label not in self.known]
            found += [f"{value} ({label})" for label, value in strange]
        return JOIN.join(found)


class Kind(Column):
    """Says what the next e-mail address, phone or address is for; each address begins with it."""

    takes_blank = True

    def __init__(self, sort: str, label: str | Promise, group: str | Promise) -> None:
        super().__init__(label, group, Line(), many=True, is_written=sort != "addresses")
        self.sort = sort

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        label = label_of(cell)
        if self.sort == "addresses":
            row.begin_address(label)
        else:
            row.announced[self.sort] = label

    def export(self, state: Clean, **kwargs: Any) -> Value:
        points = state.get(self.sort, [])
        return str(Label(points[0][0]).label) if points else None


class AddressPart(Column):
    """One part of the address that is for something."""

    def __init__(self, place: str, part: str, label: str | Promise, group: str | Promise, widget: Widget) -> None:
        super().__init__(label, group, widget, many=part == "street")
        self.place = place
        self.part = part

    @property
    def header(self) -> str:
        return f"{self.group}, {str(self.label).lower()}"

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        parts = row.places.setdefault(row.announced.get("addresses") or self.place, {})
        text = self.widget.clean(cell, row, column=column)
        before = f"{parts['street']}\n" if self.part == "street" and parts.get("street") else ""
        parts[self.part] = self.widget.clean(before + text, row, column=column)

    def export(self, state: Clean, **kwargs: Any) -> Value:
        return _placed(state)[0].get(self.place, {}).get(self.part, "")  # type: ignore[no-any-return]


class MoreAddresses(Column):
    """What the columns of the addresses have no room for: a second one of a kind, a kind without columns."""

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        for address in self.widget.clean(cell, row, column=column):
            row.more_addresses.append(address)

    def export(self, state: Clean, **kwargs: Any) -> Value:
        return self.widget.render(_placed(state)[1])  # type: ignore[no-any-return]


def _placed(state: Clean) -> tuple[dict[str, Clean], list[Clean]]:
    """Return the addresses that have columns, by place, and the others: none may be read before the primary one."""
    if "placed" not in state:
        ranks = list(PLACES)
        placed: dict[str, Clean] = {}
        further: list[Clean] = []
        first = len(ranks)
        for n, address in enumerate(state.get("addresses", [])):
            label = address["label"]
            first = ranks.index(label) if n == 0 and label in PLACES else first
            if label in PLACES and label not in placed and ranks.index(label) >= first:
                placed[label] = address
            else:
                further.append(address)
        state["placed"] = placed, further
    return state["placed"]  # type: ignore[no-any-return]


class WholeAddress(Column):
    """An address in one cell: taken apart, it says what the other columns of the address leave open."""

    def take(self, row: RowUnderWay, column: int, cell: Cell) -> None:
        place = row.announced.get("addresses") or str(Label.WORK)
        row.whole_addresses.setdefault(place, []).append(self.widget.clean(cell, row, column=column))
