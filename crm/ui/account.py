"""The form of one's own profile."""

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.access.models import User
from crm.records.models import Organisation
from crm.ui.images import square_photo

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


@cache
def time_zones() -> list[tuple[str, str]]:
    """Names people know (Europe/Paris), without the aliases and the Etc/ ones."""
    places = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in places and "/" in name)
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


def languages(now: str = "") -> list[tuple[str, str]]:
    """Those that the organisation offers, and the one somebody has already."""
    offered = {code for code, _name in Organisation.current().offered_languages()} | {now}
    return [(code, str(name)) for code, name in User.Language.choices if code in offered]


class AccountForm(UserForm):
    """What users may change about themselves."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "photo", "language", "time_zone", "theme", "single_keys"]
        widgets = {"photo": forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})}
        help_texts = {
            "photo": _("PNG, JPEG or WebP; shown as a small disc."),
            "single_keys": _("J, K, X, E, / and the others of the ? list. Ctrl K always works."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages(self.instance.language)  # type: ignore[attr-defined]
        for name, autocomplete in {"first_name": "given-name", "last_name": "family-name", "phone": "tel"}.items():
            self.fields[name].widget.attrs["autocomplete"] = autocomplete
        self.fields["phone"].widget.input_type = "tel"
        if self.instance.photo:
            self.fields["remove_photo"] = forms.BooleanField(label=_("Remove the photo"), required=False)

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        return square_photo(photo) if isinstance(photo, UploadedFile) else photo

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("remove_photo") and "photo" not in self.files:
            data["photo"] = False
        return data
