"""Tells how many statements an answer took, and their milliseconds; only in crm/settings/bench.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Statements"


class Tally:
    """Counts and times what passes (an `execute_wrapper` of Django)."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - start


def tell_statements(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the header `X-Statements: <count> <milliseconds>`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        tally = Tally()
        with connection.execute_wrapper(tally):
            response = get_response(request)
        response[HEADER] = f"{tally.count} {tally.seconds * 1000:.3f}"
        return response

    return middleware
