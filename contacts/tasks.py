"""Work on contacts and companies outside requests. The rows are the truth: a task that is lost is sent again."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import OperationalError as DatabaseUnreachable

from contacts.duplicates import searches
from contacts.models import DuplicateSearch
from crm.console.beat import once_per

log = logging.getLogger(__name__)


@shared_task
def search_duplicates(*, search_id: int) -> None:
    """Do what is left of a search for duplicates."""
    try:
        searches.work_off(search_id)
    except DatabaseUnreachable:
        raise  # `resume_searches` sends it again
    except Exception:
        log.exception("Search for duplicates %s failed", search_id)
        searches.end(search_id, DuplicateSearch.Status.FAILED)
        raise


@shared_task
@once_per(timedelta(days=1))
def find_duplicates() -> None:
    """Look for duplicates among all contacts and companies; every night."""
    searches.forget()
    for kind in searches.KINDS:
        searches.send(searches.begin_search(kind, None))


@shared_task
@once_per(timedelta(minutes=1), lease=timedelta(minutes=2))
def resume_searches() -> None:
    """Go on with the searches whose worker died."""
    searches.resume_lost()
