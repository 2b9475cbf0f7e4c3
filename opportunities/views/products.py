"""The catalogue: list, page, creation, edits."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.access.rights import Act, kind_of
from crm.records import services as record_services
from crm.ui import crud
from crm.ui.facts import facts
from crm.ui.http import Request
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record
from opportunities.forms import ProductForm
from opportunities.models import Product
from opportunities.record_types import PRODUCT

FACTS = ["code", "family", "unit", "vat_rate", "is_recurring", "is_active", "owner", "description"]


@login_required
@require_GET
def product_list(request: Request) -> HttpResponse:
    files = {
        "import_url": reverse("integrations:import_create") + "?kind=products",
        "export_url": reverse("integrations:export_list", args=["product"]),
    }
    return crud.list_page(request, PRODUCT, create_label=_("Product"), edit_cells=True, **files)


@login_required
@once
def product_create(request: Request) -> HttpResponse:
    form = ProductForm(request.POST or None, by=request.user)
    return crud.create_page(
        *(request, form, "ui/record_form.html", _form_page(form)),
        lambda: record_services.create(form.save(commit=False), by=request.user),
    )


def _form_page(form: Any, product: Product | None = None) -> dict[str, Any]:
    return record_form_page(PRODUCT, form, product, _("New product"))


@login_required
@require_GET
def product_detail(request: Request, pk: int) -> HttpResponse:
    product = record_of_page(request, PRODUCT, pk)
    is_open = product.may_edit and product.trashed_at is None
    edit_url = (lambda slug: reverse("opportunities:product_field", args=[product.pk, slug])) if is_open else None
    context = {
        "head_template": "opportunities/product_head.html",
        "points_template": "opportunities/product_prices.html",
        "related_template": "opportunities/product_related.html",
        "edit_url": edit_url,
        "sections": lambda: [(gettext_lazy("Product"), facts(product, FACTS, request.user, edit_url))],
    }
    return render_record(request, PRODUCT, product, context)


@login_required
def product_edit(request: Request, pk: int) -> HttpResponse:
    product = crud.editable_or_403(Product.objects.all(), request.user, pk)
    form = ProductForm(request.POST or None, instance=product, by=request.user)
    return crud.edit_page(request, form, "ui/record_form.html", context=_form_page(form, product))


@login_required
def product_field(request: Request, pk: int, slug: str) -> HttpResponse:
    product = crud.editable_or_403(Product.objects.all(), request.user, pk)
    url = reverse("opportunities:product_field", args=[pk, slug])
    return crud.field_page(request, product, ProductForm, slug, url, by=request.user)


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Product), Act.CREATE))
