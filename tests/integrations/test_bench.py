"""The bench runs from end to end at a small size: it seeds, serves, signs in, measures, reports and stops."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command

from integrations.bench import report
from integrations.bench.measure import Result
from integrations.bench.work import BARE, Limit, Work

FIELDS = {"name", "size", "clients", "p50_ms", "p95_ms", "statements", "bytes", "limit", "limit_p50_ms", "ratio"}


@pytest.mark.django_db(transaction=True)
def test_the_bench_works_at_a_small_size(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    out = io.StringIO()
    call_command("bench", size=120, small=0, quick=True, stdout=out, stderr=io.StringIO())
    rows = json.loads((tmp_path / "bench" / "latest.json").read_text())
    names = {row["name"] for row in rows}
    assert {
        BARE,
        "create",
        "save in place",
        "contact page",
        "board, all",
        "forecast",
        "typeahead, phone, rep",
        "memory per worker",
    } <= names
    assert all(set(row) >= FIELDS for row in rows)
    assert {row["clients"] for row in rows} == {1, 8}
    assert "create" in out.getvalue()
    assert not [child for child in psutil.Process().children(recursive=True) if "granian" in " ".join(child.cmdline())]


def test_ratios_are_to_the_tightest_limit_and_to_the_statements_allowed() -> None:
    work = Work("list", iter(()), limits=(Limit(times=3), Limit(ms=27)))
    result = Result(work, 1, p50=30, p95=40, bare=13, sql_p95=2, statements=6, bytes=1000, per_second=30)
    row = report.rows_of([result], 100)[0]
    assert (row.limit, row.limit_p50_ms, row.ratio) == ("3 × bare view, 50 rows", 39, 0.77)
    row = report.rows_of([replace(result, bare=6.5, statements=24)], 100)[0]
    assert (row.limit_p50_ms, row.ratio) == (19.5, 2.0)


def test_a_bare_work_is_a_measure_too() -> None:
    bare = Result(Work("bare edit", iter(()), limits=()), 1, 26, 40, 13, 2, 6, 1000, 30)
    save = Result(
        Work("save", iter(()), limits=(Limit(times=3, of="bare edit"),), is_read=False), 1, 30, 40, 6.5, 2, 23, 0, 30
    )
    row = report.rows_of([bare, save], 100)[1]
    assert (row.limit_p50_ms, row.ratio) == (39, 0.77)


def test_growth_is_beside_the_bare_view() -> None:
    small = report.Row("list", 1000, 1, 20, bytes=900, bare_ms=10)
    large = report.Row("list", 100_000, 1, 90, bytes=1000, bare_ms=30)
    report.compare([small], [large])
    assert large.growth == 1.5


def test_growth_is_not_said_of_an_answer_that_has_become_longer() -> None:
    small = report.Row("search", 1000, 1, 20, bytes=300, bare_ms=10)
    large = report.Row("search", 100_000, 1, 90, bytes=1000, bare_ms=30)
    report.compare([small], [large])
    assert large.growth is None
