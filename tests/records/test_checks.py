"""An old PostgreSQL is refused before anything is written to it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection


@pytest.mark.django_db
def test_migrate_refuses_a_postgres_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("check", databases=["default"])
    monkeypatch.setattr(connection, "pg_version", 140_011)
    with pytest.raises(CommandError, match="PostgreSQL 14 is too old: Sillage needs 15 or later"):
        call_command("migrate", verbosity=0, skip_checks=False)
