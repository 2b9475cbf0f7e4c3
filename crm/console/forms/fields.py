"""The form of a custom field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import User
from crm.lists.fields import record_types
from crm.records.custom import MOST_CHOICES, CustomField, choice_pairs
from crm.records.custom_indexes import SEARCHABLE, UNIQUE
from crm.records.search import entry_models
from crm.ui.custom import in_words
from crm.ui.records import RecordForm

Kind = CustomField.Kind
WITHOUT_DEFAULT = (Kind.USER, Kind.RECORD)


class FieldForm(RecordForm):
    """Name, help, section, choices and default of a field; its kind only while it is new."""

    choices_text = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One per line, for the kinds “Choice” and “Several choices”."),
    )
    default_text = forms.CharField(
        label=gettext_lazy("Value of new records"),
        required=False,
        help_text=gettext_lazy("As one would type it; several choices are separated by commas."),
    )

    class Meta:
        model = CustomField
        fields = [
            "label",
            "kind",
            "help_text",
            "section",
            "target",
            "is_required",
            "is_unique",
            "is_indexed",
            "is_searchable",
        ]
        help_texts = {
            "section": gettext_lazy("The heading it stands under on the page; empty: “More”."),
            "is_required": gettext_lazy("Whoever creates or edits a record has to fill it in."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.instance
        if field.pk:
            self.initial["choices_text"] = "\n".join(label for _value, label in field.choices)
            self.initial["default_text"] = in_words(field, field.default, {})
            del self.fields["kind"]
            if field.kind not in UNIQUE:
                del self.fields["is_unique"]
            if field.kind == Kind.LONG_TEXT:
                del self.fields["is_indexed"]
            if field.kind not in (Kind.CHOICE, Kind.CHOICES):
                del self.fields["choices_text"]
            if field.kind not in SEARCHABLE:
                del self.fields["is_searchable"]
            del self.fields["target"]
        else:
            kinds = [(each.slug, each.label) for each in record_types()]
            help_text = _("For the kind “Record”: which records it leads to.")
            self.fields["target"] = forms.ChoiceField(
                label=_("Leads to"), choices=[("", _("Not set")), *kinds], required=False, help_text=help_text
            )
        searched = {each.record_model()._meta.model_name for each in entry_models()}
        if field.type not in searched:
            self.fields.pop("is_searchable", None)
        self.order_fields(["label", "kind", "target", "choices_text", "default_text"])

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        twins = CustomField.objects.filter(type=self.instance.type, label__iexact=label, trashed_at__isnull=True)
        if twins.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another field has this name."))
        return label

    def clean_choices_text(self) -> list[list[str]]:
        """Pairs of value and label; a line that is there, or was renamed in its place, keeps its value."""
        lines = [line.strip()[:80] for line in self.cleaned_data["choices_text"].splitlines() if line.strip()]
        labels = list(dict.fromkeys(lines))
        if len(labels) > MOST_CHOICES:
            raise ValidationError(_("A field has at most %(count)d choices.") % {"count": MOST_CHOICES})
        return choice_pairs(labels, self.instance.choices)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        kind = self.cleaned_data.get("kind") or self.instance.kind
        choices = self.cleaned_data.get("choices_text") or []
        is_choice = kind in (Kind.CHOICE, Kind.CHOICES)
        if is_choice and not choices and "choices_text" not in self.errors:
            self.add_error("choices_text", _("Enter the choices, one per line."))
        self.cleaned_data["choices"] = choices if is_choice else []
        if self.cleaned_data.get("is_unique") and kind and kind not in UNIQUE:
            self.add_error("is_unique", _("A field of this kind cannot have each value once."))
        if self.cleaned_data.get("is_indexed") and kind == Kind.LONG_TEXT:
            self.add_error("is_indexed", _("A long text cannot be sorted by."))
        if self.cleaned_data.get("is_searchable") and kind and kind not in SEARCHABLE:
            self.add_error("is_searchable", _("The search does not look into fields of this kind."))
        self._check_target(kind)
        typed = self.cleaned_data.get("default_text", "")
        self.cleaned_data["default"] = None
        if typed and kind in WITHOUT_DEFAULT:
            self.add_error("default_text", _("A field of this kind has no value to begin with."))
        elif typed and self.cleaned_data.get("is_unique"):
            self.add_error("default_text", _("Each value may be there once: new records cannot begin with one."))
        elif typed and kind:
            try:
                field = CustomField(kind=kind, choices=self.cleaned_data["choices"])
                self.cleaned_data["default"] = field.parse(typed)
            except ValidationError as wrong:
                self.add_error("default_text", wrong)
        return data

    def _check_target(self, kind: str) -> None:
        """A link leads to a kind of record; nothing else does."""
        if "target" not in self.fields:
            return
        if kind != Kind.RECORD:
            self.cleaned_data["target"] = ""
        elif not self.cleaned_data.get("target"):
            self.add_error("target", _("Choose which records it leads to."))

    def _model_fields(self) -> list[str]:
        return [*super()._model_fields(), "choices", "default"]

    @property
    def typed(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._model_fields()}

    def apply(self) -> CustomField:
        """The new field, not saved yet."""
        for name, value in self.typed.items():
            setattr(self.instance, name, value)
        field: CustomField = self.instance
        return field
