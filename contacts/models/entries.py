"""The words that contacts and companies are found by."""

from __future__ import annotations

from django.db import models

from contacts.models.people import Company, Contact
from crm.records.search import SearchEntry


class ContactEntry(SearchEntry):
    """Words a contact is found by; kept in step by the database (contacts/sql/search.sql)."""

    searched = frozenset({"email", "phone"})
    rewriter = "contacts_reindex_contacts"

    record = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        indexes = SearchEntry.indexes("contact")


class CompanyEntry(SearchEntry):
    """Words a company is found by; kept in step by the database (contacts/sql/search.sql)."""

    searched = frozenset({"siren", "siret", "vat_number", "domains", "email", "phone"})
    rewriter = "contacts_reindex_companies"

    record = models.ForeignKey(Company, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        indexes = SearchEntry.indexes("company")
