"""What was learned of deals, what it says of each, and how the forecast stood night by night.

All but the overrides is worked out anew from the dated rows and belongs to nobody: no history is kept of it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.access.models import Team
from crm.history import track
from opportunities.models.deals import Category, Opportunity


class ForecastFit(models.Model):
    """What was learned from the deals that had closed before a day; the last one holds.

    `learned` is an `opportunities.forecast.fitting.Fit` as JSON: of each level of each factor its effects and how many
    deals are behind it. Amounts and times in it feed statistics and are floats.
    """

    before = models.DateField(_("before"), unique=True)
    made_at = models.DateTimeField(_("made"), auto_now=True)
    deals = models.PositiveIntegerField(_("deals"))
    won = models.PositiveIntegerField(_("won"))
    lost = models.PositiveIntegerField(_("lost"))
    learned = models.JSONField()

    class Meta:
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        ordering = ["-before"]

    def __str__(self) -> str:
        return str(self.before)

    @classmethod
    def current(cls) -> ForecastFit | None:
        """What was learned last; None as long as too few deals have closed."""
        return cls.objects.order_by("-before").first()


class DealScore(models.Model):
    """What was learned says of an open deal: its chance to be won, and by when it will have ended as likely as not.

    `months` are the chances, in per cent, to be won in each of the coming months, from the one of `scored_on`;
    `levels` are the levels of its factors, which the fit gives reasons for.
    """

    opportunity = models.OneToOneField(
        Opportunity, on_delete=models.CASCADE, primary_key=True, related_name="score", db_index=False
    )
    fit = models.ForeignKey(ForecastFit, on_delete=models.CASCADE, related_name="+")
    scored_on = models.DateField(_("as of"))
    odds = models.PositiveSmallIntegerField(_("probability"), help_text=_("In per cent."))
    close_month = models.DateField(_("likely month of the close"), null=True)
    months = models.JSONField(default=list)
    levels = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("learned probability")
        verbose_name_plural = _("learned probabilities")
        constraints = [models.CheckConstraint(condition=Q(odds__lte=100), name="score_is_per_cent")]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.odds} %"


class ForecastSnapshot(models.Model):
    """The forecast of a month, or of all coming months together, as it stood in a night: of a team with those below it,
    of an owner or, without either, of all deals. Amounts are in `currency`.

    `weighted` are expected amounts times the odds; `categories` sums by category of the rep; `low`, `middle` and `high`
    what one, five and nine in ten runs of the learned forecast stay below, empty until something was learned.
    """

    day = models.DateField(_("night of"))
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    month = models.DateField(_("month"), null=True)
    currency = models.CharField(_("currency"), max_length=3)
    won = models.DecimalField(_("won so far"), max_digits=20, decimal_places=2)
    weighted = models.DecimalField(_("weighted"), max_digits=20, decimal_places=2)
    categories = models.JSONField(default=dict)
    low = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    middle = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("snapshot of the forecast")
        verbose_name_plural = _("snapshots of the forecast")
        ordering = ["-day", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "owner", "day", "month"], nulls_distinct=False, name="one_snapshot_a_night"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.month or ''}"


class BackTest(models.Model):
    """How the forecast did on past months: grades by method, pooled and month by month
    (opportunities.forecast.backtest). The last one is shown."""

    until = models.DateField(_("until"), unique=True)
    made_at = models.DateTimeField(_("made"), auto_now=True)
    grades = models.JSONField(default=dict)
    months = models.JSONField(default=list)

    class Meta:
        verbose_name = _("back-test")
        verbose_name_plural = _("back-tests")
        ordering = ["-until"]

    def __str__(self) -> str:
        return str(self.until)


@track(owner="by")
class CategoryOverride(models.Model):
    """What a manager says a category of their team will come to in a month, instead of the sum of the deals, and
    why.
    """

    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("month"))
    category = models.CharField(_("forecast category"), max_length=8, choices=Category.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3)
    comment = models.CharField(_("comment"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("override of a category")
        verbose_name_plural = _("overrides of categories")
        constraints = [
            models.UniqueConstraint(fields=["team", "month", "category"], name="one_override_a_category"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="override_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.month}: {self.category}"

    def clean_fields(self, exclude: Any = None) -> None:
        """A month is its first day."""
        self.month = self.month.replace(day=1)
        super().clean_fields(exclude)
