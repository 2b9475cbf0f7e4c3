"""Records that may be the same person or company twice: pairs found, pairs said to be different, and the searches."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.people import Company, Contact
from contacts.querysets import PairQuerySet
from crm.history import track


class Pair(models.Model):
    """Base of the pairs of one kind of record, as the last search found them; `one` is the older record.

    `reasons` is a sum of `contacts.duplicates.reasons.Reason`; `certainty` goes from 50 to 99.
    """

    reasons = models.IntegerField(_("reasons"))
    certainty = models.PositiveSmallIntegerField(_("certainty"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    objects: ClassVar[Any] = PairQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.one_id} = {self.two_id}"  # type: ignore[attr-defined]


def _pair_meta(kind: str) -> dict[str, Any]:
    return {
        "constraints": [models.UniqueConstraint(fields=["one", "two"], name=f"one_pair_of_{kind}")],
        "indexes": [models.Index(fields=["certainty", "id"], name=f"{kind}_pair_by_certainty")],
    }


class ContactPair(Pair):
    """Two contacts that may be one person."""

    one = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    two = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("likely duplicate contact")
        verbose_name_plural = _("likely duplicate contacts")
        constraints = _pair_meta("contact")["constraints"]
        indexes = _pair_meta("contact")["indexes"]


class CompanyPair(Pair):
    """Two companies that may be one."""

    one = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    two = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("likely duplicate company")
        verbose_name_plural = _("likely duplicate companies")
        constraints = _pair_meta("company")["constraints"]
        indexes = _pair_meta("company")["indexes"]


# Somebody's word, so it is versioned and can be undone. It moves with the records when they are merged, and after that
# `one` may be the younger one: both ways round mean the same.


@track(parents=("one", "two"))
class ContactApart(models.Model):
    """Two contacts that somebody said are not the same person."""

    one = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="+")
    two = models.ForeignKey(Contact, verbose_name=_("other contact"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("“not the same”")
        verbose_name_plural = _("marks “not the same”")
        constraints = [models.UniqueConstraint(fields=["one", "two"], name="contacts_apart_once")]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.two}"


@track(parents=("one", "two"))
class CompanyApart(models.Model):
    """Two companies that somebody said are not the same."""

    one = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.CASCADE, related_name="+")
    two = models.ForeignKey(Company, verbose_name=_("other company"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("“not the same”")
        verbose_name_plural = _("marks “not the same”")
        constraints = [models.UniqueConstraint(fields=["one", "two"], name="companies_apart_once")]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.two}"


class DuplicateSearch(models.Model):
    """One search over all contacts or all companies. Its `step` is the truth: a worker may die and another goes on."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RUNNING)
    step = models.PositiveSmallIntegerField(default=0)
    found = models.PositiveIntegerField(_("found"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Moved with every step: a search at work that has not moved for a while may have lost its worker.
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(status="running"), name="one_search_at_a_time")
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="searches_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_status_display()}"


class DuplicateKey(models.Model):
    """What the last search made of a record's name: its words in order of the alphabet, each as it is spoken, and as
    it sounds without vowels."""

    kind = models.CharField(max_length=10)
    record_id = models.BigIntegerField()
    words = models.TextField(db_collation="C")
    spoken = models.TextField(db_collation="C")
    sounds = models.TextField(db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="one_duplicate_key_per_record")]
        indexes = [models.Index(fields=["kind", "spoken"], name="duplicates_by_sound")]

    def __str__(self) -> str:
        return self.words


class DuplicateHit(models.Model):
    """Two records that a step of a search found alike for one reason; gone when the search is over."""

    search = models.ForeignKey(DuplicateSearch, on_delete=models.CASCADE, related_name="hits", db_index=False)
    one = models.BigIntegerField()
    two = models.BigIntegerField()
    reason = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.one} = {self.two}: {self.reason}"
