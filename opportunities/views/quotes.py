"""Quotes of a deal: a block of its page, a page of their own, and what is done with them there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.models import Organisation
from crm.records.services import Refused
from crm.ui import crud
from crm.ui.errors import error_page
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.once import once
from opportunities import pdf
from opportunities import quotes as services
from opportunities.models import Opportunity, Quote
from opportunities.quote_forms import QuoteForm
from opportunities.totals import line_total, totals_of
from opportunities.views.lines import sees_lines

RULE = "quote"
HUES = {
    Quote.State.DRAFT: "gray",
    Quote.State.SENT: "blue",
    Quote.State.ACCEPTED: "green",
    Quote.State.REFUSED: "rose",
    Quote.State.EXPIRED: "amber",
    Quote.State.CANCELLED: "gray",
}


def sees_quotes(user: User) -> bool:
    """Whether the user's roles show quotes: they tell lines and amounts."""
    return sees_lines(user) and user.rights.sees(kind_of(Opportunity), RULE)


@login_required
@require_GET
def quote_list(request: Request, pk: int) -> HttpResponse:
    """The block that the page of a deal loads, or a page of its own without JavaScript."""
    deals: Any = Opportunity.objects.visible_to(request.user, trashed=None).with_acts(request.user)
    deal = get_object_or_404(deals, pk=pk)
    if not sees_quotes(request.user):
        raise Http404
    rows = list(Quote.objects.filter(opportunity=deal).prefetch_related("lines"))
    context = {
        "deal": deal,
        "quotes": [(quote, HUES[Quote.State(quote.state)], _net(quote)) for quote in rows],
        "may_edit": deal.may_edit and deal.trashed_at is None and request.user.rights.writes(kind_of(deal), RULE),
    }
    return render_page(request, "opportunities/quotes.html", context, partials=("panel-quotes",))


def _net(quote: Quote) -> Any:
    return totals_of(quote.lines.all(), quote.currency).net


@login_required
@require_POST
@once
def quote_create(request: Request, pk: int) -> HttpResponse:
    """Make a draft for the lines of a deal."""
    deal = _editable_deal(request.user, pk)
    try:
        quote = services.make(deal, by=request.user)
    except Refused as refused:
        return error_page(request, 409, _("No quote can be made."), str(refused))
    return redirect_to(request, quote.get_absolute_url())


def _editable_deal(user: User, pk: int) -> Opportunity:
    deal: Opportunity = crud.editable_or_403(Opportunity.objects.all(), user, pk)
    if not sees_quotes(user):
        raise Http404
    crud.writable_or_403(user, deal, RULE)
    return deal


@login_required
@require_GET
def quote_detail(request: Request, pk: int) -> HttpResponse:
    quote = seen_or_404(request.user, pk)
    context = {**content_of(quote), "may_edit": _may_edit(request.user, quote), "hue": HUES[Quote.State(quote.state)]}
    return render_page(request, "opportunities/quote.html", context)


def seen_or_404(user: User, pk: int) -> Quote:
    """The quote, if the user may see its deal and their roles show quotes."""
    rows = Quote.objects.visible_to(user).select_related("opportunity__company", "replaces").prefetch_related("lines")
    quote: Quote = get_object_or_404(rows, pk=pk)
    if not sees_quotes(user):
        raise Http404
    return quote


def content_of(quote: Quote) -> dict[str, Any]:
    """What the page and the PDF show of a quote; until it is sent, the seller as the settings have it now."""
    rows = list(quote.lines.all())
    organisation = Organisation.current()
    return {
        "quote": quote,
        "deal": quote.opportunity,
        "lines": [(line, line_total(line, quote.currency)) for line in rows],
        "totals": totals_of(rows, quote.currency),
        "seller_name": organisation.name if quote.is_draft else quote.seller_name,
        "seller_mentions": organisation.legal_mentions if quote.is_draft else quote.seller_mentions,
    }


def _may_edit(user: User, quote: Quote) -> bool:
    is_open = Quote.objects.editable_by(user).filter(pk=quote.pk).exists()
    return is_open and user.rights.writes(kind_of(Opportunity), RULE)


def _editable_or_403(user: User, pk: int) -> Quote:
    quote = seen_or_404(user, pk)
    if not _may_edit(user, quote):
        raise PermissionDenied
    return quote


@login_required
def quote_edit(request: Request, pk: int) -> HttpResponse:
    """What is written on a draft beside its lines."""
    quote = _editable_or_403(request.user, pk)
    form = QuoteForm(request.POST or None, instance=quote, by=request.user)
    status = 422 if form.errors else 200
    try:
        with services.being_edited(quote):
            if request.method == "POST" and form.is_valid():
                saved, status = form.try_to_save(by=request.user)
                if saved:
                    response = redirect_to(request, quote.get_absolute_url())
                    return toast(request, response, _("Saved"), crud.undo_url(saved.changeset))
    except Refused as refused:
        return error_page(request, 409, _("This quote cannot be edited."), str(refused))
    context = {"form": form, "record": quote, "title": str(quote)}
    return render_page(request, "ui/row_form.html", context, partials=("dialog",), status=status)


@login_required
@require_POST
def quote_lines(request: Request, pk: int) -> HttpResponse:
    """Take the lines of the deal as they are now."""
    quote = _editable_or_403(request.user, pk)

    def act() -> HttpResponse:
        changeset = services.take_lines_anew(quote, by=request.user)
        response = redirect_to(request, quote.get_absolute_url())
        return toast(request, response, _("The lines are those of the opportunity now"), crud.undo_url(changeset))

    return _answer(request, act)


@login_required
@require_POST
def quote_remove(request: Request, pk: int) -> HttpResponse:
    quote = _editable_or_403(request.user, pk)

    def act() -> HttpResponse:
        changeset = services.remove(quote, by=request.user)
        response = redirect_to(request, quote.opportunity.get_absolute_url() if quote.opportunity else "/")
        return toast(request, response, _("The draft was deleted"), crud.undo_url(changeset))

    return _answer(request, act)


@login_required
@require_POST
def quote_version(request: Request, pk: int) -> HttpResponse:
    """Begin the next version."""
    quote = _editable_or_403(request.user, pk)
    return _answer(
        request,
        lambda: redirect_to(request, services.new_version(quote, by=request.user).get_absolute_url()),
    )


@login_required
@require_POST
def quote_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Send, accept, refuse or cancel: told in the toast, without Undo."""
    acts: dict[str, tuple[Callable[..., Quote], str]] = {
        "send": (services.send, _("Issued as %(quote)s")),
        "accept": (services.accept, _("%(quote)s was accepted")),
        "refuse": (services.refuse, _("%(quote)s was refused")),
        "cancel": (services.cancel, _("%(quote)s was cancelled")),
    }
    if act not in acts:
        raise Http404
    quote = _editable_or_403(request.user, pk)
    verb, words = acts[act]

    def run() -> HttpResponse:
        done = verb(quote, by=request.user)
        return toast(request, redirect_to(request, quote.get_absolute_url()), words % {"quote": done})

    return _answer(request, run)


def _answer(request: Request, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except Refused as refused:
        return error_page(request, 409, _("Nothing was changed."), str(refused))


@login_required
@require_GET
def quote_pdf(request: Request, pk: int) -> HttpResponse:
    """The quote as it goes to the customer, in its own language."""
    quote = seen_or_404(request.user, pk)
    try:
        body = pdf.quote_pdf(quote, content_of(quote))
    except pdf.NotDrawn:
        text = _("Try again in a moment; if it happens again, tell your administrator.")
        return error_page(request, 503, _("The PDF could not be made."), text)
    name = f"{quote}.pdf" if quote.number else "quote.pdf"
    headers: Any = {"Content-Disposition": content_disposition_header(True, name.replace(" ", "-"))}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
