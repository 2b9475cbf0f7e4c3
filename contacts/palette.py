"""Contacts, companies and categories in the command palette: best first, only what the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, CompanyEntry, Contact, ContactEntry
from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.records.frequency import APART
from crm.records.models import Tag
from crm.records.search import Asked, Words, find
from crm.records.text import norm
from crm.records.veil import veil
from crm.ui.palette import Result, Source
from crm.ui.recent import last_opened

SHOWN = 6
# So long a new name of a category may go unfound: each letter typed asks for all of them.
TAGS_SECONDS = 20


def find_contacts(asked: Asked) -> Iterator[Result]:
    """Contacts that carry all words of a wording, those opened last before others."""
    opened = last_opened(asked.user, kind_of(Contact))
    return map(_contact, veil(find(_contacts(), ContactEntry, asked, SHOWN, opened), asked.user))


def show_contacts(user: User, keys: list[int]) -> dict[int, Result]:
    """Those of the contacts that the user may see."""
    rows = _contacts().visible_to(user).filter(pk__in=keys)
    return {contact.pk: _contact(contact) for contact in veil(rows, user)}


def find_companies(asked: Asked) -> Iterator[Result]:
    """Companies that carry all words of a wording, those opened last before others."""
    opened = last_opened(asked.user, kind_of(Company))
    return map(_company, veil(find(_companies(asked.user), CompanyEntry, asked, SHOWN, opened), asked.user))


def show_companies(user: User, keys: list[int]) -> dict[int, Result]:
    """Those of the companies that the user may see."""
    rows = _companies(user).visible_to(user).filter(pk__in=keys)
    return {company.pk: _company(company) for company in veil(rows, user)}


def _contacts() -> Any:
    return Contact.objects.with_company()


def _companies(user: User) -> Any:
    """With the city that tells firms of one name apart, where the user may see addresses."""
    rows = Company.objects.all()
    return rows if "postaladdress" in user.rights.hidden(kind_of(Company)) else rows.with_city()


def _contact(contact: Any) -> Result:
    detail = " · ".join(text for text in (contact.job_title, contact.company_name) if text)
    return Result(str(contact), contact.get_absolute_url(), icon="user", detail=detail, who=contact)


def _company(company: Any) -> Result:
    detail = " · ".join(text for text in (company.sector, getattr(company, "city", "")) if text)
    return Result(company.name, company.get_absolute_url(), icon="building-2", detail=detail, who=company, shape="sq")


def find_tags(asked: Asked) -> Iterator[Result]:
    """Categories one of whose words begins with each word typed: the lists of what carries them."""
    if not asked.may_be_tags():
        return
    tags: Any = cache.get_or_set("palette:tags", lambda: list(Tag.objects.values_list("pk", "name")), TAGS_SECONDS)
    found = [(pk, name) for pk, name in tags if any(_begins(norm(name), words) for words in asked.wordings)]
    for pk, label in found[:SHOWN]:
        for model, name, kind in (
            (Contact, "contact_list", _("Contacts of this category")),
            (Company, "company_list", _("Companies of this category")),
        ):
            if asked.user.rights.may(kind_of(model), Act.SEE):
                yield Result(label, f"{reverse(f'contacts:{name}')}?tags={pk}", icon="tag", detail=str(kind))


def _begins(name: str, words: Words) -> bool:
    return all(f" {word.translate(APART)}" in f" {name.translate(APART)}" for word in words)


def show_tags(_user: User, _keys: list[int]) -> dict[int, Result]:
    """None: nobody opens a category."""
    return {}


SOURCES = (
    Source(kind_of(Contact), _("Contacts"), find_contacts, show_contacts, order=10),
    Source(kind_of(Company), _("Companies"), find_companies, show_companies, order=20),
    Source(kind_of(Tag), _("Categories"), find_tags, show_tags, order=30, is_spelt=False),
)
