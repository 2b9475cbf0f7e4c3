"""Imports in the bench's table, measured in a process with settings of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from crm.launcher.place import CHECKOUT
from integrations.bench.report import Row
from integrations.bench.server import copied

MOST = 100_000
LEAST_RATIO, MOST_UNDO_SECONDS, MOST_MB = 0.5, 120, 300


def imports(size: int) -> list[Row]:
    """Import new people with matching on, beside hand-written SQL that writes as many, and take the import back."""
    count = min(size, MOST)
    with tempfile.TemporaryDirectory() as folder, copied(size) as known:
        environment = {**known, "MEDIA_ROOT": folder}
        command = [sys.executable, "manage.py", "bench_imports", "--rows", str(count), "--json"]
        answer = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    new = Row(f"import {count} new contacts", size, 1, per_second=round(found["per_second"], 1))
    new.limit, new.ratio = "half of hand-written SQL", round(LEAST_RATIO / found["ratio"], 2)
    by_hand = Row("the same by hand-written SQL", size, 1, per_second=round(count / found["by_hand"], 1))
    undo = Row(f"undo {count} imported contacts", size, 1, per_second=round(count / found["undo"], 1))
    undo.limit, undo.ratio = f"{MOST_UNDO_SECONDS} s", round(found["undo"] / MOST_UNDO_SECONDS, 2)
    memory = Row("memory of an import", size, 1, bytes=int(found["megabytes"] * 2**20), limit=f"{MOST_MB} MB")
    memory.ratio = round(found["megabytes"] / MOST_MB, 2)
    return [new, by_hand, undo, memory]
