"""The kernel's scheduled jobs; settings say when."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command

from crm.console.beat import once_per


@shared_task
@once_per(timedelta(days=1))
def clear_sessions() -> None:
    """Remove the sessions that ended."""
    call_command("clearsessions")
