"""The form of a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import Team
from crm.ui.records import RecordForm


class TeamForm(RecordForm):
    """A team's name and place in the tree, which is neither itself nor below itself."""

    class Meta:
        model = Team
        fields = ["name", "parent"]
        error_messages = {"name": {"unique": gettext_lazy("Another team has this name.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = forms.ModelChoiceField(
            Team.objects.exclude(pk__in=self._self_and_below()),
            label=_("Part of"),
            required=False,
            empty_label=_("no other team"),
        )

    def _self_and_below(self) -> set[int]:
        if not self.instance.pk:
            return set()
        parents = dict(Team.objects.order_by().values_list("pk", "parent_id"))
        found = {self.instance.pk}
        while grown := {pk for pk, parent in parents.items() if parent in found} - found:
            found |= grown
        return found
