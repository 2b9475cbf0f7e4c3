"""The verbs of quotes: made from the lines of a deal, sent with a number, answered, cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact, PostalAddress
from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Organisation
from crm.records.services import Refused
from crm.records.veil import veil
from opportunities import services
from opportunities.lines import locked
from opportunities.models import Opportunity, Quote, QuoteCounter, QuoteLine, Stage
from opportunities.requirements import labels_of
from opportunities.services import Closing, Missing
from opportunities.totals import totals_of

State = Quote.State
VALID_DAYS = 30
COPIED = ("label", "description", "quantity", "unit", "price", "discount", "vat_rate", "is_recurring", "position")
BUYER = ("buyer_name", "buyer_contact", "buyer_address", "buyer_siren", "buyer_vat_number")


def make(deal: Opportunity, *, by: User) -> Quote:
    """A draft for the lines of a deal, which came through `editable_by`. Raises Refused without lines."""
    quote = Quote(
        opportunity=deal, currency=deal.currency, valid_until=timezone.localdate() + dt.timedelta(days=VALID_DAYS)
    )
    _name_buyer(quote, deal, by)
    with locked(deal.pk) as deal, changes(by, Changeset.Source.CREATE) as changeset:
        quote.save(force_insert=True)
        _copy_lines(deal, quote)
        record_event("opportunity.quote_made", by=by, about=[deal], changeset=changeset)
    return quote


def _name_buyer(quote: Quote, deal: Opportunity, by: User) -> None:
    """Write down who buys, as far as the maker may see it."""
    companies: Any = Company.objects
    seen = companies.visible_to(by).filter(pk=deal.company_id).prefetch_related("addresses")
    for company in veil(seen, by):
        quote.buyer_name, quote.buyer_siren = company.name, company.siren
        quote.buyer_vat_number = company.vat_number
        quote.buyer_address = "\n".join(_address(each) for each in company.addresses.all()[:1])
    people: Any = Contact.objects
    parts = deal.parts.filter(contact__in=people.visible_to(by).order_by().values("pk")).select_related("contact")
    contact = next((part.contact for part in parts), None)
    quote.buyer_contact = str(contact or "")
    quote.language = (contact.language if contact else "") or settings.LANGUAGE_CODE


def _address(address: PostalAddress) -> str:
    lines = (address.street, f"{address.postcode} {address.city}".strip(), address.country)
    return "\n".join(line for line in lines if line)


def _copy_lines(deal: Opportunity, quote: Quote) -> None:
    rows = [QuoteLine(quote=quote, **{name: getattr(line, name) for name in COPIED}) for line in deal.lines.all()]
    if not rows:
        raise Refused(_("There are no lines to quote: add one to the opportunity first."))
    QuoteLine.objects.bulk_create(rows)


@contextmanager
def _taken(quote: Quote, *states: str) -> Iterator[Quote]:
    """The quote, locked after its deal, if it is in one of some states; else Refused says what it is."""
    with transaction.atomic():
        if quote.opportunity_id:
            Opportunity._base_manager.select_for_update(no_key=True).get(pk=quote.opportunity_id)
        quote = Quote.objects.select_for_update().get(pk=quote.pk)
        if quote.state not in states:
            raise Refused(_why_not(quote))
        yield quote


def _why_not(quote: Quote) -> str:
    """What the state of a quote forbids, in a sentence."""
    sentences = {
        State.DRAFT: _("It is a draft: issue it first."),
        State.SENT: _("It was sent and stays as it is: make a new version to change something."),
        State.ACCEPTED: _("The customer accepted it, and it stays as it is."),
        State.REFUSED: _("The customer refused it: make a new version to change something."),
        State.EXPIRED: _("It expired: make a new version to change something."),
        State.CANCELLED: _("It was cancelled."),
    }
    return str(sentences[State(quote.state)])


def _deal_of(quote: Quote) -> Opportunity:
    if quote.opportunity is None:
        raise Refused(_("Its opportunity no longer exists."))
    return quote.opportunity


@contextmanager
def being_edited(quote: Quote) -> Iterator[Quote]:
    """The draft, locked while its form is saved; Refused once it was sent."""
    with _taken(quote, State.DRAFT) as quote:
        yield quote


def take_lines_anew(quote: Quote, *, by: User) -> Changeset:
    """Copy the lines of the deal into the draft once more."""
    with _taken(quote, State.DRAFT) as quote, changes(by, Changeset.Source.EDIT) as changeset:
        deal = _deal_of(quote)
        QuoteLine.objects.filter(quote=quote).delete()
        Quote.objects.filter(pk=quote.pk).update(currency=deal.currency)
        _copy_lines(deal, quote)
        record_event("opportunity.quote_changed", by=by, about=[deal], changeset=changeset)
    return changeset


def remove(quote: Quote, *, by: User) -> Changeset:
    """Delete a draft; Undo brings it back."""
    with _taken(quote, State.DRAFT) as quote, changes(by, Changeset.Source.EDIT) as changeset:
        deal = quote.opportunity
        quote.delete()
        record_event("opportunity.quote_removed", by=by, about=[deal] if deal else [], changeset=changeset)
    return changeset


def new_version(quote: Quote, *, by: User) -> Quote:
    """A draft that is to replace a quote under its number, with the lines of the deal as they are now."""
    with _taken(quote, State.SENT, State.REFUSED, State.EXPIRED) as quote:
        deal = _deal_of(quote)
        if Quote.objects.filter(number=quote.number, version__gt=quote.version).exists():
            raise Refused(_("There is a later version of it already."))
        begun = Quote.objects.filter(replaces=quote, state=State.DRAFT).first()
        if begun is not None:
            return begun
        draft = Quote(
            opportunity=deal,
            replaces=quote,
            currency=deal.currency,
            language=quote.language,
            terms=quote.terms,
            valid_until=timezone.localdate() + dt.timedelta(days=VALID_DAYS),
            **{name: getattr(quote, name) for name in BUYER},
        )
        with changes(by, Changeset.Source.CREATE) as changeset:
            draft.save(force_insert=True)
            _copy_lines(deal, draft)
            record_event("opportunity.quote_made", by=by, about=[deal], changeset=changeset)
    return draft


def send(quote: Quote, *, by: User) -> Quote:
    """Issue a draft: it gets its number, or the next version of the number it replaces, and stays as it is.

    Raises Refused where it is not complete. It cannot be undone (`keep_from_undo`): a number is never given twice.
    """
    with _taken(quote, State.DRAFT) as quote, changes(by, Changeset.Source.EDIT):
        today = timezone.localdate()
        if quote.valid_until is None or quote.valid_until < today:
            raise Refused(_("Enter first until when it is valid: today or later."))
        if not quote.buyer_name:
            raise Refused(_("Enter first who the customer is."))
        if not quote.lines.exists():
            raise Refused(_("It has no lines."))
        if quote.replaces_id:
            before = Quote.objects.select_for_update().get(pk=quote.replaces_id)
            if before.state in (State.ACCEPTED, State.CANCELLED):
                raise Refused(_("%(quote)s: %(why)s") % {"quote": before, "why": _why_not(before)})
            versions = Quote.objects.filter(number=before.number).aggregate(last=Max("version"))
            quote.number, quote.version = before.number, versions["last"] + 1
            Quote.objects.filter(pk=before.pk).update(state=State.CANCELLED)
        else:
            quote.number = _next_number(today.year)
        organisation = Organisation.current()
        quote.seller_name, quote.seller_mentions = organisation.name, organisation.legal_mentions
        quote.state, quote.issued_on = State.SENT, today
        quote.save()
        _tell("sent", quote, by)
    return quote


def _next_number(year: int) -> str:
    """The next number of a year, in the transaction that uses it: DV-2026-0001."""
    QuoteCounter.objects.get_or_create(year=year)
    counter = QuoteCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"DV-{year}-{counter.last:04d}"


def accept(quote: Quote, *, by: User) -> Quote:
    """Note that the customer accepted, and move the deal where the administrator said, if it is open.

    Raises Refused where that stage requires what the deal lacks; the quote then stays as it was.
    """
    with _taken(quote, State.SENT) as quote:
        _decide(quote, State.ACCEPTED, by)
        deal = quote.opportunity
        stage = deal.pipeline.accepted_stage if deal else None
        # In a changeset of its own: a move can be undone, what a customer said cannot.
        if deal and stage and deal.is_open and stage.pipeline_id == deal.pipeline_id:
            _move(deal, stage, quote, by)
    return quote


def _move(deal: Opportunity, stage: Stage, quote: Quote, by: User) -> None:
    net = totals_of(quote.lines.all(), quote.currency).net
    closing = Closing(amount=net if quote.currency == deal.currency else None)
    try:
        services.move_to_stage(deal, stage, by=by, closing=closing)
    except Missing as missing:
        text = _("The opportunity would go to “%(stage)s”, which requires: %(names)s. Fill that in first.")
        raise Refused(text % {"stage": stage, "names": ", ".join(labels_of(missing.names, by).values())}) from missing


def refuse(quote: Quote, *, by: User) -> Quote:
    """Note that the customer refused."""
    with _taken(quote, State.SENT, State.EXPIRED) as quote:
        _decide(quote, State.REFUSED, by)
    return quote


def cancel(quote: Quote, *, by: User) -> Quote:
    """Withdraw a quote that has its number; it stays, cancelled, so that no number is missing."""
    with _taken(quote, State.SENT, State.ACCEPTED, State.REFUSED, State.EXPIRED) as quote:
        _decide(quote, State.CANCELLED, by)
    return quote


def _decide(quote: Quote, state: str, by: User | None) -> None:
    source = Changeset.Source.EDIT if by else Changeset.Source.AUTOMATION
    with changes(by, source):
        quote.state = state
        if state in (State.ACCEPTED, State.REFUSED):
            quote.decided_on = timezone.localdate()
        quote.save(update_fields=["state", "decided_on", "updated_at"])
        _tell(state, quote, by)


def _tell(what: str, quote: Quote, by: User | None) -> None:
    """One event, without its changeset: there is no Undo to offer."""
    about = [quote.opportunity] if quote.opportunity else []
    record_event(f"opportunity.quote_{what}", by=by, about=about, quote=quote.number)


def expire(today: dt.date) -> int:
    """Note of quotes without an answer that their validity has passed; how many. Safe to run twice."""
    keys = Quote.objects.filter(state=State.SENT, valid_until__lt=today).values_list("pk", flat=True)
    done = 0
    for key in list(keys):
        with transaction.atomic():
            quote = Quote.objects.select_for_update(skip_locked=True).filter(pk=key, state=State.SENT).first()
            if quote is not None:
                _decide(quote, State.EXPIRED, None)
                done += 1
    return done


def keep_from_undo(changeset: Changeset) -> None:
    """Raise Refused for an act on a quote that has its number now (crm/records/undo.py)."""
    touched = Quote.versions.rel.related_model.objects.filter(pgh_context_id=changeset.pk)  # type: ignore[attr-defined]
    lines = QuoteLine.versions.rel.related_model.objects.filter(pgh_context_id=changeset.pk)  # type: ignore[attr-defined]
    found = Quote.objects.exclude(number="").filter(
        Q(pk__in=touched.values("pgh_obj_id")) | Q(lines__in=lines.values("pgh_obj_id"))
    )
    if (quote := found.first()) is not None:
        raise Refused(_("Quote %(quote)s has its number: it can be cancelled, not undone.") % {"quote": quote})
