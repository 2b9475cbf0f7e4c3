"""An import and its staged rows: the rows are the truth, workers may die at any point."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.records.models import Changeset
from integrations.querysets import ExportRunQuerySet, ImportRowQuerySet, ImportRunQuerySet
from integrations.rows import kind_of_row


def import_path(run: ImportRun, filename: str) -> str:
    """Where a file handed in is kept, in private storage, under a name nobody can guess."""
    return f"imports/{uuid.uuid4().hex}"


class ImportRun(models.Model):
    """One file on its way into the address book."""

    class Kind(models.TextChoices):
        CONTACTS = "contacts", _("Contacts")
        COMPANIES = "companies", _("Companies")
        OPPORTUNITIES = "opportunities", _("Opportunities")
        PRODUCTS = "products", _("Products")
        USERS = "users", _("Users")

    class Status(models.TextChoices):
        MAPPING = "mapping", _("To be mapped")
        PLANNING = "planning", _("Being checked")
        PLANNED = "planned", _("Ready")
        COMMITTING = "committing", _("Being imported")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    class OnMatch(models.TextChoices):
        FILL = "fill", _("Fill in what is blank")
        UPDATE = "update", _("Overwrite with the file")
        SKIP = "skip", _("Leave as it is")

    WORKING = (Status.PLANNING, Status.COMMITTING, Status.UNDOING)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it holds"), max_length=13, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.MAPPING)
    file = models.FileField(_("file"), upload_to=import_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    # What the user says about the file instead of what was detected: reading.Choices as a dict.
    choices = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    preset = models.CharField(max_length=40, default="generic")
    # What was seen on opening the file: how it was read, samples of each column, dates that read both ways.
    look = models.JSONField(default=dict)
    # The field of each column, "" for none.
    mapping = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    rows_read = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    # How many rows were done at `started_at`, which a pause moves on: the rate counts from there.
    rows_before = models.PositiveIntegerField(default=0)
    # The number of the last row written: where the commit goes on.
    cursor = models.PositiveIntegerField(default=0)
    changeset = models.OneToOneField(
        Changeset, null=True, blank=True, on_delete=models.PROTECT, related_name="import_run"
    )
    message = models.TextField(_("message"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    # Moved with every chunk: a run at work that has not moved for a while has lost its worker.
    moved_at = models.DateTimeField(default=timezone.now)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="import_by_person"),
            models.Index(
                fields=["moved_at"],
                name="import_at_work",
                condition=Q(status__in=["planning", "committing", "undoing"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def title(self) -> str:
        """What is done, by what the file holds."""
        titles = {
            self.Kind.CONTACTS: _("Import contacts"),
            self.Kind.COMPANIES: _("Import companies"),
            self.Kind.OPPORTUNITIES: _("Import opportunities"),
            self.Kind.PRODUCTS: _("Import products"),
            self.Kind.USERS: _("Import users"),
        }
        return str(titles[self.Kind(self.kind)])

    def get_absolute_url(self) -> str:
        return reverse("integrations:import_detail", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.status in self.WORKING

    @property
    def to_write(self) -> int:
        """How many rows the commit writes."""
        return int(self.counts.get("create", 0)) + int(self.counts.get("update", 0))

    @property
    def percent(self) -> int:
        return min(100, self.rows_done * 100 // self.to_write) if self.to_write else 0

    @property
    def rate(self) -> float | None:
        """Rows written a second since the commit started or went on; None while that says nothing yet."""
        written = self.rows_done - self.rows_before
        if not self.started_at or written <= 0 or self.status != self.Status.COMMITTING:
            return None
        return written / max(0.001, (self.moved_at - self.started_at).total_seconds())

    @property
    def time_left(self) -> timedelta | None:
        """How long the commit still takes at its present rate; None while that says nothing yet."""
        return timedelta(seconds=(self.to_write - self.rows_done) / self.rate) if self.rate else None


class ImportRow(models.Model):
    """One staged row: what the file says, what was made of it, and what will be or was done with it."""

    class Action(models.TextChoices):
        CREATE = "create", _("Created")
        UPDATE = "update", _("Updated")
        SAME = "same", _("Identical")
        SKIP = "skip", _("Skipped")
        FAIL = "fail", _("Failed")

    class Step(models.IntegerChoices):
        """What is left to do with a row that is written: most rows are done with that."""

        WHOLE = 0, _("staged")
        TO_LINK = 1, _("written")
        LINKED = 2, _("finished")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    raw = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    cleaned = models.JSONField(default=dict)
    # What the row is recognised by, such as "email:zoe@martin.example".
    keys = ArrayField(models.CharField(max_length=300), default=list)
    action = models.CharField(max_length=6, choices=Action.choices)
    # The record the row is about; of a row that creates, the key its record will have, taken from the table's sequence.
    record_id = models.BigIntegerField(null=True)
    # {field: [old, new]} of a row that updates.
    diff = models.JSONField(default=dict)
    # [{"column", "value", "reason", "warning"}]
    errors = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(choices=Step.choices, default=Step.WHOLE)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_row_per_number")]
        indexes = [
            models.Index(fields=["run", "action", "number"], name="import_rows_by_action"),
            models.Index(fields=["run", "number"], name="import_rows_to_link", condition=Q(step=1)),
            models.Index(fields=["run", "number"], name="import_rows_to_tell", condition=~Q(errors=[])),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"

    @property
    def kind(self) -> str:
        """What the row holds."""
        return kind_of_row(self.run.kind, self.cleaned)


class RememberedMapping(models.Model):
    """Which fields the columns of a file went to, for the next file with the same headers. No personal data."""

    kind = models.CharField(_("what it holds"), max_length=13, choices=ImportRun.Kind.choices)
    # A fingerprint of the headers, in their order.
    headers = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [models.UniqueConstraint(fields=["kind", "headers"], name="one_mapping_per_headers")]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(filter(None, self.fields))}"[:100]


def export_path(run: ExportRun, filename: str) -> str:
    """Where a file made to be fetched is kept, in private storage, under a name nobody can guess."""
    return f"exports/{uuid.uuid4().hex}"


class ExportRun(models.Model):
    """A large file that a worker makes, kept for a while to be fetched by whoever asked for it."""

    class Status(models.TextChoices):
        WORKING = "working", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        GONE = "gone", _("Deleted")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)
    # The list, by the slug of its kind of record, and its rows: those ticked, else those of its query.
    type = models.CharField(_("what it holds"), max_length=40)
    query = models.TextField(blank=True)
    keys = ArrayField(models.BigIntegerField(), null=True)
    file_format = models.CharField(_("format"), max_length=5)
    # The columns of the list that the file has, none for all fields; delimiter and byte order mark.
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    # What the person may take out, when they asked: a file made under other rights is not handed out.
    rights = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.WORKING)
    count = models.PositiveIntegerField(_("records"), default=0)
    file = models.FileField(_("file"), upload_to=export_path, blank=True)
    message = models.TextField(_("message"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Moved while the file grows: one at work that has not moved for a while has lost its worker.
    moved_at = models.DateTimeField(default=timezone.now)

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="export_by_person"),
            models.Index(fields=["moved_at"], name="export_at_work", condition=Q(status="working")),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        return f"{self.type}-{timezone.localdate(self.created_at):%Y-%m-%d}.{self.file_format}"
