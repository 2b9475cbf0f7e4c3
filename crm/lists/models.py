"""What a person last chose for a list: its columns."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListPreference(models.Model):
    """The columns one person shows in the list of one kind of record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=40)
    columns = models.JSONField(default=list)

    class Meta:
        verbose_name = _("list preference")
        verbose_name_plural = _("list preferences")
        constraints = [models.UniqueConstraint(fields=["user", "type"], name="one_preference_per_list")]

    def __str__(self) -> str:
        return f"{self.type} #{self.user_id}"
