"""`manage.py duplicates [contacts] [companies]`: look for duplicates now, and say how many pairs were found."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from contacts.duplicates.finding import STEPS
from contacts.duplicates.searches import begin_search, do_step, end
from contacts.models import DuplicateSearch

KINDS = {"contacts": "contact", "companies": "company"}


class Command(BaseCommand):
    help = "Look for likely duplicates among all contacts and companies. What was stopped half-way is gone on with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="KIND", help="contacts, companies; default: both")
        parser.add_argument("--anew", action="store_true", help="from the beginning, also where one was half-way")

    def handle(self, *_args: Any, kinds: list[str], anew: bool, **_options: Any) -> None:
        for kind in kinds:
            if kind not in KINDS:
                raise CommandError(f"“{kind}” is neither “contacts” nor “companies”.")
        with translation.override("en"):  # As all commands speak.
            for plural in kinds or KINDS:
                self._search(plural, KINDS[plural], anew)

    def _search(self, plural: str, kind: str, anew: bool) -> None:
        """Raises CommandError where a worker is at it."""
        began = time.perf_counter()
        search = begin_search(kind, None)
        if anew and search.step:
            end(search.pk, DuplicateSearch.Status.CANCELLED)
            search = begin_search(kind, None)
        steps = STEPS[kind]
        while search.status == DuplicateSearch.Status.RUNNING:
            step = search.step
            self.stderr.write(f"{plural}: {step + 1} of {len(steps)}, {steps[step].words}")
            do_step(search.pk)
            search.refresh_from_db()
            if search.status == DuplicateSearch.Status.RUNNING and search.step == step:
                raise CommandError(f"A worker is already looking for duplicates among the {plural}.")
        if search.status != DuplicateSearch.Status.DONE:
            raise CommandError(f"The search among the {plural} was stopped.")
        self.stdout.write(f"{plural}: {search.found} pairs in {time.perf_counter() - began:.1f} s")
