"""Rows on their way into the database by COPY."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

Value = str | int | None
OWNED = ("id", "owner_id", "team_id", "created_at", "updated_at", "touched_at")
POINT = ("contact_id", "company_id", "label", "is_primary")
# In the order of foreign keys.
COLUMNS = {
    "contacts_company": (
        *(*OWNED, "parent_id", "name", "trade_name", "siren", "siret", "vat_number", "legal_id", "sector", "size"),
        *("turnover", "founded", "website", "domains", "notes"),
    ),
    "contacts_contact": (
        *(*OWNED, "civility", "first_name", "last_name", "job_title", "department", "birthday", "language"),
        *("lifecycle", "source", "consent", "consent_on", "consent_basis", "do_not_call", "notes", "photo"),
    ),
    "contacts_email": (*POINT, "address"),
    "contacts_phone": (*POINT, "number", "digits"),
    "contacts_postaladdress": (*POINT, "street", "postcode", "city", "region", "country"),
    "contacts_affiliation": ("contact_id", "company_id", "role", "started_on", "ended_on", "is_primary"),
    "contacts_contacttag": ("contact_id", "tag_id"),
    "contacts_companytag": ("company_id", "tag_id"),
}


class Rows:
    """The rows of one chunk, by table, as lines of COPY's text format. Values hold no tab, backslash or line break."""

    columns = COLUMNS

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = defaultdict(list)

    def add(self, table: str, *values: Value) -> None:
        self.lines[table].append("\t".join(["\\N" if value is None else str(value) for value in values]) + "\n")

    def copy(self) -> int:
        """Send everything in the order of foreign keys; the number of rows."""
        with connection.cursor() as cursor:
            for table, columns in self.columns.items():
                if table in self.lines:
                    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                        copy.write("".join(self.lines[table]))
        return sum(map(len, self.lines.values()))


def reserve(table: str, count: int) -> int:
    """Take `count` keys in a row from a table's sequence; the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + %s) - %s FROM pg_get_serial_sequence(%s, 'id') AS s",
            [count - 1] * 2 + [table],
        )
        (first,) = cursor.fetchone()
    return int(first)
