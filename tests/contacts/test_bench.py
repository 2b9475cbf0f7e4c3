"""The bench runs from end to end at a small size: it seeds, serves, signs in, measures, reports and stops."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command

from contacts.bench import report
from contacts.bench.measure import Result
from contacts.bench.work import BARE, Limit, Work

FIELDS = {"name", "size", "clients", "p50_ms", "p95_ms", "statements", "bytes", "limit", "limit_p50_ms", "ratio"}


@pytest.mark.django_db(transaction=True)
def test_the_bench_works_at_a_small_size(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    out = io.StringIO()
    call_command("bench", size=120, small=0, quick=True, stdout=out, stderr=io.StringIO())
    rows = json.loads((tmp_path / "bench" / "latest.json").read_text())
    names = {row["name"] for row in rows}
    assert {BARE, "create", "save in place", "contact page", "typeahead, phone, rep", "memory per worker"} <= names
    assert all(set(row) >= FIELDS for row in rows)
    assert {row["clients"] for row in rows} == {1, 8}
    assert "create" in out.getvalue()
    assert not [child for child in psutil.Process().children(recursive=True) if "granian" in " ".join(child.cmdline())]


def test_ratios_are_to_the_tightest_limit_and_to_the_statements_allowed() -> None:
    work = Work("list", iter(()), limits=(Limit(times=3), Limit(ms=27)))
    result = Result(work, 1, p50=30, p95=40, sql_p95=2, statements=6, bytes=1000, per_second=30)
    row = report.rows_of([result], 100, {BARE: 13})[0]
    assert (row.limit, row.limit_p50_ms, row.ratio) == ("3 × bare view, 50 rows", 39, 0.77)
    row = report.rows_of([Result(work, 1, 30, 40, 2, 24, 1000, 30)], 100, {BARE: 6.5})[0]
    assert (row.limit_p50_ms, row.ratio) == (19.5, 2.0)
