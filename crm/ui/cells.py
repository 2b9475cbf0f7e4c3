"""How the value of a field is drawn in a list: plain Python, because a template per cell costs more than the query."""

from __future__ import annotations

from dataclasses import dataclass
from html import (
    escape,  # Django's does the same, but looks first whether its argument is lazy: a tenth of a list's time.
)
from typing import Any

from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lists.fields import Field, Kind, Money, RecordType
from crm.ui import formatting
from crm.ui.templatetags.sillage import avatar, icon, tag, when

TAGS_SHOWN = 2
CELL_CLASSES = {Kind.NUMBER: "num r", Kind.MONEY: "num r", Kind.PHONE: "num", Kind.MOMENT: "num", Kind.DATE: "num"}


def rows_html(record_type: RecordType, columns: list[Field], rows: list[Any], currency: str = "EUR") -> SafeString:
    """The rows of a list, each with its tick box; the first column is the record itself with its quick actions."""
    quick = (record_type.field("phone") is not None, record_type.field("email") is not None)
    names = _Names(_("Tick %(name)s"), _("Call %(name)s"), _("Write to %(name)s"), _("Preview %(name)s"), *quick)
    return mark_safe("\n".join(_row_html(record_type, columns, row, currency, names) for row in rows))  # noqa: S308 - every part is escaped


@dataclass(frozen=True)
class _Names:
    """What the controls of a row are called, translated once a page; `%(name)s` is the row.

    `may_call` and `may_write`: whether the viewer sees phones and e-mail addresses of such rows.
    """

    tick: str
    call: str
    write: str
    preview: str
    may_call: bool
    may_write: bool


def _row_html(record_type: RecordType, columns: list[Field], row: Any, currency: str, names: _Names) -> str:
    name = escape(str(row))
    is_told_twice = any(field.slug == record_type.described for field in columns)
    cells = [
        _name_cell(record_type, row, name, names, is_told_twice)
        if field.kind == Kind.RECORD
        else f'<td class="{CELL_CLASSES.get(field.kind, "")}">{cell(field, row, currency)}</td>'
        for field in columns
    ]
    return (
        f'<tr data-row id="row-{row.pk}"><td class="sel pin"><label class="hit"><input class="check" type="checkbox" '
        f'name="pk" value="{row.pk}" data-pick aria-label="{names.tick % {"name": name}}"></label></td>'
        f"{''.join(cells)}</tr>"
    )


def _name_cell(record_type: RecordType, row: Any, name: str, names: _Names, is_told_twice: bool) -> str:
    """The record with its quick actions; what describes it has a column of its own where `is_told_twice`."""
    described = escape(record_type.describe(row))
    below = " · ".join(text for text in (described, escape(getattr(row, "company_name", None) or "")) if text)
    beside = "" if is_told_twice else f'<span class="sub no-phone">{described}</span>'
    shape = "" if record_type.slug == "contact" else "sq"
    named = {"name": name}
    acts = ""
    if names.may_call and (phone := getattr(row, "phone", "")):
        acts += _quick(f"tel:{phone}", names.call % named, icon("phone"))
    if names.may_write and (email := getattr(row, "email", "")):
        acts += _quick(f"mailto:{email}", names.write % named, icon("mail"), " no-phone")
    if record_type.has_preview:
        preview, label = record_type.address("preview", row.pk), names.preview % named
        acts += (
            f'<a class="iconlink no-phone" href="{preview}" hx-get="{preview}" hx-target="#drawer" data-preview '
            f'aria-label="{label}" title="{label}">{icon("eye")}</a>'
        )
    return (
        f'<td class="name pin2"><div class="cellmain">{avatar(row, shape)}'
        f'<span class="trunc"><a href="{record_type.address("detail", row.pk)}">{name}</a>'
        f'{beside}<span class="sub only-phone">{below}</span></span>'
        f'<span class="rowact">{acts}</span></div></td>'
    )


def _quick(href: str, label: str, drawing: str, classes: str = "") -> str:
    return f'<a class="iconlink{classes}" href="{escape(href)}" aria-label="{label}" title="{label}">{drawing}</a>'


def cell(field: Field, row: models.Model, currency: str = "EUR") -> SafeString:
    """The value of one field of one row, escaped."""
    value = field.read(row)
    if value is None or value == "":
        return SafeString()
    drawn = _draw(field.kind, value, currency)
    return drawn if isinstance(drawn, SafeString) else SafeString(escape(str(drawn)))


def _draw(kind: Kind, value: Any, currency: str) -> Any:
    match kind:
        case Kind.MOMENT:
            return when(value, "day_short")
        case Kind.DATE:
            return formatting.day(value)
        case Kind.NUMBER:
            return formatting.number(value)
        case Kind.MONEY:
            return formatting.amount(*value) if isinstance(value, Money) else formatting.money(value, currency)
        case Kind.PHONE:
            shown = escape(formatting.phone(value))
            return SafeString(f'<a class="quiet num" href="tel:{escape(value)}">{shown}</a>')
        case Kind.EMAIL:
            address = escape(value)
            return SafeString(f'<a class="quiet" href="mailto:{address}">{address}</a>')
        case Kind.LINK:
            bare = escape(_bare(value))
            return SafeString(
                f'<a class="quiet" href="{escape(value)}" rel="noopener noreferrer" target="_blank">{bare}</a>'
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
        case Kind.REFERENCE if isinstance(value, models.Model):
            link: Any = value
            return SafeString(f'<a class="quiet" href="{link.get_absolute_url()}">{escape(str(value))}</a>')
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
        case Kind.RECORD | Kind.REFERENCE | Kind.USER | Kind.CHOICE | Kind.TEXT:
            return "" if value is None else str(value)
        case _:
            return value


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
