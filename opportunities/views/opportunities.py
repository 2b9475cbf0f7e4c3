"""Opportunities: list, page, creation, edits."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.access.rights import Act, kind_of
from crm.lists.fields import Label
from crm.ui import crud
from crm.ui.facts import Fact, facts
from crm.ui.http import Request
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record
from opportunities import services
from opportunities.forms import NewOpportunityForm, OpportunityForm
from opportunities.models import Opportunity
from opportunities.record_types import OPPORTUNITY

SECTIONS = [
    (gettext_lazy("Deal"), ["amount", "expected_on", "category", "opened_on", "closed_on", "won_amount"]),
    (gettext_lazy("Next step"), ["next_step", "next_step_on"]),
    (gettext_lazy("Follow-up"), ["source", "campaign", "competitors", "reference", "owner", "notes"]),
]


@login_required
@require_GET
def opportunity_list(request: Request) -> HttpResponse:
    return crud.list_page(request, OPPORTUNITY, create_label=_("Opportunity"), has_tags=True, edit_cells=True)


@login_required
@once
def opportunity_create(request: Request) -> HttpResponse:
    form = NewOpportunityForm(request.POST or None, by=request.user)
    return crud.create_page(
        *(request, form, "ui/record_form.html", _form_page(form)),
        lambda: services.open_deal(form.save(commit=False), by=request.user),
    )


def _form_page(form: Any, deal: Opportunity | None = None) -> dict[str, Any]:
    return record_form_page(OPPORTUNITY, form, deal, _("New opportunity"))


@login_required
@require_GET
def opportunity_detail(request: Request, pk: int) -> HttpResponse:
    deal = record_of_page(request, OPPORTUNITY, pk)
    is_open = deal.may_edit and deal.trashed_at is None
    edit_url = (lambda slug: reverse("opportunities:opportunity_field", args=[deal.pk, slug])) if is_open else None

    def sections() -> list[tuple[Label, list[Fact]]]:
        return [(title, facts(deal, slugs, request.user, edit_url)) for title, slugs in SECTIONS]

    context = {
        "head_template": "opportunities/opportunity_head.html",
        "points_template": "opportunities/opportunity_facts.html",
        "related_template": "opportunities/opportunity_related.html",
        "edit_url": edit_url,
        "sections": sections,
    }
    return render_record(request, OPPORTUNITY, deal, context)


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


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Opportunity), Act.CREATE))
