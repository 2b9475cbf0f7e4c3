"""What moves when contacts or companies are merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from contacts.models import (
    Affiliation,
    Company,
    CompanyApart,
    CompanyTag,
    CompanyTeamShare,
    CompanyUserShare,
    Contact,
    ContactApart,
    ContactTag,
    ContactTeamShare,
    ContactUserShare,
    Email,
    Link,
    Membership,
    Phone,
    PostalAddress,
)
from crm.access.models import User
from crm.records import merge
from crm.records.changes import changes
from crm.records.merge import Relation
from crm.records.models import Changeset

R = TypeVar("R", Contact, Company)
# A consent goes with its date and its basis, and a refusal is never lost in a merge.
CONSENT = ("consent", "consent_on", "consent_basis")
AGAINST = ("refused", "withdrawn")
EMPTY: tuple[Any, ...] = (None, "", [])
ADDRESS = ("street", "postcode", "city", "region", "country")


def register() -> None:
    """Tell the kernel; called when the apps are ready."""
    for kind, tag, people, teams, apart in (
        (Contact, ContactTag, ContactUserShare, ContactTeamShare, ContactApart),
        (Company, CompanyTag, CompanyUserShare, CompanyTeamShare, CompanyApart),
    ):
        owner = str(kind._meta.model_name)
        partner = "company_id" if kind is Contact else "contact_id"
        merge.register(
            kind,
            Relation(Email, owner, ("address",)),
            Relation(Phone, owner, ("number",)),
            Relation(PostalAddress, owner, ADDRESS),
            Relation(Link, owner, ("url",)),
            # Of a company: whose main place of work it is does not change, the person's other places do not count here.
            Relation(Affiliation, owner, (partner, "role", "ended_on"), is_primary_of=owner == "contact"),
            Relation(Membership, owner, ("group_id",)),
            Relation(tag, owner, ("tag_id",)),
            Relation(people, "content_object", ("user_id", "permission_id")),
            Relation(teams, "content_object", ("group_id", "permission_id")),
            Relation(apart, "one", ("two_id",)),
            Relation(apart, "two", ("one_id",)),
        )


def whose_value_stays(slug: str, rows: Sequence[R]) -> R:
    """The record whose value of a field stays in a merge unless somebody chooses; the one that stays comes first."""
    if slug == "do_not_call":
        return next((row for row in rows if row.do_not_call), rows[0])  # type: ignore[attr-defined]
    if slug in CONSENT:
        against = next((row for row in rows if getattr(row, "consent", "") in AGAINST), None)
        return against or next((row for row in rows if getattr(row, "consent", "")), rows[0])
    return next((row for row in rows if getattr(row, slug) not in EMPTY), rows[0])


def custom_values(rows: Sequence[R]) -> dict[str, Any]:
    """The values of added fields that stay: those of the first record that has one."""
    kept: dict[str, Any] = {}
    for row in reversed(rows):
        kept |= {slug: value for slug, value in row.custom.items() if value not in EMPTY}
    return kept


def merge_companies(winner: Company, losers: list[Company], values: dict[str, Any], *, by: User) -> Changeset:
    """Merge companies; those under the losers come under the winner, and no company ends up above itself."""
    keys = {loser.pk for loser in losers}
    with changes(by, Changeset.Source.MERGE):
        parent = values.get("parent", winner.parent)
        values = {**values, "parent": _above(parent, {winner.pk, *keys})}
        below = Company.objects.filter(parent__in=keys).exclude(pk__in={winner.pk, *keys})
        changeset = merge.merge(winner, losers, values, by=by)
        below.update(parent=winner)
    return changeset


def _above(company: Company | None, merged: set[int]) -> Company | None:
    """The company, or, where it is one of the merged or stands under one, the next one above that is neither."""
    line: list[Company] = []
    while company is not None and company not in line:
        line.append(company)
        company = company.parent
    last = max((n for n, each in enumerate(line) if each.pk in merged), default=-1)
    return line[last + 1] if last + 1 < len(line) else None
