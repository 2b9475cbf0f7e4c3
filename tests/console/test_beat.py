"""Two beats double nothing: a scheduled job runs once per slot."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from crm.console.beat import EPOCH, once_per, slot_of, take_lease
from crm.console.models import BeatLease
from crm.console.tasks import clear_sessions
from tests.servers import wait_until

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_the_same_moment_one_wins() -> None:
    start = threading.Barrier(2)

    def claim() -> bool:
        try:
            start.wait(5)
            return take_lease("job", slot_of(timezone.now(), DAY), HOUR) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        claims = [pool.submit(claim) for _ in range(2)]
    assert sorted(each.result() for each in claims) == [False, True]
    assert BeatLease.objects.count() == 1


@pytest.mark.django_db
def test_a_job_runs_once_per_slot_and_again_in_the_next() -> None:
    runs = []
    job = once_per(DAY)(lambda: runs.append(1))
    job()
    job()
    assert len(runs) == 1
    BeatLease.objects.update(slot=slot_of(timezone.now() - DAY, DAY))
    job()
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_run_that_died_holds_its_slot_until_the_lease_ends() -> None:
    def dies() -> None:
        raise RuntimeError

    runs = []
    dies.__qualname__ = "job"
    with pytest.raises(RuntimeError):
        once_per(DAY)(dies)()

    def works() -> None:
        runs.append(1)

    works.__qualname__ = "job"
    once_per(DAY)(works)()
    assert not runs
    BeatLease.objects.update(held_until=timezone.now() - HOUR)
    once_per(DAY)(works)()
    once_per(DAY)(works)()
    assert len(runs) == 1


@pytest.mark.django_db
def test_old_leases_go() -> None:
    take_lease("job", EPOCH, HOUR)
    take_lease("job", slot_of(timezone.now(), DAY), HOUR)
    assert BeatLease.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "every", "slot"),
    [
        ("2026-11-24T10:17:42+00:00", datetime.timedelta(minutes=5), "2026-11-24T10:15:00+00:00"),
        ("2026-11-24T23:59:59+00:00", DAY, "2026-11-24T00:00:00+00:00"),
        ("2026-11-25T01:30:00+02:00", DAY, "2026-11-24T00:00:00+00:00"),
    ],
)
def test_slots_begin_at_round_times(moment: str, every: datetime.timedelta, slot: str) -> None:
    read = datetime.datetime.fromisoformat
    assert slot_of(read(moment), every) == read(slot)


def test_ended_sessions_are_cleared_by_a_worker_once(worker: None) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - DAY)
    for _ in range(2):
        clear_sessions.delay()
    wait_until(lambda: not Session.objects.exists())
    wait_until(lambda: BeatLease.objects.filter(done_at__isnull=False).count() == 1)
