"""What `migrate` checks of the database before it touches it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error
from django.db import connections
from django.db.utils import NotSupportedError

from crm.launcher.postgres import LEAST_MAJOR


def check_postgres_version(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[Error]:
    """The least PostgreSQL supported is named in one place; an older one is refused in one sentence."""
    errors = []
    for alias in databases or ():
        try:
            found = getattr(connections[alias], "pg_version", 0) // 10_000
        except NotSupportedError as error:  # Django refuses very old ones by itself.
            errors.append(Error(str(error), id="sillage.E001"))
            continue
        if found < LEAST_MAJOR:
            sentence = f"PostgreSQL {found} is too old: Sillage needs {LEAST_MAJOR} or later."
            errors.append(Error(sentence, id="sillage.E001"))
    return errors
