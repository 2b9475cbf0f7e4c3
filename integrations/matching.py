"""Which records the rows of a file are about: people by e-mail, companies by SIREN, domain or name, all set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from contacts.emails import clean_domain, company_domain
from contacts.models import Affiliation, Company, Contact, Email, Phone
from crm.access.models import User
from crm.records.text import norm
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS
from integrations.rows import Clean

Hits = dict[str, list[int]]
MOST_KEY = 300


# What rows may be recognised by, as the rules of an import name it; several are joined by commas, "" is what is usual:
# people by e-mail, without any by name and company; companies by SIREN, then domain, then name.
MATCHES = {
    CONTACTS: ("email", "phone", "name"),
    COMPANIES: ("siren", "domain", "name"),
    **{kind: desk.matches for kind, desk in DESKS.items()},
}


def keys_of(kind: str, data: Clean, match: str = "") -> list[str]:
    """Return what a cleaned row is recognised by, the surest first; by the sorts of keys alone that `match` names."""
    wanted = match.split(",") if match else []
    if kind in DESKS:
        return [key[:MOST_KEY] for key in DESKS[kind].keys(data, wanted)]
    keys = _company_keys(data, wanted) if kind == COMPANIES else _contact_keys(data, wanted or ["email"])
    return [key[:MOST_KEY] for key in keys]


def _contact_keys(data: Clean, wanted: list[str]) -> list[str]:
    """A person's e-mail addresses and phones; without any, or if so wished, the name together with the company's."""
    keys = [f"email:{address}" for _label, address in data.get("emails", [])] if "email" in wanted else []
    keys += [f"phone:{number}" for _label, number in data.get("phones", [])] if "phone" in wanted else []
    if data.get("last_name") and data.get("companies") and ("name" in wanted or not keys):
        keys.append(f"person:{_sort_name(data)}|{norm(data['companies'][0])}")
    return keys


def _sort_name(data: Clean) -> str:
    """Write a name as the column `sort_name` does."""
    return norm(f"{data.get('last_name', '')} {data.get('first_name', '')}".strip())


def _company_keys(data: Clean, wanted: list[str]) -> list[str]:
    domains = [*data.get("domains", []), *([clean_domain(data["website"])] if data.get("website") else [])]
    siren = data.get("siren") or data.get("siret", "")[:9]
    keys = [f"siren:{siren}"] if siren else []
    keys += [f"domain:{domain}" for domain in dict.fromkeys(domains)]
    keys += [f"name:{norm(data['name'])}"] if data.get("name") else []
    return [key for key in keys if not wanted or key.partition(":")[0] in wanted]


def find(keys: Iterable[str], viewer: User) -> Hits:
    """Return the ids of the live records the viewer may see, by key."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        sort, _colon, value = key.partition(":")
        wanted[sort].add(value)
    hits: Hits = defaultdict(list)
    for sort, search in _SEARCHES.items():
        if wanted[sort]:
            for value, pk in search(wanted[sort], viewer):
                if pk not in hits[f"{sort}:{value}"]:
                    hits[f"{sort}:{value}"].append(pk)
    return hits


def companies_named(names: Iterable[str], viewer: User) -> dict[str, list[Company]]:
    """Return the companies the viewer may see, by normalised name."""
    found: dict[str, list[Company]] = defaultdict(list)
    for company in (
        Company.objects.visible_to(viewer).filter(sort_name__in={norm(name) for name in names}).order_by("pk")
    ):
        found[company.sort_name].append(company)
    return found


def company_keys(names: Iterable[str], viewer: User) -> dict[str, list[int]]:
    """Return the keys of the companies the viewer may see, by normalised name."""
    found: dict[str, list[int]] = defaultdict(list)
    known = Company.objects.visible_to(viewer).filter(sort_name__in={norm(name) for name in names})
    for name, pk in known.order_by("pk").values_list("sort_name", "pk"):
        found[name].append(pk)
    return found


def firms_by_facts(rows: list[Clean], viewer: User) -> Hits:
    """Return the companies that rows of people tell by SIREN or domain, by key, as far as the viewer may see them."""
    sirens = {f"siren:{siren}" for data in rows if (siren := data.get("firm", {}).get("siren"))}
    domains = {f"domain:{domain}" for data in rows if (domain := data.get("company_domain"))}
    return find(sirens | domains, viewer)


def choose_company(candidates: list[Company], data: Clean) -> Company | None:
    """Choose between companies of the same name by the person's mail domain; None where that does not decide."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    domains = {company_domain(address) for _label, address in data.get("emails", [])} | {data.get("company_domain", "")}
    fitting = [one for one in candidates if domains.intersection(one.domains) - {""}]
    return fitting[0] if len(fitting) == 1 else None


def _by_email(values: set[str], viewer: User) -> list[tuple[str, int]]:
    people = Contact.objects.visible_to(viewer)
    rows = Email.objects.filter(address__in=values, contact__in=people).order_by("pk")
    return list(rows.values_list("address", "contact_id"))


def _by_phone(values: set[str], viewer: User) -> list[tuple[str, int]]:
    people = Contact.objects.visible_to(viewer)
    rows = Phone.objects.filter(number__in=values, contact__in=people).order_by("pk")
    return list(rows.values_list("number", "contact_id"))


def _by_person(values: set[str], viewer: User) -> list[tuple[str, int]]:
    names = {value.partition("|")[0] for value in values}
    people = Contact.objects.visible_to(viewer).filter(sort_name__in=names)
    places = Affiliation.objects.filter(contact__in=people, ended_on__isnull=True).order_by("pk")
    found = [
        (f"{name}|{company}", pk)
        for name, company, pk in places.values_list("contact__sort_name", "company__sort_name", "contact_id")
    ]
    return [(key, pk) for key, pk in found if key in values]


def _by_siren(values: set[str], viewer: User) -> list[tuple[str, int]]:
    return list(Company.objects.visible_to(viewer).filter(siren__in=values).order_by("pk").values_list("siren", "pk"))


def _by_domain(values: set[str], viewer: User) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            r"""SELECT domain, id FROM (
                    SELECT id, jsonb_array_elements_text(domains) AS domain FROM contacts_company WHERE domains <> '[]'
                    UNION ALL
                    SELECT id, regexp_replace(website, '^https?://(?:www\.)?([^/:?#]+).*$', '\1') FROM contacts_company
                    WHERE website <> ''
                ) AS known WHERE domain = ANY(%s) ORDER BY id""",
            [list(values)],
        )
        found = cursor.fetchall()
    visible = set(
        Company.objects.visible_to(viewer).filter(pk__in={pk for _domain, pk in found}).values_list("pk", flat=True)
    )
    return [(domain, pk) for domain, pk in found if pk in visible]


def _by_name(values: set[str], viewer: User) -> list[tuple[str, int]]:
    rows = Company.objects.visible_to(viewer).filter(sort_name__in=values).order_by("pk")
    return list(rows.values_list("sort_name", "pk"))


_SEARCHES = {
    "email": _by_email,
    "phone": _by_phone,
    "person": _by_person,
    "siren": _by_siren,
    "domain": _by_domain,
    "name": _by_name,
    **{sort: search for desk in DESKS.values() for sort, search in desk.searches().items()},
}
