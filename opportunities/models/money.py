"""What a unit of a foreign currency is worth, day by day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track


@track()
class ExchangeRate(models.Model):
    """From a day on, one unit of `currency` is worth `rate` units of `base`, the company's currency at the time."""

    currency = models.CharField(_("currency"), max_length=3)
    base = models.CharField(_("company currency"), max_length=3)
    since = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "base", "since"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(condition=~Q(currency=F("base")), name="rate_is_of_another_currency"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("opportunities:rate_edit", args=[self.pk])

    def __str__(self) -> str:
        return f"{self.currency} {self.since}: {self.rate.normalize():f} {self.base}"
