"""Prepare the next piece of work while the database is busy with the last one."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Full, Queue
from typing import Any, TypeVar

T = TypeVar("T")
_END = object()


@contextmanager
def ahead(items: Iterable[T], most: int) -> Iterator[Iterator[T]]:
    """Draw from `items` in a thread of its own, at most so many ahead; what it raises is raised here.

    `items` must not use the database: the thread has another connection. Leaving the block ends the thread.
    """
    queue: Queue[Any] = Queue(most)
    ended = threading.Event()

    def put(value: Any) -> None:
        while not ended.is_set():
            try:
                queue.put(value, timeout=0.1)
            except Full:
                continue
            return

    def draw() -> None:
        try:
            for item in items:
                put((item, None))
                if ended.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 raised again below, in the thread that asks
            put((None, error))
        put(_END)

    def drawn() -> Iterator[T]:
        while (value := queue.get()) is not _END:
            item, error = value
            if error is not None:
                raise error
            yield item

    thread = threading.Thread(target=draw, name="ahead", daemon=True)
    thread.start()
    try:
        yield drawn()
    finally:
        ended.set()
        thread.join()
