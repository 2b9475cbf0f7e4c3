"""The prices of a product, one in each currency."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.views.points import done
from crm.access.models import User
from crm.records import services
from crm.records.models import Organisation
from crm.ui import crud
from crm.ui.http import Request, render_page
from crm.ui.once import once
from opportunities.line_forms import PriceForm
from opportunities.models import Price, Product


@login_required
@once
def price_create(request: Request, pk: int) -> HttpResponse:
    product = _editable(request.user, pk)
    currency = Organisation.current().currency
    form = PriceForm(request.POST or None, instance=Price(product=product), initial={"currency": currency})
    if request.method == "POST" and form.is_valid():
        add = form.save(commit=False)
        saved, _status = form.attempt(lambda: services.add_child(add, by=request.user), by=request.user)
        if saved:
            return done(request, product, saved.changeset)
    return _form(request, form, product, _("New price"))


@login_required
def price_edit(request: Request, pk: int) -> HttpResponse:
    price, product = _row(request.user, pk)
    form = PriceForm(request.POST or None, instance=price)
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, product, saved.changeset)
    return _form(request, form, product, _("Price"), status)


@login_required
@require_POST
def price_remove(request: Request, pk: int) -> HttpResponse:
    price, product = _row(request.user, pk)
    return done(request, product, services.remove_child(price, by=request.user).changeset, _("Removed"))


def _editable(user: User, pk: int) -> Product:
    product: Product = crud.editable_or_403(Product.objects.all(), user, pk)
    crud.writable_or_403(user, product, "price")
    return product


def _row(user: User, pk: int) -> tuple[Price, Product]:
    price = get_object_or_404(Price, pk=pk)
    return price, _editable(user, price.product_id)


def _form(request: Request, form: Any, product: Product, title: str, status: int = 0) -> HttpResponse:
    context = {"form": form, "record": product, "title": title}
    status = status or (422 if form.errors else 200)
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)
