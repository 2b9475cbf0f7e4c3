"""The search for duplicates over all records of a kind: steps of set-based SQL, each one transaction.

A step gathers records into blocks of the same e-mail address, phone, sound of the name and so on, and keeps the pairs
within each block. A block larger than its cap says nothing (a switchboard, a very common name) and is left out, so that
the number of pairs grows with the records and never with their square. The last step looks at each pair once more for
all that speaks for and against it, and writes those that are sure enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.duplicates.reasons import Reason
from contacts.duplicates.sql import FIRMS, PEOPLE, SPELLED_ALIKE, execute
from contacts.duplicates.weighing import weigh
from contacts.emails import MAILBOX_DOMAINS


@dataclass(frozen=True)
class Step:
    """One step: its words for the person who waits, and what it does to the search of that key."""

    words: str | Promise
    run: Callable[[int], None]


@dataclass(frozen=True)
class Block:
    """Records that share a value. `source` selects (record, key); a key held by more than `cap` records says nothing.

    `alike`: only pairs whose names have this similarity of trigrams.
    """

    reason: Reason
    source: str
    cap: int
    alike: float = 0


def _read_names(kind: str, _search: int) -> None:
    """Bring the keys of the kind up to date: only what changed is written. Each distinct word is heard once."""
    table = PEOPLE if kind == "contact" else FIRMS
    execute(
        f"""
        CREATE TEMP TABLE fresh ON COMMIT DROP AS
            SELECT id, duplicate_words(sort_name, %(is_company)s) AS words FROM {table} WHERE trashed_at IS NULL;
        CREATE TEMP TABLE heard ON COMMIT DROP AS
            SELECT word, duplicate_spoken(word) AS said, duplicate_sound(word) AS sound FROM
            (SELECT DISTINCT unnest(string_to_array(words, ' ')) AS word FROM fresh) AS words;
        ANALYZE heard;
        CREATE TEMP TABLE keys ON COMMIT DROP AS
            SELECT id, words, string_agg(DISTINCT said, ' ' ORDER BY said) AS spoken,
                string_agg(DISTINCT sound, ' ' ORDER BY sound) AS sounds
            FROM (SELECT id, words, unnest(string_to_array(words, ' ')) AS word FROM fresh) AS each
            JOIN heard USING (word) GROUP BY id, words;
        DELETE FROM contacts_duplicatekey k WHERE kind = %(kind)s
            AND NOT EXISTS (SELECT FROM {table} r WHERE r.id = k.record_id AND r.trashed_at IS NULL);
        INSERT INTO contacts_duplicatekey AS k (kind, record_id, words, spoken, sounds)
            SELECT %(kind)s, id, words, spoken, sounds FROM keys
            ON CONFLICT (kind, record_id) DO UPDATE
            SET words = excluded.words, spoken = excluded.spoken, sounds = excluded.sounds
            WHERE (k.words, k.spoken, k.sounds) IS DISTINCT FROM (excluded.words, excluded.spoken, excluded.sounds);
        DROP TABLE fresh, heard, keys;
        ANALYZE contacts_duplicatekey
        """,  # noqa: S608 - names of our own tables
        kind=kind,
        is_company=kind == "company",
    )


def _gather(kind: str, block: Block, search: int) -> None:
    """Keep the pairs of each block that is not too large."""
    alike = ""
    if block.alike:
        alike = f"""
            JOIN contacts_duplicatekey a ON a.kind = %(kind)s AND a.record_id = ids[i]
            JOIN contacts_duplicatekey b ON b.kind = %(kind)s AND b.record_id = ids[j]
            WHERE similarity(a.words, b.words) >= {block.alike}"""
    execute(
        f"""
        INSERT INTO contacts_duplicatehit (search_id, one, two, reason)
        SELECT %(search)s, ids[i], ids[j], %(reason)s
        FROM (
            SELECT array_agg(DISTINCT record ORDER BY record) AS ids FROM ({block.source}) AS source (record, key)
            GROUP BY key HAVING count(*) BETWEEN 2 AND %(cap)s
        ) AS blocks
        CROSS JOIN LATERAL generate_series(1, cardinality(ids)) AS i
        CROSS JOIN LATERAL generate_series(i + 1, cardinality(ids)) AS j{alike}
        """,  # noqa: S608
        search=search,
        kind=kind,
        reason=int(block.reason),
        cap=block.cap,
        mailboxes=sorted(MAILBOX_DOMAINS),
    )


def _live(table: str, owner: str, key: str, more: str = "true") -> str:
    """A source of the rows of a table that belong to live records."""
    record = PEOPLE if owner == "contact_id" else FIRMS
    return f"SELECT {owner}, {key} FROM {table} t JOIN {record} r ON r.id = {owner} WHERE trashed_at IS NULL AND {more}"  # noqa: S608


def _keyed(kind: str, key: str, joins: str = "", more: str = "true") -> str:
    """A source over the keys of the names; names of one word only say too little."""
    table = PEOPLE if kind == "contact" else FIRMS
    return (
        f"SELECT k.record_id, {key} FROM contacts_duplicatekey k JOIN {table} r ON r.id = k.record_id {joins} "  # noqa: S608
        f"WHERE k.kind = '{kind}' AND {more}"
    )


TWO_WORDS = "strpos(k.words, ' ') > 0"
AT_WORK = "JOIN contacts_affiliation a ON a.contact_id = k.record_id AND a.ended_on IS NULL"
LIVES = "JOIN contacts_postaladdress a ON a.contact_id = k.record_id AND a.postcode <> ''"
SITS = "JOIN contacts_postaladdress a ON a.company_id = k.record_id AND a.postcode <> ''"

CONTACT_BLOCKS: list[tuple[str | Promise, list[Block]]] = [
    (_("E-mail addresses"), [Block(Reason.EMAIL, _live("contacts_email", "contact_id", "address"), 20)]),
    (_("Phone numbers"), [Block(Reason.PHONE, _live("contacts_phone", "contact_id", "number"), 10)]),
    (
        _("Names"),
        [
            Block(Reason.NAME, _keyed("contact", "words", more=TWO_WORDS), 6),
            Block(Reason.SOUND, _keyed("contact", "spoken", more=TWO_WORDS), 6),
        ],
    ),
    (
        _("Names and birthdays"),
        [
            Block(
                Reason.SPELLING, _keyed("contact", "(sounds, birthday)", more="birthday IS NOT NULL"), 20, SPELLED_ALIKE
            ),
            Block(
                Reason.SPELLING,
                _keyed("contact", "(birthday, left(sort_name, 1))", more="birthday IS NOT NULL"),
                60,
                SPELLED_ALIKE,
            ),
        ],
    ),
    (
        _("Names within companies"),
        [
            Block(Reason.SPELLING, _keyed("contact", "(sounds, a.company_id)", AT_WORK), 20, SPELLED_ALIKE),
            Block(Reason.SPELLING, _keyed("contact", "(a.company_id, left(sort_name, 1))", AT_WORK), 40, SPELLED_ALIKE),
        ],
    ),
    (
        _("Names and postcodes"),
        [Block(Reason.SPELLING, _keyed("contact", "(sounds, a.postcode)", LIVES, TWO_WORDS), 20, SPELLED_ALIKE)],
    ),
]
_DOMAINS = """
    SELECT id, domain FROM contacts_company CROSS JOIN LATERAL (
        SELECT jsonb_array_elements_text(domains)
        UNION SELECT lower(substring(website from '^(?:https?://)?(?:www\\.)?([^/:?#]+)'))
    ) AS known (domain)
    WHERE trashed_at IS NULL AND domain <> '' AND domain <> ALL (%(mailboxes)s)"""


def _column(name: str) -> str:
    return f"SELECT id, {name} FROM contacts_company WHERE trashed_at IS NULL AND {name} <> ''"  # noqa: S608


COMPANY_BLOCKS: list[tuple[str | Promise, list[Block]]] = [
    (
        _("Legal identifiers"),
        [
            Block(Reason.SIRET, _column("siret"), 20),
            Block(Reason.SIREN, _column("siren"), 20),
            Block(Reason.VAT, _column("vat_number"), 20),
            Block(Reason.LEGAL_ID, _column("legal_id"), 20),
        ],
    ),
    (_("Internet domains"), [Block(Reason.DOMAIN, _DOMAINS, 10)]),
    (_("E-mail addresses"), [Block(Reason.EMAIL, _live("contacts_email", "company_id", "address"), 10)]),
    (_("Phone numbers"), [Block(Reason.PHONE, _live("contacts_phone", "company_id", "number"), 10)]),
    (
        _("Names"),
        [
            Block(Reason.NAME, _keyed("company", "words"), 6),
            Block(Reason.SOUND, _keyed("company", "spoken"), 6),
        ],
    ),
    (
        _("Names and postcodes"),
        [
            Block(Reason.SPELLING, _keyed("company", "(sounds, a.postcode)", SITS), 20, SPELLED_ALIKE),
            Block(Reason.SPELLING, _keyed("company", "(a.postcode, left(sort_name, 2))", SITS), 40, SPELLED_ALIKE),
        ],
    ),
]


def _steps(kind: str, blocks: list[tuple[str | Promise, list[Block]]]) -> list[Step]:
    def gather(chosen: list[Block], search: int) -> None:
        for block in chosen:
            _gather(kind, block, search)

    return [
        Step(_("Reading the names"), partial(_read_names, kind)),
        *(Step(words, partial(gather, chosen)) for words, chosen in blocks),
        Step(_("Weighing the pairs"), partial(weigh, kind)),
    ]


STEPS = {"contact": _steps("contact", CONTACT_BLOCKS), "company": _steps("company", COMPANY_BLOCKS)}
