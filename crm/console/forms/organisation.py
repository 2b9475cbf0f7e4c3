"""The form of the organisation's settings, in sections; each setting knows its default."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names, get_month_names
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.console.history import LastChange
from crm.records.models import Organisation
from crm.records.text import norm
from crm.ui import formatting
from crm.ui.account import time_zones
from crm.ui.currencies import currencies
from crm.ui.images import small_logo
from crm.ui.records import RecordForm

SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Company"), ("name", "logo", "legal_mentions", "country")),
    (gettext_lazy("Money and the year"), ("currency", "fiscal_year_start")),
    (gettext_lazy("Working hours"), ("working_days", "day_starts_at", "day_ends_at", "time_zone")),
    (gettext_lazy("Languages"), ("languages",)),
    (gettext_lazy("Retention and files"), ("trash_days", "undo_days", "upload_limit_mb")),
)


@dataclass(frozen=True)
class Setting:
    """One setting as the page shows it: its field, its default in words, who changed it last."""

    field: forms.BoundField
    default: str
    changed: LastChange | None


def countries() -> list[tuple[str, str]]:
    """Countries by name, in the active language."""
    names = formatting.locale().territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NOT_ONE]
    return sorted(known, key=lambda country: norm(country[1]))


_NOT_ONE = {"EU", "EZ", "UN", "XA", "XB", "XK", "ZZ", "QO"}


def months() -> list[tuple[int, str]]:
    return [(number, capfirst(name)) for number, name in get_month_names("wide", locale=formatting.locale()).items()]


def days() -> list[tuple[int, str]]:
    """Monday is 1, as ISO 8601 counts."""
    names = get_day_names("wide", locale=formatting.locale())
    return [(number + 1, capfirst(name)) for number, name in names.items()]


class OrganisationForm(RecordForm):
    """All settings of the organisation, typed and checked."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=countries)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)
    fiscal_year_start = forms.TypedChoiceField(
        label=gettext_lazy("First month of the fiscal year"), choices=months, coerce=int
    )
    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days"),
        choices=days,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one day.")},
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages that users may choose"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one language.")},
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=time_zones)
    trash_days = forms.IntegerField(label=gettext_lazy("Days in the trash"), min_value=1, max_value=3650)
    undo_days = forms.IntegerField(label=gettext_lazy("Days an act can be undone"), min_value=1, max_value=365)
    upload_limit_mb = forms.IntegerField(
        label=gettext_lazy("Largest file, in megabytes"), min_value=1, max_value=10_240
    )

    class Meta:
        model = Organisation
        fields = [name for _label, names in SECTIONS for name in names]
        widgets = {
            "logo": forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
            "legal_mentions": forms.Textarea(attrs={"rows": 3}),
            "day_starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "day_ends_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "logo": gettext_lazy("PNG, JPEG or WebP."),
            "legal_mentions": gettext_lazy("What the law wants under your documents: form, capital, register."),
            "country": gettext_lazy("How phone numbers are read."),
            "trash_days": gettext_lazy("What is in the trash for longer is deleted for good."),
            "undo_days": gettext_lazy("From a record’s history and from the audit log."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.logo:
            self.fields["remove_logo"] = forms.BooleanField(label=_("Remove the logo"), required=False)

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        return small_logo(logo) if isinstance(logo, UploadedFile) else logo

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("remove_logo") and "logo" not in self.files:
            data["logo"] = ""
        starts, ends = data.get("day_starts_at"), data.get("day_ends_at")
        if starts and ends and ends <= starts:
            self.add_error("day_ends_at", _("The working day must end after it starts."))
        return data

    def sections(self, changes: dict[str, LastChange]) -> list[tuple[str, list[Setting]]]:
        """The page: sections of settings, each with its default and its last change."""
        return [
            (str(label), [Setting(self[name], self._default(name), changes.get(name)) for name in names])
            for label, names in SECTIONS
        ]

    def _default(self, name: str) -> str:
        """A setting's default as people read it."""
        value = Organisation._meta.get_field(name).get_default()  # type: ignore[union-attr]
        choices = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(value, list):
            return ", ".join(str(choices.get(each, each)) for each in value)
        if name.startswith("day_"):
            return formatting.clock(datetime.time.fromisoformat(value))
        if isinstance(value, int) and not choices:
            return formatting.number(value)
        return str(choices.get(value, value)) or _("none")
