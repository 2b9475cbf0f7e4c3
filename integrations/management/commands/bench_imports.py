"""`manage.py bench_imports`: the rate of an import beside hand-written SQL, and of its undo."""

from __future__ import annotations

import json
import tempfile
import uuid
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from crm.console.shell import acting_user
from integrations.bench.by_hand import measure


class Command(BaseCommand):
    help = "Import invented people with matching on, write as many by hand-written SQL, undo the import; print rates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--no-undo", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, rows: int, no_undo: bool, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            mark = f"b{uuid.uuid4().hex[:6]}"
            figures = measure(Path(folder) / "people.csv", rows, acting_user(""), mark, undo=not no_undo)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(figures) | {"ratio": figures.ratio, "per_second": figures.per_second}))
            return
        by_hand = rows / figures.by_hand
        self.stdout.write(
            f"{rows} new contacts: {figures.per_second:.0f}/s (checked in {figures.plan:.1f} s, written in "
            f"{figures.commit:.1f} s), {figures.ratio:.2f} × the rate of hand-written SQL ({by_hand:.0f}/s); "
            f"first chunks {figures.first_chunks:.2f} s, last chunks {figures.last_chunks:.2f} s; "
            f"{figures.megabytes:.0f} MB; undone in {figures.undo:.1f} s"
        )
