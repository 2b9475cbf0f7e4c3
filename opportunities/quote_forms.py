"""The form of what is written on a quote beside its lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.identifiers import clean_siren, clean_vat
from crm.ui.forms import DateInput
from crm.ui.records import RecordForm
from opportunities.forms import FAR_AWAY
from opportunities.models import Quote


class QuoteForm(RecordForm):
    class Meta:
        model = Quote
        fields = [
            "buyer_name", "buyer_contact", "buyer_address", "buyer_siren", "buyer_vat_number", "language",
            "valid_until", "terms",
        ]  # fmt: skip
        widgets = {
            "buyer_address": forms.Textarea(attrs={"rows": 3}),
            "terms": forms.Textarea(attrs={"rows": 4}),
            "valid_until": DateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("buyer_siren", "buyer_vat_number"):
            field: Any = self.fields[name]
            # Spaces and labels in front may be typed along: what counts is how long it is without them.
            field.max_length, field.validators = None, []

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day is not None and day.year not in FAR_AWAY:
            raise ValidationError(_("This day lies too far away: check the year."))
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("This day is past: a quote is valid until today at least."))
        return day

    def clean_buyer_siren(self) -> str:
        return clean_siren(self.cleaned_data["buyer_siren"])

    def clean_buyer_vat_number(self) -> str:
        return clean_vat(self.cleaned_data["buyer_vat_number"])
