"""Contacts, companies and groups in the admin: to be looked at."""

from __future__ import annotations

from django.contrib import admin

from contacts.models import (
    Affiliation,
    Company,
    CompanyApart,
    CompanyPair,
    Contact,
    ContactApart,
    ContactPair,
    DuplicateSearch,
    Email,
    Group,
    Link,
    Membership,
    Phone,
    PostalAddress,
)
from crm.console.admin import SupportAdmin, site


@admin.register(Contact, site=site)
class ContactAdmin(SupportAdmin):
    list_display = ["name", "job_title", "owner", "team", "lifecycle", "trashed_at"]
    list_select_related = ["owner", "team"]
    list_filter = ["lifecycle", "team"]
    search_fields = ["sort_name"]
    ordering = ["sort_name", "id"]


@admin.register(Company, site=site)
class CompanyAdmin(SupportAdmin):
    list_display = ["name", "sector", "owner", "team", "trashed_at"]
    list_select_related = ["owner", "team"]
    list_filter = ["team"]
    search_fields = ["sort_name", "siren"]
    ordering = ["sort_name", "id"]


@admin.register(Group, site=site)
class GroupAdmin(SupportAdmin):
    list_display = ["name", "owner", "team"]
    list_select_related = ["owner", "team"]
    search_fields = ["sort_name"]


class OwnedAdmin(SupportAdmin):
    """Rows that belong to a contact or company."""

    list_display = ["__str__", "contact", "company"]
    list_select_related = ["contact", "company"]
    raw_id_fields = ["contact", "company"]
    ordering = ["id"]


@admin.register(Email, site=site)
class EmailAdmin(OwnedAdmin):
    search_fields = ["address"]


@admin.register(Phone, site=site)
class PhoneAdmin(OwnedAdmin):
    search_fields = ["digits"]


@admin.register(PostalAddress, Link, Affiliation, site=site)
class TiedAdmin(OwnedAdmin):
    """Postal addresses, links and places of work."""


@admin.register(Membership, site=site)
class MembershipAdmin(OwnedAdmin):
    list_display = ["group", "contact", "company"]
    list_select_related = ["group", "contact", "company"]


@admin.register(ContactPair, CompanyPair, site=site)
class PairAdmin(SupportAdmin):
    list_display = ["one", "two", "certainty", "found_at"]
    list_select_related = ["one", "two"]
    raw_id_fields = ["one", "two"]
    search_fields = ["one__sort_name", "two__sort_name"]
    ordering = ["-certainty", "-id"]


@admin.register(ContactApart, CompanyApart, site=site)
class ApartAdmin(SupportAdmin):
    list_display = ["one", "two"]
    list_select_related = ["one", "two"]
    raw_id_fields = ["one", "two"]
    ordering = ["id"]


@admin.register(DuplicateSearch, site=site)
class DuplicateSearchAdmin(SupportAdmin):
    list_display = ["kind", "status", "step", "found", "by", "created_at"]
    list_select_related = ["by"]
    ordering = ["-id"]
