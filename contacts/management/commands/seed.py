"""Fill a database with many invented contacts and companies, to try its size."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.module_loading import import_string

from contacts.models import Company, CompanyEntry, Contact, ContactEntry
from contacts.sample import SEEDS
from contacts.sample.bulk import Bulk, share_some
from contacts.sample.demo import PASSWORD
from contacts.sample.indexes import indexes_later
from contacts.sample.rows import COLUMNS
from contacts.sample.staff import hire, tags
from crm.access.models import User
from crm.records.frequency import count_beginnings
from crm.records.search import entry_models

TABLES = (*COLUMNS, ContactEntry._meta.db_table, CompanyEntry._meta.db_table)


class Command(BaseCommand):
    help = "Add invented contacts and companies, owned by invented colleagues; the same for the same --seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contacts", type=int, default=1000)
        parser.add_argument("--companies", type=int, help="Default: a tenth of the contacts.")
        parser.add_argument("--users", type=int, default=50, help="Colleagues to make where there are none.")
        parser.add_argument("--shares", type=int, default=0, help="Contacts of others to share with the second rep.")
        parser.add_argument("--seed", type=int, default=1)
        for name in SEEDS:
            parser.add_argument(f"--{name}", type=int, default=0)

    def handle(self, *_args: Any, contacts: int, companies: int | None, users: int, seed: int, **options: Any) -> None:
        began = time.perf_counter()
        staff = list(User.objects.filter(roles__slug="sales-rep").order_by("pk")) or hire(users, PASSWORD)
        written = 0
        companies = contacts // 10 if companies is None else companies
        is_empty = not Contact.objects.exists() and not Company.objects.exists()
        with indexes_later(TABLES) if is_empty else nullcontext():
            for rows in Bulk(staff, tags(), seed).write(contacts, companies):
                written += rows
                self.stderr.write(f"\r{written} rows", ending="")
        for name, path in SEEDS.items():
            for rows in import_string(path)(staff, options[name], seed) if options.get(name) else ():
                written += rows
                self.stderr.write(f"\r{written} rows", ending="")
        if options.get("shares"):
            share_some(staff[1], options["shares"])
        count_beginnings(entry_models())
        with connection.cursor() as cursor:
            cursor.execute(
                "VACUUM ANALYZE" if connection.get_autocommit() and not connection.in_atomic_block else "ANALYZE"
            )
        seconds = time.perf_counter() - began
        self.stdout.write(
            f"{contacts} contacts in {written} rows, {seconds:.1f} s: {contacts / seconds:.0f} contacts/s, "
            f"{written / seconds:.0f} rows/s. Sign in as rep1@seed.example, administrator@seed.example: {PASSWORD}"
        )
