"""The kernel's scheduled jobs; settings say when."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from crm.console.beat import once_per
from crm.lists import bulk
from crm.lists.tasks import resume_lost
from crm.records import custom_indexes
from crm.records.frequency import count_beginnings
from crm.records.purge import purge_merged, purge_trash
from crm.records.search import entry_models
from crm.records.spelling import tidy_words


@shared_task
@once_per(timedelta(days=1))
def clear_sessions() -> None:
    """Remove the sessions that ended."""
    call_command("clearsessions")


@shared_task
@once_per(timedelta(days=1))
def empty_trash() -> None:
    """Delete for good what has been in the trash for longer than the settings keep it, or merged for 90 days."""
    purge_trash(timezone.now())
    purge_merged(timezone.now())


@shared_task
@once_per(timedelta(minutes=1), lease=timedelta(minutes=2))
def resume_bulk() -> None:
    """Go on with the bulk acts whose worker died."""
    resume_lost()


@shared_task
def build_field_indexes() -> None:
    """Bring the indexes of added fields up to date: sent after each change of one, and now and then."""
    custom_indexes.build_all()


@shared_task
@once_per(timedelta(days=1))
def forget_bulk() -> None:
    """Forget which rows a bulk act was about once it can no longer be undone."""
    bulk.forget_runs()


@shared_task
@once_per(timedelta(days=1))
def tidy_search() -> None:
    """Forget the words that no record is found by any more; count how many are found by each beginning."""
    tidy_words(entry_models())
    count_beginnings(entry_models())
