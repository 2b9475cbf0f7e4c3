"""The last step of a search for duplicates: each pair found is looked at for all that speaks for and against it."""

from __future__ import annotations

from contacts.duplicates.reasons import LEAST, Reason, certainty_sql
from contacts.duplicates.sql import FIRMS, PEOPLE, SPELLED_ALIKE, execute
from crm.records.dates import NO_YEAR


def _if(condition: str, reason: Reason) -> str:
    return f"\n| CASE WHEN {condition} THEN {int(reason)} ELSE 0 END"


def _shared(table: str, key: str, owner: str, more: str) -> str:
    """That rows of both records have the same key. Arrays, not a join: that would go through all rows of the key."""
    keys = f"(SELECT array_agg({key}) FROM {table} WHERE {owner} = %s AND {more})"  # noqa: S608
    return f"{keys % 'one'} && {keys % 'two'}"


# Of people a name of one word says little.
_NAMES = f"""
    CASE WHEN a.words = b.words THEN
             CASE WHEN %(is_company)s OR strpos(a.words, ' ') > 0 THEN {Reason.NAME:d} ELSE {Reason.PART:d} END
         WHEN a.spoken = b.spoken THEN {Reason.SOUND:d}
         WHEN similarity(a.words, b.words) >= {SPELLED_ALIKE} THEN {Reason.SPELLING:d}
         WHEN string_to_array(a.words, ' ') @> string_to_array(b.words, ' ')
           OR string_to_array(b.words, ' ') @> string_to_array(a.words, ' ') THEN {Reason.PART:d}
         ELSE 0 END"""
# What each kind is asked about a pair besides, once it is there for one reason; c and d are the records.
_CONTACT_FACTS = "".join(
    [
        _if("c.birthday = d.birthday", Reason.BIRTHDAY),
        _if(
            "c.birthday <> d.birthday AND (to_char(c.birthday, 'MMDD') <> to_char(d.birthday, 'MMDD') OR "
            f"{NO_YEAR} NOT IN (extract(year FROM c.birthday), extract(year FROM d.birthday)))",
            Reason.OTHER_BIRTHDAY,
        ),
        _if("(c.civility, d.civility) IN (('ms', 'mr'), ('mr', 'ms'))", Reason.OTHER_CIVILITY),
        _if(_shared("contacts_affiliation", "company_id", "contact_id", "ended_on IS NULL"), Reason.COMPANY),
        _if(_shared("contacts_postaladdress", "postcode", "contact_id", "postcode <> ''"), Reason.PLACE),
    ]
)
_COMPANY_FACTS = "".join(
    [
        _if("c.siren <> d.siren AND '' NOT IN (c.siren, d.siren)", Reason.OTHER_SIREN),
        _if("c.siret <> d.siret AND '' NOT IN (c.siret, d.siret) AND c.siren = d.siren", Reason.OTHER_SITE),
        _if("c.parent_id = two OR d.parent_id = one", Reason.ABOVE),
        _if(_shared("contacts_postaladdress", "postcode", "company_id", "postcode <> ''"), Reason.PLACE),
    ]
)


def weigh(kind: str, search: int) -> None:
    """Look at each pair found for all that speaks for and against it; write those sure enough, drop those no longer."""
    table, pairs = (PEOPLE, "contacts_contactpair") if kind == "contact" else (FIRMS, "contacts_companypair")
    facts = _CONTACT_FACTS if kind == "contact" else _COMPANY_FACTS
    names = Reason.NAME | Reason.SOUND | Reason.SPELLING
    execute(
        f"""
        ANALYZE contacts_duplicatehit;
        CREATE TEMP TABLE weighed ON COMMIT DROP AS
        WITH hits AS (
            SELECT one, two, bit_or(reason) & ~{int(names)} AS reasons FROM contacts_duplicatehit
            WHERE search_id = %(search)s GROUP BY one, two
        ), facts AS MATERIALIZED (
            SELECT one, two, reasons | {_NAMES}{facts} AS reasons
            FROM hits JOIN contacts_duplicatekey a ON a.kind = %(kind)s AND a.record_id = one
            JOIN contacts_duplicatekey b ON b.kind = %(kind)s AND b.record_id = two
            JOIN {table} c ON c.id = one AND c.trashed_at IS NULL JOIN {table} d ON d.id = two AND d.trashed_at IS NULL
        ), sure AS MATERIALIZED (SELECT *, {certainty_sql(kind, "reasons")} AS certainty FROM facts)
        SELECT * FROM sure WHERE certainty >= {LEAST};
        CREATE INDEX ON weighed (one, two);
        ANALYZE weighed;
        DELETE FROM {pairs} p WHERE NOT EXISTS (SELECT FROM weighed w WHERE w.one = p.one_id AND w.two = p.two_id);
        INSERT INTO {pairs} AS p (one_id, two_id, reasons, certainty, found_at)
            SELECT one, two, reasons, certainty, now() FROM weighed
            ON CONFLICT (one_id, two_id) DO UPDATE SET reasons = excluded.reasons, certainty = excluded.certainty
            WHERE (p.reasons, p.certainty) IS DISTINCT FROM (excluded.reasons, excluded.certainty);
        UPDATE contacts_duplicatesearch SET found = (SELECT count(*) FROM weighed) WHERE id = %(search)s;
        DELETE FROM contacts_duplicatehit WHERE search_id = %(search)s;
        DROP TABLE weighed
        """,  # noqa: S608
        kind=kind,
        search=search,
        is_company=kind == "company",
    )
    execute(f"ANALYZE {pairs}")
