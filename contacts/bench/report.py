"""The bench's table and its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contacts.bench.measure import Result
from contacts.bench.work import BARE, MOST_STATEMENTS, Limit

MEMORY_LIMIT_MB = 150
GROWTH_LIMIT = 1.5


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


def rows_of(results: Iterable[Result], size: int, p50: dict[str, float]) -> list[Row]:
    """One row per result; of several limits the tightest counts. Limits hold for one client."""
    return [_row(result, size, p50) for result in results]


def _row(result: Result, size: int, p50: dict[str, float]) -> Row:
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
        limit = min(result.work.limits, key=lambda each: each.milliseconds(p50))
        row.limit, row.limit_p50_ms = str(limit), round(limit.milliseconds(p50), 2)
        row.ratio = round(_ratio(result, limit, p50), 2)
    return row


def _ratio(result: Result, limit: Limit, p50: dict[str, float]) -> float:
    taken = result.p95 if limit.is_p95 else result.p50
    return max(taken / limit.milliseconds(p50), result.statements / MOST_STATEMENTS if result.work.is_read else 0)


def memory_row(megabytes: float, size: int) -> Row:
    row = Row("memory per worker", size, 8, bytes=int(megabytes * 2**20), limit=f"{MEMORY_LIMIT_MB} MB")
    row.ratio = round(megabytes / MEMORY_LIMIT_MB, 2)
    return row


def compare(small: list[Row], large: list[Row]) -> None:
    """Say in the large run's rows how much slower than in the small one each is, beside the bare view's own change."""
    before = {(row.name, row.clients): row.p50_ms for row in small}
    bare = {size: next(row.p50_ms for row in rows if row.name == BARE) for size, rows in (("s", small), ("l", large))}
    for row in large:
        known = before.get((row.name, row.clients))
        if known and row.p50_ms and bare["s"] and bare["l"]:
            row.growth = round((row.p50_ms / bare["l"]) / (known / bare["s"]), 2)


def table(rows: list[Row]) -> str:
    """The rows as text, those over their limit marked."""
    titles = (("size", 9), ("n", 3), ("p50 ms", 9), ("p95 ms", 9), ("SQL p95", 9), ("stmts", 6), ("kB", 7), ("/s", 8))
    head = (
        " " * 44 + "".join(f"{title:>{width}}" for title, width in (*titles, ("ratio", 7), ("growth", 7))) + "  limit"
    )
    return "\n".join([head, *map(_line, rows)])


def _line(row: Row) -> str:
    def text(value: float | None, width: int, digits: int = 1) -> str:
        return f"{value:{width}.{digits}f}" if value is not None else " " * width

    over = (row.ratio or 0) > 1 or (row.growth or 0) > GROWTH_LIMIT
    limit = f"{row.limit} = {row.limit_p50_ms:.1f} ms" if row.limit_p50_ms else row.limit
    return (
        f"{'!' if over else ' '} {row.name:42}{row.size:9}{row.clients:3}{text(row.p50_ms, 9)}{text(row.p95_ms, 9)}"
        f"{text(row.sql_p95_ms, 9, 2)}{text(row.statements, 6, 0)}"
        f"{text(row.bytes / 1024 if row.bytes is not None else None, 7, 0)}{text(row.per_second, 8, 0)}"
        f"{text(row.ratio, 7, 2)}{text(row.growth, 7, 2)}  {limit}"
    )


def write(rows: list[Row], path: Path) -> None:
    """Keep the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: list[dict[str, Any]] = [vars(row) for row in rows]
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
