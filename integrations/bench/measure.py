"""Take the time of works, by one client and by several at once."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass

from integrations.bench.client import Answer, Client
from integrations.bench.work import BARE_ASK, Work

FINE = (200, 204, 302, 303)


@dataclass(frozen=True)
class Pace:
    """How long to look at each work: rounds of so many seconds and at least so many answers, after a warm-up."""

    seconds: float
    rounds: int = 3
    fewest: int = 5
    warm: int = 3


@dataclass(frozen=True)
class Result:
    """What one work took: milliseconds at the client, statements and bytes of an answer, answers a second.

    `bare` is the bare view's p50 in the same moments, which limits and growth are taken from: machines are shared.
    """

    work: Work
    clients: int
    p50: float
    p95: float
    bare: float
    sql_p95: float
    statements: int
    bytes: int
    per_second: float


def measure(work: Work, client: Client, pace: Pace, clients: int = 1) -> Result:
    """Several rounds after a warm-up; the median of the rounds' medians, the 95th percentile of all answers."""
    client.connection.close()  # The server ends connections that wait; the next request opens one.
    for _ in range(pace.warm):
        _fine(work, client.ask(next(work.asks)))
    bare: list[float] = []
    rounds = [_round(work, client, pace, clients, bare) for _ in range(pace.rounds)]
    answers = [answer for found, _spent in rounds for answer in found]
    return Result(
        work,
        clients,
        p50=statistics.median(_percentile([a.seconds for a in found], 50) for found, _spent in rounds) * 1000,
        p95=_percentile([a.seconds for a in answers], 95) * 1000,
        bare=statistics.median(bare) * 1000 if bare else 0,
        sql_p95=_percentile([a.sql_ms for a in answers], 95),
        statements=max(a.statements for a in answers),
        bytes=int(statistics.median(len(a.body) for a in answers)),
        per_second=len(answers) / sum(spent for _found, spent in rounds),
    )


def _round(work: Work, client: Client, pace: Pace, clients: int, bare: list[float]) -> tuple[list[Answer], float]:
    """The answers of one round, and the seconds it took. One client asks for the bare view in between, into `bare`."""
    found: list[Answer] = []
    lock, failures = threading.Lock(), []
    start = time.perf_counter()

    def run(own: Client) -> None:
        done = 0
        try:
            while time.perf_counter() - start < pace.seconds or done < pace.fewest:
                with lock:
                    ask = next(work.asks)
                found.append(_fine(work, own.ask(ask)))
                done += 1
                if clients == 1:
                    bare.append(own.ask(BARE_ASK).seconds)
        except Exception as error:  # noqa: BLE001 (raised again below, in the thread that reports)
            failures.append(error)
        finally:
            own.connection.close()

    if clients == 1:
        run(client)
    else:
        threads = [threading.Thread(target=run, args=(client.another(),)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return found, time.perf_counter() - start


def _fine(work: Work, answer: Answer) -> Answer:
    if answer.status not in FINE or answer.location.startswith("/accounts/"):
        raise RuntimeError(f"{work.name}: the server answers {answer.status} {answer.location}")
    return answer


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
