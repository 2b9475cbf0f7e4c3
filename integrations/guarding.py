"""What the roles of whoever imports or exports keep from them (crm/access/rights.py), told in the words of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import FieldKey
from integrations.added import added_columns
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS, PARTS, PLACES
from integrations.rows import Clean, Staged
from integrations.words import label_of

if TYPE_CHECKING:
    from integrations.columns import Column

_KINDS = {
    CONTACTS: "contacts.contact",
    COMPANIES: "contacts.company",
    **{kind: desk.model._meta.label_lower for kind, desk in DESKS.items()},
}
_NAMES = {
    **dict.fromkeys(("address", "addresses", "address_label", "more_addresses"), "postaladdress"),
    "links": "link",
    "jobs": "job_title",
    "no_consent": "consent",
}
# What a row of a person says of the company, where the column has another name.
_FACTS = {"phones": "phone"}
# Without one of these a row makes no record.
_NAMING = {
    CONTACTS: ("first_name", "last_name", "emails"),
    COMPANIES: ("name",),
    **{kind: desk.names for kind, desk in DESKS.items()},
}


def key_of(kind: str, slug: str) -> FieldKey:
    """Return the field whose rules hold for a target of the mapping, or for a value of a cleaned row."""
    if kind in DESKS:
        return _KINDS[kind], DESKS[kind].fields.get(slug, slug)
    place, _underscore, part = slug.partition("_")
    if slug.startswith("company_"):
        fact = slug.removeprefix("company_")
        return _KINDS[COMPANIES], {"domain": "domains"}.get(fact, fact)
    if place in PLACES and part in PARTS:
        return _KINDS[kind], "postaladdress"
    name = slug[:5] if slug.startswith(("email", "phone")) else _NAMES.get(slug, slug)
    return _KINDS[kind], name


def seen_by(viewer: User, kind: str, columns: Iterable[Column]) -> list[Column]:
    """Return the columns of files that the viewer may see."""
    return [one for one in columns if viewer.rights.sees(*key_of(kind, one.slug))]


def visible(viewer: User, kind: str, state: Clean) -> Clean:
    """Return a record's values without those that are hidden from the viewer."""
    if not viewer.rights.rules:
        return state
    return {slug: value for slug, value in state.items() if viewer.rights.sees(*key_of(kind, slug))}


def drop_hidden(by: User, kind: str, data: Clean) -> list[dict[str, Any]]:
    """Take what is hidden from the importer out of a row, also as what it is recognised by; returns a warning each."""
    firm = data.get("firm", {})
    for fact in [fact for fact in firm if not by.rights.writes(*key_of(kind, f"company_{_FACTS.get(fact, fact)}"))]:
        del firm[fact]
    return _drop(by, data, [slug for slug in data if not by.rights.sees(*key_of(kind, slug))], kind)


def drop_locked(by: User, row: Staged) -> None:
    """Take what the importer may only read out of a row that was recognised by it; each value gets a warning."""
    if not by.rights.rules:
        return
    locked = [slug for slug in row.cleaned if not by.rights.writes(*key_of(row.kind, slug))]
    row.errors = [*row.errors, *_drop(by, row.cleaned, locked, row.kind)]


def has_name(row: Any) -> bool:
    """Say whether a row still has something to name a new record by."""
    return any(row.cleaned.get(slug) for slug in _NAMING[row.kind])


def _drop(by: User, data: Clean, slugs: list[str], kind: str) -> list[dict[str, Any]]:
    warnings = []
    for slug in slugs:
        del data[slug]
        name = label_of(kind, slug, added_columns(kind, by))
        reason = _("%(field)s: left out, your role may not change it.") % {"field": name}
        warnings.append({"column": "", "value": "", "reason": reason, "warning": True})
    return warnings


def kept_from(by: User) -> list[str]:
    """Return all that roles keep from somebody, in one order: whether it changed since a check."""
    return sorted(f"{kind}.{name}:{level}" for (kind, name), level in by.rights.rules.items())
