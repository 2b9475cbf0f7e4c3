from django.db import models
from django.utils.translation import gettext_lazy as _


class BeatLease(models.Model):
    """One run of a scheduled job: whoever holds the row of (task, slot) runs it, nobody else does."""

    task = models.CharField(_("task"), max_length=200)
    slot = models.DateTimeField(_("slot"))
    held_until = models.DateTimeField(_("held until"))
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="beat_lease_unique")]

    def __str__(self) -> str:
        return f"{self.task} {self.slot:%Y-%m-%d %H:%M}"
