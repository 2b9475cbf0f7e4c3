"""Names that administrators give in both languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TwoNames(models.Model):
    """Base of rows named in both languages; a name that is missing is told in the other one."""

    name_fr = models.CharField(_("French name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        names = {"fr": self.name_fr, "en": self.name_en}
        return names.get(get_language() or "en") or self.name_en or self.name_fr
