"""The categories of one record: a list of boxes in a dialog."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import services
from contacts.views.points import OWNERS, done
from crm.records.models import Tag
from crm.records.text import clean_line
from crm.ui import crud
from crm.ui.http import Request, render_page


class TagsForm(forms.Form):
    """The categories of a record, and room for a new one."""

    tags = forms.ModelMultipleChoiceField(
        Tag.objects.all(), label=gettext_lazy("Categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    new = forms.CharField(label=gettext_lazy("New category"), required=False, max_length=40)

    def clean_new(self) -> str:
        return clean_line(self.cleaned_data["new"])


@login_required
def tags_edit(request: Request, owner: str, owner_pk: int) -> HttpResponse:
    return tags_page(request, crud.editable_or_403(OWNERS[owner].objects.all(), request.user, owner_pk))


def tags_page(request: Request, record: Any) -> HttpResponse:
    """The boxes of one record that the user may edit, or what was ticked saved."""
    form = TagsForm(request.POST or None, initial={"tags": list(record.tags.all())})
    if request.method == "POST" and form.is_valid():
        changeset = services.set_tags(record, form.cleaned_data["tags"], form.cleaned_data["new"], by=request.user)
        return done(request, record, changeset)
    context = {"form": form, "record": record, "title": _("Categories")}
    status = 422 if form.errors else 200
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)
