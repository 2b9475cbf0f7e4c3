"""The forms of roles: their names, their matrix, their replacement."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import Role
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.console.rights_table import is_yes_or_no, kinds
from crm.console.services.roles import cells_of, places
from crm.records.text import clean_line
from crm.ui.records import RecordForm


class RoleForm(RecordForm):
    """A role's names and whether it asks for a second factor."""

    class Meta:
        model = Role
        fields = ["name_fr", "name_en", "requires_second_factor"]
        help_texts = {
            "requires_second_factor": gettext_lazy("Until it is set up, nothing else opens for those with this role.")
        }


class NewRoleForm(forms.Form):
    """A new role: its names, and whose rights it starts with."""

    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60)
    copy_of = forms.ModelChoiceField(
        Role.objects.all(),
        label=gettext_lazy("Start with the rights of"),
        required=False,
        empty_label=gettext_lazy("no role: nothing allowed yet"),
    )

    def clean_name_fr(self) -> str:
        return clean_line(self.cleaned_data["name_fr"])

    def clean_name_en(self) -> str:
        return clean_line(self.cleaned_data["name_en"])


class MatrixForm(forms.Form):
    """Kind of record × act → whose. Nobody may do to a record what they cannot see."""

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = kinds()
        yes_no = [(Scope.NOBODY, _("No")), (Scope.ALL, _("Yes"))]
        now = cells_of(role)
        for kind, act in places():
            is_plain = is_yes_or_no(kind, act)
            scope = Scope.ALL if is_plain and now[kind, act] else now[kind, act]
            self.fields[f"{kind}:{act}"] = forms.TypedChoiceField(
                label=self._label(kind, act),
                choices=yes_no if is_plain else Scope.choices,
                coerce=int,
                initial=scope.value,
            )

    def _label(self, kind: str, act: str) -> str:
        if kind == ADMINISTRATION:
            return _("Administer Sillage")
        return _("%(act)s: %(kind)s") % {"act": Act(act).label, "kind": self.names[kind]}

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The matrix by lines: what a kind is called, and its fields in the order of `Act`."""
        return [(label, [self[f"{kind}:{act}"] for act in Act]) for kind, label in self.names.items()]

    @property
    def administration(self) -> forms.BoundField:
        return self[f"{ADMINISTRATION}:{Act.EDIT}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind in self.names:
            sees = data.get(f"{kind}:{Act.SEE}")
            for act in Act:
                reach = data.get(f"{kind}:{act}")
                if sees is None or reach is None:
                    continue
                if act == Act.CREATE and reach and not sees:
                    self.add_error(f"{kind}:{act}", _("Who creates must see at least their own."))
                elif act != Act.CREATE and reach > sees:
                    self.add_error(f"{kind}:{act}", _("This reaches further than “See”: widen that first."))
        return data

    def cells(self) -> dict[tuple[str, str], Scope]:
        return {(kind, act): Scope(self.cleaned_data[f"{kind}:{act}"]) for kind, act in places()}

    def digest(self) -> str:
        """What was confirmed: changing the matrix after reading its effects asks again."""
        typed = json.dumps(self.cleaned_data, sort_keys=True)
        return hashlib.sha256(typed.encode()).hexdigest()[:16]


class ReplacementForm(forms.Form):
    """The role that those who hold a deleted one get instead."""

    def __init__(self, *args: Any, role: Role, is_held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_held:
            self.fields["replacement"] = forms.ModelChoiceField(
                Role.objects.exclude(pk=role.pk),
                label=_("Those who hold it get instead"),
                empty_label=_("Choose…"),
                error_messages={"required": _("Choose the role that those who hold this one get instead.")},
            )
