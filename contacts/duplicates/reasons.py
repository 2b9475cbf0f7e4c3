"""Why two records may be the same, and how sure that makes it: one place for SQL, pages and suggestions alike."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A pair is shown from LEAST on; from CERTAIN on it may be merged together with others.
LEAST, LIKELY, CERTAIN = 50, 75, 95


class Reason(IntFlag):
    """What two records have in common, or what speaks against their being the same."""

    EMAIL = 1
    PHONE = 2
    NAME = 4
    SOUND = 8
    SPELLING = 16
    PART = 32
    BIRTHDAY = 64
    COMPANY = 128
    PLACE = 256
    SIRET = 512
    SIREN = 1024
    VAT = 2048
    LEGAL_ID = 4096
    DOMAIN = 8192
    OTHER_BIRTHDAY = 16384
    OTHER_CIVILITY = 32768
    OTHER_SIREN = 65536
    OTHER_SITE = 131072
    ABOVE = 262144


R = Reason
WORDS: dict[Reason, str | Promise] = {
    R.EMAIL: _("Same e-mail address"),
    R.PHONE: _("Same phone number"),
    R.NAME: _("Same name"),
    R.SOUND: _("Names that sound alike"),
    R.SPELLING: _("Names spelled alike"),
    R.PART: _("One name holds the other"),
    R.BIRTHDAY: _("Same birthday"),
    R.COMPANY: _("Same company"),
    R.PLACE: _("Same postcode"),
    R.SIRET: _("Same SIRET"),
    R.SIREN: _("Same SIREN"),
    R.VAT: _("Same VAT number"),
    R.LEGAL_ID: _("Same legal identifier"),
    R.DOMAIN: _("Same internet domain"),
    R.OTHER_BIRTHDAY: _("But different birthdays"),
    R.OTHER_CIVILITY: _("But different civilities"),
    R.OTHER_SIREN: _("But different SIRENs"),
    R.OTHER_SITE: _("But different SIRETs: two sites of one company?"),
    R.ABOVE: _("But one is the parent company of the other"),
}
AGAINST = R.OTHER_BIRTHDAY | R.OTHER_CIVILITY | R.OTHER_SIREN | R.OTHER_SITE | R.ABOVE
# The fields that a reason tells of: who may not see them does not see the pair either.
TELLS_OF: dict[str, Reason] = {
    "email": R.EMAIL,
    "phone": R.PHONE,
    "first_name": R.NAME | R.SOUND | R.SPELLING | R.PART,
    "last_name": R.NAME | R.SOUND | R.SPELLING | R.PART,
    "name": R.NAME | R.SOUND | R.SPELLING | R.PART,
    "birthday": R.BIRTHDAY | R.OTHER_BIRTHDAY,
    "civility": R.OTHER_CIVILITY,
    "affiliation": R.COMPANY,
    "postaladdress": R.PLACE,
    "siret": R.SIRET | R.OTHER_SITE,
    "siren": R.SIREN | R.OTHER_SIREN,
    "vat_number": R.VAT,
    "legal_id": R.LEGAL_ID,
    "domains": R.DOMAIN,
    "website": R.DOMAIN,
    "parent": R.ABOVE,
}
LEVELS: list[tuple[str, str | Promise, int, str]] = [
    ("certain", pgettext_lazy("duplicate", "Certain"), CERTAIN, "green"),
    ("likely", pgettext_lazy("duplicate", "Likely"), LIKELY, "amber"),
    ("possible", pgettext_lazy("duplicate", "Possible"), LEAST, "gray"),
]

# Of the rules whose reasons are all there the surest counts; what speaks against it is then taken off.
CONTACT_RULES: list[tuple[Reason, int]] = [
    (R.EMAIL | R.NAME, 99),
    (R.EMAIL | R.SOUND, 96),
    (R.EMAIL | R.SPELLING, 92),
    (R.EMAIL | R.PART, 90),
    (R.EMAIL | R.PHONE, 90),
    (R.EMAIL, 60),
    (R.PHONE | R.NAME, 97),
    (R.PHONE | R.SOUND, 90),
    (R.PHONE | R.SPELLING, 85),
    (R.PHONE | R.PART, 85),
    (R.PHONE, 50),
    (R.NAME | R.BIRTHDAY, 97),
    (R.SOUND | R.BIRTHDAY, 90),
    (R.SPELLING | R.BIRTHDAY, 85),
    (R.PART | R.BIRTHDAY, 70),
    (R.NAME | R.COMPANY, 90),
    (R.SOUND | R.COMPANY, 80),
    (R.SPELLING | R.COMPANY, 70),
    (R.NAME | R.PLACE, 80),
    (R.SOUND | R.PLACE, 65),
    (R.NAME, 60),
    (R.SOUND, 50),
]
COMPANY_RULES: list[tuple[Reason, int]] = [
    (R.SIRET, 98),
    (R.SIREN, 96),
    (R.VAT, 95),
    (R.LEGAL_ID | R.NAME, 97),
    (R.LEGAL_ID, 85),
    (R.DOMAIN | R.NAME, 96),
    (R.DOMAIN | R.SOUND, 90),
    (R.DOMAIN | R.SPELLING, 85),
    (R.DOMAIN | R.PART, 80),
    (R.DOMAIN, 60),
    (R.EMAIL | R.NAME, 95),
    (R.EMAIL, 65),
    (R.PHONE | R.NAME, 95),
    (R.PHONE | R.SOUND, 88),
    (R.PHONE | R.SPELLING, 80),
    (R.PHONE | R.PART, 80),
    (R.PHONE, 60),
    (R.NAME | R.PLACE, 88),
    (R.SOUND | R.PLACE, 70),
    (R.SPELLING | R.PLACE, 60),
    (R.NAME, 65),
    (R.SOUND, 50),
]
RULES = {"contact": CONTACT_RULES, "company": COMPANY_RULES}
TAKEN_OFF = {R.OTHER_BIRTHDAY: 40, R.OTHER_CIVILITY: 20, R.OTHER_SIREN: 40, R.OTHER_SITE: 25, R.ABOVE: 40}


def certainty(kind: str, reasons: int) -> int:
    """How sure, of 100, that two records of a kind ("contact", "company") with these reasons are the same."""
    best = max((sure for needed, sure in RULES[kind] if reasons & needed == needed), default=0)
    return max(0, best - sum(off for against, off in TAKEN_OFF.items() if reasons & against))


def certainty_sql(kind: str, reasons: str) -> str:
    """The same as an SQL expression over an integer column."""
    best = ", ".join(
        f"CASE WHEN {reasons} & {int(need)} = {int(need)} THEN {sure} ELSE 0 END" for need, sure in RULES[kind]
    )
    off = "".join(
        f" - CASE WHEN {reasons} & {int(against)} > 0 THEN {n} ELSE 0 END" for against, n in TAKEN_OFF.items()
    )
    return f"greatest(0, greatest({best}){off})"


def telling_of(fields: Iterable[str]) -> int:
    """All reasons that tell something of one of these fields."""
    told = Reason(0)
    for name in fields:
        told |= TELLS_OF.get(name, Reason(0))
    return int(told)


def words_of(reasons: int) -> list[tuple[str, bool]]:
    """The reasons in words, each with whether it speaks against; what speaks for it first."""
    return [(str(words), bool(reason & AGAINST)) for reason, words in WORDS.items() if reasons & reason]


def level_of(sure: int) -> tuple[str, str, str]:
    """How sure in one word: its slug, the word, its hue."""
    return next((slug, str(word), hue) for slug, word, least, hue in LEVELS if sure >= least)
