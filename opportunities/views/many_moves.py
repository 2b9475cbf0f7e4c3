"""Moving several cards of the board at once: one act, one Undo; what stayed is named with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from crm.access.models import User
from crm.access.rights import Act
from crm.records.changes import changes
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.ui import crud
from crm.ui.forms import DateInput
from crm.ui.http import Request, redirect_to, render_page, toast, trigger
from opportunities import services
from opportunities.cards import KIND
from opportunities.models import LostReason, Opportunity, Stage
from opportunities.record_types import OPPORTUNITY
from opportunities.services import Closing, Missing

MOST = 300


class LossForm(forms.Form):
    """Why several deals were lost, said once for all of them."""

    lost_reason = forms.ModelChoiceField(
        LostReason.objects.filter(is_active=True), label=gettext_lazy("Reason"), empty_label=gettext_lazy("Choose…")
    )
    lost_text = forms.CharField(
        label=gettext_lazy("What happened"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    closed_on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput, initial=timezone.localdate)

    def clean_closed_on(self) -> object:
        if (day := self.cleaned_data["closed_on"]) > timezone.localdate():
            raise forms.ValidationError(_("A deal cannot have ended in the future: check the day."))
        return day


@login_required
@require_POST
def board_move(request: Request) -> HttpResponse:
    """Move the deals of the keys `pk` to `stage`; where they are lost, a form asks why first (422)."""
    if not request.user.rights.may(KIND, Act.EDIT):
        raise PermissionDenied
    asked = request.POST.get("stage", "")
    stage = get_object_or_404(Stage, pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)
    keys = [int(key) for key in request.POST.getlist("pk")[:MOST] if key.isascii() and key.isdigit() and len(key) < 19]
    closing = Closing()
    if stage.status == Stage.Status.LOST:
        form = LossForm(request.POST if "filled" in request.POST else None)
        if not form.is_valid():
            return _ask_why(request, form, stage, keys)
        data = form.cleaned_data
        closing = Closing(on=data["closed_on"], reason=data["lost_reason"], text=data["lost_text"])
    deals = Opportunity.objects.editable_by(request.user).filter(pk__in=keys, pipeline=stage.pipeline_id)
    moved, left, changeset = _move_all(deals.order_by("position", "pk"), stage, closing, request.user)
    return _answer(request, stage, moved, left, changeset)


def _move_all(
    deals: Iterable[Opportunity], stage: Stage, closing: Closing, by: User
) -> tuple[int, list[tuple[Opportunity, str]], Changeset | None]:
    """Move each that can be: how many were, those left with the reason, the changeset where there is one."""
    left: list[tuple[Opportunity, str]] = []
    moved = 0
    with transaction.atomic():
        with changes(by, Changeset.Source.BULK) as changeset:
            for deal in reversed(list(deals)):  # Each goes on top of its column: so they keep their order.
                try:
                    with transaction.atomic():
                        moved += services.move_to_stage(deal, stage, by=by, closing=closing) is not None
                except Missing as missing:
                    lacking = ", ".join(_label(name) for name in missing.names)
                    left.append((deal, _("Missing: %(names)s") % {"names": lacking}))
                except Refused as refused:
                    left.append((deal, str(refused)))
        if not moved:
            transaction.set_rollback(True)
    return moved, left[::-1], changeset if moved else None


def _label(name: str) -> str:
    rows = {"line": _("Lines"), "contact": _("Contacts")}
    return str(rows[name]) if name in rows else OPPORTUNITY.label_of(name)


def _ask_why(request: Request, form: LossForm, stage: Stage, keys: list[int]) -> HttpResponse:
    context = {"form": form, "stage": stage, "keys": keys}
    return render_page(request, "opportunities/board_move.html", context, partials=("dialog",), status=422)


def _answer(
    request: Request, stage: Stage, moved: int, left: list[tuple[Opportunity, str]], changeset: Changeset | None
) -> HttpResponse:
    words = ngettext("%(count)s deal is in %(stage)s", "%(count)s deals are in %(stage)s", moved)
    words, undo = words % {"count": moved, "stage": stage}, crud.undo_url(changeset)
    if left:
        context = {"left": left, "stage": stage, "words": words, "undo": undo}
        response = render_page(request, "opportunities/board_move.html", context, partials=("dialog",))
    elif request.htmx:
        response = trigger(HttpResponse(status=204), "dialog:close")
    else:
        response = redirect_to(request, crud.back_to(request, reverse("opportunities:board")))
    if request.htmx:
        trigger(response, "board:refresh")
    return toast(request, response, words, undo) if moved else response
