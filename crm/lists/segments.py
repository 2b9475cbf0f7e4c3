"""Segments: a saved view as a living group; a filter of its own list asks for what is in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.access.models import User
from crm.lists.fields import Field, Filter, Kind, Options, record_type
from crm.lists.models import SavedView
from crm.lists.operators import CHOICE_OPERATORS, Operator
from crm.lists.state import read_state

MOST_SEGMENTS = 200
DEEPEST = 3
_inside: ContextVar[tuple[int, ...]] = ContextVar("inside", default=())


def segment_field(slug: str) -> Field:
    """The field "in segment" of a kind of record: the saved views of its list that the viewer may open."""

    def options(user: User) -> Options:
        views = SavedView.objects.visible_to(user).filter(type=slug).order_by("name", "pk")
        return [(str(view.pk), view.name) for view in views[:MOST_SEGMENTS]]

    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        views = list(SavedView.objects.visible_to(user).filter(type=slug, pk__in=[int(value) for value in values]))
        if len(views) != len(set(values)):
            raise ValueError(values)
        found = Q()
        for view in views:
            found |= _members(view, user)
        return found

    return Field(
        "segment",
        _("Segment"),
        Kind.TEXT,
        str,
        filter=Filter(CHOICE_OPERATORS, condition, options=options),
        is_column=False,
    )


def _members(view: SavedView, user: User) -> Q:
    """The rows of a view, through the viewer's own door. Raises ValueError for a view that can no longer be read.

    A filter that was left out would make the segment wider than it says.
    """
    type_ = record_type(view.type)
    with _entering(view):
        state = read_state(QueryDict(view.query), type_, user)
        if state.problems:
            raise ValueError(view.query)
        return Q(pk__in=state.rows().order_by().values("pk"))


@contextmanager
def _entering(view: SavedView) -> Iterator[None]:
    """Refuse a segment inside itself, or too many inside one another."""
    inside = _inside.get()
    if view.pk in inside or len(inside) >= DEEPEST:
        raise ValueError(view.pk)
    token = _inside.set((*inside, view.pk))
    try:
        yield
    finally:
        _inside.reset(token)
