"""Contacts: list, page, creation, edits, trash."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from contacts import services
from contacts.duplicates.pairs import twins_of
from contacts.forms import ContactForm, NewContactForm, PhotoForm
from contacts.models import Affiliation, Company, Contact
from contacts.record_types import CONTACT
from contacts.views.points import done
from crm.access.rights import Act, kind_of
from crm.records.veil import veil
from crm.ui import crud
from crm.ui.bulk import bulk_page
from crm.ui.facts import facts
from crm.ui.filters import filter_page
from crm.ui.http import Request, render_page
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record

SECTIONS = [
    (
        gettext_lazy("Relation"),
        ["civility", "first_name", "last_name", "job_title", "department", "lifecycle", "source", "language"],
    ),
    (gettext_lazy("Follow-up"), ["owner", "birthday", "do_not_call", "notes"]),
    (gettext_lazy("Consent"), ["consent", "consent_on", "consent_basis"]),
]
PREVIEWED = ("job_title", "lifecycle", "owner", "notes")


@login_required
@require_GET
def contact_list(request: Request) -> HttpResponse:
    files = {
        "import_url": reverse("integrations:import_create") + "?kind=contacts",
        "export_url": reverse("integrations:export_list", args=["contact"]),
        "has_cards": True,
        "merge_url": reverse("contacts:contact_merge"),
        "duplicates_url": reverse("contacts:contact_duplicates"),
    }
    return crud.list_page(
        request, CONTACT, create_label=_("Contact"), has_groups=True, has_tags=True, edit_cells=True, **files
    )


@login_required
@require_GET
def contact_count(request: Request) -> HttpResponse:
    return crud.list_count(request, CONTACT)


@login_required
@require_GET
def contact_filter(request: Request) -> HttpResponse:
    return filter_page(request, CONTACT)


@login_required
@require_POST
def contact_columns(request: Request) -> HttpResponse:
    return crud.save_columns(request, CONTACT)


@login_required
@require_POST
def contact_bulk(request: Request) -> HttpResponse:
    return bulk_page(request, CONTACT)


@login_required
@once
def contact_create(request: Request) -> HttpResponse:
    crud.may_create_or_403(request.user, Contact)
    company = Company.objects.visible_to(request.user).filter(pk=_key(request.GET.get("company")) or 0).first()
    initial = {"company": company.pk} if company else {}
    form = NewContactForm(request.POST or None, by=request.user, initial=initial)

    def make() -> Contact:
        contact = form.save(commit=False)
        contact.team_id = contact.owner.team_id if contact.owner else None
        return services.create_contact(contact, by=request.user, children=form.children(contact))

    return crud.create_page(request, form, "ui/record_form.html", _form_page(form), make)


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _form_page(form: Any, contact: Contact | None = None) -> dict[str, Any]:
    return record_form_page(CONTACT, form, contact, _("New contact"))


@login_required
@require_GET
def contact_detail(request: Request, pk: int) -> HttpResponse:
    contact = record_of_page(request, CONTACT, pk)
    if contact.pk != pk:
        return HttpResponseRedirect(contact.get_absolute_url())
    return render_record(request, CONTACT, contact, _page(request, contact))


def _page(request: Request, contact: Any) -> dict[str, Any]:
    is_open = contact.may_edit and contact.trashed_at is None
    edit_url = (lambda slug: reverse("contacts:contact_field", args=[contact.pk, slug])) if is_open else None

    @cache
    def places() -> list[Affiliation]:
        seen = Company.objects.visible_to(request.user)
        return veil(contact.affiliations.filter(company__in=seen).select_related("company"), request.user)

    return {
        "head_template": "contacts/contact_head.html",
        "points_template": "contacts/points.html",
        "related_template": "contacts/contact_related.html",
        "menu_template": "contacts/record_menu.html",
        "edit_url": edit_url,
        "sections": lambda: [(title, facts(contact, slugs, request.user, edit_url)) for title, slugs in SECTIONS],
        "places": places,
        # Where somebody works is told with them; the company itself opens to those who may see it (docs/adr/0007).
        "opens_company": lambda: any(place.company_id == contact.company_id for place in places()),
        "twins": lambda: twins_of(contact, request.user),
        "memberships": lambda: services.groups_of(contact, request.user),
    }


@login_required
@require_GET
def contact_preview(request: Request, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.for_detail().visible_to(request.user), pk=pk)
    lines = [line for line in facts(contact, PREVIEWED, request.user) if line.value]
    veil([contact], request.user)
    context = {"record": contact, "facts": lines, "avatar_classes": "xl"}
    return render_page(request, "contacts/contact_preview.html", context, partials=("drawer",))


@login_required
def contact_edit(request: Request, pk: int) -> HttpResponse:
    contact = crud.editable_or_403(Contact.objects.all(), request.user, pk)
    form = ContactForm(request.POST or None, instance=contact, by=request.user)
    context = _form_page(form, contact)
    return crud.edit_page(request, form, "ui/record_form.html", context=context)


@login_required
def contact_field(request: Request, pk: int, slug: str) -> HttpResponse:
    contact = crud.editable_or_403(Contact.objects.all(), request.user, pk)
    url = reverse("contacts:contact_field", args=[pk, slug])
    return crud.field_page(request, contact, ContactForm, slug, url, by=request.user)


@login_required
@require_POST
def contact_trash(request: Request, pk: int) -> HttpResponse:
    return crud.trash_page(request, CONTACT, pk)


@login_required
@require_POST
def contact_restore(request: Request, pk: int) -> HttpResponse:
    return crud.restore_page(request, CONTACT, pk)


@login_required
@require_GET
def contact_trash_list(request: Request) -> HttpResponse:
    return crud.trash_list(request, CONTACT)


@login_required
@require_GET
def contact_photo(request: Request, pk: int) -> FileResponse:
    contact = get_object_or_404(Contact.objects.visible_to(request.user, trashed=None), pk=pk)
    if not contact.photo:
        raise Http404
    headers = {"Cache-Control": "private, max-age=300"}
    return FileResponse(contact.photo.open("rb"), content_type="image/webp", headers=headers)


@login_required
def contact_photo_edit(request: Request, pk: int) -> HttpResponse:
    contact = crud.editable_or_403(Contact.objects.all(), request.user, pk)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        saved = services.set_photo(contact, form.cleaned_data["photo"], by=request.user)
        return done(request, contact, saved.changeset)
    context = {"form": form, "record": contact, "title": _("Photo"), "is_multipart": True}
    status = 422 if form.errors else 200
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Contact), Act.CREATE))
