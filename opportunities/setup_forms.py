"""The forms of pipelines, stages and reasons of losses, and of where deals go when a stage is no longer there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms import COLOURS
from crm.access.models import HUES, User
from crm.records.custom import custom_fields
from crm.ui.records import RecordForm
from opportunities.models import LostReason, Opportunity, Pipeline, Stage

# What a stage may require of Sillage's own fields; then a contact, a line, and the fields that administrators added.
REQUIRABLE = (
    *("company", "amount", "expected_on", "next_step", "next_step_on", "source", "campaign", "competitors"),
    *("reference", "probability", "owner", "notes"),
)
Status = Stage.Status


class NamedForm(RecordForm):
    """Names in both languages that no sibling has."""

    def siblings(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self._meta.model.objects.exclude(pk=self.instance.pk)
        return rows

    def _clean_name(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        if self.siblings().filter(**{f"{name}__iexact": typed}).exists():
            raise ValidationError(_("Another one has this name: choose one that tells them apart."))
        return typed

    def clean_name_fr(self) -> str:
        return self._clean_name("name_fr")

    def clean_name_en(self) -> str:
        return self._clean_name("name_en")


class PipelineForm(NamedForm):
    class Meta:
        model = Pipeline
        fields = ["name_fr", "name_en", "accepted_stage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["accepted_stage"]
        stage.queryset = Stage.objects.filter(pipeline=self.instance).exclude(status=Status.LOST)
        stage.empty_label = _("The stage it is at")


class NewPipelineForm(NamedForm):
    """A new pipeline begins with the stages of another one."""

    class Meta:
        model = Pipeline
        fields = ["name_fr", "name_en"]

    like = forms.ModelChoiceField(
        Pipeline.objects.all(),
        label=gettext_lazy("Stages as in"),
        help_text=gettext_lazy("They are copied; change them afterwards as you like."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        like: Any = self.fields["like"]
        like.empty_label = None
        self.initial.setdefault("like", Pipeline.objects.filter(is_default=True).first())


class ReasonForm(NamedForm):
    class Meta:
        model = LostReason
        fields = ["name_fr", "name_en"]


class StageForm(NamedForm):
    """A stage, which stays open, won or lost as it was made. Probability and days are those of open ones."""

    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=[(hue, COLOURS[hue]) for hue in HUES])
    probability = forms.IntegerField(
        label=gettext_lazy("Probability"), min_value=0, max_value=100, help_text=gettext_lazy("In per cent.")
    )
    expected_days = forms.IntegerField(
        label=gettext_lazy("Expected days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=gettext_lazy("How long opportunities may stay until enough were won to know."),
    )
    required = forms.MultipleChoiceField(
        label=gettext_lazy("Required to enter"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without these nobody moves an opportunity on to this stage."),
    )

    class Meta:
        model = Stage
        fields = [
            *("name_fr", "name_en", "status", "probability", "expected_days", "colour"),
            *("guidance_fr", "guidance_en", "required"),
        ]
        widgets = {
            "guidance_fr": forms.Textarea(attrs={"rows": 4}),
            "guidance_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "guidance_fr": gettext_lazy("What to do at this stage; it stands on the page of the opportunity."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.instance
        choices: Any = self.fields["required"]
        choices.choices = requirable(by)
        if stage.pk:
            del self.fields["status"]
            if stage.status != Status.OPEN:
                del self.fields["probability"], self.fields["expected_days"]
        else:
            self.fields["probability"].required = False
            self.fields["probability"].help_text = _("In per cent; of won stages it is 100, of lost ones 0.")

    def siblings(self) -> models.QuerySet[Any]:
        return super().siblings().filter(pipeline=self.instance.pipeline_id)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        status = self.cleaned_data.get("status", self.instance.status)
        if status != Status.OPEN and "status" in self.fields:
            self.cleaned_data["probability"] = 100 if status == Status.WON else 0
            self.cleaned_data["expected_days"] = None
        elif "probability" in self.cleaned_data and self.cleaned_data["probability"] is None:
            self.add_error("probability", _("Enter how likely a sale is at this stage, in per cent."))
        return data


def requirable(by: User) -> list[tuple[str, str]]:
    """What a stage may require: names as `Stage.required` holds them, and what each is called."""
    fields: Any = {field.name: field for field in Opportunity._meta.concrete_fields}
    own = [(name, capfirst(str(fields[name].verbose_name))) for name in REQUIRABLE]
    added = [(each.slug, each.label) for each in custom_fields(Opportunity, by)]
    return [*own, ("contact", _("A contact")), ("line", _("A line")), *added]


class DestinationForm(forms.Form):
    """Where deals go; nothing is asked where there are none."""

    def __init__(self, *args: Any, stages: models.QuerySet[Stage], count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if count:
            to: Any = forms.ModelChoiceField(stages, label=gettext_lazy("They go to"))
            to.empty_label = _("Choose…")
            to.label_from_instance = lambda stage: f"{stage.pipeline} · {stage}"
            self.fields["to"] = to

    @property
    def to(self) -> Stage | None:
        found: Stage | None = self.cleaned_data.get("to")
        return found
