"""A contact's places in companies: tie, edit, leave, untie."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import services
from contacts.models import Affiliation, Company, Contact
from contacts.part_forms import AffiliationForm, NewAffiliationForm
from contacts.views.points import done
from crm.ui import crud
from crm.ui.http import Request, render_page
from crm.ui.once import once


@login_required
@once
def affiliation_create(request: Request, contact_pk: int) -> HttpResponse:
    contact = crud.editable_or_403(Contact.objects.all(), request.user, contact_pk)
    form = NewAffiliationForm(request.POST or None, instance=Affiliation(contact=contact), by=request.user)
    if request.method == "POST" and form.is_valid():
        place = form.save(commit=False)
        place.company = form.cleaned_data["company"]
        saved, _status = form.attempt(lambda: services.affiliate(place, by=request.user), by=request.user)
        if saved:
            return done(request, contact, saved.changeset)
    context = {"form": form, "record": contact, "title": _("Tie to a company")}
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=422 if form.errors else 200)


@login_required
def affiliation_edit(request: Request, pk: int) -> HttpResponse:
    place = _place(request, pk)
    form = AffiliationForm(request.POST or None, instance=place, by=request.user)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, place.contact, saved.changeset)
    context = {"form": form, "record": place.contact, "title": str(place.company)}
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)


@login_required
@require_POST
def affiliation_end(request: Request, pk: int) -> HttpResponse:
    place = _place(request, pk)
    changeset = services.end_affiliation(place, by=request.user, on=timezone.localdate())
    return done(request, place.contact, changeset)


@login_required
@require_POST
def affiliation_primary(request: Request, pk: int) -> HttpResponse:
    place = _place(request, pk)
    if place.ended_on is not None:
        raise Http404
    return done(request, place.contact, services.make_primary(place, by=request.user))


@login_required
@require_POST
def affiliation_remove(request: Request, pk: int) -> HttpResponse:
    place = _place(request, pk)
    return done(request, place.contact, services.remove_row(place, by=request.user), _("Removed"))


def _place(request: Request, pk: int) -> Affiliation:
    """An affiliation whose company the user sees and whose contact they may edit."""
    seen = Company.objects.visible_to(request.user)
    place = get_object_or_404(Affiliation.objects.select_related("contact", "company"), pk=pk, company__in=seen)
    crud.editable_or_403(Contact.objects.all(), request.user, place.contact_id)
    return place
