"""The forms of contacts, companies and groups; those of what belongs to one are in `part_forms.py`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.emails import clean_domain, clean_email, clean_url
from contacts.identifiers import clean_siren, clean_siret, clean_vat
from contacts.models import Affiliation, Company, Contact, Email, Group, Phone
from contacts.phones import clean_phone, phone_digits
from crm.access.models import HUES, User
from crm.records.dates import NO_YEAR
from crm.records.models import Organisation
from crm.records.services import may_assign
from crm.records.text import norm
from crm.ui.forms import DateInput, NumberField
from crm.ui.images import square_photo
from crm.ui.records import RecordForm

# What is pasted may be longer than what is kept: "Claire Fontaine <claire@example.com>".
TYPED_MAX_LENGTH = 254
_KEY = re.compile(r"#(\d{1,18})\s*$")


class CompanyField(forms.CharField):
    """A company by its name, among those the user may see; "Acme #12" tells two of the same name apart.

    Cleans to a Company, to None for nothing typed, or, where `may_be_new`, to an unsaved Company of that name.
    """

    def __init__(self, *, by: User, may_be_new: bool = False, **kwargs: Any) -> None:
        self.by, self.may_be_new = by, may_be_new
        super().__init__(required=kwargs.pop("required", False), max_length=200, **kwargs)
        self.widget.attrs.update(
            {
                "list": "company-names",
                "autocomplete": "off",
                "hx-get": reverse_lazy("contacts:company_suggest"),
                "hx-trigger": "input delay:150ms",
                "hx-target": "#company-names",
                "hx-swap": "innerHTML",
            }
        )

    def prepare_value(self, value: Any) -> Any:
        """The company of a key as one would type it: by name, with its number where several have that name."""
        if not isinstance(value, int):
            return value
        seen = Company.objects.visible_to(self.by)
        company = seen.filter(pk=value).first()
        if company is None:
            return ""
        has_twin = seen.filter(sort_name=norm(company.name)).exclude(pk=value).exists()
        return f"{company.name} #{company.pk}" if has_twin else company.name

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        seen = Company.objects.visible_to(self.by)
        key = _KEY.search(text)
        found = list(seen.filter(pk=int(key.group(1)))[:1] if key else seen.filter(sort_name=norm(text))[:6])
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{each.name} #{each.pk}" for each in found)
            raise ValidationError(_("Several companies have this name: enter one of %(names)s.") % {"names": names})
        if self.may_be_new and not key:
            return Company(name=text, owner=self.by, team_id=self.by.team_id)
        raise ValidationError(_("No company is called “%(name)s”: choose one from the list.") % {"name": text})


class OwnedForm(RecordForm):
    """A form of a record with an owner; the team follows the owner.

    Handing over is an edit, which its author can undo. What one makes for somebody else one could not take back: whose
    rights end at their own records makes new ones as their own (docs/adr/0007).
    """

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, by=by, **kwargs)
        owner = self.fields.get("owner")
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = User.objects.filter(models.Q(is_active=True) | models.Q(pk=self.instance.owner_id))
            if not self.instance.pk:
                self.initial.setdefault("owner", by.pk)
                if not may_assign(by, self._meta.model):
                    self.initial["owner"] = by.pk
                    owner.queryset, owner.disabled = User.objects.filter(pk=by.pk), True

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if "owner" in self.cleaned_data and self.cleaned_data["owner"] != self.instance.owner:
            owner = self.cleaned_data["owner"]
            self.cleaned_data["team"] = owner.team if owner else None
        return data

    def _model_fields(self) -> list[str]:
        extra = ["team"] if "team" in getattr(self, "cleaned_data", {}) else []
        return [*super()._model_fields(), *extra]


class ContactForm(OwnedForm):
    one_by_one = frozenset({"first_name", "last_name", "owner"})

    class Meta:
        model = Contact
        fields = [
            "civility", "first_name", "last_name", "job_title", "department", "lifecycle", "source", "language",
            "birthday", "consent", "consent_on", "consent_basis", "do_not_call", "owner", "notes",
        ]  # fmt: skip
        widgets = {"birthday": DateInput, "consent_on": DateInput, "notes": forms.Textarea(attrs={"rows": 4})}

    def clean_birthday(self) -> Any:
        value = self.cleaned_data["birthday"]
        if value and value.year != NO_YEAR and (value > timezone.localdate() or value.year < 1900):
            raise ValidationError(_("A birthday lies between 1900 and today: check the year."))
        return value

    def clean_consent_on(self) -> Any:
        value = self.cleaned_data["consent_on"]
        if value and (value > timezone.localdate() or value.year < 1990):
            raise ValidationError(_("The date of a consent lies between 1990 and today: check the year."))
        return value

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        names = [name for name in ("first_name", "last_name") if name in self.fields]
        typed = [self.cleaned_data.get(name) for name in names]
        kept = [getattr(self.instance, name) for name in ("first_name", "last_name") if name not in self.fields]
        if names and not any(typed) and not any(kept) and not any(name in self.errors for name in names):
            self.add_error(names[-1], _("Enter a first or a last name, so that the contact can be found again."))
        return data


class NewContactForm(ContactForm):
    """A new contact with what is usually at hand: an e-mail address, a phone, a company."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"), required=False, max_length=TYPED_MAX_LENGTH, widget=forms.EmailInput
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=TYPED_MAX_LENGTH,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["company"] = CompanyField(
            by=by,
            may_be_new=True,
            label=gettext_lazy("Company"),
            help_text=gettext_lazy("A name that is not known yet makes a new company."),
        )
        self.order_fields(["civility", "first_name", "last_name", "company", "job_title", "email", "phone"])

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"], Organisation.current().country)

    def children(self, contact: Contact) -> list[models.Model]:
        """The rows that come with the new contact, not saved yet."""
        rows: list[models.Model] = []
        if address := self.cleaned_data.get("email"):
            rows.append(Email(contact=contact, address=address, is_primary=True))
        if number := self.cleaned_data.get("phone"):
            rows.append(Phone(contact=contact, number=number, digits=" ".join(phone_digits(number)), is_primary=True))
        if company := self.cleaned_data["company"]:
            rows.append(Affiliation(contact=contact, company=company, role=contact.job_title, is_primary=True))
        return rows


class PhotoForm(forms.Form):
    """A contact's photo: a new one, or none."""

    photo = forms.ImageField(
        label=gettext_lazy("Photo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP; shown as a small disc."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove the photo"), required=False)

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        return square_photo(photo) if photo else None

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors and not self.cleaned_data.get("photo") and not self.cleaned_data.get("remove"):
            self.add_error("photo", _("Choose a picture."))
        return data


class CompanyForm(OwnedForm):
    one_by_one = frozenset({"name", "trade_name", "siren", "siret", "vat_number", "legal_id", "owner"})

    domains = forms.CharField(
        label=gettext_lazy("Mail domains"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Such as example.com; several are separated by commas."),
    )
    size = NumberField(label=gettext_lazy("Employees"), required=False, min_value=0, max_value=2**31 - 1)
    turnover = NumberField(label=gettext_lazy("Turnover"), required=False, max_digits=16, decimal_places=2)

    class Meta:
        model = Company
        fields = [
            "name", "trade_name", "sector", "siren", "siret", "vat_number", "legal_id", "size", "turnover", "founded",
            "website", "domains", "parent", "owner", "notes",
        ]  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"legal_id": gettext_lazy("For companies outside France.")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        if "parent" in self.fields:
            self.fields["parent"] = CompanyField(by=by, label=gettext_lazy("Parent company"))
            above = self.instance.parent_id
            if above and not Company.objects.visible_to(by).filter(pk=above).exists():
                # It cannot be shown, and an empty field would take it away.
                del self.fields["parent"]
        if "domains" in self.fields and self.instance.pk:
            self.initial["domains"] = ", ".join(self.instance.domains)
        for name in ("siren", "siret", "vat_number"):
            if name in self.fields:
                # Typed with spaces: the length is that of the cleaned number.
                self.fields[name].max_length = None  # type: ignore[attr-defined]
                self.fields[name].validators = []

    def clean_size(self) -> int | None:
        size: Decimal | None = self.cleaned_data["size"]
        if size is not None and size != size.to_integral_value():
            raise ValidationError(_("Enter a whole number."))
        return None if size is None else int(size)

    def clean_siren(self) -> str:
        return clean_siren(self.cleaned_data["siren"])

    def clean_siret(self) -> str:
        return clean_siret(self.cleaned_data["siret"])

    def clean_vat_number(self) -> str:
        return clean_vat(self.cleaned_data["vat_number"])

    def clean_website(self) -> str:
        return clean_url(self.cleaned_data["website"])

    def clean_domains(self) -> list[str]:
        typed = re.split(r"[\s,;]+", self.cleaned_data["domains"])
        return list(dict.fromkeys(clean_domain(text) for text in typed if text))

    def clean_founded(self) -> int | None:
        year: int | None = self.cleaned_data["founded"]
        if year is not None and not 1000 <= year <= timezone.localdate().year:
            raise ValidationError(_("Enter the year with four digits, not later than this year."))
        return year

    def clean_parent(self) -> Company | None:
        """No loops: a company cannot stand under itself."""
        parent: Company | None = self.cleaned_data["parent"]
        step, seen = parent, {self.instance.pk}
        while step is not None:
            if step.pk is not None and step.pk in seen:
                name = self.instance.name
                raise ValidationError(_("%(name)s would stand above itself: choose another company.") % {"name": name})
            seen.add(step.pk)
            step = step.parent
        return parent


COLOURS = {
    "blue": gettext_lazy("Blue"),
    "teal": gettext_lazy("Teal"),
    "green": gettext_lazy("Green"),
    "amber": gettext_lazy("Amber"),
    "orange": gettext_lazy("Orange"),
    "rose": gettext_lazy("Rose"),
    "plum": gettext_lazy("Plum"),
    "gray": gettext_lazy("Gray"),
}


class GroupForm(OwnedForm):
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"), choices=[(hue, COLOURS[hue]) for hue in HUES], initial="blue"
    )

    class Meta:
        model = Group
        fields = ["name", "description", "colour", "owner"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
