"""What people and teams are to win in a month, a quarter or a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access.models import Team
from crm.history import track


@track()
class Target(models.Model):
    """What one user, or one team with those below it, is to win from `starts_on`, the first day of a month, on.

    `currency` is the company's at the time it was set: after a change of that, targets in the former count no more.
    """

    class Period(models.TextChoices):
        MONTH = "month", pgettext_lazy("period", "Month")
        QUARTER = "quarter", pgettext_lazy("period", "Quarter")
        YEAR = "year", pgettext_lazy("period", "Year")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    period = models.CharField(_("period"), max_length=7, choices=Period.choices)
    starts_on = models.DateField(_("from"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["starts_on", "period"], name="target_by_period")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=False) | Q(user__isnull=False, team__isnull=True),
                name="target_of_a_user_or_a_team",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="target_is_positive"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="target_starts_with_a_month"),
            models.UniqueConstraint(
                fields=["user", "period", "starts_on", "currency"],
                condition=Q(user__isnull=False),
                name="one_target_a_user_and_period",
            ),
            models.UniqueConstraint(
                fields=["team", "period", "starts_on", "currency"],
                condition=Q(team__isnull=False),
                name="one_target_a_team_and_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_period_display()} {self.starts_on:%Y-%m}"

    @property
    def whose(self) -> Any:
        """The user or the team."""
        return self.team if self.user_id is None else self.user

    @property
    def months(self) -> int:
        return MONTHS[self.period]

    @property
    def ends_before(self) -> dt.date:
        """The first day after the period."""
        return months_later(self.starts_on, self.months)


# How many months a period has.
MONTHS: dict[str, int] = {Target.Period.MONTH: 1, Target.Period.QUARTER: 3, Target.Period.YEAR: 12}


def months_later(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months after that of a day."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)
