"""The fields of contacts, companies and groups, declared once (crm/lists/fields.py)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.filters import (
    OWNER_FILTER,
    TEAM_FILTER,
    company_filter,
    groups,
    of_company,
    parent_filter,
    people,
    people_filter,
    people_of,
    phone_filter,
    places,
    point_filter,
    tags,
    tied_filter,
)
from contacts.models import Company, CompanyTag, Contact, ContactTag, Email, Group, Membership, PostalAddress
from crm.access.models import User
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    RecordType,
    choice_filter,
    date_filter,
    key_filter,
    known_filter,
    linked_filter,
    moment_filter,
    number_filter,
    text_filter,
    yes_no_filter,
)
from crm.lists.operators import Operator
from crm.lists.segments import segment_field
from crm.records.text import norm


def _company_field(slug: str, label: Any, found: Filter, of: str = "") -> Field:
    """A fact of the company that narrows the list of people; whoever may not see it there does not find by it."""
    key = f"contacts.company.{of or slug}"
    return Field(f"company_{slug}", label, Kind.TEXT, str, filter=found, is_column=False, of=key)


def _owned() -> tuple[Field, ...]:
    """Fields that every kind of record has."""
    return (
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=OWNER_FILTER, edit="owner"),
        Field("team", _("Team"), Kind.TEXT, lambda row: row.team, filter=TEAM_FILTER, is_column=False),
        Field(
            "touched",
            _("Last activity"),
            Kind.MOMENT,
            lambda row: row.touched_at,
            sort="touched_at",
            filter=moment_filter("touched_at"),
        ),
        _created(),
    )


def _created() -> Field:
    moments = moment_filter("created_at")
    return Field("created", _("Created"), Kind.MOMENT, lambda row: row.created_at, sort="created_at", filter=moments)


def _name() -> Field:
    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            found |= Q(sort_name__contains=norm(value))
        return found

    contains = Filter((Operator.CONTAINS, Operator.WITHOUT), condition)
    return Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name", filter=contains)


def _tags_of(row: Any) -> list[Any]:
    """As a list has read them ahead, or read now."""
    return row.listed_tags if "listed_tags" in vars(row) else list(row.tags.all())


def _text(slug: str, label: Any, **over: Any) -> Field:
    return Field(slug, label, Kind.TEXT, lambda row: getattr(row, slug), filter=text_filter(slug), edit=slug, **over)


def _choice(slug: str, label: Any, choices: Any, **over: Any) -> Field:
    known = {value: text for value, text in choices if value}
    return Field(
        slug,
        label,
        Kind.CHOICE,
        lambda row: known.get(getattr(row, slug), getattr(row, slug)),
        filter=choice_filter(slug, list(known.items())),
        edit=slug,
        **over,
    )


CONTACT = RecordType(
    model=Contact,
    slug="contact",
    namespace="contacts",
    label=_("Contact"),
    plural=_("Contacts"),
    icon="users",
    fields=(
        _name(),
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
        _text("job_title", _("Job title")),
        _text("department", _("Department")),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            _tags_of,
            filter=tied_filter(ContactTag, "contact", "tag", tags),
        ),
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
        _choice("lifecycle", _("Lifecycle"), Contact.Lifecycle.choices),
        _text("source", _("Source")),
        _choice("language", _("Language"), settings.LANGUAGES),
        _choice("consent", _("Mailing consent"), Contact.Consent.choices),
        Field(
            "do_not_call",
            _("Do not call"),
            Kind.YES_NO,
            lambda row: row.do_not_call,
            filter=yes_no_filter("do_not_call"),
            edit="do_not_call",
        ),
        Field(
            "birthday",
            _("Birthday"),
            Kind.DATE,
            lambda row: row.birthday,
            filter=date_filter("birthday"),
            edit="birthday",
        ),
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
        _name(),
        _text("sector", _("Sector")),
        Field(
            "city",
            _("City"),
            Kind.TEXT,
            lambda row: row.city or "",
            filter=point_filter(PostalAddress, "company", text_filter("city")),
        ),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            _tags_of,
            filter=tied_filter(CompanyTag, "company", "tag", tags),
        ),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or "", filter=phone_filter("company")),
        Field("size", _("Employees"), Kind.NUMBER, lambda row: row.size, filter=number_filter("size"), edit="size"),
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
        _text("siren", _("SIREN")),
        _text("vat_number", _("VAT number")),
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
        _name(),
        Field(
            "description", _("Description"), Kind.TEXT, lambda row: row.description, filter=text_filter("description")
        ),
        Field("members", _("Members"), Kind.NUMBER, lambda row: row.members),
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=OWNER_FILTER),
        _created(),
    ),
    columns=("name", "description", "members", "owner"),
    sort="name",
    described="description",
    guarded=("description",),
)
