"""The doors to saved views (one's own, and those shared with one) and to bulk acts (one's own)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

if TYPE_CHECKING:
    from crm.access.models import User

M = TypeVar("M", bound=models.Model)


class SavedViewQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> SavedViewQuerySet[M]:
        """One's own, those for everyone, those for a team of one's own or above it; administrators see all shared."""
        if user.is_administrator:
            return self.filter(Q(owner_id=user.pk) | ~Q(sharing=""))
        mine = Q(owner_id=user.pk) | Q(sharing="everyone")
        return self.filter(mine | Q(sharing="team", team__group_id__in=user.rights.share_groups))

    def for_tabs(self, user: User) -> SavedViewQuerySet[M]:
        """With `pin`, the place the user gave it (None: not pinned), pinned ones first."""
        pins: models.QuerySet[Any] = apps.get_model("lists", "Pin")._default_manager.filter(user=user)
        place = Subquery(pins.filter(view=OuterRef("pk")).values("position")[:1])
        rows: Any = self.annotate(pin=place)
        return cast("SavedViewQuerySet[M]", rows.order_by(F("pin").asc(nulls_last=True), "name", "pk"))


class BulkRunQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> BulkRunQuerySet[M]:
        """One's own acts, and those one takes back; all for administrators."""
        return self if user.is_administrator else self.filter(Q(by=user) | Q(undone_by=user))
