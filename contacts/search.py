"""When the search entries of contacts and companies are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def search_later() -> Iterator[None]:
    """Write the search entries of everything written inside once, at the end, in the same transaction.

    For imports and other bulk writes: without it each statement (contacts, then their e-mail addresses, phones and
    affiliations) writes the entries of its rows anew. An exception takes back rows and entries alike.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT contacts_search_later()")
        yield
        cursor.execute("SELECT contacts_search_now()")
