"""Likely twins of a record that is being typed: found by indexes alone, so that the answer is there while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from contacts.duplicates.reasons import LEAST, Reason, certainty, level_of, telling_of, words_of
from contacts.duplicates.sql import FIRMS, PEOPLE, SPELLED_ALIKE
from contacts.models import Company, Contact
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.text import norm
from crm.records.veil import veil

SHOWN, LOOKED_AT = 5, 100


@dataclass(frozen=True)
class Twin:
    """A record that may be the one being typed; `level` is slug, word and hue."""

    record: Any
    level: tuple[str, str, str]
    reasons: list[tuple[str, bool]]
    detail: str


def likely_contacts(typed: dict[str, Any], user: User) -> list[Twin]:
    """Contacts like the clean values of the form of a new one (those fields that are right so far)."""
    first, last = typed.get("first_name", ""), typed.get("last_name", "")
    found = _hits(
        "contact",
        f"{last} {first}" if first and last else "",
        [
            ("SELECT contact_id FROM contacts_email WHERE address = %s", typed.get("email", ""), Reason.EMAIL),
            ("SELECT contact_id FROM contacts_phone WHERE number = %s", typed.get("phone", ""), Reason.PHONE),
        ],
    )
    company, birthday = typed.get("company"), typed.get("birthday")
    rows: Any = Contact.objects.with_company().visible_to(user).filter(pk__in=found)
    for row in rows:
        if company is not None and row.company_name and norm(row.company_name) == norm(company.name):
            found[row.pk] |= Reason.COMPANY
        if birthday and row.birthday:
            found[row.pk] |= Reason.BIRTHDAY if row.birthday == birthday else Reason.OTHER_BIRTHDAY
    return _twins("contact", rows, found, user)


def likely_companies(typed: dict[str, Any], user: User) -> list[Twin]:
    """Companies like the clean values of the form of a new one."""
    firm = "SELECT id FROM contacts_company WHERE {} = %s AND trashed_at IS NULL"
    siren = typed.get("siren") or typed.get("siret", "")[:9] or _siren_of(typed.get("vat_number", ""))
    found = _hits("company", typed.get("name", ""), [(firm.format("siren"), siren, Reason.SIREN)])
    rows: Any = Company.objects.visible_to(user).filter(pk__in=found)
    for row in rows:
        for name, reason in (("siret", Reason.SIRET), ("vat_number", Reason.VAT), ("legal_id", Reason.LEGAL_ID)):
            if typed.get(name) and typed[name] == getattr(row, name):
                found[row.pk] |= reason
        if siren and row.siren and siren != row.siren:
            found[row.pk] |= Reason.OTHER_SIREN
        if set(typed.get("domains") or ()) & set(row.domains):
            found[row.pk] |= Reason.DOMAIN
    return _twins("company", rows, found, user)


def _siren_of(vat_number: str) -> str:
    """A French VAT number ends in the SIREN."""
    return vat_number[4:] if vat_number.startswith("FR") else ""


def _hits(kind: str, name: str, codes: list[tuple[str, str, Reason]]) -> dict[int, Reason]:
    """Keys of records that share a code or the sound of the name, with what their names have in common. One statement.

    Names as the last search heard them, and those that are written the same now.
    """
    name = norm(name)
    table, is_company = (PEOPLE, "false") if kind == "contact" else (FIRMS, "true")
    sources = [(_few(sql, reason), value) for sql, value, reason in codes if value]
    if len(name) > 2:
        heard = (
            f"SELECT record_id FROM contacts_duplicatekey WHERE kind = '{kind}' AND spoken = (SELECT spoken FROM typed)"  # noqa: S608
        )
        same = f"SELECT id FROM {table} WHERE sort_name = %s AND trashed_at IS NULL"  # noqa: S608
        sources += [(_few(heard, Reason(0)), ""), (_few(same, Reason(0)), name)]
    if not sources:
        return {}
    union = " UNION ALL ".join(sql for sql, _value in sources)
    words = f"duplicate_words(sort_name, {is_company})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH typed AS (SELECT words, duplicate_spoken_words(words) AS spoken "  # noqa: S608
            f"FROM duplicate_words(%s, {is_company}) AS words), "
            f"hits (id, reason) AS (SELECT id, bit_or(reason) FROM ({union}) AS every (id, reason) "
            "WHERE id IS NOT NULL GROUP BY id) "
            f"SELECT id, reason | CASE WHEN typed.words = '' THEN 0 WHEN {words} = typed.words THEN {int(Reason.NAME)} "
            f"WHEN duplicate_spoken_words({words}) = typed.spoken THEN {int(Reason.SOUND)} "
            f"WHEN similarity({words}, typed.words) >= {SPELLED_ALIKE} THEN {int(Reason.SPELLING)} ELSE 0 END "
            f"FROM hits JOIN {table} USING (id) CROSS JOIN typed WHERE trashed_at IS NULL",
            [name, *(value for _sql, value in sources if value)],
        )
        return {key: Reason(reasons) for key, reasons in cursor.fetchall()}


def _few(sql: str, reason: Reason) -> str:
    """Some keys, each with the reason it is there for."""
    return f"(SELECT source.*, {int(reason)} FROM ({sql} LIMIT {LOOKED_AT}) AS source)"  # noqa: S608


def _twins(kind: str, rows: Any, found: dict[int, Reason], user: User) -> list[Twin]:
    """The surest first; nothing of what is hidden from the user, neither in words nor by a reason."""
    hidden = telling_of(user.rights.hidden(f"contacts.{kind}"))
    sure = {row.pk: certainty(kind, found[row.pk]) for row in rows if not found[row.pk] & hidden}
    kept = sorted((row for row in rows if sure.get(row.pk, 0) >= LEAST), key=lambda row: (-sure[row.pk], row.pk))[
        :SHOWN
    ]
    return [Twin(row, level_of(sure[row.pk]), words_of(found[row.pk]), _detail(row)) for row in veil(kept, user)]


def _detail(row: Any) -> str:
    """What tells the record from others of its name."""
    shown = (row.company_name, row.job_title) if kind_of(row) == kind_of(Contact) else (row.siren, row.sector)
    return " · ".join(part for part in shown if part)
