"""Plain values in words: what the preview shows as old → new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact, Label
from crm.ui import formatting
from crm.ui.custom import in_words as custom_in_words
from crm.ui.custom import named
from integrations.added import AddedColumn
from integrations.resources import column_of
from opportunities.models import Category

_LABELS = {
    "emails": gettext_lazy("E-mail addresses"),
    "phones": gettext_lazy("Phones"),
    "addresses": gettext_lazy("Addresses"),
    "links": gettext_lazy("Web addresses"),
    "companies": gettext_lazy("Companies"),
    "jobs": gettext_lazy("Other jobs"),
    "prices": gettext_lazy("Prices"),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "civility": dict(Contact.Civility.choices),
    "lifecycle": dict(Contact.Lifecycle.choices),
    "consent": dict(Contact.Consent.choices),
    "category": dict(Category.choices),
}


def label_of(kind: str, slug: str, added: Mapping[str, AddedColumn] | None = None) -> str:
    """Return what a field of a diff is called."""
    one = column_of(kind, slug) or (added or {}).get(slug)
    return str(_LABELS.get(slug, one.label if one else slug))


def in_words(slug: str, value: Any, added: Mapping[str, AddedColumn] | None = None) -> str:
    """Return one plain value in words, "" for none."""
    if value in (None, "", []):
        return ""
    if added and slug in added:
        field = added[slug].field
        return custom_in_words(field, value, named([(field, value)], added[slug].viewer))
    if isinstance(value, list):
        return ", ".join(in_words(slug, one) for one in _flat(slug, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if slug == "birthday" or slug.endswith("_on"):
        return formatting.day(dt.date.fromisoformat(value))
    return str(_CHOICES[slug].get(value, value)) if slug in _CHOICES else str(value)


def _flat(slug: str, values: list[Any]) -> list[str]:
    """Write the values of a list as single texts."""
    if slug == "phones":
        return [formatting.phone(number) for _label, number in values]
    if slug == "emails":
        return [address for _label, address in values]
    if slug == "jobs":
        return [", ".join(filter(None, job)) for job in values]
    if slug == "addresses":
        return [_address(value) for value in values]
    if slug == "lines":
        return [f"{value['label']} × {Decimal(value.get('quantity', '1')).normalize():f}" for value in values]
    if slug == "takers":
        return [value["name"] or value["email"] for value in values]
    if slug == "sellers":
        return [f"{name} ({share} %)" for name, share in values]
    if slug == "prices":
        return [f"{amount} {currency}" for currency, amount in values]
    return values


def _address(value: dict[str, str]) -> str:
    parts = [value.get(part, "").replace("\n", " ") for part in ("street", "postcode", "city", "region", "country")]
    return f"{Label(value['label']).label} ({' '.join(filter(None, parts))})"
