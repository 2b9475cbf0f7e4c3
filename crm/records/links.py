"""Added fields that lead to a record: found by its name or number among those somebody may see, and named again.

Records of every kind have a `sort_name`, the normalised words of their name in the order in which lists sort.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from crm.access.models import User
from crm.access.querysets import record_models
from crm.records.custom import CustomField, every_field, set_value
from crm.records.text import norm

# "Acme #12", or the number alone: what tells records of one name apart.
_NUMBERED = re.compile(r"(.*?)\s*#(\d{1,18})")
Key = tuple[str, int]


def linked_model(field: CustomField) -> Any:
    """The kind of record that a field leads to."""
    return next(model for model in record_models() if model._meta.model_name == field.target)


def is_link(field: CustomField) -> bool:
    return field.kind == CustomField.Kind.RECORD


def linked(values: Iterable[tuple[CustomField, Any]], viewer: User) -> dict[Key, Any]:
    """The records that values lead to, by kind and key, as far as the viewer may see them: a statement for each kind.

    Those in the trash too, as everywhere that names what a record refers to.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    models = {}
    for field, raw in values:
        if is_link(field) and raw is not None:
            wanted[field.target].add(raw)
            models[field.target] = linked_model(field)
    found: dict[Key, Any] = {}
    for target, keys in wanted.items():
        rows = models[target]._default_manager.visible_to(viewer, trashed=None).filter(pk__in=keys)
        found |= {(target, row.pk): row for row in rows}
    return found


def numbered(record: Any) -> str:
    """A record as a file names it, by its number too."""
    return f"{record} #{record.pk}"


def find_linked(field: CustomField, texts: Iterable[str], by: User) -> dict[str, list[Any]]:
    """The records somebody may see that each text means: by number, by number and name, or by name. Two statements.

    Where the number is another record's, as in a file of another installation, the name decides.
    """
    rows = linked_model(field)._default_manager.visible_to(by)
    parts = {text: _parts(text) for text in texts}
    numbers = {number for _name, number in parts.values() if number}
    by_number = rows.in_bulk(numbers) if numbers else {}
    named: dict[str, list[Any]] = defaultdict(list)
    orders = {text: _orders(name) for text, (name, _number) in parts.items()}
    wanted = {order for found in orders.values() for order in found}
    for row in rows.filter(sort_name__in=wanted).order_by("pk") if wanted else ():
        named[row.sort_name].append(row)
    found = {}
    for text, (name, number) in parts.items():
        row = by_number.get(number)
        if row is not None and (not name or _plain(str(row)) == _plain(name)):
            found[text] = [row]
            continue
        hits = list({row.pk: row for order in orders[text] for row in named[order]}.values())
        exact = [row for row in hits if norm(str(row)) == norm(name)]
        found[text] = exact or hits
    return found


def _parts(text: str) -> tuple[str, int]:
    """The name and the number in a text, 0 for none."""
    match = _NUMBERED.fullmatch(text.strip())
    return (match[1], int(match[2])) if match else (text.strip(), 0)


def _orders(name: str) -> list[str]:
    """The words of a name beginning with each of them: people sort by their last names."""
    words = norm(name).split(" ") if name else []
    return [" ".join(words[n:] + words[:n]) for n in range(len(words))]


def _plain(name: str) -> str:
    """A name without the commas that part the values of a filter."""
    return " ".join(norm(name).replace(",", " ").split())


def move_links(winner: Any, losers: list[int], by: User) -> None:
    """Have what leads to merged records lead to the one that stays; that one leads to itself nowhere."""
    kind = winner._meta.model_name
    for field in every_field(by):
        if not is_link(field) or field.target != kind:
            continue
        model = next(each for each in record_models() if each._meta.model_name == field.type)
        is_same = model is type(winner)
        for loser in losers:
            rows = model._base_manager.filter(custom__contains={field.slug: loser})
            set_value(rows.exclude(pk__in=[winner.pk, *losers]) if is_same else rows, field.slug, winner.pk)
        if is_same:
            own = model._base_manager.filter(pk=winner.pk, custom__has_key=field.slug)
            for row in own.values_list("custom", flat=True):
                if row[field.slug] in (winner.pk, *losers):
                    set_value(own, field.slug, None)
