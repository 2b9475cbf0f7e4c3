"""Single opportunities and products shared with a person or a team."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.history import track
from crm.records.models import TeamShare, UserShare
from opportunities.models.deals import Opportunity
from opportunities.models.products import Product


@track(parents=("content_object",))
class OpportunityUserShare(UserShare):
    """An opportunity shared with a person; with a part of its result, in per cent, that person is a co-owner."""

    content_object = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="user_shares")
    per_cent = models.PositiveSmallIntegerField(_("share"), null=True, validators=[MaxValueValidator(100)])

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")
        constraints = [models.CheckConstraint(condition=Q(per_cent__lte=100), name="co_owner_share_is_per_cent")]

    @property
    def standing(self) -> str:
        return "" if self.per_cent is None else gettext("co-owns it")


class CoOwners(models.Manager["CoOwner"]):
    def get_queryset(self) -> models.QuerySet[CoOwner]:
        return super().get_queryset().filter(per_cent__isnull=False)


class CoOwner(OpportunityUserShare):
    """A colleague who sells a deal together with its owner, and sees and edits it as the owner does.

    `per_cent` is their part of the result; the owner has the rest.
    """

    objects: ClassVar[CoOwners] = CoOwners()  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name = _("co-owner")
        verbose_name_plural = _("co-owners")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user} – {self.content_object}"


@track(parents=("content_object",))
class OpportunityTeamShare(TeamShare):
    """An opportunity shared with a team."""

    content_object = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")


Opportunity._share_models = (OpportunityUserShare, OpportunityTeamShare)  # type: ignore[attr-defined]


@track(parents=("content_object",))
class ProductUserShare(UserShare):
    """A product shared with a person."""

    content_object = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")


@track(parents=("content_object",))
class ProductTeamShare(TeamShare):
    """A product shared with a team."""

    content_object = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")


Product._share_models = (ProductUserShare, ProductTeamShare)  # type: ignore[attr-defined]
