"""Who sells and who decides: the verbs of a deal's co-owners. Of its contacts they are those of any child row."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Sum

from crm.access.models import User
from crm.records import services
from crm.records.services import Saved
from opportunities.models import CoOwner, Opportunity


def add_co_owner(row: CoOwner, *, by: User) -> Saved:
    """Have a colleague own a deal too, which the user may edit.

    Raises IntegrityError where the shares come to more than 100: the form, which looked before, says it then.
    """
    return _within_all(row, lambda: services.add_child(row, by=by))


def change_share(row: CoOwner, save: Callable[[], Saved]) -> Saved:
    """Save another share of a co-owner; raises IntegrityError likewise."""
    return _within_all(row, save)


def _within_all(row: CoOwner, save: Callable[[], Saved]) -> Saved:
    """Save while nobody else changes the shares of the deal, and only what leaves them at 100 together."""
    with transaction.atomic():
        Opportunity._base_manager.select_for_update(no_key=True).get(pk=row.opportunity_id)
        saved = save()
        sum_ = CoOwner.objects.filter(opportunity=row.opportunity_id).aggregate(sum=Sum("share"))["sum"] or 0
        if sum_ > 100:
            raise IntegrityError
        return saved
