"""Bare views: the least that Django does for a page of 50 rows, for 100 cards, a creation and an edit with history."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.models import Contact, Email
from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from opportunities.board import CARDS
from opportunities.models import Opportunity


@login_required
def bare_list(request: HttpRequest) -> HttpResponse:
    """50 rows from one query through a small template, with session and user."""
    rows = Contact.objects.filter(trashed_at=None).select_related("owner").order_by("sort_name", "pk")[:50]
    return render(request, "bench/bare.html", {"rows": rows})


@login_required
def bare_cards(request: HttpRequest) -> HttpResponse:
    """As many cards as a board of five stages shows, from one query through a small template."""
    rows = Opportunity.objects.filter(trashed_at=None, status="open").select_related("owner", "company", "stage")
    return render(request, "bench/cards.html", {"rows": rows.order_by("position", "pk")[: 5 * CARDS]})


@login_required
def bare_create(request: HttpRequest) -> HttpResponse:
    """The rows that a new contact with an e-mail address is, with history and event, without form or page."""
    user: User = request.user  # type: ignore[assignment]
    with changes(user, Changeset.Source.CREATE) as changeset:
        contact = Contact.objects.create(
            first_name=request.POST["first_name"], last_name=request.POST["last_name"], owner=user, team=user.team
        )
        Email.objects.create(contact=contact, address=request.POST["email"], is_primary=True)
        record_event("contact.created", by=user, about=[contact], changeset=changeset)
    return HttpResponse(status=204)


@login_required
def bare_save(request: HttpRequest, pk: int) -> HttpResponse:
    """One column of one row, with history and event."""
    user: User = request.user  # type: ignore[assignment]
    with changes(user, Changeset.Source.EDIT) as changeset:
        contact = Contact.objects.select_for_update().get(pk=pk)
        contact.job_title = request.POST["job_title"]
        contact.save(update_fields=["job_title"])
        record_event("contact.changed", by=user, about=[contact], changeset=changeset, fields=["job_title"])
    return HttpResponse(status=204)
