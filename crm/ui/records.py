"""The base of every form that edits a record: clean text, and no one's work overwritten unseen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.records.services import EditConflict, Saved, as_read, save_edit
from crm.records.text import clean_block, clean_line

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class RecordForm(ModelForm):
    data: Any

    """A model form that remembers what it was drawn from (`as_read`) and saves through `save_edit`."""

    as_read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = as_read(self.instance, self._model_fields()) if self.instance.pk else {}
        self.initial["as_read"] = json.dumps(self.read)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                choices: Any = field.choices
                field.choices = [("", _("Not set")) if choice == ("", "---------") else choice for choice in choices]
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = _("Nobody")
            if isinstance(field, forms.CharField) and field.max_length and not field.widget.is_hidden:
                # The browser must not cut what is pasted: the server says that it is too long.
                field.widget.attrs.pop("maxlength", None)

    def _model_fields(self) -> list[str]:
        known = {f.name for f in self._meta.model._meta.concrete_fields}
        return [name for name in self.fields if name in known]

    def _clean_fields(self) -> None:
        """Take out control and direction characters before anything else looks at the text."""
        self.data = self.data.copy()
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if isinstance(field, forms.CharField) and name != "as_read" and key in self.data:
                clean = clean_block if isinstance(field.widget, forms.Textarea) else clean_line
                self.data[key] = clean(self.data[key])
        super()._clean_fields()  # type: ignore[misc]

    def clean_as_read(self) -> dict[str, str]:
        """What was read when the form was drawn; a broken value means: as it is now."""
        try:
            read = json.loads(self.cleaned_data["as_read"] or "{}")
        except ValueError:
            return dict(self.read)
        return {k: v for k, v in read.items() if isinstance(v, str)} if isinstance(read, dict) else dict(self.read)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, clean, by field of the model."""
        return {name: self.cleaned_data[name] for name in self._model_fields()}

    def save_edit(self, *, by: User, reason: str = "") -> Saved:
        """Save what was changed. Raises EditConflict."""
        instance = self._meta.model._base_manager.get(pk=self.instance.pk)
        return save_edit(instance, self.typed, by=by, read=self.cleaned_data["as_read"], reason=reason)

    def show_conflict(self, conflict: EditConflict) -> None:
        """Say beside each field what the other person entered; saving again then replaces it knowingly."""
        self.data = self.data.copy()
        now = self._meta.model._base_manager.get(pk=self.instance.pk)
        self.data[self.add_prefix("as_read")] = json.dumps(as_read(now, self._model_fields()))
        for name, (theirs, _typed) in conflict.fields.items():
            who = conflict.by.name if conflict.by else _("Somebody")
            shown = self._shown(name, theirs)
            text = _("%(who)s changed this to “%(value)s” in the meantime. Save again to replace it with yours.")
            self.add_error(name, text % {"who": who, "value": shown})

    def _shown(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()) or ())
        return str(choices.get(value, value)) if value not in (None, "") else _("nothing")
