"""E-mail addresses, phones, postal addresses and links of a contact or company: small forms in a dialog."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import services
from contacts.models import Company, Contact, Email, Link, Phone, Point, PostalAddress
from contacts.part_forms import AddressForm, EmailForm, LinkForm, PhoneForm
from crm.records import services as record_services
from crm.records.models import Changeset
from crm.ui import crud
from crm.ui.http import Request, redirect_to, render_page, toast, trigger
from crm.ui.once import once

FORMS: dict[str, tuple[type[Any], type[Any]]] = {
    "email": (Email, EmailForm),
    "phone": (Phone, PhoneForm),
    "address": (PostalAddress, AddressForm),
    "link": (Link, LinkForm),
}
# The name of each kind in the rules of roles, which is its model's.
RULES = {kind: str(model._meta.model_name) for kind, (model, _form) in FORMS.items()}
OWNERS: dict[str, type[Any]] = {"contact": Contact, "company": Company}


@login_required
@once
def point_create(request: Request, owner: str, owner_pk: int, kind: str) -> HttpResponse:
    model, form_class = _kind(kind)
    record = crud.editable_or_403(OWNERS[owner].objects.all(), request.user, owner_pk)
    crud.writable_or_403(request.user, record, RULES[kind])
    form = form_class(request.POST or None, instance=model(**{owner: record}))
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        add = services.add_point if isinstance(row, Point) else record_services.add_child
        saved, _status = form.attempt(lambda: add(row, by=request.user), by=request.user)
        if saved:
            return done(request, record, saved.changeset)
    return _form(request, form, record, _("Add: %(kind)s") % {"kind": model._meta.verbose_name})


@login_required
def point_edit(request: Request, kind: str, pk: int) -> HttpResponse:
    row, record = _row(request, kind, pk)
    form = _kind(kind)[1](request.POST or None, instance=row)
    title = str(row._meta.verbose_name).capitalize()
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, record, saved.changeset)
        return _form(request, form, record, title, status=status)
    return _form(request, form, record, title)


@login_required
@require_POST
def point_remove(request: Request, kind: str, pk: int) -> HttpResponse:
    row, record = _row(request, kind, pk)
    return done(request, record, services.remove_row(row, by=request.user), _("Removed"))


@login_required
@require_POST
def point_primary(request: Request, kind: str, pk: int) -> HttpResponse:
    row, record = _row(request, kind, pk)
    if not isinstance(row, Point):
        raise Http404
    return done(request, record, services.make_primary(row, by=request.user))


def _kind(kind: str) -> tuple[type[Any], type[Any]]:
    if kind not in FORMS:
        raise Http404
    return FORMS[kind]


def _row(request: Request, kind: str, pk: int) -> tuple[Any, Any]:
    """A row and the record it belongs to, which the user must be allowed to edit."""
    row = get_object_or_404(_kind(kind)[0].objects.select_related("contact", "company"), pk=pk)
    owner = "contact" if row.contact_id else "company"
    key = row.contact_id or row.company_id
    record = crud.editable_or_403(OWNERS[owner].objects.all(), request.user, key)
    crud.writable_or_403(request.user, record, RULES[kind])
    return row, record


def _form(request: Request, form: Any, record: Any, title: str, status: int = 0) -> HttpResponse:
    context = {"form": form, "record": record, "title": title}
    status = status or (422 if form.errors else 200)
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)


def done(request: Request, record: Any, changeset: Changeset | None, text: str = "") -> HttpResponse:
    """After a change to a row: with htmx the dialog closes and the page's parts come anew, else the record's page."""
    if request.htmx:
        response = HttpResponse(status=204)
        for event in ("dialog:close", "points-changed", "record-changed"):
            trigger(response, event)
    else:
        response = redirect_to(request, record.get_absolute_url())
    return toast(request, response, text or _("Saved"), crud.undo_url(changeset))
