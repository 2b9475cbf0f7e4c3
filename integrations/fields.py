"""The fields a column can go to, as plain data: what the mapping offers, the cleaning reads and the export writes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTACTS = "contacts"
COMPANIES = "companies"


@dataclass(frozen=True)
class Target:
    """One field; `many` columns may feed it. `label` names it in the list, under the heading `group`."""

    slug: str
    label: str | Promise
    group: str | Promise
    many: bool = False


PERSON, JOB, FIRM, REACH, MORE = _("Person"), _("Work"), _("Company"), _("Ways to reach"), _("More")
PLACES = {
    "work": _("Work address"),
    "home": _("Home address"),
    "billing": _("Billing address"),
    "delivery": _("Delivery address"),
    "other": _("Other address"),
}
PARTS = {
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "region": _("Region"),
    "country": _("Country"),
}

_REACH = [
    Target("email", _("E-mail address"), REACH, many=True),
    Target("email_work", _("E-mail address, work"), REACH, many=True),
    Target("email_home", _("E-mail address, home"), REACH, many=True),
    Target("email_other", _("E-mail address, other"), REACH, many=True),
    Target("phone", _("Phone"), REACH, many=True),
    Target("phone_work", _("Phone, work"), REACH, many=True),
    Target("phone_mobile", _("Phone, mobile"), REACH, many=True),
    Target("phone_home", _("Phone, home"), REACH, many=True),
    Target("phone_fax", _("Fax"), REACH, many=True),
    Target("phone_other", _("Phone, other"), REACH, many=True),
]
_LABELS = [
    Target("email_label", _("Kind of the next e-mail address"), REACH, many=True),
    Target("phone_label", _("Kind of the next phone"), REACH, many=True),
    Target("address_label", _("Kind of the next address"), REACH, many=True),
]
_ADDRESSES = [
    Target(f"{place}_{part}", label, heading, many=part == "street")
    for place, heading in PLACES.items()
    for part, label in PARTS.items()
]
_FILING = [
    Target("notes", _("Notes"), MORE, many=True),
    Target("tags", _("Categories"), MORE, many=True),
    Target("groups", _("Groups"), MORE, many=True),
    Target("owner", _("Owner"), MORE),
    Target("deleted", _("Deleted in the other program"), MORE),
]

TARGETS: dict[str, list[Target]] = {
    CONTACTS: [
        Target("full_name", _("Full name, to be split"), PERSON),
        Target("civility", _("Civility"), PERSON),
        Target("first_name", _("First name"), PERSON),
        Target("middle_name", _("Middle name"), PERSON),
        Target("last_name", _("Last name"), PERSON),
        Target("suffix", _("Name suffix"), PERSON),
        Target("birthday", _("Birthday"), PERSON),
        Target("language", _("Language"), PERSON),
        Target("company", _("Company name"), JOB),
        Target("company_domain", _("Company’s domain"), JOB),
        Target("job_title", _("Job title"), JOB),
        Target("department", _("Department"), JOB),
        *_REACH,
        *_LABELS,
        Target("links", _("Web address"), REACH, many=True),
        *_ADDRESSES,
        Target("lifecycle", _("Lifecycle"), MORE),
        Target("source", _("Source"), MORE),
        Target("consent", _("Mailing consent"), MORE),
        Target("no_consent", _("Mailing refused"), MORE),
        Target("do_not_call", _("Do not call"), MORE),
        *_FILING,
    ],
    COMPANIES: [
        Target("name", _("Name"), FIRM),
        Target("trade_name", _("Trade name"), FIRM),
        Target("siren", _("SIREN"), FIRM),
        Target("siret", _("SIRET"), FIRM),
        Target("vat_number", _("VAT number"), FIRM),
        Target("legal_id", _("Other legal identifier"), FIRM),
        Target("sector", _("Sector"), FIRM),
        Target("size", _("Employees"), FIRM),
        Target("turnover", _("Turnover"), FIRM),
        Target("founded", _("Founded in"), FIRM),
        Target("parent", _("Parent company"), FIRM),
        Target("website", _("Website"), REACH),
        Target("domains", _("Mail domains"), REACH, many=True),
        *_REACH,
        *_LABELS,
        *_ADDRESSES,
        *_FILING,
    ],
}


def target(kind: str, slug: str) -> Target | None:
    """Return the field of that slug for contacts or companies."""
    return next((one for one in TARGETS[kind] if one.slug == slug), None)


def header_of(one: Target) -> str:
    """Return the header of a field in the active language: "First name", "Work address, city"."""
    place, _underscore, part = one.slug.partition("_")
    return f"{one.group}, {str(one.label).lower()}" if place in PLACES and part in PARTS else str(one.label)
