"""Who can see a record, and why; sharing it with a person or a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.access.explain import shares_of, who_sees
from crm.access.models import Team, User
from crm.lists.fields import RecordType, record_type
from crm.records import services
from crm.ui import crud
from crm.ui.http import Request, render_page, toast, trigger

LEVELS = [("see", gettext_lazy("may see it")), ("edit", gettext_lazy("may edit it"))]


class ShareForm(forms.Form):
    """Share with one colleague or one team."""

    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=gettext_lazy("Person"), required=False, empty_label="–"
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("or team"), required=False, empty_label="–")
    level = forms.ChoiceField(label=gettext_lazy("who"), choices=LEVELS, initial="see")

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors and bool(self.cleaned_data.get("person")) == bool(self.cleaned_data.get("team")):
            self.add_error("person", _("Choose one person or one team."))
        return data


@login_required
def access(request: Request, slug: str, pk: int) -> HttpResponse:
    """Show who sees the record and why; a POST shares it further."""
    type_ = _type(slug)
    if request.method != "POST":
        seen = type_.rows().visible_to(request.user, trashed=None).with_acts(request.user)
        return _page(request, type_, get_object_or_404(seen, pk=pk), ShareForm())
    record = crud.editable_or_403(type_.rows(), request.user, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, type_, record, form, status=422)
    person, team = form.cleaned_data["person"], form.cleaned_data["team"]
    is_edit = form.cleaned_data["level"] == "edit"
    try:
        changeset = services.share(record, by=request.user, person=person, team=team, edit=is_edit)
    except services.Refused as refusal:
        form.add_error("person", str(refusal))
        return _page(request, type_, record, form, status=422)
    name = person.name if person else team.name
    return _changed(request, type_, record, _("Shared with %(name)s") % {"name": name}, changeset)


@login_required
@require_POST
def access_end(request: Request, slug: str, pk: int) -> HttpResponse:
    """End one share: `person` or `team` names with whom."""
    type_ = _type(slug)
    record = crud.editable_or_403(type_.rows(), request.user, pk)
    person = User.objects.filter(pk=_key(request.POST.get("person"))).first()
    team = Team.objects.filter(pk=_key(request.POST.get("team"))).first()
    changeset = services.unshare(record, by=request.user, person=person, team=team)
    return _changed(request, type_, record, _("The share has ended"), changeset)


def _type(slug: str) -> RecordType:
    try:
        return record_type(slug)
    except KeyError as unknown:
        raise Http404 from unknown


def _key(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _changed(request: Request, type_: RecordType, record: Any, text: str, changeset: Any) -> HttpResponse:
    response = _page(request, type_, record, ShareForm())
    trigger(response, "record-changed")
    return toast(request, response, text, crud.undo_url(changeset))


def _page(request: Request, type_: RecordType, record: Any, form: ShareForm, status: int = 200) -> HttpResponse:
    shares = shares_of(record)
    if not hasattr(record, "may_edit"):  # Ending a share may have ended one's own.
        record.may_edit = type_.rows().editable_by(request.user).filter(pk=record.pk).exists()
    context = {
        "record": record,
        "type": type_,
        "form": form,
        "seen_by": who_sees(record, shares),
        "people": shares[0],
        "teams": shares[1],
        "may_share": record.trashed_at is None and record.may_edit,
    }
    return render_page(request, "ui/access.html", context, partials=("dialog",), status=status)
