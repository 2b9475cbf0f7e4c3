"""Measure the product over HTTP at a size, beside bare Django views in the same run."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from contacts.sample.demo import PASSWORD
from crm.launcher import postgres, valkey
from crm.launcher.place import place, var_folder
from crm.launcher.run import stop_servers
from integrations.bench import report
from integrations.bench.client import Client
from integrations.bench.imports import imports
from integrations.bench.measure import Pace, Result, measure
from integrations.bench.sample import draw
from integrations.bench.server import prepare, serving
from integrations.bench.work import works

CROWD = 8
SMALL = 1000


class Command(BaseCommand):
    help = "Seed a database of its own, serve it, measure what performance.md asks for; into var/bench/latest.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=100_000, help="Contacts; companies are a tenth.")
        parser.add_argument("--small", type=int, default=SMALL, help="The size to compare with; 0 for none.")
        parser.add_argument("--seconds", type=float, default=0.3, help="Of each of three rounds.")

        parser.add_argument("--quick", action="store_true", help="Ask each thing once, only to see that it works.")

    def handle(self, *_args: Any, size: int, small: int, seconds: float, quick: bool, **_options: Any) -> None:
        pace = Pace(0, rounds=1, fewest=1, warm=0) if quick else Pace(seconds)
        with _servers():
            before = self._run(small, pace, is_crowded=False) if small else []
            rows = self._run(size, pace, is_crowded=True)
            rows += [] if quick else imports(size)
        if before:
            report.compare(before, rows)
        self.stdout.write(report.table(rows))
        report.write([*before, *rows], settings.VAR_DIR / "bench" / "latest.json")

    def _run(self, size: int, pace: Pace, *, is_crowded: bool) -> list[report.Row]:
        """Measure everything at one size."""
        self.stderr.write(f"{size} contacts: preparing")
        environment = prepare(size)
        sample = draw(environment["DATABASE_URL"])
        with serving(environment) as server:
            emails = {"administrator": "administrator@seed.example", "rep": sample.rep, "shared": sample.team_rep}
            clients = {who: Client(server.port).sign_in(email, PASSWORD) for who, email in emails.items()}
            results: list[Result] = []
            for work in works(sample, clients):
                self.stderr.write(f"\r{size} contacts: {work.name:60}", ending="")
                results.append(measure(work, clients[work.who], pace))
                if is_crowded and work.is_crowded:
                    results.append(measure(work, clients[work.who], pace, CROWD))
            self.stderr.write("")
            for client in clients.values():
                client.connection.close()
            memory = report.memory_row(server.megabytes_per_worker(), size)
        return [*report.rows_of(results, size), memory]


@contextmanager
def _servers() -> Iterator[None]:
    """Start the servers of `make run` where they are the ones to use and do not run; stop what was started."""
    var = var_folder()
    here = place(var)
    is_ours = settings.DATABASES["default"]["HOST"] == str(here.sockets) and not (
        here.home.exists() and postgres.is_serving(here)
    )
    ended = signal.signal(signal.SIGTERM, signal.default_int_handler)  # So that what was started is stopped.
    if is_ours:
        # Not start_servers: the settings have named the addresses already, and it starts only what nothing names.
        var.mkdir(mode=0o711, parents=True, exist_ok=True)
        postgres.start(here)
        valkey.start(here)
    try:
        yield
    finally:
        if is_ours:
            stop_servers(var)
        signal.signal(signal.SIGTERM, ended)
