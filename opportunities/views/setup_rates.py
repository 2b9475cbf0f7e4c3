"""Administrators' pages of exchange rates."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.console.access import administrators_only
from crm.console.answers import done
from crm.records.models import Organisation
from crm.ui.http import Request, render_page
from crm.ui.once import once
from opportunities import rates
from opportunities.models import ExchangeRate
from opportunities.rate_forms import RateFileForm, RateForm
from opportunities.views.setup_pages import attempt, form_page

SHOWN = 12  # Rates of one currency at first, newest first.
MOST_SHOWN = 2000


def _list() -> str:
    return reverse("opportunities:rate_list")


def _trail() -> list[tuple[str, str]]:
    return [(_("Exchange rates"), _list())]


@administrators_only
@require_safe
def rate_list(request: Request) -> HttpResponse:
    """Rates to the company's currency, newest first under each currency; all of one with `?currency=`."""
    base = Organisation.current().currency
    asked = request.GET.get("currency", "")[:3]
    rows = ExchangeRate.objects.filter(base=base, **({"currency": asked} if asked else {}))
    counts = dict(rows.order_by().values_list("currency").annotate(count=Count("pk")))
    newest = Window(RowNumber(), partition_by=F("currency"), order_by=F("since").desc())
    shown = rows.annotate(place=newest).filter(place__lte=MOST_SHOWN if asked else SHOWN)
    by_currency = groupby(shown.order_by("currency", "-since"), key=lambda rate: rate.currency)
    groups = [(currency, list(found), counts[currency]) for currency, found in by_currency]
    context = {
        "base": base,
        "groups": groups,
        "asked": asked,
        "lacking": rates.lacking_by_currency(),
        "is_other_base": ExchangeRate.objects.exclude(base=base).exists(),
    }
    return render_page(request, "opportunities/setup/rate_list.html", context)


@administrators_only
@require_http_methods(["GET", "POST"])
@once
def rate_create(request: Request) -> HttpResponse:
    """Add a rate; `?currency=` fills in the currency."""
    instance = ExchangeRate(base=Organisation.current().currency)
    form = RateForm(request.POST or None, instance=instance, initial={"currency": request.GET.get("currency", "")})
    if request.method == "POST" and form.is_valid():
        rate = form.save(commit=False)
        changeset, _status = form.attempt(lambda: rates.create_rate(rate, by=request.user), by=request.user)
        if changeset:
            return done(request, _list(), _("The rate is there."), changeset)
    return form_page(request, form, _("New rate"), _trail())


@administrators_only
@require_http_methods(["GET", "POST"])
def rate_edit(request: Request, pk: int) -> HttpResponse:
    rate = get_object_or_404(ExchangeRate, pk=pk)
    form = RateForm(request.POST or None, instance=ExchangeRate.objects.get(pk=pk))
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, _list(), _("Saved."), saved.changeset)
    remove = reverse("opportunities:rate_remove", args=[pk])
    return form_page(request, form, str(rate), _trail(), status, remove_url=remove)


@administrators_only
@require_POST
def rate_remove(request: Request, pk: int) -> HttpResponse:
    rate = get_object_or_404(ExchangeRate, pk=pk)
    return attempt(request, _list(), _("Removed"), lambda: rates.remove_rate(rate, by=request.user))


@administrators_only
@require_http_methods(["GET", "POST"])
def rate_import(request: Request) -> HttpResponse:
    """Read a file of rates; it is imported whole or not at all."""
    base = Organisation.current().currency
    is_sent = request.method == "POST"
    form = RateFileForm(request.POST if is_sent else None, request.FILES if is_sent else None, base=base)
    if is_sent and form.is_valid():
        changeset, count = rates.import_rates(form.rates, by=request.user)
        text = ngettext("%(count)d rate was imported.", "%(count)d rates were imported.", count) % {"count": count}
        return done(request, _list(), text if changeset else _("All these rates were there already."), changeset)
    text = _(
        "Each line says what one unit of a currency is worth in %(base)s from a day on. "
        "A rate of the same day is replaced."
    )
    return form_page(request, form, _("Import rates"), _trail(), text=text % {"base": base}, verb=_("Import"))
