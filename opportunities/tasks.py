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
