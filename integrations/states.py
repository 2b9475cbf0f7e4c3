"""Contacts and companies as the plain values that a cleaned row has: to compare with a file, and to write to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from contacts.models import Affiliation, Company, Contact, Group, Membership
from crm.access.models import User
from integrations.added import visible_custom
from integrations.cells import titled
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS
from integrations.guarding import visible
from integrations.rows import Clean, plain

MODELS: dict[str, Any] = {CONTACTS: Contact, COMPANIES: Company, **{kind: desk.model for kind, desk in DESKS.items()}}
SCALARS: dict[str, tuple[str, ...]] = {
    CONTACTS: (
        *("civility", "first_name", "last_name", "job_title", "department", "birthday", "language", "lifecycle"),
        *("source", "consent", "do_not_call", "notes"),
    ),
    COMPANIES: (
        *("name", "trade_name", "siren", "siret", "vat_number", "legal_id", "sector", "size", "turnover", "founded"),
        *("website", "notes"),
    ),
    **{kind: desk.scalars for kind, desk in DESKS.items()},
}
PARTS = ("street", "postcode", "city", "region", "country")


def read_states(kind: str, rows: Iterable[Any], viewer: User) -> dict[int, Clean]:
    """Return the values of records by id, in so many statements however many records; groups only those visible."""
    return {row.pk: read_state(kind, row, viewer) for row in with_values(kind, rows, viewer)}


def with_values(kind: str, rows: Any, viewer: User) -> Any:
    """Prefetch all that `_state` reads."""
    if kind in DESKS:
        return DESKS[kind].with_values(rows, viewer)
    seen = Group.objects.visible_to(viewer)
    memberships = Membership.objects.filter(group__in=seen).select_related("group").order_by("id")
    rows = rows.select_related("owner", *(["parent"] if kind == COMPANIES else [])).prefetch_related(
        "emails", "phones", "addresses", "links", "tags", Prefetch("memberships", memberships)
    )
    if kind == CONTACTS:
        companies = Company.objects.visible_to(viewer)
        places = Affiliation.objects.filter(company__in=companies).select_related("company")
        rows = rows.prefetch_related(Prefetch("affiliations", places))
    return rows


def read_state(kind: str, record: Any, viewer: User) -> Clean:
    """Return those values of one record that came through `with_values` that the viewer may see."""
    return visible(viewer, kind, _state(kind, record)) | visible_custom(kind, record, viewer)


def _state(kind: str, record: Any) -> Clean:
    if kind in DESKS:
        return DESKS[kind].state(record)
    state = {slug: plain(getattr(record, slug)) for slug in SCALARS[kind]}
    state["emails"] = [[email.label, email.address] for email in record.emails.all()]
    state["phones"] = [[phone.label, phone.number] for phone in record.phones.all()]
    state["addresses"] = [
        {"label": address.label, **{part: getattr(address, part) for part in PARTS if getattr(address, part)}}
        for address in record.addresses.all()
    ]
    state["links"] = [titled(link.title, link.url) for link in record.links.all()]
    state["tags"] = [tag.name for tag in record.tags.all()]
    state["groups"] = [membership.group.name for membership in record.memberships.all()]
    state["owner"] = record.owner.name if record.owner else ""
    if kind == CONTACTS:
        places = list(record.affiliations.all())
        state["companies"] = [place.company.name for place in places if place.ended_on is None]
        state["jobs"] = _jobs(places, record.job_title)
    else:
        state["domains"] = list(record.domains)
        state["parent"] = record.parent.name if record.parent else ""
    return {slug: value for slug, value in state.items() if value not in ("", [], None, False)}


def _jobs(places: list[Affiliation], job_title: str) -> list[list[str]]:
    """Return the places of work of which the companies and the job title do not say all."""
    now = [place for place in places if place.ended_on is None]
    said = {place.pk: job_title if n == 0 else "" for n, place in enumerate(now)}
    return [
        [place.company.name, place.role, _day(place.started_on), _day(place.ended_on)]
        for place in places
        if place.ended_on or place.started_on or place.role != said[place.pk]
    ]


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
