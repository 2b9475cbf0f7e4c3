"""Single records shared with a person or a team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.people import Company, Contact
from contacts.models.ties import Group
from crm.history import track
from crm.records.models import TeamShare, UserShare


@track(parents=("content_object",))
class ContactUserShare(UserShare):
    """A contact shared with a person."""

    content_object = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")


@track(parents=("content_object",))
class ContactTeamShare(TeamShare):
    """A contact shared with a team."""

    content_object = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")


Contact._share_models = (ContactUserShare, ContactTeamShare)  # type: ignore[attr-defined]


@track(parents=("content_object",))
class CompanyUserShare(UserShare):
    """A company shared with a person."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")


@track(parents=("content_object",))
class CompanyTeamShare(TeamShare):
    """A company shared with a team."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")


Company._share_models = (CompanyUserShare, CompanyTeamShare)  # type: ignore[attr-defined]


@track(parents=("content_object",))
class GroupUserShare(UserShare):
    """A group shared with a person."""

    content_object = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")


@track(parents=("content_object",))
class GroupTeamShare(TeamShare):
    """A group shared with a team."""

    content_object = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")


Group._share_models = (GroupUserShare, GroupTeamShare)  # type: ignore[attr-defined]
