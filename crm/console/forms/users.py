"""The forms of users: who they are, their team and roles, inviting them, their leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import Role, Team, User
from crm.access.rights import kind_of
from crm.console.people import State, search
from crm.console.services.users import owned_records
from crm.records.text import clean_line
from crm.ui.account import languages, time_zones
from crm.ui.records import RecordForm

if TYPE_CHECKING:
    RoleField = forms.ModelMultipleChoiceField[Role]
else:
    RoleField = forms.ModelMultipleChoiceField


def unused_email(typed: str | None, *, besides: int | None = None) -> str | None:
    """The address in lower case, None for none. Raises ValidationError where somebody else has it."""
    email = (typed or "").strip().lower()
    others = User.objects.exclude(pk=besides) if besides else User.objects.all()
    taken = others.filter(email__iexact=email).first() if email else None
    if taken is not None and not taken.is_active:
        raise ValidationError(
            _("%(name)s had this address and is deactivated: reactivate them.") % {"name": taken.name}
        )
    if taken is not None:
        raise ValidationError(_("%(name)s already has this address.") % {"name": taken.name})
    return email or None


class UserFilter(forms.Form):
    """What narrows the list of users; what cannot be read narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=State.choices)
    team = forms.ModelChoiceField(Team.objects.all(), required=False)
    role = forms.ModelChoiceField(Role.objects.all(), required=False)

    def narrow(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            rows = search(rows, asked["q"])
        if asked.get("state"):
            rows = rows.filter(state=asked["state"])
        if asked.get("team"):
            rows = rows.filter(team=asked["team"])
        if asked.get("role"):
            rows = rows.filter(roles=asked["role"])
        return rows

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


class UserForm(RecordForm):
    """Who somebody is."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "phone", "language", "time_zone"]
        help_texts = {"email": gettext_lazy("It is their sign-in. Without one they own records and cannot sign in.")}
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages(self.instance.language)  # type: ignore[attr-defined]

    def clean_email(self) -> str | None:
        return unused_email(self.cleaned_data["email"], besides=self.instance.pk)


class InviteForm(forms.Form):
    """An invitation to somebody new."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("No team")
    )
    roles = RoleField(Role.objects.all(), label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=languages)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].error_messages["required"] = _("Choose at least one role.")

    def clean_email(self) -> str | None:
        return unused_email(self.cleaned_data["email"])

    def clean_first_name(self) -> str:
        return clean_line(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return clean_line(self.cleaned_data["last_name"])


class AddressForm(forms.Form):
    """The address to invite somebody at who had none."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)

    def clean_email(self) -> str | None:
        return unused_email(self.cleaned_data["email"])


class AcceptForm(forms.Form):
    """What somebody invited says about themselves."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("At least 10 characters, not a common word, not only figures."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial = {"first_name": user.first_name, "last_name": user.last_name}

    def clean_first_name(self) -> str:
        return clean_line(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return clean_line(self.cleaned_data["last_name"])

    def clean_password(self) -> str:
        self.user.first_name = self.cleaned_data.get("first_name", "")
        self.user.last_name = self.cleaned_data.get("last_name", "")
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class TeamOfUserForm(forms.Form):
    """Somebody's team, and, when it changes, whether their records follow."""

    FOLLOW, STAY = "follow", "stay"

    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("No team")
    )
    records = forms.ChoiceField(
        label=gettext_lazy("If the team changes, their records"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (FOLLOW, gettext_lazy("follow into the new team")),
            (STAY, gettext_lazy("stay with the team they are in")),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial = {"team": user.team_id}
        self.owns = owned_records(user)
        if not self.owns:
            del self.fields["records"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        team = data.get("team")
        moves = "team" in data and (team.pk if team else None) != self.user.team_id
        if moves and self.owns and not data.get("records") and "records" not in self.errors:
            self.add_error("records", _("Say whether their records follow."))
        return data


class RolesOfUserForm(forms.Form):
    """Somebody's roles."""

    roles = RoleField(
        Role.objects.all(), label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )


class HandoverForm(forms.Form):
    """Who takes over the records of somebody who leaves, kind by kind."""

    NOBODY = "nobody"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_active=True).exclude(pk=user.pk)
        people = [(str(colleague.pk), colleague.name) for colleague in colleagues]
        self.colleagues = {str(colleague.pk): colleague for colleague in colleagues}
        for model, count in owned_records(user):
            self.fields[kind_of(model)] = forms.ChoiceField(
                label=f"{str(model._meta.verbose_name_plural).capitalize()} ({count})",
                choices=[
                    ("", _("Choose…")),
                    (self.NOBODY, _("Nobody: only those who see everything see them")),
                    *people,
                ],
                error_messages={"required": _("Say who takes them over.")},
            )

    def handover(self) -> dict[str, User | None]:
        """{kind: new owner, None for nobody}."""
        return {kind: self.colleagues.get(chosen) for kind, chosen in self.cleaned_data.items()}
