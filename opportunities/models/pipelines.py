"""How sales go here: pipelines, their stages, and why deals are lost. Administrators set them up."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access.models import HUES
from crm.history import track
from crm.names import TwoNames


@track()
class Pipeline(TwoNames):
    """One way of selling, from the first lead to the signature; `position` orders them."""

    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_default = models.BooleanField(_("default pipeline"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    accepted_stage = models.ForeignKey(
        "Stage",
        verbose_name=_("stage once a quote is accepted"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text=_("Where an opportunity goes when the customer accepts a quote; without one it stays where it is."),
    )

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_pipeline")
        ]

    def get_absolute_url(self) -> str:
        return reverse("opportunities:pipeline_edit", args=[self.pk])


class LiveStages(models.Manager["Stage"]):
    """Stages that deals may be in: those that were removed are only in the past of deals."""

    def get_queryset(self) -> models.QuerySet[Stage]:
        return super().get_queryset().filter(is_active=True)


@track(parents=("pipeline",))
class Stage(TwoNames):
    """A step of a pipeline. A deal's status is that of its stage (opportunities/sql/deals.sql).

    A stage that is removed stays for the past of deals and is not `is_active`: `objects` and `pipeline.stages` are
    without it, `every` has it too.

    `required` names what a deal must have to enter: fields of an opportunity, slugs of those administrators added, or
    "contact" and "line", for one at least. `expected_days` is how long deals may stay until enough were won to know.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("opportunity", "Open")
        WON = "won", pgettext_lazy("opportunity", "Won")
        LOST = "lost", pgettext_lazy("opportunity", "Lost")

    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="stages", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    status = models.CharField(_("status"), max_length=4, choices=Status.choices, default=Status.OPEN)
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=0, validators=[MaxValueValidator(100)], help_text=_("In per cent.")
    )
    colour = models.CharField(_("colour"), max_length=6, choices=[(hue, hue) for hue in HUES], default="blue")
    required = models.JSONField(_("required to enter"), default=list, blank=True)
    guidance_fr = models.TextField(_("guidance in French"), max_length=2000, blank=True)
    guidance_en = models.TextField(_("guidance in English"), max_length=2000, blank=True)
    expected_days = models.PositiveSmallIntegerField(_("expected days"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True, db_default=True)

    objects: ClassVar[Any] = LiveStages()
    every: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["pipeline", "position", "id"], name="stage_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_is_per_cent"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(status="won", probability=100) | Q(status="lost", probability=0),
                name="stage_probability_of_ended",
            ),
        ]


@track()
class LostReason(TwoNames):
    """Why a deal was lost, from the list that administrators keep; `is_active` ones are offered."""

    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reason of a loss")
        verbose_name_plural = _("reasons of losses")
        ordering = ["position", "id"]

    def get_absolute_url(self) -> str:
        return reverse("opportunities:reason_edit", args=[self.pk])
