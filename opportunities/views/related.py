"""The deals of a company, of a contact and with a product: a panel of their pages, which loads by itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from contacts.models import Company, Contact
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.models import Organisation
from crm.records.veil import veil
from crm.ui.http import Request
from opportunities.models import DealLine, Opportunity, Product
from opportunities.views.lines import sees_lines
from opportunities.views.opportunities import may_create, may_see

SHOWN = 6


@login_required
@require_GET
def related_company(request: Request, pk: int) -> HttpResponse:
    company = get_object_or_404(Company.objects.visible_to(request.user, trashed=None), pk=pk)
    return _panel(request, company, Opportunity.objects.filter(company=company), {"company": company.pk})


@login_required
@require_GET
def related_contact(request: Request, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.visible_to(request.user, trashed=None), pk=pk)
    part_of = Opportunity.objects.filter(parts__contact=contact)
    place = contact.affiliations.filter(is_primary=True, company__in=Company.objects.visible_to(request.user)).first()
    start = {"contact": contact.pk, **({"company": place.company_id} if place else {})}
    return _panel(request, contact, part_of, start, listed={"contact": contact.pk})


def sees_sales(user: User) -> bool:
    """Whether somebody may be told in which deals a product is sold."""
    return may_see(user) and sees_lines(user)


@login_required
@require_GET
def related_product(request: Request, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.user, trashed=None), pk=pk)
    if not sees_sales(request.user):
        raise PermissionDenied
    lines = DealLine.objects.filter(opportunity=OuterRef("pk"), product=product)
    deals = Opportunity.objects.filter(Exists(lines))
    return _panel(request, product, deals, None, listed={"product": product.pk})


def _panel(
    request: Request, record: Any, deals: Any, start: dict[str, int] | None, listed: dict[str, int] | None = None
) -> HttpResponse:
    """The first deals, open ones first, and what all come to in the company's currency.

    `start` is what a new deal begins with (None: it is not begun here), `listed` what the list of all is narrowed to.
    """
    user = request.user
    may_begin = start is not None and may_create(user) and record.trashed_at is None
    rows = deals.visible_to(user)
    open_first = Case(When(status="open", then=Value(0)), default=Value(1))
    first = rows.with_odds().select_related("stage").order_by(open_first, F("closed_on").desc(nulls_first=True), "-pk")
    sees_amounts = user.rights.sees(kind_of(Opportunity), "amount")
    context = {
        "record": record,
        "deals": veil(first[: SHOWN + 1], user),
        "shown": SHOWN,
        "totals": _totals(rows) if sees_amounts else None,
        "currency": Organisation.current().currency,
        "create_url": _address("opportunity_create", start or {}) if may_begin else "",
        "list_url": _address("opportunity_list", {"view": "all", **(listed or start or {})}),
    }
    return render(request, "opportunities/related_deals.html", context)


def _totals(rows: Any) -> dict[str, Any]:
    """Open and won deals: how many, what they come to in the company's currency, and how many no rate is known for."""
    lacks_rate = Q(base_amount__isnull=True, amount__isnull=False)
    found: dict[str, Any] = rows.aggregate(
        open_count=Count("pk", filter=Q(status="open")),
        open_sum=Sum("base_amount", filter=Q(status="open")),
        won_count=Count("pk", filter=Q(status="won")),
        won_sum=Sum("base_amount", filter=Q(status="won")),
        without_rate=Count("pk", filter=lacks_rate & ~Q(status="lost")),
    )
    return found


def _address(name: str, params: dict[str, Any]) -> str:
    query = "&".join(f"{key}={value}" for key, value in params.items())
    return f"{reverse(f'opportunities:{name}')}?{query}"
