"""The living page of all components and their states, for those who build and for the browser tests."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crm.ui.forms import DateInput, NumberField
from crm.ui.http import Request, render_page, toast

HUES = ("blue", "teal", "green", "amber", "orange", "rose", "plum", "gray")
SURFACES = (
    "bg-app bg-sheet bg-sunken bg-hover line control ink ink2 ink3 accent accent-soft ok warn bad info "
    "chart-1 chart-2 chart-3 chart-4 chart-5 chart-6"
).split()


@dataclass(frozen=True)
class Someone:
    """What an avatar needs."""

    name: str
    initials: str
    colour: str


PEOPLE = [
    Someone("Claire Fontaine", "CF", "rose"),
    Someone("Thomas Girard", "TG", "blue"),
    Someone("Nadia Haddad", "NH", "amber"),
    Someone("Julien Perrot", "JP", "teal"),
    Someone("Élodie Rousseau", "ÉR", "plum"),
    Someone("Olivier Brunet", "OB", "gray"),
]
COMPANY = Someone("Groupe Valmont", "GV", "rose")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    amount = NumberField(label=_("Amount"), required=False, help_text=_("Comma or point, both are read."))
    due_on = forms.DateField(label=_("Due date"), required=False, widget=DateInput)
    stage = forms.ChoiceField(label=_("Lifecycle"), choices=[("lead", _("Lead")), ("customer", _("Customer"))])
    kind = forms.ChoiceField(
        label=_("Legal basis"), choices=[("a", _("Contract")), ("b", _("Consent"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label=_("Agrees to receive our mailings"), required=False)


@require_http_methods(["GET", "POST"])
@login_required
def components(request: HttpRequest) -> HttpResponse:
    """Everything in every state; `?error=1` shows the form after a mistake. Administrators only."""
    if not cast(Request, request).user.is_administrator:
        raise PermissionDenied
    wrong = {"name": "Claire Fontaine", "email": "c.fontaine@", "amount": "184 000,5O", "due_on": "2026-12-11"}
    form = SampleForm(wrong) if "error" in request.GET else SampleForm(initial=wrong)
    context = {
        "form": form,
        "hues": HUES,
        "surfaces": SURFACES,
        "people": PEOPLE,
        "claire": PEOPLE[0],
        "valmont": COMPANY,
        "day": date(2026, 12, 11),
        "value": "06 12 48 90 17",
        "editing": "edit" in request.GET,
    }
    response = render_page(request, "ui/components.html", context, partials=["field-sample"])
    if request.method == "POST":
        return toast(request, response, _("Saved."), undo=request.path)
    return response
