"""The facts of a record's page: each value drawn, and where it is edited in place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.access.models import Team, User
from crm.access.querysets import RecordQuerySet
from crm.access.rights import kind_of
from crm.records.models import Organisation
from crm.ui import formatting
from crm.ui.templatetags.sillage import avatar

# Whole numbers that are parts of a hundred.
PER_CENT = ("probability", "per_cent")
FIGURES_OF_AMOUNTS = 16


@dataclass(frozen=True)
class Fact:
    """One line of facts; `url` is where it is edited ("" for nobody)."""

    slug: str
    label: str
    value: SafeString
    url: str = ""


def facts(record: models.Model, slugs: Iterable[str], viewer: User, edit_url: Any = None) -> list[Fact]:
    """Facts for those of some fields that the viewer may see; `edit_url(slug)` says where each is edited."""
    kind, rights = kind_of(record), viewer.rights
    return [
        fact(record, slug, edit_url(slug) if edit_url and rights.writes(kind, slug) else "")
        for slug in slugs
        if rights.sees(kind, slug)
    ]


def fact(record: models.Model, slug: str, url: str = "") -> Fact:
    field = record._meta.get_field(slug)
    label = str(field.verbose_name)  # type: ignore[union-attr]
    value = getattr(record, slug)
    # What is pressed to be edited is a link itself: none within it.
    is_record = isinstance(value, models.Model) and not isinstance(value, User)
    drawn = conditional_escape(value) if url and is_record else draw(field, value, getattr(record, "currency", ""))
    return Fact(slug, label[:1].upper() + label[1:], drawn, url)


def draw(field: Any, value: Any, currency: str = "") -> SafeString:
    """A field's value as HTML: choices in words, dates, money and numbers by locale, people with their avatar.

    `currency` is the record's own; without one amounts are in the company's.
    """
    if value is None or value == "" or value == []:
        return mark_safe("")
    if field.choices:
        return conditional_escape(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            return conditional_escape(_("yes") if value else _("no"))
        case User():
            return mark_safe(f'<span class="row">{avatar(value, "xs")}{escape(value.name)}</span>')  # noqa: S308 - escaped
        case Decimal():
            return conditional_escape(_number(field, value, currency))
        case datetime.datetime():
            return conditional_escape(formatting.moment(value))
        case datetime.date():
            return conditional_escape(formatting.day(value))
        case int() if field.name in PER_CENT:
            return conditional_escape(formatting.percent(value / 100))
        case int():
            return conditional_escape(str(value) if field.name == "founded" else formatting.number(value))
        case list():
            return conditional_escape(", ".join(str(each) for each in value))
        case models.Model() if hasattr(value, "get_absolute_url") and not isinstance(value, Team):
            return format_html('<a class="link" href="{}">{}</a>', value.get_absolute_url(), value)
        case str() if isinstance(field, models.TextField):
            return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in value.split("\n")))
        case _:
            return conditional_escape(value)


def names_of(model: type[models.Model], keys: Iterable[int], viewer: User) -> dict[int, str]:
    """Names of some rows that versions refer to, by key; of records only those that the viewer may see."""
    rows = model._default_manager.all()
    # Of what is no record, those that are offered no longer too: a removed stage is still told by its name.
    seen = rows.visible_to(viewer, trashed=None) if isinstance(rows, RecordQuerySet) else model._base_manager.all()
    return {key: str(row) for key, row in seen.in_bulk(list(keys)).items()}


def _number(field: Any, value: Decimal, currency: str) -> str:
    """An amount with its currency; a quantity or a rate, which have fewer figures, bare."""
    if field.max_digits < FIGURES_OF_AMOUNTS:
        return formatting.exact(value)
    return formatting.amount(value, currency or Organisation.current().currency)


def plain(field: Any, value: Any, currency: str = "") -> str:
    """A version's value in words, for "old → new"; not of a foreign key. Amounts: in `currency`, else the company's."""
    if value is None or value == "" or value == []:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            return _number(field, value, currency)
        case int() if field.name in PER_CENT:
            return formatting.percent(value / 100)
        case datetime.datetime():
            return formatting.moment(value)
        case datetime.date():
            return formatting.day(value)
        case list():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)
