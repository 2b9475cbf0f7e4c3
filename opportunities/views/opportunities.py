"""Opportunities: list, page, creation, edits."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from contacts.models import Company, Contact
from contacts.views.points import done
from contacts.views.tags import tags_page
from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.lists.fields import Label
from crm.records import services as record_services
from crm.records.veil import veil
from crm.ui import crud
from crm.ui.facts import Fact, facts
from crm.ui.http import Request, redirect_to, toast
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record
from opportunities import services
from opportunities.figures import figures_of
from opportunities.forms import NewOpportunityForm, OpportunityForm
from opportunities.models import CoOwner, DealContact, Opportunity, Stage
from opportunities.part_forms import NextStepForm
from opportunities.record_types import OPPORTUNITY
from opportunities.requirements import Requirement, guidance, requirements
from opportunities.story import story_of
from opportunities.views.past import past_page
from opportunities.views.people import dialog, editable_deal

SECTIONS = [
    (
        gettext_lazy("Deal"),
        ["company", "amount", "currency", "probability", "category", "expected_on", "opened_on", "reference"],
    ),
    (gettext_lazy("Follow-up"), ["owner", "source", "campaign", "competitors", "notes"]),
]


@login_required
@require_GET
def opportunity_list(request: Request) -> HttpResponse:
    """The list, or as it stood on a past day (`on`)."""
    if "on" in request.GET:
        return past_page(request, "list")
    context: dict[str, Any] = {
        "create_label": _("Opportunity"),
        "has_tags": True,
        "edit_cells": True,
        "layouts_template": "opportunities/layouts.html",
        "past_button": "opportunities/look_back_button.html",
        "past_menu": "opportunities/look_back.html",
        "board_url": reverse("opportunities:board"),
        "import_url": reverse("integrations:import_create") + "?kind=opportunities",
        "export_url": reverse("integrations:export_list", args=["opportunity"]),
    }
    return crud.list_page(request, OPPORTUNITY, **context)


@login_required
@once
def opportunity_create(request: Request) -> HttpResponse:
    """A new deal; an address may name its company, a contact who takes part and its stage: `?company=12&contact=34`."""
    crud.may_create_or_403(request.user, Opportunity)
    company, contact = (_named(request, model, name) for model, name in ((Company, "company"), (Contact, "contact")))
    initial = {"company": company.pk} if company else {}
    asked = request.GET.get("stage", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    stage = Stage.objects.filter(pk=key, status=Stage.Status.OPEN, pipeline__is_active=True).first()
    form = NewOpportunityForm(request.POST or None, by=request.user, stage=stage, initial=initial)

    def make() -> Opportunity:
        deal = form.save(commit=False)
        parts = [DealContact(opportunity=deal, contact=contact)] if contact else []
        return services.open_deal(deal, by=request.user, children=parts)

    return crud.create_page(request, form, "ui/record_form.html", _form_page(form), make)


def _named(request: Request, model: Any, name: str) -> Any:
    """The record that the address names by its key, if the user may see it."""
    key = request.GET.get(name, "")
    is_key = key.isascii() and key.isdigit() and len(key) < 19
    return model.objects.visible_to(request.user).filter(pk=key).first() if is_key else None


def _form_page(form: Any, deal: Opportunity | None = None) -> dict[str, Any]:
    return record_form_page(OPPORTUNITY, form, deal, _("New opportunity"))


@login_required
@require_GET
def opportunity_detail(request: Request, pk: int) -> HttpResponse:
    sees_company = Exists(Company.objects.visible_to(request.user, trashed=None).filter(pk=OuterRef("company_id")))
    deal = record_of_page(request, OPPORTUNITY, pk, sees_company=sees_company)
    return render_record(request, OPPORTUNITY, deal, _page(request, deal))


def _page(request: Request, deal: Any) -> dict[str, Any]:
    user = request.user
    is_open = deal.may_edit and deal.trashed_at is None
    edit_url = (lambda slug: reverse("opportunities:opportunity_field", args=[deal.pk, slug])) if is_open else None
    story = cache(lambda: story_of(deal))

    def sections() -> list[tuple[Label, list[Fact]]]:
        hidden = {"company"} if deal.company_id and not deal.sees_company else set()
        return [
            (title, facts(deal, [slug for slug in slugs if slug not in hidden], user, edit_url))
            for title, slugs in SECTIONS
        ]

    def required() -> list[Requirement]:
        following = story().following
        return requirements(deal, following, user, edit_url) if following else []

    return {
        "head_template": "opportunities/opportunity_head.html",
        "head_class": "opp-top",
        "points_template": "opportunities/opportunity_points.html",
        "points_trigger": "record-changed",
        "related_template": "opportunities/opportunity_related.html",
        "menu_template": "opportunities/opportunity_menu.html",
        "edit_url": edit_url,
        "sections": sections,
        "story": story,
        "sees": {name: user.rights.sees(OPPORTUNITY.kind, name) for name in OPPORTUNITY.guarded},
        "figures": lambda: figures_of(deal),
        "required": required,
        "guidance": lambda: guidance(deal.stage),
        "today": timezone.localdate(),
        "parts": lambda: _parts(deal, user),
        "co_owners": lambda: list(CoOwner.objects.filter(content_object=deal).select_related("user")),
        "may_create": may_create(user),
    }


def _parts(deal: Opportunity, user: User) -> list[DealContact]:
    """The contacts of the deal that the user may see, as they may be shown."""
    seen = Contact.objects.visible_to(user)
    rows = list(deal.parts.filter(contact__in=seen).select_related("contact"))
    veil((row.contact for row in rows), user)
    return rows


@login_required
def opportunity_plan(request: Request, pk: int) -> HttpResponse:
    """The next step and its day, in a dialog."""
    deal = editable_deal(request, pk)
    form = NextStepForm(request.POST or None, instance=deal, by=request.user)
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, deal, saved.changeset)
    return dialog(request, form, deal, _("Next step"), status=status)


@login_required
def opportunity_tags(request: Request, pk: int) -> HttpResponse:
    return tags_page(request, editable_deal(request, pk))


@login_required
@require_POST
def opportunity_clone(request: Request, pk: int) -> HttpResponse:
    """Make an open copy of a deal that the user sees, and go to it."""
    deal = get_object_or_404(Opportunity.objects.visible_to(request.user), pk=pk)
    crud.may_create_or_403(request.user, Opportunity)
    copy = services.clone(deal, by=request.user)
    response = redirect_to(request, crud.place_of(copy, request.user))
    undo = crud.undo_url(record_services.creation_of(copy))
    return toast(request, response, _("%(name)s was created") % {"name": copy}, undo)


@login_required
def opportunity_edit(request: Request, pk: int) -> HttpResponse:
    deal = crud.editable_or_403(Opportunity.objects.all(), request.user, pk)
    form = OpportunityForm(request.POST or None, instance=deal, by=request.user)
    return crud.edit_page(request, form, "ui/record_form.html", context=_form_page(form, deal))


@login_required
def opportunity_field(request: Request, pk: int, slug: str) -> HttpResponse:
    deal = crud.editable_or_403(Opportunity.objects.all(), request.user, pk)
    url = reverse("opportunities:opportunity_field", args=[pk, slug])
    return crud.field_page(request, deal, OpportunityForm, slug, url, by=request.user)


def may_see(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Opportunity), Act.SEE))


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Opportunity), Act.CREATE))
