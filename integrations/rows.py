"""What cleaning gives for a row, how cells are to be read, and what whole columns say about that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm.records.dates import DateEvidence, DateOrder
from crm.records.numbers import NumberEvidence
from integrations.fields import COMPANIES, CONTACTS

if TYPE_CHECKING:
    from integrations.reading import Cell

# The values of one record in plain types, as JSON holds them: dates and amounts are text.
Clean = dict[str, Any]
DATE_FIELDS = frozenset("birthday founded opened_on engaged_on expected_on closed_on close_date next_step_on".split())
NUMBER_FIELDS = frozenset("turnover size company_size amount won_amount price vat_rate".split())


def plain(value: Any) -> Any:
    """Write a model's value as a cleaned row does: dates and amounts as text."""
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def kind_of_row(kind: str, cleaned: Clean) -> str:
    """What a row of a file holds: a row of contacts that names a company and no person is a company's."""
    return COMPANIES if kind == CONTACTS and "name" in cleaned else kind


@dataclass(frozen=True)
class RowError:
    """What is wrong with one cell, or with the whole row where `column` is "". A warning does not stop the row."""

    row: int
    column: str
    value: str
    reason: str
    warning: bool = False


@dataclass
class CleanRow:
    """One row after cleaning. `skip` says why the row is left out on purpose, if it is."""

    number: int
    data: Clean = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    skip: str = ""

    @property
    def failed(self) -> bool:
        return any(not error.warning for error in self.errors)


@dataclass(slots=True)
class Staged:
    """A row on its way into the staging table, with the columns that planning reads and decides (models.ImportRow)."""

    number: int
    raw: list[Cell]
    cleaned: Clean
    keys: list[str]
    action: str
    errors: list[dict[str, Any]]
    kind: str
    record_id: int | None = None
    diff: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are read: the country of phones, and per column the order of dates and decimal mark.

    `lenient` takes a row without its unreadable cells instead of leaving the row out.
    """

    region: str = "FR"
    orders: dict[int, DateOrder] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    lenient: bool = False


@dataclass
class Evidence:
    """What whole columns say about their dates and numbers; feed it every row with `add`."""

    mapping: list[str]
    date_fields: Collection[str] = DATE_FIELDS
    number_fields: Collection[str] = NUMBER_FIELDS
    dates: dict[int, DateEvidence] = field(init=False)
    numbers: dict[int, NumberEvidence] = field(init=False)

    def __post_init__(self) -> None:
        self.dates = {column: DateEvidence() for column, slug in enumerate(self.mapping) if slug in self.date_fields}
        numbers = [column for column, slug in enumerate(self.mapping) if slug in self.number_fields]
        self.numbers = {column: NumberEvidence() for column in numbers}

    def add(self, cells: list[Cell]) -> None:
        for column, date_evidence in self.dates.items():
            if column < len(cells):
                date_evidence.add(cells[column])
        for column, number_evidence in self.numbers.items():
            if column < len(cells):
                number_evidence.add(cells[column])

    @property
    def ambiguous(self) -> dict[int, list[str]]:
        """Columns whose dates read both ways, with up to three samples to ask about."""
        return {column: evidence.undecided for column, evidence in self.dates.items() if evidence.is_ambiguous}

    def reading(self, *, region: str, order: DateOrder, mark: str, lenient: bool = False) -> Reading:
        """Decide how to read each column; `order` and `mark` are for files that show nothing.

        What one column shows holds for those beside it that show nothing.
        """
        agreed = {evidence.order for evidence in self.dates.values() if evidence.order}
        usual = agreed.pop() if len(agreed) == 1 else order
        orders = {column: evidence.order or usual for column, evidence in self.dates.items()}
        shown = next((evidence.mark for evidence in self.numbers.values() if evidence.mark), mark)
        marks = {column: evidence.mark or shown for column, evidence in self.numbers.items()}
        return Reading(region, orders, marks, lenient)


def companies_of(data: Clean) -> list[str]:
    """Return the names of all companies that a row of a person names, those of other jobs last."""
    return [*data.get("companies", []), *(job[0] for job in data.get("jobs", []))]
