"""Contacts and companies in the command palette: best first, only what the user may see."""

from __future__ import annotations

from collections.abc import Iterator

from contacts.models import Company, CompanyEntry, Contact, ContactEntry
from crm.access.models import User
from crm.records.search import find
from crm.ui.palette import Result

SHOWN = 6


def find_contacts(user: User, query: str) -> Iterator[Result]:
    """Contacts that carry all typed words."""
    for contact in find(Contact.objects.for_list(), ContactEntry, query, user, SHOWN):
        detail = " · ".join(text for text in (contact.job_title, contact.company_name) if text)
        yield Result(str(contact), contact.get_absolute_url(), icon="user", detail=detail, who=contact)


def find_companies(user: User, query: str) -> Iterator[Result]:
    """Companies that carry all typed words."""
    for company in find(Company.objects.for_list(), CompanyEntry, query, user, SHOWN):
        detail = " · ".join(text for text in (company.sector, company.city) if text)
        yield Result(
            company.name, company.get_absolute_url(), icon="building-2", detail=detail, who=company, shape="sq"
        )
