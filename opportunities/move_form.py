"""The small form of a move: what the stage asks for and the deal lacks, and how the deal ended."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import as_read
from crm.ui.forms import DateInput, NumberField
from opportunities import services
from opportunities.forms import FAR_AWAY, OpportunityForm
from opportunities.models import DealContact, LostReason, Opportunity, Stage
from opportunities.record_types import OPPORTUNITY
from opportunities.services import Closing

MOST_CONTACTS = 200
# Fields of the form that are no plain edits of the deal.
ACTS = ("stage", "won_amount", "closed_on", "lost_reason", "lost_text", "contact", "part")


class MoveForm(OpportunityForm):
    """Where a deal goes, and what is needed for that; without a stage it asks for one first.

    `blocked` names what the stage requires and this form cannot take: lines, or fields that the user may not fill in.
    """

    def __init__(self, *args: Any, by: User, stages: list[Stage], stage: Stage | None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.stage = stage
        lacking = [] if stage is None else [n for n in services.missing_for(self.instance, stage) if n != "lost_reason"]
        kept = {name: field for name, field in self.fields.items() if name in lacking}
        for field in kept.values():
            field.required = True
        self.blocked = [self._label(name) for name in lacking if name not in kept and name != "contact"]
        self.fields = {"as_read": self.fields["as_read"], **kept}
        if "contact" in lacking:
            self._ask_for_contact(by)
        self._ask_for_stage(stages, stage)
        if stage is not None and stage.status != Stage.Status.OPEN:
            self._ask_how_it_ended(stage, by)
        self.read = as_read(self.instance, self._model_fields())
        self.initial["as_read"] = json.dumps(self.read)

    def _label(self, name: str) -> str:
        return str(_("Lines")) if name == "line" else OPPORTUNITY.label_of(name)

    def _ask_for_stage(self, stages: list[Stage], stage: Stage | None) -> None:
        rows = Stage.objects.filter(pk__in=[each.pk for each in stages])
        field: Any = forms.ModelChoiceField(rows, label=gettext_lazy("Stage"), widget=forms.Select)
        field.empty_label = None
        field.error_messages["invalid_choice"] = _("This stage is not of the pipeline of the deal: choose another one.")
        if stage is not None:
            field.widget = forms.HiddenInput()
        self.fields["stage"] = field
        self.initial["stage"] = stage.pk if stage else self.instance.stage_id

    def _ask_for_contact(self, by: User) -> None:
        people = Contact.objects.visible_to(by).filter(affiliations__company_id=self.instance.company_id)
        rows = Contact.objects.filter(pk__in=people.values("pk")[:MOST_CONTACTS]).order_by("sort_name", "pk")
        if self.instance.company_id is None or not rows.exists():
            self.blocked.append(str(_("Contacts")))
            return
        contact: Any = forms.ModelChoiceField(rows, label=gettext_lazy("Contact"))
        contact.empty_label = _("Choose…")
        self.fields["contact"] = contact
        parts = [("", _("Not set")), *DealContact.Part.choices]
        self.fields["part"] = forms.ChoiceField(
            label=gettext_lazy("Part in the decision"), choices=parts, required=False
        )

    def _ask_how_it_ended(self, stage: Stage, by: User) -> None:
        may_say = by.rights.writes(kind_of(Opportunity), "won_amount")
        if stage.status == Stage.Status.WON and may_say:
            self.fields["won_amount"] = NumberField(
                label=_("Amount signed (%(currency)s)") % {"currency": self.instance.currency},
                required=False,
                min_value=0,
                max_digits=16,
                decimal_places=2,
            )
            self.initial.setdefault("won_amount", self.instance.amount)
        if stage.status == Stage.Status.LOST:
            reasons: Any = forms.ModelChoiceField(
                LostReason.objects.filter(is_active=True), label=gettext_lazy("Reason")
            )
            reasons.empty_label = _("Choose…")
            self.fields["lost_reason"] = reasons
            self.fields["lost_text"] = forms.CharField(
                label=gettext_lazy("What happened"),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields["closed_on"] = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
        self.initial["closed_on"] = timezone.localdate()

    def _model_fields(self) -> list[str]:
        return [name for name in super()._model_fields() if name not in ACTS]

    def clean_closed_on(self) -> Any:
        day = self.cleaned_data["closed_on"]
        if day.year not in FAR_AWAY:
            raise forms.ValidationError(_("This day lies too far away: check the year."))
        if day > timezone.localdate():
            raise forms.ValidationError(_("A deal cannot have ended in the future: check the day."))
        if self.instance.opened_on and day < self.instance.opened_on:
            raise forms.ValidationError(_("The day it was closed lies before the day it was opened."))
        return day

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.blocked:
            self.add_error(
                None, _("Fill in first, on the page of the deal: %(names)s.") % {"names": ", ".join(self.blocked)}
            )
        return data

    def move(self, *, by: User, position: float | None) -> Changeset:
        """Fill in what was missing and move the deal: one act. Raises EditConflict, Missing, Refused."""
        data, deal = self.cleaned_data, self.instance
        ended = Closing(
            on=data.get("closed_on"),
            amount=data.get("won_amount"),
            reason=data.get("lost_reason"),
            text=data.get("lost_text", ""),
        )
        with changes(by, Changeset.Source.EDIT) as changeset:
            if self.typed:
                self.save_edit(by=by)
            if contact := data.get("contact"):
                DealContact.objects.create(opportunity=deal, contact=contact, part=data["part"])
                record_event("opportunity.changed", by=by, about=[deal], changeset=changeset, fields=["contacts"])
            services.move_to_stage(deal, data["stage"], by=by, closing=ended, position=position)
        return changeset


def closing_at_once(deal: Opportunity, stage: Stage) -> Closing | None:
    """How a deal ends that is moved without a word: won today for what was expected. None where one must be asked."""
    if stage.status == Stage.Status.OPEN:
        return Closing()
    amount: Decimal | None = deal.amount
    return Closing(amount=amount) if stage.status == Stage.Status.WON and amount is not None else None
