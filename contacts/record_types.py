"""The fields of contacts, companies and groups, declared once (crm/lists/fields.py)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contacts.filters import (
    company_filter,
    groups,
    of_company,
    parent_filter,
    people_filter,
    people_of,
    phone_filter,
    places,
    point_filter,
)
from contacts.models import Company, CompanyTag, Contact, ContactTag, Email, Group, Membership, PostalAddress
from crm.lists.common import (
    choice_field,
    created_field,
    date_field,
    name_field,
    number_field,
    owner_field,
    people,
    tags,
    tags_field,
    team_field,
    text_field,
    tied_filter,
    touched_field,
    yes_no_field,
)
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    RecordType,
    key_filter,
    known_filter,
    linked_filter,
    number_filter,
    text_filter,
)
from crm.lists.segments import segment_field


def _company_field(slug: str, label: Any, found: Filter, of: str = "") -> Field:
    """A fact of the company that narrows the list of people; whoever may not see it there does not find by it."""
    key = f"contacts.company.{of or slug}"
    return Field(f"company_{slug}", label, Kind.TEXT, str, filter=found, is_column=False, of=key)


def _owned() -> tuple[Field, ...]:
    return owner_field(edit="owner"), team_field(), touched_field(), created_field("created_at")


CONTACT = RecordType(
    model=Contact,
    slug="contact",
    namespace="contacts",
    label=_("Contact"),
    plural=_("Contacts"),
    icon="users",
    fields=(
        name_field(),
        Field("company", _("Company"), Kind.TEXT, lambda row: row.company_name or "", filter=company_filter()),
        _company_field(
            "sector", _("Sector of the company"), linked_filter(text_filter("company__sector"), places, "contact")
        ),
        _company_field("city", _("City of the company"), of_company(PostalAddress, text_filter("city"))),
        _company_field(
            "owner",
            _("Owner of the company"),
            linked_filter(
                key_filter("company__owner_id", people, words=lambda user: {"me": [user.pk]}), places, "contact"
            ),
        ),
        _company_field(
            "tags", _("Categories of the company"), of_company(CompanyTag, known_filter(key_filter("tag_id", tags)))
        ),
        _company_field(
            "group",
            _("Group of the company"),
            of_company(Membership, known_filter(key_filter("group_id", groups))),
        ),
        text_field("job_title", _("Job title")),
        text_field("department", _("Department")),
        tags_field(ContactTag, "contact"),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or "", filter=phone_filter("contact")),
        Field(
            "email",
            _("E-mail"),
            Kind.EMAIL,
            lambda row: row.email or "",
            filter=point_filter(Email, "contact", text_filter("address")),
        ),
        Field(
            "city",
            _("City"),
            Kind.TEXT,
            lambda row: row.city or "",
            filter=point_filter(PostalAddress, "contact", text_filter("city")),
        ),
        choice_field("lifecycle", _("Lifecycle"), Contact.Lifecycle.choices),
        text_field("source", _("Source")),
        choice_field("language", _("Language"), settings.LANGUAGES),
        choice_field("consent", _("Mailing consent"), Contact.Consent.choices),
        yes_no_field("do_not_call", _("Do not call")),
        date_field("birthday", _("Birthday")),
        Field(
            "group",
            _("Group"),
            Kind.TEXT,
            str,
            filter=tied_filter(Membership, "contact", "group", groups),
            is_column=False,
        ),
        segment_field("contact"),
        *_owned(),
    ),
    columns=("name", "company", "tags", "phone", "lifecycle", "touched", "owner"),
    sort="-touched",
    described="job_title",
    has_preview=True,
    guarded=(
        *("job_title", "department", "birthday", "language", "lifecycle", "source", "consent", "do_not_call", "notes"),
        *("email", "phone", "postaladdress", "link"),
    ),
    # Whoever may call or write must know that they may not.
    unhidden=("consent", "do_not_call"),
)

COMPANY = RecordType(
    model=Company,
    slug="company",
    namespace="contacts",
    label=_("Company"),
    plural=_("Companies"),
    icon="building-2",
    fields=(
        name_field(),
        text_field("sector", _("Sector")),
        Field(
            "city",
            _("City"),
            Kind.TEXT,
            lambda row: row.city or "",
            filter=point_filter(PostalAddress, "company", text_filter("city")),
        ),
        tags_field(CompanyTag, "company"),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or "", filter=phone_filter("company")),
        number_field("size", _("Employees")),
        Field(
            "turnover",
            _("Turnover"),
            Kind.MONEY,
            lambda row: row.turnover,
            filter=number_filter("turnover"),
            edit="turnover",
        ),
        Field(
            "founded",
            _("Founded"),
            Kind.TEXT,
            lambda row: row.founded or "",
            filter=number_filter("founded"),
            edit="founded",
        ),
        text_field("siren", _("SIREN")),
        text_field("vat_number", _("VAT number")),
        Field(
            "website", _("Website"), Kind.LINK, lambda row: row.website, filter=text_filter("website"), edit="website"
        ),
        Field(
            "parent",
            _("Parent company"),
            Kind.TEXT,
            lambda row: row.parent or "",
            filter=parent_filter(),
            is_column=False,
        ),
        Field(
            "group",
            _("Group"),
            Kind.TEXT,
            str,
            filter=tied_filter(Membership, "company", "group", groups),
            is_column=False,
        ),
        Field("has_contacts", _("Has contacts"), Kind.YES_NO, str, filter=people_filter(), is_column=False),
        Field(
            "contact_role",
            _("Role of a contact"),
            Kind.TEXT,
            str,
            filter=linked_filter(text_filter("role"), people_of, "company"),
            is_column=False,
            of="contacts.affiliation.role",
        ),
        segment_field("company"),
        *_owned(),
    ),
    columns=("name", "sector", "city", "tags", "phone", "touched", "owner"),
    sort="-touched",
    described="sector",
    has_preview=True,
    guarded=(
        *("siren", "siret", "vat_number", "legal_id", "sector", "size", "turnover", "founded", "website", "domains"),
        *("notes", "email", "phone", "postaladdress", "link"),
    ),
)

GROUP = RecordType(
    model=Group,
    slug="group",
    namespace="contacts",
    label=_("Group"),
    plural=_("Groups"),
    icon="folder",
    fields=(
        name_field(),
        Field(
            "description", _("Description"), Kind.TEXT, lambda row: row.description, filter=text_filter("description")
        ),
        Field("members", _("Members"), Kind.NUMBER, lambda row: row.members),
        owner_field(),
        created_field("created_at"),
    ),
    columns=("name", "description", "members", "owner"),
    sort="name",
    described="description",
    guarded=("description",),
)
