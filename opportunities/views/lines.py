"""The lines of a deal: a block of its page, and the dialog in which a line is chosen and filled in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts.views.points import done
from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.services import Refused
from crm.records.text import clean_line
from crm.ui import crud
from crm.ui.errors import error_page
from crm.ui.http import Request, render_page
from crm.ui.once import once
from opportunities import lines as services
from opportunities.line_forms import LineForm
from opportunities.models import DealLine, Opportunity, Product
from opportunities.totals import line_total, totals_of

FOUND = 8
RULE = "dealline"


@login_required
@require_GET
def line_list(request: Request, pk: int) -> HttpResponse:
    """The block that the page of a deal loads, or a page of its own without JavaScript."""
    deals: Any = Opportunity.objects.visible_to(request.user, trashed=None).with_acts(request.user)
    deal: Any = get_object_or_404(deals, pk=pk)
    if not sees_lines(request.user):
        raise Http404
    rows = list(deal.lines.all())
    may_edit = deal.may_edit and deal.trashed_at is None and request.user.rights.writes(kind_of(deal), RULE)
    context = {
        "deal": deal,
        "lines": [(line, line_total(line, deal.currency)) for line in rows],
        "totals": totals_of(rows, deal.currency),
        "is_sum": deal.amount_source == Opportunity.AmountSource.LINES,
        "may_edit": may_edit,
        "may_type": may_edit and request.user.rights.writes(kind_of(deal), "amount"),
    }
    return render_page(request, "opportunities/lines.html", context, partials=("panel-lines",))


def sees_lines(user: User) -> bool:
    """Whether the user's roles show lines: they tell the amount."""
    kind = kind_of(Opportunity)
    return user.rights.sees(kind, RULE) and user.rights.sees(kind, "amount")


@login_required
@once
def line_create(request: Request, pk: int) -> HttpResponse:
    """Choose a product by words, or none (`?free=1`); then (`?product=12`) fill in the line that begins as it says."""
    deal = _editable(request.user, pk)
    asked = request.GET.get("product", "")
    if not asked and "free" not in request.GET:
        return _choose(request, deal)
    product = _product(request.user, asked) if asked else None
    form = LineForm(request.POST or None, instance=_begun(deal, product, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            saved, _status = form.attempt(
                lambda: services.add(form.save(commit=False), by=request.user), by=request.user
            )
        except Refused as refused:
            return error_page(request, 409, _("This line cannot be added."), str(refused))
        if saved:
            return done(request, deal, saved.changeset)
    note = ""
    if product and form.instance.price is None:
        note = _("The catalogue has no price for it in %(currency)s: enter one.") % {"currency": deal.currency}
    return _form(request, form, deal, str(product) if product else _("New line"), note)


def _choose(request: Request, deal: Opportunity) -> HttpResponse:
    """Products on sale that the words find, with their price in the deal's currency."""
    typed = clean_line(request.GET.get("q", ""))[:200]
    products = Product.objects.search(typed).visible_to(request.user).filter(is_active=True)
    found = list(products.prefetch_related("prices").order_by("sort_name", "pk")[: FOUND + 1])
    context = {
        "deal": deal,
        "record": deal,
        "q": typed,
        "found": [(product, _price(product, deal.currency, request.user)) for product in found[:FOUND]],
        "is_more": len(found) > FOUND,
    }
    return render_page(request, "opportunities/line_choose.html", context, partials=("dialog", "product-results"))


def _product(user: User, asked: str) -> Product:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    return get_object_or_404(Product.objects.visible_to(user).filter(is_active=True), pk=int(asked))


def _price(product: Product, currency: str, user: User) -> Decimal | None:
    """What the catalogue says, to those whom it shows prices."""
    if not user.rights.sees(kind_of(product), "price"):
        return None
    return next((price.amount for price in product.prices.all() if price.currency == currency), None)


def _begun(deal: Opportunity, product: Product | None, user: User) -> DealLine:
    """A line as the catalogue has it, with the price in the deal's currency if there is one."""
    if product is None:
        return DealLine(opportunity=deal)
    names = ("description", "unit", "vat_rate", "is_recurring")
    copied = {name: getattr(product, name) for name in names}
    price: Any = _price(product, deal.currency, user)  # None is to be typed.
    return DealLine(opportunity=deal, product=product, label=product.name, price=price, **copied)


@login_required
def line_edit(request: Request, pk: int) -> HttpResponse:
    line, deal = _row(request.user, pk)
    form = LineForm(request.POST or None, instance=line)
    title = line.label
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, deal, saved.changeset)
        return _form(request, form, deal, title, status=status)
    return _form(request, form, deal, title)


@login_required
@require_POST
def line_remove(request: Request, pk: int) -> HttpResponse:
    line, deal = _row(request.user, pk)
    return done(request, deal, services.remove(line, by=request.user), _("Removed"))


@login_required
@require_POST
def line_move(request: Request, pk: int) -> HttpResponse:
    """Put a line at `place`, counted from 0."""
    line, deal = _row(request.user, pk)
    place = request.POST.get("place", "")
    if not (place.isascii() and place.isdigit() and len(place) < 6):
        raise Http404
    return done(request, deal, services.move(line, int(place), by=request.user), _("Moved"))


@login_required
@require_POST
def line_source(request: Request, pk: int) -> HttpResponse:
    """Let the amount be the sum of the lines, or as typed."""
    deal = _editable(request.user, pk)
    crud.writable_or_403(request.user, deal, "amount")
    source = request.POST.get("source", "")
    if source not in Opportunity.AmountSource.values:
        raise Http404
    try:
        saved = services.take_amount_from(source, deal, by=request.user)
    except Refused as refused:
        return error_page(request, 409, _("The amount stays as it is."), str(refused))
    return done(request, deal, saved.changeset)


def _editable(user: User, pk: int) -> Opportunity:
    """The deal whose lines the user may write, or 404 or 403."""
    deal: Opportunity = crud.editable_or_403(Opportunity.objects.all(), user, pk)
    if not sees_lines(user):
        raise Http404
    crud.writable_or_403(user, deal, RULE)
    if deal.amount_source == Opportunity.AmountSource.LINES:
        crud.writable_or_403(user, deal, "amount")  # It follows them.
    return deal


def _row(user: User, pk: int) -> tuple[DealLine, Opportunity]:
    line = get_object_or_404(DealLine, pk=pk)
    deal = _editable(user, line.opportunity_id)
    line.opportunity = deal
    return line, deal


def _form(request: Request, form: Any, deal: Opportunity, title: str, note: str = "", status: int = 0) -> HttpResponse:
    context = {"form": form, "record": deal, "title": title, "note": note}
    status = status or (422 if form.errors else 200)
    return render_page(request, "opportunities/line_form.html", context, partials=("dialog",), status=status)
