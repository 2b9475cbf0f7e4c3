"""The pages of likely duplicates: pairs side by side, searches, what is said about a pair, a record to merge with."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacts.duplicates import searches
from contacts.duplicates.finding import STEPS
from contacts.duplicates.merging import SLUG, merged_away
from contacts.duplicates.pairs import PAIRS, cards, choices, levels, pairs_for, read_asked
from contacts.duplicates.services import say_apart
from contacts.duplicates.suggesting import Twin, likely_companies, likely_contacts
from contacts.forms import CompanyForm, NewContactForm
from contacts.models import Company, CompanyEntry, Contact, ContactEntry, DuplicateSearch
from contacts.record_types import COMPANY, CONTACT
from crm.lists.bulk import start_run
from crm.lists.fields import RecordType
from crm.lists.models import BulkRun
from crm.lists.pages import COUNTED_UP_TO, Page, TooSlow, count_bounded, turn_to, within_seconds
from crm.records import search
from crm.records.veil import veil
from crm.ui import crud
from crm.ui.http import Request, redirect_to, render_page, target, toast
from crm.ui.record_page import may_merge

SIZE, AT_ONCE = 25, 20
PARTS = ("duplicate-search",)
FOUND, RECENT = 8, 30
ENTRIES: dict[str, type[search.SearchEntry]] = {"contact": ContactEntry, "company": CompanyEntry}
TYPES = {"contact": CONTACT, "company": COMPANY}


@login_required
@require_GET
def contact_duplicates(request: Request) -> HttpResponse:
    return _page(request, CONTACT)


@login_required
@require_GET
def company_duplicates(request: Request) -> HttpResponse:
    return _page(request, COMPANY)


def _page(request: Request, record_type: RecordType) -> HttpResponse:
    """Pairs, the surest first; or the state of the search alone, which a page asks for while one is under way."""
    kind, user = record_type.slug, request.user
    asked = read_asked(request.GET, kind)
    recent = list(DuplicateSearch.objects.filter(kind=kind)[:RECENT])
    latest = recent[0] if recent else None
    done = next((each for each in recent if each.status == DuplicateSearch.Status.DONE), None)
    asks_state = bool(target(request, PARTS))
    page, is_slow = (Page([], "", ""), False) if asks_state else _read(request, record_type, asked)
    context = {
        "type": record_type,
        "asked": asked,
        "levels": levels(),
        "reasons": choices(kind),
        "cards": cards(page.rows, record_type.model, user) if page.rows else [],
        "is_slow": is_slow,
        "previous_url": _turned(request, before=page.before) if page.before else "",
        "next_url": _turned(request, after=page.after) if page.after else "",
        "latest": latest,
        "done": done,
        "step": _step(latest),
        "may_search": searches.may_search(user, kind),
        "may_merge": may_merge(user, record_type),
        "merge_url": reverse(record_type.url("merge")),
        "merge_certain_url": reverse(record_type.url("merge_certain")),
        "search_url": reverse(record_type.url("search")),
        "list_url": reverse(record_type.url("list")),
        "back": request.get_full_path(),
    }
    response = render_page(request, "contacts/duplicates.html", context, partials=PARTS)
    if asks_state and not context["step"]:  # It has ended: the pairs on the page are those of the search before.
        response["HX-Refresh"] = "true"
    return response


def _read(request: Request, record_type: RecordType, asked: Any) -> tuple[Page, bool]:
    pairs = pairs_for(record_type.model, request.user, asked)
    try:
        with within_seconds():
            cursor: Any = {name: request.GET.get(name, "") for name in ("after", "before")}
            return turn_to(pairs, "certainty", descending=True, size=SIZE, **cursor), False
    except TooSlow:
        return Page([], "", ""), True


def _turned(request: Request, **cursor: str) -> str:
    params = request.GET.copy()
    for name in ("after", "before"):
        params.pop(name, None)
    params.update(cursor)
    return f"?{params.urlencode()}"


def _step(latest: DuplicateSearch | None) -> dict[str, Any] | None:
    """Where a search under way is: number, of how many, words."""
    if latest is None or latest.status != DuplicateSearch.Status.RUNNING:
        return None
    steps = STEPS[latest.kind]
    number = min(latest.step, len(steps) - 1)
    return {"number": number + 1, "total": len(steps), "words": steps[number].words}


@login_required
@require_POST
def contact_search(request: Request) -> HttpResponse:
    return _search(request, CONTACT)


@login_required
@require_POST
def company_search(request: Request) -> HttpResponse:
    return _search(request, COMPANY)


def _search(request: Request, record_type: RecordType) -> HttpResponse:
    """Begin a search over all records of the kind, or stop the one under way."""
    kind = record_type.slug
    if not searches.may_search(request.user, kind):
        raise PermissionDenied
    response = redirect_to(request, reverse(record_type.url("duplicates")))
    if request.POST.get("stop"):
        running = DuplicateSearch.objects.filter(kind=kind, status=DuplicateSearch.Status.RUNNING).first()
        if running is None or not searches.end(running.pk, DuplicateSearch.Status.CANCELLED):
            return toast(request, response, _("The search has ended meanwhile."))
        return toast(request, response, _("The search was stopped."))
    searches.send(searches.begin_search(kind, request.user))
    return response


@login_required
@require_POST
def pair_apart(request: Request, owner: str, pk: int) -> HttpResponse:
    """Remember that the two records of a pair are not the same."""
    record_type = TYPES[owner]
    pairs: Any = PAIRS[record_type.model].objects
    pair = get_object_or_404(pairs.visible_to(request.user).select_related("one", "two"), pk=pk)
    editable: Any = record_type.rows().editable_by(request.user)
    if not editable.filter(pk__in=[pair.one_id, pair.two_id]).exists():
        raise PermissionDenied
    changeset = say_apart(pair.one, pair.two, by=request.user)
    words = _("%(one)s and %(two)s are no longer proposed as duplicates") % {"one": pair.one, "two": pair.two}
    back = crud.back_to(request, reverse(record_type.url("duplicates")))
    # With htmx the pair alone leaves the page.
    response = HttpResponse() if request.htmx else redirect_to(request, back)
    return toast(request, response, words, crud.undo_url(changeset))


@login_required
@require_POST
def contact_twins(request: Request) -> HttpResponse:
    """Contacts like the one being typed; nothing is kept of what was typed."""
    crud.may_create_or_403(request.user, Contact)
    return _twins(
        request, CONTACT, likely_contacts(_typed(NewContactForm(request.POST, by=request.user)), request.user)
    )


@login_required
@require_POST
def company_twins(request: Request) -> HttpResponse:
    """Companies like the one being typed."""
    crud.may_create_or_403(request.user, Company)
    return _twins(request, COMPANY, likely_companies(_typed(CompanyForm(request.POST, by=request.user)), request.user))


def _typed(form: Any) -> dict[str, Any]:
    """The clean values of the fields that are right so far."""
    form.is_valid()
    values: dict[str, Any] = form.cleaned_data
    return values


def _twins(request: Request, record_type: RecordType, twins: list[Twin]) -> HttpResponse:
    return render_page(request, "contacts/typed_twins.html", {"twins": twins, "type": record_type})


@login_required
@require_http_methods(["GET", "POST"])
def contact_merge_certain(request: Request) -> HttpResponse:
    return _merge_certain(request, CONTACT)


@login_required
@require_http_methods(["GET", "POST"])
def company_merge_certain(request: Request) -> HttpResponse:
    return _merge_certain(request, COMPANY)


def _merge_certain(request: Request, record_type: RecordType) -> HttpResponse:
    """Say how many would go into older ones, then do it: few at once, many by a worker."""
    if not may_merge(request.user, record_type):
        raise PermissionDenied
    back = f"{reverse(record_type.url('duplicates'))}?level=certain"
    keys = merged_away(record_type.model, request.user)
    if request.method != "POST":
        try:
            going: Any = record_type.rows().filter(pk__in=keys.order_by())
            count = count_bounded(going)
        except TooSlow:
            count = COUNTED_UP_TO + 1
        context = {"type": record_type, "count": crud.count_words(count), "is_none": not count, "back": back}
        return render_page(request, "contacts/merge_certain.html", context)
    run = BulkRun(
        by=request.user,
        address=request.user.address,
        type=record_type.slug,
        act=SLUG,
        title=_("Merge the certain duplicates"),
        back=back,
    )
    few = list(keys[: AT_ONCE + 1])
    start_run(run, few if len(few) <= AT_ONCE else None)
    return redirect_to(request, run.get_absolute_url())


@login_required
@require_GET
def contact_merge_with(request: Request, pk: int) -> HttpResponse:
    return _merge_with(request, CONTACT, pk)


@login_required
@require_GET
def company_merge_with(request: Request, pk: int) -> HttpResponse:
    return _merge_with(request, COMPANY, pk)


def _merge_with(request: Request, record_type: RecordType, pk: int) -> HttpResponse:
    """Look for the record that another one is to be merged with."""
    record = get_object_or_404(record_type.rows().visible_to(request.user), pk=pk)
    if not may_merge(request.user, record_type):
        raise PermissionDenied
    typed = request.GET.get("q", "")[:200]
    entries = ENTRIES[record_type.slug]
    rows: Any = record_type.rows().select_related("owner")
    rows = veil(
        search.find(rows, entries, search.Asked(request.user, [search.words_of(typed)]), FOUND + 1), request.user
    )
    found = [row for row in rows if row.pk != pk][:FOUND]
    context = {
        "record": record,
        "type": record_type,
        "q": typed,
        "found": found,
        "merge_url": reverse(record_type.url("merge")),
    }
    return render_page(request, "contacts/merge_with.html", context, partials=("dialog", "merge-with-found"))
