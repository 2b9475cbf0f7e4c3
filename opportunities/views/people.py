"""The contacts of a deal with their part in the decision, and its co-owners: small forms in a dialog."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts.models import Contact
from contacts.views.points import done
from crm.access.models import User
from crm.records import services as records
from crm.ui import crud
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.once import once
from opportunities import people
from opportunities.models import CoOwner, DealContact, Opportunity
from opportunities.part_forms import CoOwnerForm, NewCoOwnerForm, NewPartForm, PartForm

SUGGESTED = 12


def editable_deal(request: Request, pk: int) -> Opportunity:
    """The deal, if the user may edit it; else 404 or 403."""
    deal: Opportunity = crud.editable_or_403(Opportunity.objects.all(), request.user, pk)
    return deal


def dialog(request: Request, form: Any, deal: Opportunity, title: str, status: int = 0) -> HttpResponse:
    """A form in a dialog, or as a page of its own without JavaScript."""
    context = {"form": form, "record": deal, "title": title}
    status = status or (422 if form.errors else 200)
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)


# ---- Contacts ----


@login_required
@once
def part_create(request: Request, deal_pk: int) -> HttpResponse:
    deal = editable_deal(request, deal_pk)
    suggestions = reverse("opportunities:part_suggest", args=[deal_pk])
    row = DealContact(opportunity=deal)
    form = NewPartForm(request.POST or None, instance=row, by=request.user, suggestions=suggestions)
    if request.method == "POST" and form.is_valid():
        row.contact, row.part = form.cleaned_data["contact"], form.cleaned_data["part"]
        saved, _status = form.attempt(lambda: records.add_child(row, by=request.user), by=request.user)
        if saved:
            return done(request, deal, saved.changeset)
    return dialog(request, form, deal, _("Add a contact"))


@login_required
@require_GET
def part_suggest(request: Request, deal_pk: int) -> HttpResponse:
    """Contacts for the field that asks for one, as `<option>`s; before anything is typed, those of the company."""
    deal = editable_deal(request, deal_pk)
    typed = request.GET.get("contact", "").strip()
    rows: Any = Contact.objects.search(typed, request.user) if typed else Contact.objects.all()
    seen = rows.visible_to(request.user).exclude(deal_parts__opportunity=deal)
    if not typed:
        seen = seen.filter(affiliations__company=deal.company_id, affiliations__ended_on__isnull=True)
    found = list(seen.order_by("sort_name", "pk").distinct()[:SUGGESTED])
    names = [str(contact) for contact in found]
    options = [f"{c} #{c.pk}" if names.count(str(c)) > 1 else str(c) for c in found]
    return render_page(request, "contacts/company_suggest.html", {"options": options})


@login_required
def part_edit(request: Request, pk: int) -> HttpResponse:
    row = _part(request, pk)
    form = PartForm(request.POST or None, instance=row, by=request.user)
    return _edit(request, form, row.opportunity, str(row.contact))


@login_required
@require_POST
def part_remove(request: Request, pk: int) -> HttpResponse:
    row = _part(request, pk)
    return done(request, row.opportunity, records.remove_child(row, by=request.user).changeset, _("Removed"))


def _part(request: Request, pk: int) -> DealContact:
    """A contact's part in a deal that the user may edit; the contact is one they may see."""
    seen = Contact.objects.visible_to(request.user)
    row = get_object_or_404(DealContact.objects.select_related("contact", "opportunity"), pk=pk, contact__in=seen)
    editable_deal(request, row.opportunity_id)
    return row


# ---- Co-owners ----


@login_required
@once
def coowner_create(request: Request, deal_pk: int) -> HttpResponse:
    deal = editable_deal(request, deal_pk)
    form = NewCoOwnerForm(request.POST or None, instance=people.co_owner(deal), by=request.user)
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        saved, _status = form.attempt(lambda: people.add_co_owner(row, by=request.user), by=request.user)
        if saved:
            return done(request, deal, saved.changeset)
    return dialog(request, form, deal, _("Add a co-owner"))


@login_required
def coowner_edit(request: Request, pk: int) -> HttpResponse:
    row = _co_owner(request, pk)
    form = CoOwnerForm(request.POST or None, instance=row, by=request.user)
    return _edit(request, form, row.content_object, row.user.name)


@login_required
@require_POST
def coowner_remove(request: Request, pk: int) -> HttpResponse:
    row = _co_owner(request, pk)
    changeset = records.remove_child(row, by=request.user).changeset
    is_own = row.user_id == request.user.pk
    place = crud.place_of(row.content_object, User.objects.get(pk=request.user.pk)) if is_own else ""
    if place not in ("", row.content_object.get_absolute_url()):  # Their share was all that let them see it.
        return toast(request, redirect_to(request, place), _("Removed"), crud.undo_url(changeset))
    return done(request, row.content_object, changeset, _("Removed"))


def _co_owner(request: Request, pk: int) -> CoOwner:
    row = get_object_or_404(CoOwner.objects.select_related("user", "content_object"), pk=pk)
    editable_deal(request, row.content_object_id)
    return row


def _edit(request: Request, form: Any, deal: Opportunity, title: str) -> HttpResponse:
    """Draw the form of a row, or save it and go back to the deal's page."""
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, deal, saved.changeset)
        return dialog(request, form, deal, title, status=status)
    return dialog(request, form, deal, title)
