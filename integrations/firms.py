"""Companies that rows of people name: made where they are new, filled in where they leave blank what a row says."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from contacts.models import Company, Label, Phone
from contacts.phones import phone_digits
from crm.access.models import User
from crm.records.text import norm
from integrations.rows import Clean

_FACTS = ("siren", "website", "sector", "size")
_BATCH = 2000


def firm_of(cleaned: Clean) -> Clean:
    """Return what a row of a person says of the company."""
    return {**cleaned.get("firm", {}), "domain": cleaned.get("company_domain", "")}


def make_firms(names: Iterable[str], told: dict[str, Clean], owner: User | None) -> list[Company]:
    """Make companies of these names, with what rows say of them (`told`, by normalised name)."""
    made = []
    for name in names:
        said = told.get(norm(name), {})
        domains = list(filter(None, [said.get("domain")]))
        facts = {fact: said[fact] for fact in _FACTS if said.get(fact)}
        made.append(Company(name=name, owner=owner, team_id=owner.team_id if owner else None, domains=domains, **facts))
    Company.objects.bulk_create(made, batch_size=_BATCH)
    phones = []
    for company in made:
        for place, number in enumerate(told.get(norm(company.name), {}).get("phones", [])):
            digits, first = " ".join(phone_digits(number)), place == 0
            phones.append(Phone(company=company, label=Label.WORK, number=number, digits=digits, is_primary=first))
    Phone.objects.bulk_create(phones, batch_size=_BATCH)
    return made


def fill_firms(told: dict[int, Clean], by: User) -> list[Company]:
    """Fill in what rows say of companies (by key) where these leave it blank and `by` may edit them; returns those."""
    told = {pk: said for pk, said in told.items() if any(said.values())}
    if not told:
        return []
    changed = []
    rows = Company.objects.editable_by(by).filter(pk__in=told)
    for company in rows.select_for_update(of=("self",)).order_by("pk"):
        said = {fact: told[company.pk].get(fact) for fact in _FACTS}
        said["domains"] = list(filter(None, [told[company.pk].get("domain")]))
        blank = {fact: value for fact, value in said.items() if value and not getattr(company, fact)}
        for fact, value in {**blank, "updated_at": timezone.now()}.items() if blank else ():
            setattr(company, fact, value)
        changed += [company] if blank else []
    Company.objects.bulk_update(changed, [*_FACTS, "domains", "updated_at"], batch_size=_BATCH)
    return changed
