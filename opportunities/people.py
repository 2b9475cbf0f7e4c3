"""Who sells and who decides: the verbs of a deal's co-owners. Of its contacts they are those of any child row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction
from django.db.models import Sum

from crm.access.models import User
from crm.records import services
from crm.records.changes import changes
from crm.records.models import Changeset
from crm.records.services import Saved
from opportunities.models import CoOwner, Opportunity, OpportunityUserShare


def co_owner(deal: Opportunity, user: User | None = None, per_cent: int = 0) -> CoOwner:
    """An unsaved share of a deal that makes a colleague its co-owner."""
    right = services.right_to(Opportunity, edit=True)
    return CoOwner(content_object=deal, user=user, per_cent=per_cent, permission=right)


def add_co_owner(row: CoOwner, *, by: User) -> Saved:
    """Have a colleague own a deal too, which the user may edit; a plain share with them becomes this one.

    Raises IntegrityError where the shares come to more than 100: the form, which looked before, says it then.
    """
    plain = OpportunityUserShare.objects.filter(content_object=row.content_object_id, user=row.user_id)
    with changes(by, Changeset.Source.EDIT):
        plain.filter(per_cent=None).delete()
        return _within_all(row, lambda: services.add_child(row, by=by))


def add_co_owners(told: Iterable[tuple[Opportunity, User | None, int]]) -> None:
    """Add co-owners of many deals with their per cent, within an act under way; who could edit before becomes one."""
    right = services.right_to(Opportunity, edit=True)
    CoOwner.objects.bulk_create(
        [CoOwner(content_object=deal, user=user, per_cent=part, permission=right) for deal, user, part in told],
        update_conflicts=True,
        unique_fields=["user", "permission", "content_object"],
        update_fields=["per_cent"],
    )


def change_share(row: CoOwner, save: Callable[[], Saved]) -> Saved:
    """Save another share of a co-owner; raises IntegrityError likewise."""
    return _within_all(row, save)


def _within_all(row: CoOwner, save: Callable[[], Saved]) -> Saved:
    """Save while nobody else changes the shares of the deal, and only what leaves them at 100 together."""
    with transaction.atomic():
        Opportunity._base_manager.select_for_update(no_key=True).get(pk=row.content_object_id)
        saved = save()
        sum_ = CoOwner.objects.filter(content_object=row.content_object_id).aggregate(sum=Sum("per_cent"))["sum"] or 0
        if sum_ > 100:
            raise IntegrityError
        return saved
