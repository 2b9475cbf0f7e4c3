"""The forms of opportunities and products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms import CompanyField, OwnedForm
from crm.access.models import User
from crm.records.models import Organisation
from crm.ui.currencies import currencies
from crm.ui.forms import DateInput, NumberField
from opportunities.models import Opportunity, Product, Stage
from opportunities.services import default_pipeline

FAR_AWAY = range(1990, 2100)


class OpportunityForm(OwnedForm):
    """A deal without what has verbs of its own: its stage, how it ended, its lines."""

    one_by_one = frozenset({"name", "reference", "owner", "amount"})

    amount = NumberField(label=gettext_lazy("Amount"), required=False, min_value=0, max_digits=16, decimal_places=2)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)

    class Meta:
        model = Opportunity
        fields = [
            "name", "company", "amount", "currency", "opened_on", "expected_on", "probability", "category",
            "next_step", "next_step_on", "source", "campaign", "competitors", "reference", "owner", "notes",
        ]  # fmt: skip
        widgets = {
            "opened_on": DateInput,
            "expected_on": DateInput,
            "next_step_on": DateInput,
            "notes": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        if "company" in self.fields:
            self.fields["company"] = CompanyField(by=by, label=gettext_lazy("Company"))
            kept = self.instance.company_id
            if kept and not self.fields["company"].prepare_value(kept):
                # It cannot be shown, and an empty field would take it away.
                del self.fields["company"]
        if self.instance.pk is None:
            self.initial.setdefault("currency", Organisation.current().currency)

        if "probability" in self.fields:
            self.fields["probability"].help_text = _("In per cent; empty for that of the stage.")

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if "probability" in self.cleaned_data and self.cleaned_data["probability"] != self._typed_probability():
            is_typed = self.cleaned_data["probability"] is not None
            sources = Opportunity.ProbabilitySource
            self.cleaned_data["probability_source"] = sources.TYPED if is_typed else sources.STAGE
        for name in ("opened_on", "expected_on", "next_step_on"):
            day = self.cleaned_data.get(name)
            if day is not None and day.year not in FAR_AWAY:
                self.add_error(name, _("This day lies too far away: check the year."))
        opened = self.cleaned_data.get("opened_on", self.instance.opened_on)
        if (expected := self.cleaned_data.get("expected_on")) and opened and expected < opened:
            self.add_error("expected_on", _("A deal is expected to close after the day it was opened: check both."))
        if "opened_on" in self.cleaned_data and opened and self.instance.closed_on and opened > self.instance.closed_on:
            self.add_error("opened_on", _("It was closed before that day: check both."))
        if "amount" in self.changed_data and self.instance.amount_source == Opportunity.AmountSource.LINES:
            # Who types an amount does not want the sum of the lines any longer.
            self.cleaned_data["amount_source"] = Opportunity.AmountSource.TYPED
        return data

    def _typed_probability(self) -> int | None:
        """What the field was drawn with: the probability on the instance is cleaned already where this is asked."""
        return self.initial.get("probability")

    def _model_fields(self) -> list[str]:
        clean = getattr(self, "cleaned_data", {})
        extra = [name for name in ("probability_source", "amount_source") if name in clean]
        return [*super()._model_fields(), *extra]


class NewOpportunityForm(OpportunityForm):
    """A new deal, in the stage picked or the first of its pipeline; `stage` is the one it is to begin in."""

    def __init__(self, *args: Any, by: User, stage: Stage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        pipeline = stage.pipeline if stage else default_pipeline()
        stages: Any = forms.ModelChoiceField(pipeline.stages.filter(status="open"), label=gettext_lazy("Stage"))
        stages.empty_label = None
        self.fields["stage"] = stages
        self.initial["stage"] = stage or stages.queryset.first()
        self.initial.setdefault("opened_on", timezone.localdate())
        self.order_fields(["name", "company", "stage"])

    def _model_fields(self) -> list[str]:
        return [name for name in super()._model_fields() if name != "stage"]

    def _post_clean(self) -> None:
        super()._post_clean()
        if "probability_source" in self.cleaned_data:
            self.instance.probability_source = self.cleaned_data["probability_source"]
        if stage := self.cleaned_data.get("stage"):
            self.instance.stage = stage


class ProductForm(OwnedForm):
    one_by_one = frozenset({"name", "code"})

    vat_rate = NumberField(label=gettext_lazy("VAT rate"), min_value=0, max_value=100, max_digits=5, decimal_places=2)

    class Meta:
        model = Product
        fields = ["name", "code", "family", "unit", "vat_rate", "is_recurring", "is_active", "owner", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        others = Product.objects.filter(code__iexact=code, trashed_at__isnull=True).exclude(pk=self.instance.pk)
        if code and others.exists():
            raise ValidationError(_("Another product has this code: each has one of its own."))
        return code
