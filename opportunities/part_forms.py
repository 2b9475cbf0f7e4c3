"""The forms of what belongs to a deal: who decides with which part, co-owners with their share, the next step."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from crm.access.models import User
from crm.records.services import Saved
from crm.records.text import norm
from crm.ui import formatting
from crm.ui.records import RecordForm
from opportunities import people
from opportunities.forms import OpportunityForm
from opportunities.models import CoOwner, DealContact, Opportunity

_KEY = re.compile(r"#(\d{1,18})\s*$")
NAMED = 6


class ContactField(forms.CharField):
    """A contact by name, among those the user may see; "Claire Fontaine #12" tells two of the same name apart."""

    def __init__(self, *, by: User, suggestions: str, **kwargs: Any) -> None:
        self.by = by
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs.update(
            {
                "list": "contact-names",
                "autocomplete": "off",
                "hx-get": suggestions,
                "hx-trigger": "focus once, input delay:150ms",
                "hx-target": "#contact-names",
                "hx-swap": "innerHTML",
            }
        )

    def clean(self, value: Any) -> Contact:
        text = super().clean(value)
        seen = Contact.objects.visible_to(self.by)
        if key := _KEY.search(text):
            found = list(seen.filter(pk=int(key.group(1))))
        else:
            found = list(Contact.objects.search(text, self.by).visible_to(self.by).order_by("sort_name")[: NAMED + 1])
            exact = [each for each in found if norm(str(each)) == norm(text)]
            found = exact or found
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{each} #{each.pk}" for each in found[:NAMED])
            raise ValidationError(_("Several contacts have this name: enter one of %(names)s.") % {"names": names})
        raise ValidationError(_("No contact is called “%(name)s”: choose one from the list.") % {"name": text})


class PartForm(RecordForm):
    """A contact's part in the decision."""

    class Meta:
        model = DealContact
        fields = ["part"]


class NewPartForm(PartForm):
    """Add a contact to a deal, found by name."""

    def __init__(self, *args: Any, by: User, suggestions: str, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        field = ContactField(by=by, suggestions=suggestions, label=gettext_lazy("Contact"))
        self.fields = {"contact": field, **self.fields}

    def clean_contact(self) -> Contact:
        contact: Contact = self.cleaned_data["contact"]
        if self.instance.opportunity.parts.filter(contact=contact).exists():
            raise ValidationError(_("This contact takes part already: change their part instead."))
        return contact

    def _model_fields(self) -> list[str]:
        return [name for name in super()._model_fields() if name != "contact"]


class CoOwnerForm(RecordForm):
    """A co-owner's share of the result; the owner has what the others leave."""

    per_cent = forms.IntegerField(
        label=gettext_lazy("Share"), min_value=0, max_value=100, initial=0, help_text=gettext_lazy("In per cent.")
    )

    class Meta:
        model = CoOwner
        fields = ["per_cent"]

    def clean_per_cent(self) -> int:
        per_cent: int = self.cleaned_data["per_cent"]
        others = CoOwner.objects.filter(content_object=self.instance.content_object).exclude(pk=self.instance.pk)
        taken = others.aggregate(sum=Sum("per_cent"))["sum"] or 0
        if per_cent + taken > 100:
            left = 100 - taken
            text = _("The shares of all come to more than the whole: %(left)s at most is left.")
            raise ValidationError(text % {"left": formatting.percent(left / 100)})
        return per_cent

    def save_edit(self, *, by: User, reason: str = "") -> Saved:
        return people.change_share(self.instance, lambda: super(CoOwnerForm, self).save_edit(by=by, reason=reason))


class NewCoOwnerForm(CoOwnerForm):
    """Add a colleague as co-owner."""

    class Meta(CoOwnerForm.Meta):
        fields = ["user", "per_cent"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        deal: Opportunity = self.instance.content_object
        there = Q(pk=deal.owner_id) | Q(pk__in=CoOwner.objects.filter(content_object=deal).values("user"))
        user: Any = self.fields["user"]
        user.queryset, user.empty_label = User.objects.filter(is_active=True).exclude(there), None


class NextStepForm(OpportunityForm):
    """What is done next, and when."""

    amount = None  # type: ignore[assignment]
    currency = None  # type: ignore[assignment]

    class Meta(OpportunityForm.Meta):
        fields = ["next_step", "next_step_on"]
