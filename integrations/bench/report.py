"""The bench's table and its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.bench.measure import Result
from integrations.bench.work import MOST_STATEMENTS

MEMORY_LIMIT_MB = 150
GROWTH_LIMIT = 1.5
AS_LONG = 1.2


@dataclass
class Row:
    """One line of the table and object of the JSON. `ratio` is what was measured over its limit: 1 is at the limit."""

    name: str
    size: int
    clients: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    statements: int | None = None
    bytes: int | None = None
    limit: str = ""
    limit_p50_ms: float | None = None
    ratio: float | None = None
    sql_p95_ms: float | None = None
    per_second: float | None = None
    growth: float | None = None
    bare_ms: float | None = None


def rows_of(results: Iterable[Result], size: int) -> list[Row]:
    """One row per result; of several limits the tightest counts. Limits hold for one client."""
    results = list(results)
    others = {result.work.name: result.p50 / result.bare for result in results if result.clients == 1 and result.bare}
    return [_row(result, size, others) for result in results]


def _row(result: Result, size: int, others: dict[str, float]) -> Row:
    row = Row(
        result.work.name,
        size,
        result.clients,
        round(result.p50, 2),
        round(result.p95, 2),
        result.statements,
        result.bytes,
        sql_p95_ms=round(result.sql_p95, 2),
        per_second=round(result.per_second, 1),
    )
    if result.clients == 1 and result.work.limits:
        limit = min(result.work.limits, key=lambda each: each.milliseconds(result.bare, others))
        allowed = limit.milliseconds(result.bare, others)
        taken = result.p95 if limit.is_p95 else result.p50
        row.limit, row.limit_p50_ms, row.ratio = str(limit), round(allowed, 2), round(taken / allowed, 2)
        if result.work.is_read and result.statements > MOST_STATEMENTS:
            row.limit = f"{MOST_STATEMENTS} statements, {row.limit}"
            row.ratio = max(row.ratio, round(result.statements / MOST_STATEMENTS, 2))
    row.bare_ms = round(result.bare, 2) if result.bare else None
    return row


def memory_row(megabytes: float, size: int) -> Row:
    row = Row("memory per worker", size, 8, bytes=int(megabytes * 2**20), limit=f"{MEMORY_LIMIT_MB} MB")
    row.ratio = round(megabytes / MEMORY_LIMIT_MB, 2)
    return row


def compare(small: list[Row], large: list[Row]) -> None:
    """Say in the large run's rows how many times as slow as in the small one each is, both beside the bare view.

    Only of answers of about the same length: a list of two rows says nothing about one of fifty.
    """
    before = {(row.name, row.clients): row for row in small}
    for row in large:
        known = before.get((row.name, row.clients))
        if known and known.p50_ms and known.bare_ms and row.p50_ms and row.bare_ms and _is_as_long(row, known):
            row.growth = round(row.p50_ms / row.bare_ms / (known.p50_ms / known.bare_ms), 2)


def _is_as_long(row: Row, known: Row) -> bool:
    return row.bytes is not None and known.bytes is not None and row.bytes <= known.bytes * AS_LONG


def table(rows: list[Row]) -> str:
    """The rows as text, those over their limit marked."""
    titles = (
        ("size", 9),
        ("n", 3),
        ("bare ms", 9),
        ("p50 ms", 9),
        ("p95 ms", 9),
        ("SQL p95", 9),
        ("stmts", 6),
        ("kB", 7),
        ("/s", 8),
    )
    head = (
        " " * 44 + "".join(f"{title:>{width}}" for title, width in (*titles, ("ratio", 7), ("growth", 7))) + "  limit"
    )
    return "\n".join([head, *map(_line, rows)])


def _line(row: Row) -> str:
    def text(value: float | None, width: int, digits: int = 1) -> str:
        return f"{value:{width}.{digits}f}" if value is not None else " " * width

    over = (row.ratio or 0) > 1 or (row.growth or 0) > GROWTH_LIMIT
    limit = f"{row.limit} = {row.limit_p50_ms:.1f} ms" if row.limit_p50_ms else row.limit
    figures = (
        text(row.bare_ms, 9), text(row.p50_ms, 9), text(row.p95_ms, 9), text(row.sql_p95_ms, 9, 2),
        text(row.statements, 6, 0), text(row.bytes / 1024 if row.bytes is not None else None, 7, 0),
        text(row.per_second, 8, 0), text(row.ratio, 7, 2), text(row.growth, 7, 2),
    )  # fmt: skip
    return f"{'!' if over else ' '} {row.name:42}{row.size:9}{row.clients:3}{''.join(figures)}  {limit}"


def write(rows: list[Row], path: Path) -> None:
    """Keep the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: list[dict[str, Any]] = [vars(row) for row in rows]
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
