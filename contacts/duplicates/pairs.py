"""Pairs of likely duplicates as people see them: side by side, why, how sure, and what the viewer may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat, Trim
from django.http import QueryDict
from django.utils.translation import gettext as _

from contacts.duplicates.reasons import CERTAIN, LEVELS, LIKELY, WORDS, Reason, level_of, words_of
from contacts.models import Company, CompanyPair, Contact, ContactPair, Email, Phone, PostalAddress
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.veil import veil
from crm.ui import formatting

PAIRS: dict[type[Any], type[Any]] = {Contact: ContactPair, Company: CompanyPair}
BETWEEN = {"certain": (CERTAIN, 100), "likely": (LIKELY, CERTAIN - 1), "possible": (0, LIKELY - 1)}
# What can be asked for, of each kind.
ASKED = {
    "contact": [R for R in Reason if R < Reason.SIRET],
    "company": [
        *(Reason.SIREN, Reason.SIRET, Reason.VAT, Reason.LEGAL_ID, Reason.DOMAIN, Reason.EMAIL, Reason.PHONE),
        *(Reason.NAME, Reason.SOUND, Reason.SPELLING, Reason.PART, Reason.PLACE),
    ],
}


@dataclass(frozen=True)
class Asked:
    """Which pairs the page's address asks for; what cannot be read is left out."""

    level: str = ""
    reason: Reason | None = None
    record: int = 0

    @property
    def is_narrowed(self) -> bool:
        return bool(self.level or self.reason or self.record)

    @property
    def slug(self) -> str:
        """The reason as the address names it."""
        return (self.reason.name or "").lower() if self.reason is not None else ""


def read_asked(params: QueryDict, kind: str) -> Asked:
    """Read `level`, `reason` and `record` of an address."""
    level, record = params.get("level", ""), params.get("record", "")
    names = {(reason.name or "").lower(): reason for reason in ASKED[kind]}
    return Asked(
        level if level in BETWEEN else "",
        names.get(params.get("reason", "")),
        int(record) if record.isascii() and record.isdigit() and len(record) < 19 else 0,
    )


def pairs_for(model: type[Any], user: User, asked: Asked) -> Any:
    """The pairs of a kind that the user sees, narrowed."""
    pairs = PAIRS[model].objects.visible_to(user)
    if asked.level:
        pairs = pairs.filter(certainty__range=BETWEEN[asked.level])
    if asked.reason:
        pairs = pairs.annotate(asked=F("reasons").bitand(int(asked.reason))).filter(asked__gt=0)
    if asked.record:
        pairs = pairs.filter(Q(one=asked.record) | Q(two=asked.record))
    return pairs


def choices(kind: str) -> list[tuple[str, str]]:
    """The reasons that can be asked for, by the name the address gives them."""
    return [((reason.name or "").lower(), str(WORDS[reason])) for reason in ASKED[kind]]


def levels() -> list[tuple[str, str]]:
    return [(slug, str(word)) for slug, word, _least, _hue in LEVELS]


@dataclass(frozen=True)
class Line:
    """One fact of both records, and whether it is the same."""

    label: str
    one: list[str]
    two: list[str]
    is_same: bool


@dataclass(frozen=True)
class Card:
    """One pair as drawn: `level` is slug, word and hue, `reasons` are words, each with whether it speaks against."""

    pair: Any
    one: Any
    two: Any
    level: tuple[str, str, str]
    reasons: list[tuple[str, bool]]
    lines: list[Line]
    may_merge: bool
    may_part: bool


def cards(pairs: Iterable[Any], model: type[Any], user: User) -> list[Card]:
    """Pairs with both records as the viewer sees them. One statement, however many pairs."""
    pairs = list(pairs)
    kind = model._meta.model_name
    rows: Any = model.objects.visible_to(user).with_acts(user).select_related("owner")
    rows = rows.annotate(
        addresses_of=_all_of(Email, kind, F("address")),
        numbers_of=_all_of(Phone, kind, F("number")),
        towns_of=_all_of(PostalAddress, kind, Trim(Concat("postcode", Value(" "), "city"))),
    )
    if model is Contact:
        rows = rows.with_company()
    rows = rows.filter(pk__in={key for pair in pairs for key in (pair.one_id, pair.two_id)})
    found = {row.pk: row for row in veil(rows, user)}
    return [_card(p, found[p.one_id], found[p.two_id], user) for p in pairs if p.one_id in found and p.two_id in found]


def _all_of(model: Any, kind: str, value: Any) -> ArraySubquery:
    """One value of each of the rows that belong to a record, the primary one first."""
    rows = model.objects.filter(**{kind: OuterRef("pk")}).order_by("-is_primary", "id")
    return ArraySubquery(rows.annotate(asked=value).values("asked"))


def _card(pair: Any, one: Any, two: Any, user: User) -> Card:
    facts = zip(_facts(one, user), _facts(two, user), strict=True)
    lines = [Line(label, a, b, bool(_alike(a) & _alike(b))) for (label, a), (_label, b) in facts if a or b]
    return Card(
        pair,
        one,
        two,
        level_of(pair.certainty),
        words_of(pair.reasons),
        lines,
        may_merge=(one.may_edit and two.may_delete) or (two.may_edit and one.may_delete),
        may_part=one.may_edit or two.may_edit,
    )


def _alike(values: list[str]) -> set[str]:
    return {value.casefold() for value in values}


def _facts(row: Any, user: User) -> list[tuple[str, list[str]]]:
    """What tells one record from another, each fact with its values in words; without what is hidden from the user."""
    if isinstance(row, Contact):
        shown: list[tuple[str, str, list[Any]]] = [
            ("affiliation", _("Company"), [getattr(row, "company_name", "")]),
            ("job_title", _("Job title"), [row.job_title]),
            ("birthday", _("Birthday"), [formatting.day(row.birthday) if row.birthday else ""]),
        ]
    else:
        shown = [
            ("siren", "SIREN", [row.siren]),
            ("siret", "SIRET", [row.siret]),
            ("vat_number", _("VAT number"), [row.vat_number]),
            ("legal_id", _("Other legal identifier"), [row.legal_id]),
            ("website", _("Website"), [row.website]),
            ("domains", _("Mail domains"), row.domains),
        ]
    shown += [
        ("email", _("E-mail"), row.addresses_of),
        ("phone", _("Phone"), [formatting.phone(number) for number in row.numbers_of]),
        ("postaladdress", _("Town"), row.towns_of),
        ("owner", _("Owner"), [row.owner.name if row.owner else ""]),
        ("created_at", _("Created"), [formatting.day(row.created_at.date())]),
    ]
    hidden = user.rights.hidden(kind_of(row))
    return [(label, [str(value) for value in values if value]) for name, label, values in shown if name not in hidden]


def twins_of(record: Any, user: User, most: int = 4) -> list[tuple[Any, tuple[str, str, str], list[tuple[str, bool]]]]:
    """The likely duplicates of one record that the user sees, the surest first: which, how sure, why. One statement."""
    pairs = PAIRS[type(record)].objects.visible_to(user).filter(Q(one=record.pk) | Q(two=record.pk))
    found = pairs.select_related("one", "two").order_by("-certainty", "pk")[:most]
    return [
        (
            veil([pair.two if pair.one_id == record.pk else pair.one], user)[0],
            level_of(pair.certainty),
            words_of(pair.reasons),
        )
        for pair in found
    ]
