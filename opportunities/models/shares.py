"""Single opportunities and products shared with a person or a team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history import track
from crm.records.models import TeamShare, UserShare
from opportunities.models.deals import Opportunity
from opportunities.models.products import Product


@track(parents=("content_object",))
class OpportunityUserShare(UserShare):
    """An opportunity shared with a person."""

    content_object = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")


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
