"""Where a card lies in its column: a number between those of its neighbours."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q

from opportunities.models import Opportunity, Stage

Neighbours = tuple[float | None, float | None]


def place_in(stage: Stage, *, above: int | None = None, below: int | None = None, moved: int = 0) -> float | None:
    """A position in a stage right below the card `above`, or right above the card `below`; None for the top of it.

    Keys of cards that are not in the stage (any more) say nothing. Where no number lies between two neighbours, the
    whole column is numbered anew.
    """
    found = _between(stage, above, below, moved)
    if found is not None and found[0] is not None and found[1] is not None and not _is_room(found[0], found[1]):
        number_anew(stage)
        found = _between(stage, above, below, moved)
    if found is None:
        return None
    low, high = found
    if low is None:
        return None if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def _is_room(low: float, high: float) -> bool:
    return low < (low + high) / 2 < high


def _between(
    stage: Stage, above: int | None, below: int | None, moved: int
) -> tuple[float | None, float | None] | None:
    """The positions of the two neighbours; None where neither of the cards is there."""
    rows = Opportunity._base_manager.filter(stage=stage).exclude(pk=moved)
    kept: dict[int, float] = dict(rows.filter(pk__in=[above or 0, below or 0]).values_list("pk", "position"))
    if above in kept:
        return kept[above], _next(rows, kept[above], above, "gt", "")
    if below in kept:
        return _next(rows, kept[below], below, "lt", "-"), kept[below]
    return None


def _next(rows: Any, position: float, pk: int, side: str, sign: str) -> float | None:
    beyond = Q(**{f"position__{side}": position}) | Q(position=position, **{f"pk__{side}": pk})
    ordered = rows.filter(**{f"position__{side}e": position}).filter(beyond).order_by(f"{sign}position", f"{sign}pk")
    found: float | None = ordered.values_list("position", flat=True).first()
    return found


def number_anew(stage: Stage) -> None:
    """Give the cards of a stage whole numbers in the order they have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE opportunities_opportunity o SET position = numbered.place FROM ("
            "  SELECT id, row_number() OVER (ORDER BY position, id) AS place"
            "  FROM opportunities_opportunity WHERE stage_id = %s"
            ") AS numbered WHERE o.id = numbered.id AND o.position <> numbered.place",
            [stage.pk],
        )
