"""Tags of the list page."""

from __future__ import annotations

from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.lists.fields import Field
from crm.lists.grouping import Section
from crm.lists.state import Chip, ListState, Part, in_group
from crm.ui.cells import CELL_CLASSES, cell, rows_html
from crm.ui.filters import chip_words
from crm.ui.templatetags.sillage import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def list_rows(context: Context) -> SafeString:
    """The rows of the page, in the list's columns; of a list in sections each under its heading."""
    state: ListState = context["state"]
    if not state.by:
        return rows_html(state.type, state.columns, context["page"].rows)
    drawn = [
        _section_head(context, section, state.by) + rows_html(state.type, state.columns, section.rows)
        for section in context["sections"]
    ]
    return SafeString("".join(drawn))


def _section_head(context: Context, section: Section, by: Field) -> str:
    """The heading of a section: its value, which opens all of its rows, and how many they are, asked for later."""
    name = escape(str(section.label))
    if section.value:
        params = context["request"].GET.copy()
        for gone in ("by", "after", "before", "from", *(each for each in params if each.partition("__")[0] == by.slug)):
            params.pop(gone, None)
        params[by.slug] = section.value
        query = escape(f"?{params.urlencode()}")
        count = escape(reverse(context["count_url"])) + query
        name = (
            f'<a href="{query}">{name}</a> <span class="badge num" hx-get="{count}" hx-trigger="load delay:200ms" '
            f'aria-live="off"></span>'
        )
    width = len(context["state"].columns) + 1
    return f'<tr class="section-head"><th colspan="{width}" scope="rowgroup">{name}</th></tr>'


@register.simple_tag(takes_context=True)
def filter_links(context: Context) -> SafeString:
    """A link to the dialog of each filter that can be added to the list."""
    params = context["request"].GET.copy()
    params.pop("field", None)
    kept, url = params.urlencode(), reverse(context["filter_url"])
    link = '<a class="mi" href="{0}" hx-get="{0}" hx-target="#dialog">{1}</a>'
    asked = [
        (f"{url}?{kept}&field={f.slug}" if kept else f"{url}?field={f.slug}", f.label)
        for f in context["addable_filters"]
    ]
    return format_html_join("", link, asked)


@register.simple_tag(takes_context=True)
def grouping_links(context: Context) -> SafeString:
    """A link to the list in sections by each field that makes them."""
    state: ListState = context["state"]
    params = context["request"].GET.copy()
    for gone in ("by", "after", "before", "from"):
        params.pop(gone, None)
    kept, drawing = escape(f"?{params.urlencode()}&" if params else "?"), icon("list")
    links = (
        f'<a class="mi" href="{kept}by={field.slug}"{" aria-current=true" if field is state.by else ""}>'
        f"{drawing}{escape(str(field.label))}</a>"
        for field in state.type.groupings
    )
    return SafeString("".join(links))


@register.simple_tag(takes_context=True)
def column_choices(context: Context) -> SafeString:
    """A tick box for each column, with the buttons that move it; the name always shows, first."""
    state: ListState = context["state"]
    shown = {field.slug for field in state.columns}
    up, down = gettext("Move %(name)s up"), gettext("Move %(name)s down")
    moves = (("-", "-1", up, icon("arrow-up", "i-14")), ("+", "1", down, icon("arrow-down", "i-14")))

    def choice(field: Field) -> str:
        value, label = f"{field.slug}{width_of(context, field)}", escape(str(field.label))
        if field.slug == "name":
            return (
                f'<div class="cc"><label><input class="check" type="checkbox" name="columns" value="{value}" checked '
                f'disabled><input type="hidden" name="columns" value="{value}">{label}</label></div>'
            )
        buttons = "".join(
            f'<button class="iconlink" type="submit" name="move" value="{sign}{field.slug}" data-move="{step}" '
            f'aria-label="{named % {"name": label}}">{drawing}</button>'
            for sign, step, named, drawing in moves
        )
        checked = " checked" if field.slug in shown else ""
        box = f'<input class="check" type="checkbox" name="columns" value="{value}"{checked}>'
        return f'<div class="cc"><label>{box}{label}</label>{buttons}</div>'

    return SafeString("".join(map(choice, context["available_columns"])))


@register.simple_tag
def value_of(field: Field, row: Any) -> SafeString:
    """The value of one field of a record, drawn as in a list."""
    return cell(field, row)


@register.filter
def cell_class(field: Field) -> str:
    return CELL_CLASSES.get(field.kind, "")


@register.simple_tag(takes_context=True)
def width_of(context: Context, field: Field) -> str:
    """ ":180" for a column that was given a width."""
    width = context["state"].widths.get(field.slug)
    return f":{width}" if width else ""


@register.filter
def words(chip: Chip) -> str:
    """What a chip says behind the field's name."""
    return chip_words(chip)


@register.simple_tag(takes_context=True)
def sort_link(context: Context, field: Field) -> str:
    """The list sorted by this field; the other way round when it is already."""
    state: ListState = context["state"]
    params = context["request"].GET.copy()
    for name in ("after", "before", "from"):
        params.pop(name, None)
    is_current = state.sort is field
    params["sort"] = f"-{field.slug}" if is_current and not state.descending else field.slug
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def without_filter(context: Context, parameter: str) -> str:
    """The query string without one filter, or without a group of them ("1.")."""
    params = context["request"].GET.copy()
    gone = {name for name in params if name == parameter or (parameter.endswith(".") and name.startswith(parameter))}
    for name in (*gone, "after", "before", "from"):
        params.pop(name, None)
    return str(params.urlencode())


@register.simple_tag(takes_context=True)
def any_or_all(context: Context, part: Part | None = None) -> str:
    """The list where of these filters one suffices, or all count where one does; of a group's, or of the list's own."""
    params, group = context["request"].GET.copy(), part.group if part else ""
    for name in ("after", "before", "from"):
        params.pop(name, None)
    if group in context["state"].any_of:
        params.pop(in_group(group, "any"), None)
    else:
        params[in_group(group, "any")] = "1"
    return f"?{params.urlencode()}"
