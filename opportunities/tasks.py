"""What opportunities do by themselves."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from crm.console.beat import once_per
from opportunities import quotes, rates


@shared_task
@once_per(timedelta(days=1))
def expire_quotes() -> None:
    """Note of quotes whose validity has passed that they expired."""
    quotes.expire(timezone.localdate())


@shared_task
@once_per(timedelta(days=1))
def take_up_rates() -> None:
    """Work out what open deals are worth at rates that begin to count today."""
    rates.count_at_new_rates()


@shared_task
@once_per(timedelta(days=1), lease=timedelta(hours=3))
def forecast() -> None:
    """Learn from the deals that closed, score the open ones, and keep how the forecast stands tonight."""
    from opportunities.forecast import nightly  # Loads the statistics: in workers only, when they are at it.

    nightly.run(timezone.localdate())
