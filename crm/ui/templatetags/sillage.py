"""The tags and filters of every template; `docs/ui.md` shows each in one line."""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.ui import formatting, once
from crm.ui.search import find_span

register = template.Library()


@register.simple_tag(takes_context=True)
def once_field(context: Context) -> SafeString:
    """The hidden field of a form that creates something: sent twice, it creates once (crm/ui/once.py)."""
    return once.once_field(context["request"])


# ---- Icons and people ----


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the control around it carries the name."""
    return _icon(str(name), str(classes), settings.STATIC_URL)


@lru_cache(maxsize=1024)
def _icon(name: str, classes: str, _static_url: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"i {classes}".rstrip(),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def logo(classes: str = "logo") -> SafeString:
    """The product's mark."""
    return format_html(
        '<svg class="{}" viewBox="0 0 28 28" aria-hidden="true"><use href="{}#logo"></use></svg>',
        classes,
        static("icons.svg"),
    )


@register.simple_tag
def avatar(who: Any, classes: str = "", label: bool = False) -> SafeString:
    """Photo or initials of a person (round) or a company (classes "sq").

    `who` has `name`, `initials`, `colour` (one of the eight hues) and may have `photo_url`. The name usually stands
    beside it, so it is hidden from screen readers unless `label` is true.
    """
    name = escape(str(who.name))
    naming = f'role="img" aria-label="{name}" title="{name}"' if label else 'aria-hidden="true"'
    kind = escape(f"av {who.colour} {classes}".rstrip())
    photo = getattr(who, "photo_url", "")
    if photo:
        src = escape(str(photo))
        alt = f'alt="{name}" title="{name}"' if label else 'alt=""'
        return mark_safe(f'<img class="{kind}" src="{src}" {alt} loading="lazy">')  # noqa: S308 - all parts escaped
    return mark_safe(f'<span class="{kind}" {naming}>{escape(str(who.initials))}</span>')  # noqa: S308


@register.simple_tag
def tag(label: object, colour: str = "") -> SafeString:
    """A tag: a `Tag` (its `label` or `name`, and `colour`) or a text with a hue."""
    hue = colour or getattr(label, "colour", "")
    text = getattr(label, "label", None) or getattr(label, "name", None) or label
    return format_html('<span class="{}">{}</span>', f"tag {hue}".rstrip(), text)


# ---- Times ----


STYLES: dict[str, Callable[[datetime.datetime], str]] = {
    "ago": formatting.ago,
    "moment": formatting.moment,
    "clock": formatting.clock,
    "day_short": formatting.day_short,
}


@register.simple_tag
def when(value: datetime.datetime | None, style: str = "ago") -> SafeString | str:
    """A `<time>` that reads as `style` (ago, moment, clock, day_short) and tells the full date when hovered."""
    if value is None:
        return ""
    shown = escape(STYLES[style](value))
    local = timezone.localtime(value)
    title = escape(formatting.moment_text(local))
    machine = local.isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{machine}" title="{title}">{shown}</time>')  # noqa: S308 - all parts escaped


@register.filter
def ago(value: datetime.datetime | None) -> str:
    return formatting.ago(value) if value else ""


@register.filter
def moment(value: datetime.datetime | None) -> str:
    return formatting.moment(value) if value else ""


@register.filter
def clock(value: datetime.datetime | datetime.time | None) -> str:
    return formatting.clock(value) if value else ""


@register.filter
def day(value: datetime.date | None) -> str:
    return formatting.day(value) if value else ""


@register.filter
def day_short(value: datetime.date | None) -> str:
    return formatting.day_short(value) if value else ""


@register.filter
def day_text(value: datetime.date | None) -> str:
    return formatting.day_text(value) if value else ""


# ---- Numbers ----


@register.filter
def money(value: formatting.Number | None, currency: str = "EUR") -> str:
    """Whole units: cards, lists, figures."""
    return "" if value is None or value == "" else formatting.money(value, currency)


@register.filter
def money_exact(value: formatting.Number | None, currency: str = "EUR") -> str:
    """With cents: lines, quotes, totals."""
    return "" if value is None or value == "" else formatting.money(value, currency, cents=True)


@register.filter
def number(value: formatting.Number | None, decimals: int | None = None) -> str:
    return "" if value is None or value == "" else formatting.number(value, decimals)


@register.filter
def percent(share: int | float | Decimal | None) -> str:
    """31 % from 0.31."""
    return "" if share is None or share == "" else formatting.percent(share)


@register.filter
def per_cent(value: int | Decimal | None) -> str:
    """31 % from 31, 5,5 % from 5.5."""
    return "" if value is None or value == "" else formatting.per_cent(value)


@register.filter
def exact(value: Decimal | None) -> str:
    """A quantity with the decimals it has."""
    return "" if value is None or value == "" else formatting.exact(value)


@register.filter
def phone(e164: str | None) -> str:
    return formatting.phone(e164) if e164 else ""


# ---- Forms ----


@register.simple_tag
def control(field: BoundField, **attrs: str) -> SafeString:
    """The field's widget in our look; `aria-describedby` and `aria-invalid` are Django's own."""
    widget = field.field.widget
    classes = [control_class(field), str(attrs.pop("classes", "")), str(widget.attrs.get("class", ""))]
    more = {name.replace("_", "-"): value for name, value in attrs.items()}
    return field.as_widget(attrs={**more, "class": " ".join(filter(None, classes))})


@register.filter
def control_class(field: BoundField) -> str:
    """The CSS class of the field's kind of widget."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "input"


@register.filter
def kind(field: BoundField) -> str:
    """How the field is laid out: "check", "choices", "select", "date", "file", "hidden" or "text"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "text" if getattr(widget, "allow_multiple_selected", False) else "select"
    return {"date": "date", "file": "file"}.get(getattr(widget, "input_type", ""), "text")


@register.filter
def fields_in_error(form: BaseForm) -> list[BoundField]:
    """Visible fields that have errors, in the order of the form."""
    return [field for field in form if field.errors and not field.is_hidden]


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The current query string with some parameters replaced, or removed where the value is None or ""."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def mark(text: object, query: str) -> SafeString:
    """The text with what was searched for in `<mark>`, whatever its case and accents."""
    shown = str(text)
    span = find_span(shown, query.strip())
    if span is None:
        return conditional_escape(shown)
    start, end = span
    return format_html("{}<mark>{}</mark>{}", shown[:start], shown[start:end], shown[end:])


@register.filter
def as_json(value: object) -> str:
    """JSON for a data attribute (the template escapes its quotes)."""
    return json.dumps(value)


@register.filter
def inline_svg(svg: str) -> SafeString:
    """An SVG of a library of ours (never a visitor's) without its XML head, to stand in the page itself."""
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - allauth's own drawing of a code


@register.filter
def browser(user_agent: str) -> str:
    """ "Firefox, Windows" from a user agent; what is unknown comes back as it is, shortened, if anything."""
    programs = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
    ]
    program = next((name for sign, name in programs if sign in user_agent), "")
    system = next((name for sign, name in [*systems, ("Linux", "Linux")] if sign in user_agent), "")
    return ", ".join(filter(None, [program, system])) or user_agent[:60] or _("Unknown device")


@register.filter
def same_site(url: str, request: HttpRequest) -> str:
    """The address if it is one of ours, else the start page."""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}) else "/"
