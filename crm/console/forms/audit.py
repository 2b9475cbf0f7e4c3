"""What narrows the audit log."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm.access.models import User
from crm.console.audit import about, kinds
from crm.records.models import Event
from crm.ui.forms import DateInput


class AuditFilter(forms.Form):
    """Person, kind, period and words; what cannot be read narrows nothing."""

    q = forms.CharField(required=False, max_length=100, label=gettext_lazy("Record, person, address or changeset"))
    who = forms.ModelChoiceField(User.objects.all(), required=False, label=gettext_lazy("Person"))
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=DateInput)
    until = forms.DateField(required=False, label=gettext_lazy("To"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", ""), *kinds().items()]  # type: ignore[attr-defined]

    def narrow(self, rows: models.QuerySet[Event], viewer: User) -> models.QuerySet[Event]:
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("who"):
            rows = rows.filter(actor=asked["who"])
        if asked.get("kind"):
            rows = rows.filter(verb__startswith=f"{asked['kind']}.")
        if asked.get("since"):
            rows = rows.filter(at__gte=_start_of(asked["since"]))
        if asked.get("until"):
            rows = rows.filter(at__lt=_start_of(asked["until"] + datetime.timedelta(days=1)))
        return about(rows, asked["q"], viewer) if asked.get("q") else rows

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


def _start_of(day: datetime.date) -> datetime.datetime:
    """Midnight in the viewer's zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
