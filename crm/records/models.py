"""What every record has in common: an owner and a team, tags, a trash, changesets, and the event outbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from crm.access.models import HUES, Team
from crm.access.querysets import RecordQuerySet
from crm.access.rights import Scope
from crm.history import track
from crm.records.custom import CustomField as CustomField
from crm.records.frequency import Beginning as Beginning
from crm.records.spelling import WordEntry as WordEntry

# Records that were merged into another are kept for so many days, and so long can the merge be undone.
MERGE_DAYS = 90


class Record(models.Model):
    """Base of contacts, companies, groups and every later business record.

    `team` is the owner's team at assignment. A record without owner is seen by "all" only. Neither has an index of its
    own: the indexes of the lists begin with them.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True, editable=False)
    # Set with `trashed_at`: a merged record is part of another one, and is not in the trash (crm/records/merge.py).
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="merged",
        db_index=False,
    )
    custom = models.JSONField(
        _("custom fields"), default=dict, db_default=Value({}, models.JSONField()), blank=True, editable=False
    )

    # What roles may do with a kind from the start, where that differs from the others (crm/access/defaults.py).
    default_rights: ClassVar[dict[str, tuple[Scope, ...]]] = {}

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def colour(self) -> str:
        """The hue of its avatar, always the same for the same record."""
        return HUES[(self.pk or 0) % len(HUES)]

    @classmethod
    def share_models(cls) -> tuple[type[models.Model], type[models.Model]]:
        """The tables of shares of this kind, with people and with teams (guardian, direct foreign keys)."""
        return cls._share_models  # type: ignore[attr-defined,no-any-return]

    def get_absolute_url(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} has no page")


class Share:
    """One record shared with somebody: `view_…` to see, `change_…` to edit (which includes seeing)."""

    @property
    def standing(self) -> str:
        """What it makes of them beyond the right ("co-owns it"): only the record's own page changes such a share."""
        return ""


class UserShare(Share, UserObjectPermissionBase):
    """One record shared with one person."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class TeamShare(Share, GroupObjectPermissionBase):
    """One record shared with one team and the teams below, through the team's group."""

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


class Changeset(models.Model):
    """All that one act changed, however many rows, transactions and workers it took; what Undo undoes."""

    class Source(models.TextChoices):
        CREATE = "create", pgettext_lazy("what was done", "Creation")
        EDIT = "edit", pgettext_lazy("what was done", "Edit")
        BULK = "bulk", pgettext_lazy("what was done", "Bulk edit")
        IMPORT = "import", pgettext_lazy("what was done", "Import")
        MERGE = "merge", pgettext_lazy("what was done", "Merge")
        TRASH = "trash", pgettext_lazy("what was done", "Deletion")
        RESTORE = "restore", pgettext_lazy("what was done", "Restoration")
        SHARE = "share", pgettext_lazy("what was done", "Sharing")
        HANDOVER = "handover", pgettext_lazy("what was done", "Hand-over")
        SETTINGS = "settings", pgettext_lazy("what was done", "Settings")
        UNDO = "undo", pgettext_lazy("what was done", "Undo")
        AUTOMATION = "automation", pgettext_lazy("what was done", "Automation")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("what was done", "Under way")
        DONE = "done", pgettext_lazy("what was done", "Done")
        UNDONE = "undone", pgettext_lazy("what was done", "Undone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=Source.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    reason = models.CharField(max_length=200, blank=True)
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("changeset")
        verbose_name_plural = _("changesets")
        indexes = [models.Index(fields=["-created_at", "id"]), models.Index(fields=["actor", "-created_at"])]

    def __str__(self) -> str:
        return str(self.id)


class Event(models.Model):
    """One append-only fact: the audit line, the notification's source and the webhook's payload.

    `data` names changed fields, never values, so that erasing a person stays possible.
    """

    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changeset = models.ForeignKey(Changeset, null=True, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["-at", "-id"]), models.Index(fields=["verb", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} #{self.pk}"


class EventRef(models.Model):
    """A record that an event is about; `type` is the model's lower-case label."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="refs", db_index=False)
    type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["type", "record_id", "-at", "-event"], name="event_by_record")]
        constraints = [models.UniqueConstraint(fields=["event", "type", "record_id"], name="one_ref_per_record")]

    def __str__(self) -> str:
        return f"{self.type}#{self.record_id}"


@track()
class Tag(models.Model):
    """A category: one coloured word that any kind of record may carry."""

    name = models.CharField(_("name"), max_length=40)
    colour = models.CharField(_("colour"), max_length=6, choices=[(hue, hue) for hue in HUES], default="gray")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


def default_working_days() -> list[int]:
    return [1, 2, 3, 4, 5]


def default_languages() -> list[str]:
    return ["fr", "en"]


# The organisation as one request read it: None outside of one, an empty list until it is asked for.
_organisation: ContextVar[list[Organisation] | None] = ContextVar("organisation", default=None)


@track()
class Organisation(models.Model):
    """The firm that uses this installation: one row, edited on the settings page."""

    name = models.CharField(_("company name"), max_length=120, default="Sillage")
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    legal_mentions = models.TextField(_("legal mentions"), blank=True, max_length=2000)
    country = models.CharField(_("country"), max_length=2, default="FR", help_text=_("How phone numbers are read."))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1, choices=[(m, m) for m in range(1, 13)]
    )
    day_starts_at = models.TimeField(_("working day from"), default="09:00")
    day_ends_at = models.TimeField(_("to"), default="18:00")
    working_days = models.JSONField(_("working days"), default=default_working_days)
    languages = models.JSONField(_("languages"), default=default_languages)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    trash_days = models.PositiveSmallIntegerField(_("days in the trash"), default=30)
    undo_days = models.PositiveSmallIntegerField(_("days an act can be undone"), default=30)
    upload_limit_mb = models.PositiveIntegerField(_("largest file, in megabytes"), default=1024)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Organisation:
        """The one row, read once per request (`once_per_request`); it is there from the first migration on."""
        kept = _organisation.get()
        if kept is None:
            return cls.objects.get(pk=1)
        if not kept:
            kept.append(cls.objects.get(pk=1))
        return kept[0]

    def offered_languages(self) -> list[tuple[str, str]]:
        """The product's languages that users of this installation may choose."""
        return [(code, str(name)) for code, name in settings.LANGUAGES if code in self.languages]

    @staticmethod
    @contextmanager
    def once_per_request() -> Iterator[None]:
        """Inside, `current()` reads the row once."""
        token = _organisation.set([])
        try:
            yield
        finally:
            _organisation.reset(token)
