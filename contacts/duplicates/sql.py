"""What the statements of a search for duplicates have in common."""

from __future__ import annotations

from typing import Any

from django.db import connection

# Names spelled alike have this similarity of trigrams at least.
SPELLED_ALIKE = 0.55
PEOPLE = "contacts_contact"
FIRMS = "contacts_company"


def execute(sql: str, **values: Any) -> None:
    """Run statements of our own with named values."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
