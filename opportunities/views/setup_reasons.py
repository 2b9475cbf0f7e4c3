"""Administrators' pages of the reasons of losses."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.console.access import administrators_only
from crm.console.answers import done
from crm.ui.http import Request, render_page
from crm.ui.once import once
from opportunities import setup
from opportunities.models import LostReason, Opportunity
from opportunities.setup_forms import ReasonForm
from opportunities.views.setup_pages import attempt, form_page, ordered, place_of


def _list() -> str:
    return reverse("opportunities:reason_list")


@administrators_only
@require_safe
def reason_list(request: Request) -> HttpResponse:
    """Reasons in their order, each with the deals lost for it."""
    lost = Opportunity.objects.lost().filter(trashed_at__isnull=True).order_by()
    counts = dict(lost.values_list("lost_reason").annotate(count=Count("pk")))
    context = {"rows": [(row, counts.get(row.pk, 0)) for row in LostReason.objects.all()]}
    return render_page(request, "opportunities/setup/reason_list.html", context, partials=("setup-rows",))


@administrators_only
@require_http_methods(["GET", "POST"])
@once
def reason_create(request: Request) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.save(commit=False)
        changeset = setup.create_reason(reason, by=request.user)
        return done(request, _list(), _("%(name)s is there.") % {"name": reason}, changeset)
    return form_page(request, form, _("New reason"), [(_("Reasons of losses"), _list())])


@administrators_only
@require_http_methods(["GET", "POST"])
def reason_edit(request: Request, pk: int) -> HttpResponse:
    reason = get_object_or_404(LostReason, pk=pk)
    form = ReasonForm(request.POST or None, instance=LostReason.objects.get(pk=pk))
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, _list(), _("Saved."), saved.changeset)
    return form_page(request, form, str(reason), [(_("Reasons of losses"), _list())], status, reason=reason)


@administrators_only
@require_POST
def reason_move(request: Request, pk: int) -> HttpResponse:
    reason = get_object_or_404(LostReason, pk=pk)
    changeset = setup.put_at(reason, place_of(request), by=request.user)
    return ordered(request, _list(), _("%(name)s was moved.") % {"name": reason}, changeset)


@administrators_only
@require_POST
def reason_active(request: Request, pk: int) -> HttpResponse:
    """Offer a reason, or no longer."""
    reason = get_object_or_404(LostReason, pk=pk)
    is_active = request.POST.get("active") == "1"
    text = _("%(name)s is offered again.") if is_active else _("%(name)s is no longer offered.")
    return attempt(
        request, _list(), text % {"name": reason}, lambda: setup.set_active(reason, is_active, by=request.user)
    )
