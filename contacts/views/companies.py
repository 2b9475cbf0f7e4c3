"""Companies: list, page, creation, edits, trash, suggestions of names."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from contacts import services
from contacts.duplicates.pairs import twins_of
from contacts.forms import CompanyForm
from contacts.models import Company, Contact
from contacts.record_types import COMPANY
from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.lists.fields import Label
from crm.records import services as record_services
from crm.records.veil import veil
from crm.ui import crud
from crm.ui.bulk import bulk_page
from crm.ui.facts import Fact, facts
from crm.ui.filters import filter_page
from crm.ui.http import Request, render_page
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record

SUGGESTED = 12
PEOPLE_SHOWN = 50
SECTIONS = [
    (gettext_lazy("Company"), ["name", "trade_name", "sector", "size", "turnover", "founded", "website", "domains"]),
    (gettext_lazy("Legal identifiers"), ["siren", "siret", "vat_number", "legal_id"]),
    (gettext_lazy("Follow-up"), ["parent", "owner", "notes"]),
]
PREVIEWED = ("sector", "size", "owner", "notes")


@login_required
@require_GET
def company_list(request: Request) -> HttpResponse:
    files = {
        "import_url": reverse("integrations:import_create") + "?kind=companies",
        "export_url": reverse("integrations:export_list", args=["company"]),
        "has_cards": True,
        "merge_url": reverse("contacts:company_merge"),
        "duplicates_url": reverse("contacts:company_duplicates"),
    }
    return crud.list_page(
        request, COMPANY, create_label=_("Company"), has_groups=True, has_tags=True, edit_cells=True, **files
    )


@login_required
@require_GET
def company_count(request: Request) -> HttpResponse:
    return crud.list_count(request, COMPANY)


@login_required
@require_GET
def company_filter(request: Request) -> HttpResponse:
    return filter_page(request, COMPANY)


@login_required
@require_POST
def company_columns(request: Request) -> HttpResponse:
    return crud.save_columns(request, COMPANY)


@login_required
@require_POST
def company_bulk(request: Request) -> HttpResponse:
    return bulk_page(request, COMPANY)


@login_required
@require_GET
def company_suggest(request: Request) -> HttpResponse:
    """Names for a field that asks for a company, as `<option>`s; those of the same name with their number."""
    typed = next((request.GET[name] for name in ("company", "parent", "q") if request.GET.get(name)), "")
    found = list(
        Company.objects.search(typed, request.user).visible_to(request.user).order_by("sort_name", "pk")[:SUGGESTED]
    )
    names = [company.name for company in found]
    options = [f"{c.name} #{c.pk}" if names.count(c.name) > 1 else c.name for c in found]
    return render_page(request, "contacts/company_suggest.html", {"options": options})


@login_required
@once
def company_create(request: Request) -> HttpResponse:
    form = CompanyForm(request.POST or None, by=request.user)
    return crud.create_page(
        *(request, form, "ui/record_form.html", _form_page(form)),
        lambda: record_services.create(form.save(commit=False), by=request.user),
    )


def _form_page(form: Any, company: Company | None = None) -> dict[str, Any]:
    return record_form_page(COMPANY, form, company, _("New company"))


@login_required
@require_GET
def company_detail(request: Request, pk: int) -> HttpResponse:
    company = record_of_page(request, COMPANY, pk)
    if company.pk != pk:
        return HttpResponseRedirect(company.get_absolute_url())
    return render_record(request, COMPANY, company, _page(request, company))


def _page(request: Request, company: Any) -> dict[str, Any]:
    user = request.user
    is_open = company.may_edit and company.trashed_at is None
    edit_url = (lambda slug: reverse("contacts:company_field", args=[company.pk, slug])) if is_open else None
    people = Contact.objects.visible_to(user)
    by_name = (F("ended_on").desc(nulls_first=True), "contact__sort_name")
    places = company.affiliations.filter(contact__in=people).select_related("contact").order_by(*by_name)
    parents = cache(lambda: services.companies_above(company, user))

    def sections() -> list[tuple[Label, list[Fact]]]:
        hidden = {"parent"} if company.parent_id and company.parent not in parents() else set()
        return [
            (title, facts(company, [slug for slug in slugs if slug not in hidden], user, edit_url))
            for title, slugs in SECTIONS
        ]

    return {
        "head_template": "contacts/company_head.html",
        "points_template": "contacts/points.html",
        "related_template": "contacts/company_related.html",
        "menu_template": "contacts/record_menu.html",
        "may_add_person": user.rights.may(kind_of(Contact), Act.CREATE),
        "edit_url": edit_url,
        "sections": sections,
        "places": lambda: _veiled(places[:PEOPLE_SHOWN], user),
        "subsidiaries": lambda: veil(company.subsidiaries.visible_to(user).order_by("sort_name")[:PEOPLE_SHOWN], user),
        "parents": parents,
        "twins": lambda: twins_of(company, user),
        "memberships": lambda: services.groups_of(company, user),
    }


def _veiled(places: Any, user: User) -> list[Any]:
    """People's places in the company, and the people themselves, as the user may be shown them."""
    shown = veil(places, user)
    veil((place.contact for place in shown), user)
    return shown


@login_required
@require_GET
def company_preview(request: Request, pk: int) -> HttpResponse:
    company = get_object_or_404(Company.objects.for_detail().visible_to(request.user), pk=pk)
    lines = [line for line in facts(company, PREVIEWED, request.user) if line.value]
    veil([company], request.user)
    context = {"record": company, "facts": lines, "avatar_classes": "xl sq"}
    return render_page(request, "contacts/contact_preview.html", context, partials=("drawer",))


@login_required
def company_edit(request: Request, pk: int) -> HttpResponse:
    company = crud.editable_or_403(Company.objects.all(), request.user, pk)
    form = CompanyForm(request.POST or None, instance=company, by=request.user)
    return crud.edit_page(request, form, "ui/record_form.html", context=_form_page(form, company))


@login_required
def company_field(request: Request, pk: int, slug: str) -> HttpResponse:
    company = crud.editable_or_403(Company.objects.all(), request.user, pk)
    url = reverse("contacts:company_field", args=[pk, slug])
    return crud.field_page(request, company, CompanyForm, slug, url, by=request.user)


@login_required
@require_POST
def company_trash(request: Request, pk: int) -> HttpResponse:
    return crud.trash_page(request, COMPANY, pk)


@login_required
@require_POST
def company_restore(request: Request, pk: int) -> HttpResponse:
    return crud.restore_page(request, COMPANY, pk)


@login_required
@require_GET
def company_trash_list(request: Request) -> HttpResponse:
    return crud.trash_list(request, COMPANY)


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Company), Act.CREATE))
