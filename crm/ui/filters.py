"""Filters in words: what a chip says, what each operator is called; and the dialog that adds or changes one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from crm.lists.custom import for_user
from crm.lists.fields import Field, RecordType
from crm.lists.operators import PERIODS, Operator, ends, read_day, read_number, read_span
from crm.lists.state import NONE, Chip, group_of, in_group, read_name, split_values
from crm.ui import formatting
from crm.ui.http import Request, redirect_to, render_page

PLACE = ("after", "before", "from")
TYPED = "typed-"
DAYS = (Operator.BEFORE, Operator.SINCE, Operator.IS, Operator.BETWEEN)
SPANS = (Operator.LAST, Operator.OLDER, Operator.NEXT)
OPERATORS: dict[Operator, Promise] = {
    Operator.IS: pgettext_lazy("filter", "is"),
    Operator.NOT: pgettext_lazy("filter", "is not"),
    Operator.CONTAINS: pgettext_lazy("filter", "contains"),
    Operator.WITHOUT: pgettext_lazy("filter", "does not contain"),
    Operator.BETWEEN: pgettext_lazy("filter", "between"),
    Operator.BEFORE: pgettext_lazy("filter", "before"),
    Operator.SINCE: pgettext_lazy("filter", "since"),
    Operator.LAST: pgettext_lazy("filter", "in the last"),
    Operator.OLDER: pgettext_lazy("filter", "more than … ago"),
    Operator.NEXT: pgettext_lazy("filter", "in the next"),
    Operator.THIS: pgettext_lazy("filter", "this period"),
    Operator.EMPTY: pgettext_lazy("filter", "is empty or not"),
}
PERIOD_WORDS = {
    "day": pgettext_lazy("filter", "today"),
    "week": pgettext_lazy("filter", "this week"),
    "month": pgettext_lazy("filter", "this month"),
    "quarter": pgettext_lazy("filter", "this quarter"),
    "year": pgettext_lazy("filter", "this year"),
}
UNIT_WORDS = {
    "d": gettext_lazy("days"),
    "w": gettext_lazy("weeks"),
    "m": gettext_lazy("months"),
    "y": gettext_lazy("years"),
}


# ---- Words ----


def chip_words(chip: Chip) -> str:
    """What stands behind the field's name: "Customer, Lead", "is not empty", "in the last 30 days"."""
    words, operator = _(", ").join(chip.labels), chip.operator
    is_dated = chip.field.filter is not None and chip.field.filter.input == "date"
    match operator:
        case Operator.EMPTY:
            return _("is empty") if chip.values == ["1"] else _("is not empty")
        case Operator.THIS:
            return str(PERIOD_WORDS[chip.values[0]])
        case Operator.LAST | Operator.OLDER | Operator.NEXT:
            return _span_words(operator, chip.values[0])
        case Operator.BETWEEN:
            return _between_words(chip.values, is_dated)
        case Operator.BEFORE:
            return _("before %(day)s") % {"day": formatting.day(read_day(chip.values[0]))}
        case Operator.SINCE:
            return _("since %(day)s") % {"day": formatting.day(read_day(chip.values[0]))}
        case Operator.NOT:
            return _("is not %(values)s") % {"values": words}
        case Operator.CONTAINS:
            return _("contains “%(values)s”") % {"values": words}
        case Operator.WITHOUT:
            return _("does not contain “%(values)s”") % {"values": words}
    return formatting.day(read_day(chip.values[0])) if is_dated else words


def _span_words(operator: Operator, span: str) -> str:
    count, unit = read_span(span)
    match operator, unit:
        case Operator.LAST, "d":
            words = ngettext("in the last day", "in the last %(count)d days", count)
        case Operator.LAST, "w":
            words = ngettext("in the last week", "in the last %(count)d weeks", count)
        case Operator.LAST, "m":
            words = ngettext("in the last month", "in the last %(count)d months", count)
        case Operator.LAST, _unit:
            words = ngettext("in the last year", "in the last %(count)d years", count)
        case Operator.NEXT, "d":
            words = ngettext("in the next day", "in the next %(count)d days", count)
        case Operator.NEXT, "w":
            words = ngettext("in the next week", "in the next %(count)d weeks", count)
        case Operator.NEXT, "m":
            words = ngettext("in the next month", "in the next %(count)d months", count)
        case Operator.NEXT, _unit:
            words = ngettext("in the next year", "in the next %(count)d years", count)
        case _operator, "d":
            words = ngettext("more than a day ago", "more than %(count)d days ago", count)
        case _operator, "w":
            words = ngettext("more than a week ago", "more than %(count)d weeks ago", count)
        case _operator, "m":
            words = ngettext("more than a month ago", "more than %(count)d months ago", count)
        case _:
            words = ngettext("more than a year ago", "more than %(count)d years ago", count)
    return words % {"count": count}


def _between_words(values: list[str], is_dated: bool) -> str:
    def shown(text: str) -> str:
        return formatting.day(read_day(text)) if is_dated else formatting.number(read_number(text))

    low, high = ends(values)
    if low and high and is_dated:
        return pgettext("days", "between %(low)s and %(high)s") % {"low": shown(low), "high": shown(high)}
    if low and high:
        return _("between %(low)s and %(high)s") % {"low": shown(low), "high": shown(high)}
    if low:
        return (_("since %(day)s") if is_dated else _("at least %(number)s")) % {
            "day": shown(low),
            "number": shown(low),
        }
    return (_("until %(day)s") if is_dated else _("at most %(number)s")) % {"day": shown(high), "number": shown(high)}


# ---- The dialog ----


def filter_page(request: Request, record_type: RecordType, list_name: str = "", filter_name: str = "") -> HttpResponse:
    """The dialog of one filter (`field`, `op`; `chip` is the parameter it replaces); `apply` leads on to the list.

    `list_name` and `filter_name` are the addresses of another page that the same filters narrow, and of its dialog.

    `group` is the group it joins; without a field, the dialog asks which. It is a page of its own without JavaScript.
    What cannot be read comes back with a sentence (422).
    """
    record_type = for_user(record_type, request.user)
    field = record_type.field(request.GET.get("field", ""))
    list_url, filter_name = reverse(list_name or record_type.url("list")), filter_name or record_type.url("filter")
    replaced = request.GET.get("chip", "")
    group = group_of(replaced or f"{request.GET.get('group', '')}.")
    if field is None or field.filter is None:
        fields = [] if "field" in request.GET else record_type.filters
        asking = {"list_url": list_url, "filter_url": filter_name, "addable_filters": fields}
        return render_page(request, "ui/list_filter.html", asking, partials=("dialog",))
    bare = in_group(group, field.slug)
    replaced = replaced or (bare if bare in request.GET else "")
    typed = _typed(field, bare, request.GET)
    operator, values = _asked(record_type, field, request.GET, replaced, typed)
    name = f"{bare}__{operator}"
    kept = _kept(request.GET, {name, replaced, f"{bare}__{request.GET.get('was', '')}"})
    if group and request.GET.get("any") != "1" and not any(group_of(each) == group for each, _value in kept):
        kept.append((in_group(group, "any"), "1"))  # Brackets where all count are for what one of suffices.
    error = ""
    if request.GET.get("apply"):
        given = split_values(operator, request.GET.getlist(name))
        error = _problem(field, operator, given, request)
        if not error:
            return redirect_to(request, f"{list_url}?{_address(kept, name, operator, given)}")
        values = given
    context = {
        "type": record_type,
        "list_url": list_url,
        "filter_url": filter_name,
        "field": field,
        "operator": operator,
        "name": name,
        "input": _input(field, operator),
        "suggest_url": reverse("ui:record_suggest", args=[field.filter.target]) if field.filter.target else "",
        "values": values or [""],
        "options": list(field.filter.options(request.user)) if field.filter.options else [],
        "has_none": field.filter.empty is not None,
        "periods": [(period, PERIOD_WORDS[period]) for period in PERIODS],
        "units": list(UNIT_WORDS.items()),
        "span": _span(values),
        "replaced": replaced,
        "group": group,
        "kept": kept,
        "others": [(each, OPERATORS[each]) for each in field.filter.offered],
        # What was typed for the other operators, for whoever switches back.
        "typed": [(f"{TYPED}{each}", value) for each, raw in typed.items() if each != operator for value in raw],
        "error": error,
    }
    return render_page(request, "ui/list_filter.html", context, partials=("dialog",), status=422 if error else 200)


def _typed(field: Field, bare: str, params: QueryDict) -> dict[Operator, list[str]]:
    """What was typed in the dialog for each operator: for the one it showed (`was`), and for those before it."""
    found = {}
    for each in field.filter.offered if field.filter else ():
        is_shown = params.get("was") == each
        raw = params.getlist(f"{bare}__{each}" if is_shown else f"{TYPED}{each}")
        if any(raw):
            found[each] = raw
    return found


def _asked(
    type_: RecordType, field: Field, params: QueryDict, replaced: str, typed: dict[Operator, list[str]]
) -> tuple[Operator, list[str]]:
    """The operator the dialog shows, and the values it begins with.

    Those typed for it or, where its controls are the same, for another one; else those of the chip it was opened from.
    """
    offered = field.filter.offered if field.filter else ()
    read = read_name(type_, replaced)
    at_first = read[1] if read and read[0] is field else offered[0]
    asked = params.get("op") or params.get("was", "")
    operator = Operator(asked) if asked in set(offered) else at_first
    if params.get("was"):
        alike = [each for each in typed if _input(field, each) == _input(field, operator)]
        source = operator if operator in typed else next(iter(alike), None)
        return operator, split_values(source, typed[source]) if source else []
    values = split_values(at_first, params.getlist(replaced)) if replaced else []
    return operator, values if _input(field, operator) == _input(field, at_first) else []


def _input(field: Field, operator: Operator) -> str:
    """Which controls the operator needs."""
    if operator == Operator.EMPTY:
        return "empty"
    if operator in SPANS:
        return "span"
    if operator == Operator.THIS:
        return "period"
    kind = "options" if field.filter and field.filter.options else field.filter.input if field.filter else "text"
    return f"{kind}s" if operator == Operator.BETWEEN else kind


def _span(values: list[str]) -> tuple[str, str]:
    """Number and unit to begin with: 30 days where nothing was chosen yet."""
    try:
        count, unit = read_span(values[0])
    except (ValueError, IndexError):
        return "30", "d"
    return str(count), unit


def _kept(params: QueryDict, replaced: Iterable[str]) -> list[tuple[str, str]]:
    """The rest of the address, which the dialog carries along."""
    left_out = {"field", "op", "was", "chip", "group", "apply", *PLACE, *replaced}
    return [
        (name, value)
        for name, values in params.lists()
        if name not in left_out and not name.startswith(TYPED)
        for value in values
    ]


def _problem(field: Field, operator: Operator, values: list[str], request: Request) -> str:
    """What is wrong with the values typed, in a sentence; "" where nothing is."""
    if not any(values) and "" not in values:
        return _("Choose or type a value.")
    try:
        if field.filter:
            field.filter.matches(operator, values, request.user)
    except (ValueError, OverflowError):
        return _("This value cannot be read. Check it, or choose another one.")
    return ""


def _address(kept: list[tuple[str, str]], name: str, operator: Operator, values: list[str]) -> str:
    """The list's address with the filter, its values readable behind one name."""
    text = ",".join(values if operator == Operator.BETWEEN else [value or NONE for value in values])
    pairs: list[tuple[str, Any]] = [*kept, (name, text)]
    return urlencode(pairs, safe=",")
