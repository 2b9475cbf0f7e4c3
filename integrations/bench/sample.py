"""What the bench asks about: people, words and keys that are in its database."""

from __future__ import annotations

import random
from dataclasses import dataclass

import psycopg

from crm.records.text import norm

DRAWN = 200
_PEOPLE = """
    SELECT c.id, c.first_name, c.last_name, e.address, p.number
    FROM contacts_contact c
    JOIN contacts_email e ON e.contact_id = c.id AND e.is_primary
    JOIN contacts_phone p ON p.contact_id = c.id AND p.is_primary
    WHERE c.trashed_at IS NULL AND c.first_name <> '' AND (%(owner)s::bigint IS NULL OR c.owner_id = %(owner)s)
    ORDER BY hashint8(c.id) LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Person:
    """A contact of the database; names as stored."""

    pk: int
    first: str
    last: str
    email: str
    phone: str


@dataclass
class Sample:
    """People to ask about: anybody, and those of the rep who owns about one contact in a hundred."""

    rep: str
    team_rep: str
    anybody: list[Person]
    own: list[Person]
    keys: list[int]
    own_keys: list[int]
    companies: list[int]
    deals: list[int]
    tag: int

    def prefixes(self, length: int, people: list[Person]) -> list[str]:
        """Beginnings of the names people type, by how frequent the names are."""
        names = [norm(name) for person in people for name in (person.last, person.first)]
        return [name[:length] for name in names if len(name) >= length]


def draw(url: str) -> Sample:
    """Read a sample from the bench's database, the same for the same database."""
    with psycopg.connect(url) as database:
        reps = database.execute(
            "SELECT u.id, u.email FROM access_user u JOIN contacts_contact c ON c.owner_id = u.id "
            "WHERE u.email LIKE 'rep%@seed.example' GROUP BY u.id "
            "ORDER BY abs(count(*) - (SELECT count(*) FROM contacts_contact) * 0.01), u.id LIMIT 1"
        ).fetchone()
        if reps is None:
            raise RuntimeError("the bench's database has no sales rep")
        rep, email = reps

        def people(owner: int | None) -> list[Person]:
            rows = database.execute(_PEOPLE, {"owner": owner, "limit": DRAWN}).fetchall()
            random.Random(1).shuffle(rows)  # noqa: S311
            return [Person(*row) for row in rows]

        def column(query: str, *values: object) -> list[int]:
            return [row[0] for row in database.execute(query, values)]

        return Sample(
            rep=email,
            team_rep="rep2@seed.example",
            anybody=people(None),
            own=people(rep) or people(None),
            keys=column("SELECT id FROM contacts_contact ORDER BY hashint8(id) LIMIT 500"),
            own_keys=column("SELECT id FROM contacts_contact WHERE owner_id = %s ORDER BY id LIMIT 500", rep),
            companies=column("SELECT id FROM contacts_company ORDER BY hashint8(id) LIMIT 50"),
            deals=column("SELECT id FROM opportunities_opportunity ORDER BY hashint8(id) LIMIT 100"),
            tag=column("SELECT min(id) FROM records_tag")[0],
        )
