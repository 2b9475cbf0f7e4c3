"""The columns of contacts and companies, declared once: what the mapping offers, the cleaning reads, the export writes.

They are django-import-export resources; the rows are written set by set and not by the library (docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from import_export.resources import Resource

from contacts.models import Affiliation, Company, Contact, Group, Label, Link, PostalAddress
from crm.access.models import User
from crm.records.models import Tag
from integrations import reaching, widgets
from integrations.columns import (
    AddressPart,
    Aside,
    Column,
    Deleted,
    FirmFact,
    Kind,
    MoreAddresses,
    Notes,
    Point,
    Refusal,
    Several,
    WholeAddress,
)
from integrations.desks.resources import DealResource, ProductResource, UserResource
from integrations.fields import COMPANIES, CONTACTS, OPPORTUNITIES, PARTS, PLACES, PRODUCTS, USERS
from integrations.synonyms import words
from integrations.widgets import limit_of as _limit
from integrations.widgets import line_of as _line

PERSON, JOB, FIRM, REACH, MORE = _("Person"), _("Work"), _("Company"), _("Ways to reach"), _("More")
_EMAIL_KINDS = {
    Label.WORK: _("E-mail address, work"),
    Label.HOME: _("E-mail address, home"),
    Label.OTHER: _("E-mail address, other"),
}
_PHONE_KINDS = {
    Label.WORK: _("Phone, work"),
    Label.MOBILE: _("Phone, mobile"),
    Label.HOME: _("Phone, home"),
    Label.FAX: _("Fax"),
    Label.OTHER: _("Phone, other"),
}


def _points() -> dict[str, Column]:
    """The ways to reach somebody, by kind."""
    emails, phones = reaching.Emails(), reaching.Phones()
    email_kinds, phone_kinds = frozenset(map(str, _EMAIL_KINDS)), frozenset(map(str, _PHONE_KINDS))
    return {
        "email_label": Kind("emails", _("Kind of the next e-mail address"), REACH),
        "email": Point("emails", "", _("E-mail address"), REACH, emails),
        **{
            f"email_{kind}": Point("emails", str(kind), label, REACH, emails, known=email_kinds)
            for kind, label in _EMAIL_KINDS.items()
        },
        "phone_label": Kind("phones", _("Kind of the next phone"), REACH),
        "phone": Point("phones", "", _("Phone"), REACH, phones),
        **{
            f"phone_{kind}": Point("phones", str(kind), label, REACH, phones, known=phone_kinds)
            for kind, label in _PHONE_KINDS.items()
        },
        "address_label": Kind("addresses", _("Kind of the next address"), REACH),
    }


def _addresses() -> dict[str, Column]:
    """The parts of the addresses, and an address in one cell."""
    kinds = {
        part: (widgets.Country if part == "country" else widgets.Block if part == "street" else widgets.Line)(
            _limit(PostalAddress, part)
        )
        for part in PARTS
    }
    parts = {
        f"{place}_{part}": AddressPart(place, part, label, heading, kinds[part])
        for place, heading in PLACES.items()
        for part, label in PARTS.items()
    }
    whole = WholeAddress(_("Whole address, to be split"), REACH, widgets.Block(), many=True, is_written=False)
    more = MoreAddresses(_("Further addresses"), REACH, reaching.MoreAddresses())
    return {"address": whole, **parts, "more_addresses": more}


class _Filing(Resource):  # type: ignore[misc]
    """What every kind of record has."""

    notes = Notes(_("Notes"), MORE, widgets.Block(_limit(Contact, "notes")), many=True)
    tags = Several(_("Categories"), MORE, widgets.Words(_line(Tag, "name")), many=True)
    groups = Several(_("Groups"), MORE, widgets.Words(_line(Group, "name")), many=True)
    owner = Column(_("Owner"), MORE, _line(User, "email"))
    deleted = Deleted(_("Deleted in the other program"), MORE, widgets.YesNo(), is_written=False)


class _PersonColumns(Resource):  # type: ignore[misc]
    full_name = Aside(_("Full name, to be split"), PERSON, widgets.Line(), is_written=False)
    civility = Column(_("Civility"), PERSON, widgets.Civility())
    first_name = Column(_("First name"), PERSON, _line(Contact, "first_name"))
    middle_name = Aside(_("Middle name"), PERSON, widgets.Line(), is_written=False)
    last_name = Column(_("Last name"), PERSON, _line(Contact, "last_name"))
    suffix = Aside(_("Name suffix"), PERSON, widgets.Line(), is_written=False)
    birthday = Column(_("Birthday"), PERSON, widgets.Birthday())
    language = Column(_("Language"), PERSON, widgets.Language())
    company = Several(_("Company name"), JOB, widgets.Names(_limit(Company, "name")), values="companies")
    company_domain = Column(_("Company’s domain"), JOB, widgets.Domain(), is_written=False)
    company_siren = FirmFact("siren", _("Company’s SIREN"), JOB, widgets.LegalId("siren"))
    company_website = FirmFact("website", _("Company’s website"), JOB, widgets.Url(_limit(Company, "website")))
    company_sector = FirmFact("sector", _("Company’s sector"), JOB, _line(Company, "sector"))
    company_size = FirmFact("size", _("Company’s employees"), JOB, widgets.Size())
    company_phone = FirmFact("phones", _("Company’s phone"), JOB, reaching.Phones())
    job_title = Column(_("Job title"), JOB, _line(Contact, "job_title"))
    department = Column(_("Department"), JOB, _line(Contact, "department"))
    jobs = Several(_("Other jobs"), JOB, widgets.Jobs(_limit(Company, "name"), _limit(Affiliation, "role")))


class _PersonMore(Resource):  # type: ignore[misc]
    lifecycle = Column(_("Lifecycle"), MORE, widgets.Lifecycle())
    source = Column(_("Source"), MORE, _line(Contact, "source"))
    consent = Column(_("Mailing consent"), MORE, widgets.Consent())
    no_consent = Refusal(_("Mailing refused"), MORE, widgets.NoConsent(), sets="consent", is_written=False)
    do_not_call = Column(_("Do not call"), MORE, widgets.YesNo())


class _CompanyColumns(Resource):  # type: ignore[misc]
    name = Column(_("Name"), FIRM, _line(Company, "name"))
    trade_name = Column(_("Trade name"), FIRM, _line(Company, "trade_name"))
    siren = Column(_("SIREN"), FIRM, widgets.LegalId("siren"))
    siret = Column(_("SIRET"), FIRM, widgets.LegalId("siret"))
    vat_number = Column(_("VAT number"), FIRM, widgets.LegalId("vat_number"))
    legal_id = Column(_("Other legal identifier"), FIRM, _line(Company, "legal_id"))
    sector = Column(_("Sector"), FIRM, _line(Company, "sector"))
    size = Column(_("Employees"), FIRM, widgets.Size())
    turnover = Column(_("Turnover"), FIRM, widgets.Amount())
    founded = Column(_("Founded in"), FIRM, widgets.Year())
    parent = Column(_("Parent company"), FIRM, _line(Company, "name"))
    website = Column(_("Website"), REACH, widgets.Url(_limit(Company, "website")))
    domains = Several(_("Mail domains"), REACH, widgets.Words(widgets.Domain(253)), many=True)


_LINK = widgets.TitledUrl(_limit(Link, "url"), _limit(Link, "title"))


class _Links(Resource):  # type: ignore[misc]
    links = Several(_("Web address"), REACH, widgets.Words(_LINK), many=True)


# Made of the kinds there are, in the order in which an export writes them.
_Points = type("_Points", (Resource,), _points())
_Addresses = type("_Addresses", (Resource,), _addresses())


class ContactResource(_PersonColumns, _Points, _Links, _Addresses, _PersonMore, _Filing):  # type: ignore[misc,valid-type]
    """The columns of contacts."""


class CompanyResource(_CompanyColumns, _Points, _Links, _Addresses, _Filing):  # type: ignore[misc,valid-type]
    """The columns of companies."""


_RESOURCES: dict[str, Any] = {
    CONTACTS: ContactResource,
    COMPANIES: CompanyResource,
    OPPORTUNITIES: DealResource,
    PRODUCTS: ProductResource,
    USERS: UserResource,
}
_COLUMNS: dict[str, dict[str, Column]] = {
    kind: {slug: column.named(slug) for slug, column in resource.fields.items()}
    for kind, resource in _RESOURCES.items()
}


def columns(kind: str) -> dict[str, Column]:
    """Return the columns of a kind of record, by slug, in order."""
    return _COLUMNS[kind]


def column_of(kind: str, slug: str) -> Column | None:
    """Return the column of that slug, None if there is none."""
    return columns(kind).get(slug)


def takes_many(kind: str, slug: str, mapping: Collection[str]) -> bool:
    """Say whether several columns may feed a field; parts of addresses where labels tell the addresses apart."""
    column = columns(kind)[slug]
    return column.many or (isinstance(column, AddressPart) and "address_label" in mapping)


@cache
def own_headers(kind: str) -> dict[str, str]:
    """Return the field of each header that our exports write, in French, in English, or by its slug."""
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            found |= {words(slug): slug for slug in columns(kind)}
            found |= {words(column.header): slug for slug, column in columns(kind).items()}
    return found
