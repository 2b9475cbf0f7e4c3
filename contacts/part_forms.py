"""The forms of what belongs to a contact or a company: the ways to reach it, and the places where people work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.emails import clean_email, clean_url
from contacts.forms import CompanyField
from contacts.models import Affiliation, Company, Email, Link, Phone, PostalAddress
from contacts.phones import clean_phone, phone_digits
from crm.access.models import User
from crm.records.models import Organisation
from crm.ui import formatting
from crm.ui.forms import DateInput
from crm.ui.records import RecordForm


class PointForm(RecordForm):
    """Base of the forms of one way to reach somebody."""

    def clean_unique(self, column: str, value: str) -> str:
        """The same address or number is there once for each record."""
        owner = "contact" if self.instance.contact_id else "company"
        twins = self._meta.model._default_manager.filter(
            **{column: value, owner: getattr(self.instance, f"{owner}_id")}
        ).exclude(pk=self.instance.pk)
        if twins.exists():
            raise ValidationError(_("This is there already."))
        return value


class EmailForm(PointForm):
    class Meta:
        model = Email
        fields = ["address", "label"]

    def clean_address(self) -> str:
        return self.clean_unique("address", clean_email(self.cleaned_data["address"]))


class PhoneForm(PointForm):
    class Meta:
        model = Phone
        fields = ["number", "label"]
        widgets = {"number": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["number"] = formatting.phone(self.instance.number)

    def clean_number(self) -> str:
        number = clean_phone(self.cleaned_data["number"], Organisation.current().country)
        return self.clean_unique("number", number)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if number := self.cleaned_data.get("number"):
            self.instance.digits = self.cleaned_data["digits"] = " ".join(phone_digits(number))
        return data

    def _model_fields(self) -> list[str]:
        return [*super()._model_fields(), *(["digits"] if "digits" in getattr(self, "cleaned_data", {}) else [])]


class AddressForm(RecordForm):
    class Meta:
        model = PostalAddress
        fields = ["street", "postcode", "city", "region", "country", "label"]
        widgets = {"street": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors and not any(self.cleaned_data.get(n) for n in ("street", "postcode", "city", "country")):
            self.add_error("city", _("Enter at least a street, a postcode or a town."))
        return data


class LinkForm(RecordForm):
    class Meta:
        model = Link
        fields = ["title", "url"]

    def clean_url(self) -> str:
        return clean_url(self.cleaned_data["url"])


class AffiliationForm(RecordForm):
    """A contact's place in a company."""

    class Meta:
        model = Affiliation
        fields = ["role", "started_on", "ended_on"]
        widgets = {"started_on": DateInput, "ended_on": DateInput}

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        start, end = self.cleaned_data.get("started_on"), self.cleaned_data.get("ended_on")
        if start and end and end < start:
            self.add_error("ended_on", _("The end lies before the start."))
        if end and self.instance.is_primary:
            self.cleaned_data["is_primary"] = False
        return data

    def _model_fields(self) -> list[str]:
        extra = ["is_primary"] if "is_primary" in getattr(self, "cleaned_data", {}) else []
        return [*super()._model_fields(), *extra]


class NewAffiliationForm(AffiliationForm):
    """Tie a contact to a company found by its name."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        company = CompanyField(by=by, required=True, may_be_new=True, label=gettext_lazy("Company"))
        self.fields = {"company": company, **self.fields}

    def clean_company(self) -> Company:
        company: Company = self.cleaned_data["company"]
        if company.pk and self.instance.contact.affiliations.filter(company=company, ended_on__isnull=True).exists():
            raise ValidationError(_("This contact works there already."))
        return company
