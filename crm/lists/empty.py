"""Why a list is empty: which of what narrows it would give rows if it were taken away."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Exists

from crm.access.models import User
from crm.lists.state import ListState

MOST_TRIED = 8


def hiding(state: ListState) -> set[str]:
    """The parameters that alone empty the list: filters, and "q" for the words. One statement, for `within_seconds`."""
    tried = {} if state.is_any else {name: _without(state, name) for name in list(state.filters)[:MOST_TRIED]}
    if state.q:
        tried["q"] = replace(state, q="")
    if not tried:
        return set()
    asked = {f"found{number}": Exists(each.rows().order_by()) for number, each in enumerate(tried.values())}
    answers = User.objects.filter(pk=state.user.pk).annotate(**asked).values_list(*asked).get()
    return {name for name, is_found in zip(tried, answers, strict=True) if is_found}


def _without(state: ListState, name: str) -> ListState:
    filters = {each: values for each, values in state.filters.items() if each != name}
    return replace(state, filters=filters, conditions={each: state.conditions[each] for each in filters})
