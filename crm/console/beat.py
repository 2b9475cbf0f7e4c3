"""Scheduled jobs run once per slot, however many beats send them and however often the broker delivers.

    @shared_task
    @once_per(timedelta(days=1))
    def purge_trash() -> None: ...

and one line in CELERY_BEAT_SCHEDULE. A slot is a stretch of time of that length, counted from 1970 in UTC.
"""

import datetime
import functools
import logging
from collections.abc import Callable

from django.utils import timezone

from crm.console.models import BeatLease

logger = logging.getLogger(__name__)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
KEPT = datetime.timedelta(days=30)


def once_per(
    every: datetime.timedelta, *, lease: datetime.timedelta = datetime.timedelta(hours=1)
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run the job at most once in each slot of length `every`.

    A run that died or failed holds its slot for `lease`; after that another delivery in the slot may try again.
    So `lease` is to be longer than the job ever takes.
    """

    def decorate(job: Callable[[], None]) -> Callable[[], None]:
        name = f"{job.__module__}.{job.__qualname__}"

        @functools.wraps(job)
        def run() -> None:
            held = take_lease(name, slot_of(timezone.now(), every), lease)
            if held is None:
                logger.info("%s already runs or ran in this slot", name)
                return
            job()
            BeatLease.objects.filter(pk=held.pk).update(done_at=timezone.now())

        return run

    return decorate


def take_lease(task: str, slot: datetime.datetime, lease: datetime.timedelta) -> BeatLease | None:
    """The row that entitles to run `task` in `slot`; None if another one holds it or has done it."""
    now = timezone.now()
    row, is_new = BeatLease.objects.get_or_create(task=task, slot=slot, defaults={"held_until": now + lease})
    if is_new:
        BeatLease.objects.filter(task=task, slot__lt=now - KEPT).delete()
        return row
    lapsed = BeatLease.objects.filter(pk=row.pk, done_at=None, held_until__lt=now)
    return row if lapsed.update(held_until=now + lease) else None


def slot_of(moment: datetime.datetime, every: datetime.timedelta) -> datetime.datetime:
    """The beginning of the slot that `moment` falls into."""
    return moment - (moment - EPOCH) % every
