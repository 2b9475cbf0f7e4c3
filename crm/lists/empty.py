"""Why a list is empty: which of what narrows it would give rows if it were taken away."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Exists

from crm.access.models import User
from crm.lists.state import ListState

MOST_TRIED = 8


def hiding(state: ListState) -> set[str]:
    """The parameters that alone empty the list: filters, and "q" for the words. One statement, for `within_seconds`.

    Of a group of which one filter suffices only all together can be in the way: it is named as "1.".
    """
    names = [] if state.is_any else list(state.removable)[:MOST_TRIED]
    tried = {name: _without(state, name) for name in names}
    if state.q:
        tried["q"] = replace(state, q="")
    if not tried:
        return set()
    asked = {f"found{number}": Exists(each.rows().order_by()) for number, each in enumerate(tried.values())}
    answers = User.objects.filter(pk=state.user.pk).annotate(**asked).values_list(*asked).get()
    return {name for name, is_found in zip(tried, answers, strict=True) if is_found}


def _without(state: ListState, name: str) -> ListState:
    is_group = name.endswith(".")
    filters = {
        each: values
        for each, values in state.filters.items()
        if each != name and not (is_group and each.startswith(name))
    }
    return replace(state, filters=filters, conditions={each: state.conditions[each] for each in filters})
