"""What a person keeps of a list: its columns, views saved under a name, and which of these are at hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access.models import Team, User
from crm.history import track
from crm.lists.querysets import BulkRunQuerySet, SavedViewQuerySet
from crm.records.models import Changeset


@track(owner="owner")
class SavedView(models.Model):
    """Filters, order and columns of a list under a name. `query` is the list's address as `ListState.params` gives it.

    Whoever opens it sees their own rows through their own door; "me" and "my team" in it are theirs too.
    """

    class Sharing(models.TextChoices):
        NOBODY = "", pgettext_lazy("shared with", "Nobody: only I see it")
        TEAM = "team", pgettext_lazy("shared with", "A team, with the teams below it")
        EVERYONE = "everyone", pgettext_lazy("shared with", "Everyone")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    type = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("filters and order"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    sharing = models.CharField(_("shared with"), max_length=8, choices=Sharing.choices, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["type", "owner"], name="view_by_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The query string that opens it."""
        return f"?saved={self.pk}&{self.query}"

    def may_change(self, user: User) -> bool:
        """Its owner may; of a shared one an administrator too."""
        return self.owner_id == user.pk or (bool(self.sharing) and user.is_administrator)


# The keys below are not constraints: a view that is deleted and brought back by Undo is pinned as it was.


class Pin(models.Model):
    """A view at hand for one person: a tab of its list and an entry of the side bar."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.DO_NOTHING, db_constraint=False, related_name="pins")
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("pinned view")
        verbose_name_plural = _("pinned views")
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="one_pin_per_view")]

    def __str__(self) -> str:
        return f"{self.view_id} #{self.user_id}"


class ListPreference(models.Model):
    """The columns one person shows in the list of one kind of record, and the view it opens on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=40)
    columns = models.JSONField(default=list)
    view = models.ForeignKey(SavedView, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        verbose_name = _("list preference")
        verbose_name_plural = _("list preferences")
        constraints = [models.UniqueConstraint(fields=["user", "type"], name="one_preference_per_list")]

    def __str__(self) -> str:
        return f"{self.type} #{self.user_id}"


class BulkRun(models.Model):
    """One act on many rows of a list. Its chunks are the truth: a worker may die at any point and another goes on."""

    class Status(models.TextChoices):
        GATHERING = "gathering", _("Being prepared")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    WORKING = (Status.GATHERING, Status.RUNNING, Status.UNDOING)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)
    type = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    # What was chosen, as the act's page sent it.
    choice = models.TextField(blank=True)
    title = models.CharField(_("what is done"), max_length=300)
    # The list whose rows are meant, as `ListState.params` gives it; its rows are gathered into chunks first.
    query = models.TextField(blank=True)
    # Where the list was left.
    back = models.TextField(blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.GATHERING)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    # How many were left alone, by the reason in the person's words.
    left = models.JSONField(default=dict)
    message = models.TextField(_("message"), blank=True)
    changeset = models.OneToOneField(
        Changeset, null=True, blank=True, on_delete=models.PROTECT, related_name="bulk_run"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Moved with every chunk: a run at work that has not moved for a while has lost its worker.
    moved_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk act")
        verbose_name_plural = _("bulk acts")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="bulk_by_person"),
            models.Index(
                fields=["moved_at"], name="bulk_at_work", condition=Q(status__in=["gathering", "running", "undoing"])
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ui:bulk_detail", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.status in self.WORKING

    @property
    def left_count(self) -> int:
        return sum(self.left.values())


class BulkChunk(models.Model):
    """Some rows of a bulk act, done in one transaction; `left` holds [key, reason] of those left alone."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    keys = ArrayField(models.BigIntegerField())
    is_done = models.BooleanField(default=False)
    left = models.JSONField(default=list)

    class Meta:
        verbose_name = _("part of a bulk act")
        verbose_name_plural = _("parts of bulk acts")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_chunk_per_number")]
        indexes = [models.Index(fields=["run", "number"], name="bulk_chunks_to_do", condition=Q(is_done=False))]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"
