"""The form of field rules: what each role may do with each field of a kind of record."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import Level
from crm.console.services.field_rules import guarded_fields, levels_of, ruled_roles
from crm.lists.fields import RecordType


class FieldRulesForm(forms.Form):
    """Field × role → what the role may do. Of cells that were left as they were drawn, nothing is written."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, type_: RecordType, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guarded, self.roles, now = guarded_fields(type_, by), ruled_roles(), levels_of(type_)
        for field in self.guarded:
            choices = [(level.value, level.label) for level in reversed(field.levels)]
            for role in self.roles:
                self.fields[f"{role.pk}:{field.name}"] = forms.TypedChoiceField(
                    label=_("%(field)s: %(role)s") % {"field": field.label, "role": role},
                    choices=choices,
                    coerce=int,
                    initial=now.get((role.pk, field.name), Level.EDIT).value,
                )
        drawn = {name: field.initial for name, field in self.fields.items() if name != "read"}
        self.initial["read"] = json.dumps(drawn)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What each field is called, and its cells in the order of the roles."""
        return [(field.label, [self[f"{role.pk}:{field.name}"] for role in self.roles]) for field in self.guarded]

    def clean_read(self) -> dict[str, Any]:
        """What the form was drawn from; nothing for a broken value: all that was typed counts."""
        try:
            read = json.loads(self.cleaned_data["read"] or "{}")
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    def levels(self) -> dict[tuple[int, str], Level]:
        """What was changed, by role and field."""
        read = self.cleaned_data["read"]
        return {
            (role.pk, field.name): Level(self.cleaned_data[key])
            for field in self.guarded
            for role in self.roles
            if self.cleaned_data[key := f"{role.pk}:{field.name}"] != read.get(key)
        }
