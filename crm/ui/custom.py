"""Fields that administrators added, as the pages show them: form fields, facts, values in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import kind_of
from crm.lists.fields import Label
from crm.records.custom import CustomField, custom_fields
from crm.records.links import find_linked, is_link, linked, numbered
from crm.records.models import Organisation
from crm.records.numbers import parse_number
from crm.records.text import clean_line
from crm.ui import formatting
from crm.ui.facts import Fact
from crm.ui.forms import DateInput

Kind = CustomField.Kind
# What values that are keys lead to, as far as the viewer may see it: people, and records by their kind.
Named = Mapping[tuple[str, int], Any]
_USER = "user"
MOST_NAMED = 5
EditUrl = Callable[[str], str] | None


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class RecordInput(forms.TextInput):
    """A record by its name, with those the user may see proposed while they type."""

    def __init__(self, target: str) -> None:
        super().__init__({"autocomplete": "off", "hx-trigger": "input delay:150ms", "hx-swap": "innerHTML"})
        self.attrs["hx-get"] = reverse("ui:record_suggest", args=[target])

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        place = f"{(attrs or {}).get('id', name)}-names"
        own = {**(attrs or {}), "list": place, "hx-target": f"#{place}"}
        return super().render(name, value, own, renderer) + format_html('<datalist id="{}"></datalist>', place)


class CustomFormField(forms.Field):
    """The form field of an added field: cleans to the value as it is kept, None for nothing.

    `by` is who fills it in, `kept` what the record has.
    """

    def __init__(
        self, field: CustomField, people: Iterable[User] = (), by: User | None = None, kept: Any = None
    ) -> None:
        self.field, self.by, self.kept = field, by, kept
        super().__init__(
            label=field.label, help_text=field.help_text, required=field.is_required, widget=_widget(field, people)
        )

    def to_python(self, value: Any) -> Any:
        if self.field.kind in (Kind.NUMBER, Kind.MONEY):
            value = parse_number(value, decimal_mark="." if get_language() == "en" else ",")
        if self.field.kind == Kind.USER and value:
            known = {key for key, _label in self.widget.choices}
            if value not in known:
                raise forms.ValidationError(_("Choose one from the list."))
        if is_link(self.field) and value:
            return self._record(clean_line(str(value)))
        return self.field.parse(value)

    def _record(self, text: str) -> int:
        """The key of the record that a text means; one that is there stays, also where the user may not see it."""
        if text == f"#{self.kept}":
            return int(self.kept)
        found = find_linked(self.field, [text], self.by)[text] if self.by else []
        if len(found) == 1:
            return int(found[0].pk)
        if found:
            names = ", ".join(numbered(row) for row in found[:MOST_NAMED])
            raise forms.ValidationError(_("Several records have this name: enter one of %(names)s.") % {"names": names})
        message = _("Nothing is called “%(name)s”: choose one from the list.")
        raise forms.ValidationError(message % {"name": text})

    def prepare_value(self, value: Any) -> Any:
        match self.field.kind:
            case Kind.NUMBER | Kind.MONEY if isinstance(value, str) and value:
                try:
                    return formatting.exact(Decimal(value))
                except ArithmeticError:
                    return value  # as it was typed
            case Kind.MOMENT if isinstance(value, str) and value.endswith("Z"):
                return timezone.localtime(self.field.read(value))
            case Kind.YES_NO if isinstance(value, bool):
                return "yes" if value else "no"
            case Kind.RECORD if isinstance(value, int):
                found = linked([(self.field, value)], self.by) if self.by else {}
                record = found.get((self.field.target, value))
                return numbered(record) if record else f"#{value}"
        return value


def _widget(field: CustomField, people: Iterable[User]) -> forms.Widget:
    nothing = [("", _("Not set"))]
    match field.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea(attrs={"rows": 4})
        case Kind.NUMBER | Kind.MONEY:
            return forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
        case Kind.DATE:
            return DateInput()
        case Kind.MOMENT:
            return MomentInput()
        case Kind.YES_NO:
            return forms.Select(choices=[*nothing, ("yes", _("yes")), ("no", _("no"))])
        case Kind.CHOICE:
            return forms.Select(choices=[*nothing, *field.choices])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=field.choices)
        case Kind.USER:
            return forms.Select(choices=[("", _("Nobody")), *((str(each.pk), each.name) for each in people)])
        case Kind.RECORD:
            return RecordInput(field.target)
        case Kind.EMAIL:
            return forms.EmailInput()
        case Kind.PHONE:
            return forms.TextInput(attrs={"type": "tel"})
    return forms.TextInput()


def form_fields(
    model: type[models.Model], by: User, custom: dict[str, Any], only: str = ""
) -> dict[str, CustomFormField]:
    """The form fields that the user may fill in; a person who left stays offered where the record names them."""
    locked = by.rights.locked(kind_of(model))
    wanted = [each for each in custom_fields(model, by) if only in ("", each.slug) and each.slug not in locked]
    people: list[User] = []
    if any(each.kind == Kind.USER for each in wanted):
        named = [custom.get(each.slug) for each in wanted if each.kind == Kind.USER]
        people = list(User.objects.filter(Q(is_active=True) | Q(pk__in=[key for key in named if key])))
    return {each.slug: CustomFormField(each, people, by, custom.get(each.slug)) for each in wanted}


# ---- Values in words ----


def in_words(field: CustomField, raw: Any, names: Named) -> str:
    """A kept value as a reader sees it in a line of text; `names` are what `named` gives for it."""
    value = field.read(raw)
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            if field.kind == Kind.MONEY:
                return formatting.amount(value, Organisation.current().currency)
            return formatting.exact(value)
        case dt.datetime():
            return formatting.moment(value)
        case dt.date():
            return formatting.day(value)
        case list():
            return ", ".join(value)
        case int():
            return str(names.get(_key(field, value), f"#{value}"))
    return formatting.phone(value) if field.kind == Kind.PHONE else str(value)


def _key(field: CustomField, value: int) -> tuple[str, int]:
    return (field.target if is_link(field) else _USER, value)


def drawn(field: CustomField, raw: Any, names: Named) -> SafeString:
    """A kept value as HTML."""
    words = in_words(field, raw, names)
    match field.kind:
        case Kind.RECORD if raw and (record := names.get(_key(field, raw))):
            return format_html('<a class="link" href="{}">{}</a>', record.get_absolute_url(), record)
        case Kind.LINK if raw:
            bare = raw.removeprefix("https://").removeprefix("http://").rstrip("/")
            return format_html('<a class="link" href="{}" rel="noopener noreferrer" target="_blank">{}</a>', raw, bare)
        case Kind.LONG_TEXT:
            return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words.split("\n")))
        case Kind.CHOICES if raw:
            return mark_safe(" ".join(f'<span class="tag">{escape(each)}</span>' for each in field.read(raw)))  # noqa: S308
    return conditional_escape(words)


def named(values: Iterable[tuple[CustomField, Any]], viewer: User) -> dict[tuple[str, int], Any]:
    """The people that some values name, and the records among those the viewer may see: a statement a kind, if any."""
    values = list(values)
    keys = {raw for field, raw in values if field.kind == Kind.USER and raw is not None}
    people = User.objects.in_bulk(list(keys)).items() if keys else ()
    return {**linked(values, viewer), **{(_USER, key): person.name for key, person in people}}


def custom_fact(record: Any, field: CustomField, viewer: User, url: str = "") -> Fact:
    """One added field of a record as a fact of its page."""
    raw = record.custom.get(field.slug)
    return Fact(field.slug, field.label, drawn(field, raw, named([(field, raw)], viewer)), url)


def custom_sections(record: Any, viewer: User, edit_url: EditUrl) -> list[tuple[Label, list[Fact]]]:
    """The added fields of a record as facts, by section of the page."""
    fields = custom_fields(type(record), viewer)
    values = [(field, record.custom.get(field.slug)) for field in fields]
    locked = viewer.rights.locked(kind_of(record))
    names = named(values, viewer)
    found: dict[str, list[Fact]] = {}
    for field, raw in values:
        url = edit_url(field.slug) if edit_url and field.slug not in locked else ""
        line = Fact(field.slug, field.label, drawn(field, raw, names), url)
        found.setdefault(field.section, []).append(line)
    return [(title or _("More"), lines) for title, lines in found.items()]
