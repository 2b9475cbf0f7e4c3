"""How the tables go back to what they held at first, after a test that committed.

Django's `flush` truncates every table and fills the defaults in anew, a second each time; most were never touched.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

# Kept beside the tables: a copy of each that is not empty at first, and the way back to it.
KEEP = """
DROP SCHEMA IF EXISTS beginning CASCADE;
CREATE SCHEMA beginning;
DO $$
DECLARE t regclass;
BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('CREATE TABLE beginning.%s AS TABLE public.%s', t, t);
    END LOOP;
END $$;
CREATE FUNCTION beginning.go_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t regclass;
    columns text;
    is_filled boolean;
BEGIN
    -- Neither triggers nor foreign keys: the rows are those of a moment when all was well. Needs a superuser.
    SET LOCAL session_replication_role = replica;
    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%s)', t) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('DELETE FROM public.%s', t);
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM beginning.%s)', t) INTO is_filled;
        IF is_filled THEN
            SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
            WHERE attrelid = t AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            EXECUTE format('INSERT INTO public.%s (%s) SELECT %s FROM beginning.%s', t, columns, columns, t);
        END IF;
    END LOOP;
END $$;
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's database as pytest-django makes it, whose first rows are kept; tests that commit go back to them."""
    with django_db_blocker.unblock():
        keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", go_back)
        yield


@pytest.fixture
def without_beginning(transactional_db: None) -> None:
    """A database of tables alone, for those who dump or replace all of it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA beginning CASCADE")


def keep() -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEEP)


def go_back(_test: TransactionTestCase) -> None:
    """Put every table back to its first rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('beginning')")
        if cursor.fetchone()[0] is not None:
            cursor.execute("SELECT beginning.go_back()")
            return
    call_command("flush", verbosity=0, interactive=False)
    keep()
