"""A list in sections: the first rows of each value of a field, for fields of few values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Value
from django.utils.translation import gettext as _

from crm.lists.fields import Field, Kind, Label
from crm.lists.operators import Operator
from crm.lists.state import NONE, ListState

ROWS = 10
MOST_SECTIONS = 60


@dataclass(frozen=True)
class Section:
    """The rows of one value. `value` asks for it in an address; "" where none does: for values no longer offered."""

    value: str
    label: Label
    rows: list[Any]
    has_more: bool


def read_sections(state: ListState, by: Field) -> list[Section]:
    """The first rows of each value of a field, in the list's order; values without rows are left out.

    Two statements, for `within_seconds`: a value few records have may be looked for long.
    """
    asked = _asked(by, state)
    rows, order = state.rows(), ("-" if state.descending else "")
    parts = [
        rows.filter(condition)
        .order_by(f"{order}{state.sort.sort}", f"{order}pk")
        .annotate(section=Value(number))
        .values_list("section", "pk")[: ROWS + 1]
        for number, (_value, _label, condition) in enumerate(asked)
    ]
    hits = list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else list(parts[0])
    found = state.type.rows().visible_to(state.user).for_list()  # type: ignore[attr-defined]
    by_key = {row.pk: row for row in found.filter(pk__in=[pk for _number, pk in hits])}
    sections = []
    for number, (value, label, _condition) in enumerate(asked):
        keys = [pk for each, pk in hits if each == number]
        here = [by_key[pk] for pk in keys if pk in by_key]
        here.sort(key=lambda row: (getattr(row, state.sort.sort), row.pk), reverse=state.descending)
        if here:
            sections.append(Section(value, label, here[:ROWS], len(keys) > ROWS))
    return sections


def _asked(by: Field, state: ListState) -> list[tuple[str, Label, Q]]:
    """Each value with its label and condition: those offered, none, and whatever is neither. "Me" is a person too."""
    of, user = by.filter, state.user
    if of is None or of.options is None:
        raise ValueError(by.slug)
    options = [each for each in of.options(user) if by.kind != Kind.USER or each[0].isdigit()][:MOST_SECTIONS]
    found = [(value, label, of.matches(Operator.IS, [value], user)) for value, label in options]
    if of.empty:
        found.append((NONE, _("None"), of.empty(user)))
    if Operator.NOT in of.operators:
        rest = Q()
        for _value, _label, condition in found:
            rest &= ~condition
        found.append(("", _("Others"), rest))
    return found
