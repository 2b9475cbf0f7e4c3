"""Contacts and companies in the command palette: best first, only what the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.models import Company, CompanyEntry, Contact, ContactEntry
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.search import find
from crm.records.veil import veil
from crm.ui.palette import Result, Source

SHOWN = 6


def find_contacts(user: User, query: str) -> Iterator[Result]:
    """Contacts that carry all typed words."""
    return map(_contact, veil(find(Contact.objects.for_list(), ContactEntry, query, user, SHOWN), user))


def show_contacts(user: User, keys: list[int]) -> dict[int, Result]:
    """Those of the contacts that the user may see."""
    rows = Contact.objects.for_list().visible_to(user).filter(pk__in=keys)
    return {contact.pk: _contact(contact) for contact in veil(rows, user)}


def find_companies(user: User, query: str) -> Iterator[Result]:
    """Companies that carry all typed words."""
    return map(_company, veil(find(Company.objects.for_list(), CompanyEntry, query, user, SHOWN), user))


def show_companies(user: User, keys: list[int]) -> dict[int, Result]:
    """Those of the companies that the user may see."""
    rows = Company.objects.for_list().visible_to(user).filter(pk__in=keys)
    return {company.pk: _company(company) for company in veil(rows, user)}


def _contact(contact: Any) -> Result:
    detail = " · ".join(text for text in (contact.job_title, contact.company_name) if text)
    return Result(str(contact), contact.get_absolute_url(), icon="user", detail=detail, who=contact)


def _company(company: Any) -> Result:
    detail = " · ".join(text for text in (company.sector, company.city) if text)
    return Result(company.name, company.get_absolute_url(), icon="building-2", detail=detail, who=company, shape="sq")


SOURCES = (
    Source(kind_of(Contact), _("Contacts"), find_contacts, show_contacts, order=10),
    Source(kind_of(Company), _("Companies"), find_companies, show_companies, order=20),
)
