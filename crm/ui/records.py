"""The base of every form that edits a record: clean text, and no one's work overwritten unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.custom import is_custom, live_fields, with_value
from crm.records.custom_indexes import twins
from crm.records.models import Record
from crm.records.services import EditConflict, Saved, as_read, save_edit
from crm.records.text import clean_block, clean_line
from crm.ui.custom import form_fields, in_words, named
from crm.ui.facts import names_of, plain

T = TypeVar("T")

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class RecordForm(ModelForm):
    """A model form that remembers what it was drawn from (`as_read`) and saves through `save_edit`.

    `only` leaves one field: the form of a fact edited in place. `by` is who edits: with it come the fields that
    administrators added, and what their roles keep from them goes.
    """

    data: Any

    # Fields that tell one record from another: nobody gives many records the same.
    one_by_one: ClassVar[frozenset[str]] = frozenset()

    as_read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, only: str = "", by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._viewer = by
        if by is not None and isinstance(self.instance, Record):
            self._add_custom(by, only)
        if by is not None:
            locked = by.rights.locked(kind_of(self._meta.model))
            self.fields = {name: field for name, field in self.fields.items() if name not in locked}
        if only:
            self.fields = {name: field for name, field in self.fields.items() if name in (only, "as_read")}
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

    def _add_custom(self, by: User, only: str) -> None:
        """Fields to fill in; a new record begins with the defaults of all, of those kept from the user too."""
        if self.instance.pk is None:
            defaults = {each.slug: each.default for each in live_fields(self._meta.model, by)}
            given = {slug: value for slug, value in defaults.items() if value is not None}
            self.instance.custom = {**given, **self.instance.custom}
        added = form_fields(self._meta.model, by, self.instance.custom, only)
        self.fields |= added
        for slug in added:
            self.initial.setdefault(slug, self.instance.custom.get(slug))

    def _model_fields(self) -> list[str]:
        known = {f.name for f in self._meta.model._meta.concrete_fields}
        return [name for name in self.fields if name in known or is_custom(name)]

    def _post_clean(self) -> None:
        """Put added fields on the instance too, for a record that is being created."""
        super()._post_clean()  # type: ignore[misc]
        for name in filter(is_custom, self.fields):
            if name in self.cleaned_data:
                self._check_once(name)
            if name in self.cleaned_data:
                self.instance.custom = with_value(self.instance.custom, name, self.cleaned_data[name])

    def _check_once(self, name: str) -> None:
        """Refuse a value of a field that has each once, where another record has it; the database refuses it too."""
        field, value = self.fields[name].field, self.cleaned_data[name]  # type: ignore[attr-defined]
        if not field.is_unique or value is None or (self.instance.pk is not None and value == self.initial.get(name)):
            return
        others = twins(field, value, self.instance.pk)
        if others.exists():
            seen = others.visible_to(self._viewer, trashed=None).first() if self._viewer else None
            named = _("%(name)s has this value already, and each may be there once.")
            text = (
                named % {"name": seen} if seen else _("Another record has this value already: each may be there once.")
            )
            self.add_error(name, text)

    def _clean_fields(self) -> None:
        """Take out control and direction characters before anything else looks at the text."""
        self.data = self.data.copy()
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if isinstance(field, forms.CharField) and name != "as_read" and key in self.data:
                clean = clean_block if isinstance(field.widget, forms.Textarea) else clean_line
                self.data[key] = clean(self.data[key])
            elif name == "as_read" and key in self.data:
                self.data[key] = self.data[key].replace("\0", "")
        super()._clean_fields()  # type: ignore[misc]

    def clean_as_read(self) -> dict[str, str]:
        """What was read when the form was drawn; a broken value means: as it is now."""
        try:
            read = json.loads(self.cleaned_data["as_read"] or "{}")
        except (ValueError, RecursionError):
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

    def try_to_save(self, *, by: User) -> tuple[Saved | None, int]:
        """What was saved, and the status of the answer: see `attempt`."""
        return self.attempt(lambda: self.save_edit(by=by), by=by)

    def attempt(self, save: Callable[[], T], *, by: User) -> tuple[T | None, int]:
        """What `save` gives, and the status of the answer.

        409 where somebody else was first; 422 where what they did in the meantime rules this out, which the form says.
        """
        try:
            return save(), 200
        except EditConflict as conflict:
            self.show_conflict(conflict, by)
            return None, 409
        except IntegrityError:
            self.full_clean()
            if self.is_valid():
                raise
            return None, 422

    def show_conflict(self, conflict: EditConflict, by: User) -> None:
        """Say beside each field what the other person entered; saving again then replaces it knowingly."""
        self.data = self.data.copy()
        now = self._meta.model._base_manager.get(pk=self.instance.pk)
        self.data[self.add_prefix("as_read")] = json.dumps(as_read(now, self._model_fields()))
        who = conflict.by.name if conflict.by else _("Somebody")
        for name in conflict.fields.keys() & self.fields.keys():
            if is_custom(name):
                added: Any = self.fields[name]
                raw = now.custom.get(name)
                shown = in_words(added.field, raw, named([(added.field, raw)], by)) or _("nothing")
            else:
                shown = _in_words(self._meta.model._meta.get_field(name), now, by) or _("nothing")
            text = _("%(who)s changed this to “%(value)s” in the meantime. Save again to replace it with yours.")
            self.add_error(name, text % {"who": who, "value": shown})


def _in_words(field: Any, row: Model, viewer: User) -> str:
    value = field.value_from_object(row)
    if field.is_relation and value is not None:
        return names_of(field.related_model, [value], viewer).get(value, f"#{value}")
    return plain(field, value, getattr(row, "currency", ""))
