"""How the value of a field is drawn in a list: plain Python, because a template per cell costs more than the query."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lists.fields import Field, Kind, RecordType
from crm.ui import formatting
from crm.ui.templatetags.sillage import avatar, icon, tag, when

TAGS_SHOWN = 2
CELL_CLASSES = {Kind.NUMBER: "num r", Kind.MONEY: "num r", Kind.PHONE: "num", Kind.MOMENT: "num", Kind.DATE: "num"}


def row_cells(record_type: RecordType, columns: list[Field], row: Any, currency: str = "EUR") -> SafeString:
    """All cells of one row of a list after the tick box; the first is the record itself with its quick actions."""
    drawn = [
        _name_cell(record_type, row)
        if field.kind == Kind.RECORD
        else f'<td class="{CELL_CLASSES.get(field.kind, "")}">{cell(field, row, currency)}</td>'
        for field in columns
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - every part is escaped


def _name_cell(record_type: RecordType, row: Any) -> str:
    name, url = escape(str(row)), escape(record_type.address("detail", row.pk))
    described = escape(record_type.describe(row))
    below = " · ".join(text for text in (described, escape(getattr(row, "company_name", None) or "")) if text)
    shape = "" if record_type.slug == "contact" else "sq"
    acts = ""
    if phone := getattr(row, "phone", ""):
        acts += _quick(f"tel:{phone}", _("Call %(name)s") % {"name": row}, icon("phone"))
    if email := getattr(row, "email", ""):
        acts += _quick(f"mailto:{email}", _("Write to %(name)s") % {"name": row}, icon("mail"), " no-phone")
    if record_type.has_preview:
        preview = escape(record_type.address("preview", row.pk))
        named = escape(_("Preview %(name)s") % {"name": row})
        acts += (
            f'<a class="iconlink no-phone" href="{preview}" hx-get="{preview}" hx-target="#drawer" data-preview '
            f'aria-label="{named}" title="{named}">{icon("eye")}</a>'
        )
    return (
        f'<td class="name pin2"><div class="cellmain">{avatar(row, shape)}'
        f'<span class="trunc"><a href="{url}">{name}</a>'
        f'<span class="sub no-phone">{described}</span><span class="sub only-phone">{below}</span></span>'
        f'<span class="rowact">{acts}</span></div></td>'
    )


def _quick(href: str, label: str, drawing: str, classes: str = "") -> str:
    named = escape(label)
    return f'<a class="iconlink{classes}" href="{escape(href)}" aria-label="{named}" title="{named}">{drawing}</a>'


def cell(field: Field, row: models.Model, currency: str = "EUR") -> SafeString:
    """The value of one field of one row, escaped."""
    value = field.read(row)
    if value is None or value == "":
        return mark_safe("")
    return conditional_escape(_draw(field.kind, value, currency))


def _draw(kind: Kind, value: Any, currency: str) -> Any:
    match kind:
        case Kind.MOMENT:
            return when(value, "day_short")
        case Kind.DATE:
            return formatting.day(value)
        case Kind.NUMBER:
            return formatting.number(value)
        case Kind.MONEY:
            return formatting.money(value, currency)
        case Kind.PHONE:
            return format_html('<a class="quiet num" href="tel:{}">{}</a>', value, formatting.phone(value))
        case Kind.EMAIL:
            return format_html('<a class="quiet" href="mailto:{}">{}</a>', value, value)
        case Kind.LINK:
            return format_html(
                '<a class="quiet" href="{}" rel="noopener noreferrer" target="_blank">{}</a>', value, _bare(value)
            )
        case Kind.TAGS:
            tags = list(value)
            drawn = "".join(tag(each) for each in tags[:TAGS_SHOWN])
            if len(tags) > TAGS_SHOWN:
                rest = escape(", ".join(str(each) for each in tags[TAGS_SHOWN:]))
                drawn += (
                    f'<span class="tag" title="{rest}">+{len(tags) - TAGS_SHOWN}<span class="vh"> {rest}</span></span>'
                )
            return mark_safe(f'<span class="row row-4">{drawn}</span>') if drawn else ""  # noqa: S308 - escaped by tag()
        case Kind.USER:
            short = escape(value.first_name or value.name)  # colleagues know each other; the whole name is the title
            return mark_safe(f'<span class="row" title="{escape(value.name)}">{avatar(value, "xs")}{short}</span>')  # noqa: S308
        case Kind.YES_NO:
            return _("yes") if value else ""
        case _:
            return value


def plain(field: Field, row: models.Model) -> Any:
    """The value as a file holds it: a string, number, date, boolean or None."""
    value = field.read(row)
    match field.kind:
        case Kind.TAGS:
            return ", ".join(str(each) for each in value)
        case Kind.RECORD | Kind.USER | Kind.CHOICE | Kind.TEXT:
            return "" if value is None else str(value)
        case _:
            return value


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
