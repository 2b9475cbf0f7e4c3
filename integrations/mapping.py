"""Which field each column of a file goes to: by program, by header in French or English, by what the values are."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.countries import country_code
from contacts.emails import clean_email, clean_url
from contacts.identifiers import EU_PREFIXES, clean_siren, clean_siret, clean_vat
from contacts.names import clean_civility
from contacts.phones import clean_phone
from crm.access.models import User
from integrations.columns import Column
from integrations.fields import COMPANIES, CONTACTS, OPPORTUNITIES, PRODUCTS, USERS
from integrations.guarding import key_of
from integrations.presets import headers_of, program_of
from integrations.resources import column_of, columns, own_headers, takes_many
from integrations.synonyms import is_foreign, known_header, reach_header, words
from integrations.widgets import lifecycle_of

SAMPLES = 20
SHOWN = 3
_MOST = 0.8
# The column that the file of failed rows has more than the file it comes from.
_OUR_OWN = frozenset(["reason", "motif"])
_PERSON_FIELDS = frozenset(["first_name", "last_name", "full_name", "civility", "birthday", "job_title"])
_FIRM_FIELDS = frozenset(["siren", "siret", "vat_number", "sector", "size", "turnover", "founded", "parent", "name"])

# Fields that are together in files of nothing else.
_TELLING: list[tuple[str, list[set[str]]]] = [
    (OPPORTUNITIES, [{"stage", "amount"}, {"stage", "won_amount"}, {"stage", "close_date"}, {"stage", "product"}]),
    (PRODUCTS, [{"name", "price"}]),
    (USERS, [{"full_name", "manager", "office"}, {"full_name", "manager", "team"}, {"full_name", "email", "role"}]),
]
_BY_HEADER = 0.85


@dataclass(frozen=True)
class Proposal:
    """Where one column should go. `field` is "" to leave it out; `sure` runs from 0 to 1; `why` is for the user."""

    column: int
    header: str
    field: str
    sure: float
    why: str
    samples: list[str]


def propose(
    headers: list[str], samples: list[list[str]], preset: str, kind: str, added: Mapping[str, Column] | None = None
) -> list[Proposal]:
    """Propose a field for every column, by its header and up to `SAMPLES` of its values.

    `preset` is the program that wrote the file; `kind` is `CONTACTS` or `COMPANIES`; `added` are the columns of fields
    that administrators added, which are known by their names, and on cards by their slugs.
    """
    named = {words(name): slug for slug, one in (added or {}).items() for name in (slug, one.header)}
    proposals = []
    for column, (header, values) in enumerate(zip(headers, samples, strict=True)):
        field, sure, why = _field_of(words(header), values, kind, preset)
        if words(header) in named and sure < 0.96:
            field, sure, why = named[words(header)], 0.96, _("by its header")
        proposals.append(Proposal(column, header, field, sure, why, values[:SHOWN]))
    return _whole_names(_one_each(proposals, kind, added or {}), kind)


def recalled(proposals: list[Proposal], fields: list[str], known: Collection[str]) -> list[Proposal]:
    """Propose what was chosen before for these columns; what is no field any more stays as proposed."""
    return [
        replace(one, field=field, sure=0.98, why=_("as these columns were mapped before"))
        if field != one.field and (not field or field in known)
        else one
        for one, field in zip(proposals, fields, strict=True)
    ]


def guarded(proposals: list[Proposal], kind: str, by: User) -> list[Proposal]:
    """Leave out columns of fields that are hidden from the importer, and say which ones they may only read."""
    found = []
    for one in proposals:
        key = key_of(kind, one.field)
        if not by.rights.sees(*key):
            one = replace(one, field="", sure=0.0, why=_("your role may not fill in this field"))
        elif not by.rights.writes(*key):
            one = replace(one, why=_("recognises records; your role may not change it"))
        found.append(one)
    return found


def guess_kind(headers: list[str], samples: list[list[str]], preset: str) -> str:
    """Say what kind of record a file holds, by what its headers speak of."""
    if preset == "vcard":
        return CONTACTS
    if preset.endswith(("_companies", "_accounts", "_organizations")):
        return COMPANIES
    if preset.endswith("_deals"):
        return OPPORTUNITIES
    for other, wanted in _TELLING:
        fields = {one.field for one in propose(headers, samples, preset, other) if one.sure > _BY_HEADER}
        if any(fields >= each for each in wanted):
            return other
    persons, firms = (
        {proposal.field for proposal in propose(headers, samples, preset, kind) if proposal.field}
        for kind in (CONTACTS, COMPANIES)
    )
    if {"first_name", "last_name"} & persons:
        return CONTACTS
    return COMPANIES if len(firms & _FIRM_FIELDS) > len(persons & _PERSON_FIELDS) else CONTACTS


def _field_of(header: str, samples: list[str], kind: str, preset: str) -> tuple[str, float, str]:
    """Return the field for one column, how sure that is, and why."""
    plain = re.sub(r" \d+(?= |$)", "", header)
    particular = headers_of(preset)
    for written in (header, plain):
        if written in particular and (not particular[written] or column_of(kind, particular[written])):
            return particular[written], 0.99, _("as %(program)s writes it") % {"program": program_of(preset)}
    if header in _OUR_OWN:
        return "", 0.9, _("added by Sillage")
    if own := own_headers(kind).get(header) or own_headers(kind).get(plain):
        return own, 0.97, _("by its header")
    if by_values := _by_header_and_values(plain, samples, kind):
        return by_values, 0.8, _("by its header and values")
    for written in (header, plain):
        if field := known_header(kind, written):
            return field, 0.95, _("by its header")
    field = reach_header(header)
    if field and column_of(kind, field):
        return field, 0.9, _("by its header")
    if field.startswith("home_") and column_of(kind, other := field.replace("home_", "other_")):
        return other, 0.8, _("by its header")
    if preset == "generic" and not is_foreign(header) and (field := _by_values(samples, kind)):
        return field, 0.6, _("by what its values look like")
    return "", 0.0, ""


def _by_header_and_values(header: str, samples: list[str], kind: str) -> str:
    """Decide headers that mean different things in different files by what stands below them."""
    if header in {"titre", "title", "titulo"} and kind == CONTACTS:
        return "civility" if _mostly(samples, lambda text: bool(clean_civility(text))) else "job_title"
    if header in {"location", "office location", "localisation", "emplacement", "lieu", "hq", "siege", "siege social"}:
        if _mostly(samples, lambda text: bool(country_code(text))):
            return "work_country"
        return "work_city" if kind == COMPANIES else ""
    if header in {"statut", "status", "type", "type client", "etat"} and kind == CONTACTS:
        return "lifecycle" if _mostly(samples, lambda text: bool(lifecycle_of(text))) else ""
    return ""


def _by_values(samples: list[str], kind: str) -> str:
    """Return the field whose form most values of a column have, "" for none."""
    for field, check in _FORMS:
        if column_of(kind, field) and _mostly(samples, check):
            return field
    return ""


def _mostly(samples: Sequence[str], check: Callable[[str], bool]) -> bool:
    return bool(samples) and sum(map(check, samples)) >= _MOST * len(samples)


def _valid(clean: Callable[[str], str], text: str) -> bool:
    try:
        return bool(clean(text))
    except ValidationError:
        return False


def _looks_like_phone(text: str) -> bool:
    return bool(re.fullmatch(r"[+0(][\d\s().\-/]{8,}", text)) and _valid(clean_phone, text)


def _looks_like_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://", "www.")) and _valid(clean_url, text)


_FORMS: list[tuple[str, Callable[[str], bool]]] = [
    ("email", lambda text: "@" in text and _valid(clean_email, text)),
    ("siret", lambda text: len(text) >= 14 and _valid(clean_siret, text)),
    ("siren", lambda text: len(text) in {9, 11} and _valid(clean_siren, text)),
    ("vat_number", lambda text: text[:2] in EU_PREFIXES and _valid(clean_vat, text)),
    ("phone", _looks_like_phone),
    ("links", _looks_like_url),
    ("website", _looks_like_url),
    ("civility", lambda text: bool(clean_civility(text))),
    ("work_country", lambda text: len(text) > 3 and bool(country_code(text))),
]


def _one_each(proposals: list[Proposal], kind: str, added: Mapping[str, Column]) -> list[Proposal]:
    """Give each field that only one column can feed to the surest one, the first of equals that holds anything."""
    fields = {proposal.field for proposal in proposals}
    single = {*added, *(slug for slug in columns(kind) if not takes_many(kind, slug, fields))}
    best: dict[str, Proposal] = {}
    for proposal in sorted(proposals, key=lambda one: (-one.sure, not one.samples, one.column)):
        best.setdefault(proposal.field, proposal)
    return [
        replace(one, field="", sure=0.0, why=_("“%(header)s” goes there") % {"header": best[one.field].header})
        if one.field in single and best[one.field] is not one
        else one
        for one in proposals
    ]


def _whole_names(proposals: list[Proposal], kind: str) -> list[Proposal]:
    """Read a column "Nom" as the whole name where no other column holds first names."""
    fields = {proposal.field for proposal in proposals}
    if kind != CONTACTS or fields & {"first_name", "full_name"}:
        return proposals
    return [replace(one, field="full_name") if one.field == "last_name" else one for one in proposals]
