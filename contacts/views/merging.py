"""The page that merges contacts or companies: which record stays, whose value each field takes, what comes along."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, Value
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.forms import CompanyForm, ContactForm
from contacts.merging import EMPTY, custom_values, merge_companies, whose_value_stays
from contacts.models import Company
from contacts.record_types import COMPANY, CONTACT
from crm.access.models import User
from crm.access.rights import kind_of
from crm.lists.fields import RecordType
from crm.records.custom import custom_fields, is_custom, with_value
from crm.records.merge import MOST_MERGED, merge, relations_of
from crm.records.services import Refused
from crm.ui import crud
from crm.ui.custom import drawn, named
from crm.ui.facts import fact
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.once import once
from crm.ui.record_page import may_merge


@dataclass(frozen=True)
class Choice:
    """One field that differs: for each record its value drawn; `chosen` is the key of the record whose value stays.

    `is_open`: the user's roles let them change the field, so they are asked; else what stays is worked out.
    """

    slug: str
    label: str
    values: list[tuple[Any, SafeString]]
    chosen: int
    is_open: bool
    errors: tuple[str, ...] = ()


@login_required
@require_http_methods(["GET", "POST"])
@once
def contact_merge(request: Request) -> HttpResponse:
    return _merge_page(request, CONTACT, ContactForm)


@login_required
@require_http_methods(["GET", "POST"])
@once
def company_merge(request: Request) -> HttpResponse:
    return _merge_page(request, COMPANY, CompanyForm)


def _merge_page(request: Request, record_type: RecordType, form_class: Any) -> HttpResponse:
    """Ask, or merge where the form says which record stays; the bar of a list posts keys alone and is led here."""
    if not may_merge(request.user, record_type):
        raise PermissionDenied
    params = request.POST if request.method == "POST" else request.GET
    keys = {int(key) for key in params.getlist("pk") if key.isascii() and key.isdigit() and len(key) < 19}
    if not 2 <= len(keys) <= MOST_MERGED or params.get("all_matching"):
        problem = _("Tick two to %(most)d records to merge them.") % {"most": MOST_MERGED}
        return _render(request, record_type, {"problem": problem}, status=422)
    rows = _rows_or_403(request, record_type, keys)
    asked = params.get("stays", "")
    if request.method == "POST" and not asked:
        return redirect_to(request, f"{request.path}?{urlencode({'pk': sorted(keys)}, doseq=True)}")
    able = [row for row in rows if row.may_edit and all(each.may_delete for each in rows if each is not row)]
    slugs = [*form_class._meta.fields, *(["photo"] if record_type is CONTACT else [])]
    winner = next((row for row in able if str(row.pk) == asked), None)
    if not able or (asked and winner is None):
        raise PermissionDenied
    # The most filled one; of several the oldest, which `max` finds first.
    winner = winner or max(able, key=lambda row: sum(getattr(row, slug) not in EMPTY for slug in slugs))
    choices = [*_choices(request, rows, winner, slugs), *_custom_choices(request, rows, winner)]
    context = {"rows": rows, "able": able, "winner": winner, "choices": choices, "problem": ""}
    if request.method == "POST":
        values = _values(rows, winner, choices)
        wrong = _wrong(form_class, winner, values, request.user)
        if not wrong:
            try:
                return _merged(request, rows, winner, values)
            except Refused as refused:
                context["problem"] = str(refused)
        choices = [replace(choice, errors=tuple(wrong.pop(choice.slug, ()))) for choice in choices]
        unseen = [text for choice in choices if not choice.is_open for text in choice.errors]
        context["problem"] = " ".join([str(context["problem"]), *unseen, *chain(*wrong.values())]).strip()
    moving = _moving(record_type, [row.pk for row in rows if row is not winner], request.user)
    context["choices"] = [choice for choice in choices if choice.is_open]
    is_wrong = context["problem"] or any(choice.errors for choice in choices)
    return _render(request, record_type, {**context, "moving": moving}, status=422 if is_wrong else 200)


def _rows_or_403(request: Request, record_type: RecordType, keys: set[int]) -> list[Any]:
    """The records, the oldest first, with what the user may do with each; 404 unless all of them are seen."""
    seen: Any = record_type.rows().visible_to(request.user).with_acts(request.user).filter(pk__in=keys)
    rows = list(seen.select_related("owner", *(["parent"] if record_type is COMPANY else [])).order_by("pk"))
    if len(rows) < len(keys):
        raise Http404
    return rows


def _choices(request: Request, rows: list[Any], winner: Any, slugs: list[str]) -> list[Choice]:
    """The fields in which the records differ, with the value that stays unless another one is chosen."""
    first = [winner, *(row for row in rows if row is not winner)]
    locked = request.user.rights.locked(kind_of(winner))
    if "parent" in slugs and not _sees_parents(request, rows):
        slugs = [slug for slug in slugs if slug != "parent"]
    choices = []
    for slug in slugs:
        name = winner._meta.get_field(slug).attname
        if all(getattr(row, name) == getattr(winner, name) for row in rows):
            continue
        chosen = whose_value_stays(slug, first)
        is_open = slug not in locked
        picked = next((row for row in rows if is_open and str(row.pk) == request.POST.get(slug)), chosen)
        line = fact(winner, slug)
        values = [(row, fact(row, slug).value if slug != "photo" else SafeString("")) for row in rows]
        choices.append(Choice(slug, line.label, values, picked.pk, is_open))
    return choices


def _custom_choices(request: Request, rows: list[Any], winner: Any) -> list[Choice]:
    """The added fields in which the records differ and which the user may change; the first value there is stays."""
    first = [winner, *(row for row in rows if row is not winner)]
    locked = request.user.rights.locked(kind_of(winner))
    fields = [each for each in custom_fields(type(winner), request.user) if each.slug not in locked]
    names = named(((field, row.custom.get(field.slug)) for field in fields for row in rows), request.user)
    choices = []
    for field in fields:
        slug = field.slug
        values = [row.custom.get(slug) for row in rows]
        if all(value == values[0] for value in values):
            continue
        chosen = next(row for row in first if slug in row.custom)
        picked = next((row for row in rows if str(row.pk) == request.POST.get(slug)), chosen)
        shown = [(row, drawn(field, value, names)) for row, value in zip(rows, values, strict=True)]
        choices.append(Choice(slug, field.label, shown, picked.pk, is_open=True))
    return choices


def _sees_parents(request: Request, rows: list[Any]) -> bool:
    """A company above that the user may not see is not named, and stays as it is with the record that stays."""
    keys = {row.parent_id for row in rows if row.parent_id}
    return Company.objects.visible_to(request.user).filter(pk__in=keys).count() == len(keys) if keys else True


def _moving(record_type: RecordType, losers: list[int], viewer: User) -> list[tuple[str, int]]:
    """What hangs on the records that go, and how many of each, as far as the viewer may see it. One statement."""
    model: Any = record_type.model
    hidden = viewer.rights.hidden(record_type.kind)
    tied = [each for each in relations_of(model) if each.model._meta.model_name not in hidden]
    kinds = [(str(each.model._meta.verbose_name_plural), each.rows(losers)) for each in tied]
    if model is Company:
        kinds.append((_("companies below"), Company.objects.filter(parent__in=losers)))
    counts = [
        rows.order_by().annotate(which=Value(n, IntegerField())).values("which").annotate(n=Count("pk"))
        for n, (_label, rows) in enumerate(kinds)
    ]
    found: dict[str, int] = {}
    for row in counts[0].union(*counts[1:], all=True):
        label = kinds[row["which"]][0]
        found[label] = found.get(label, 0) + row["n"]
    return [(label[:1].upper() + label[1:], n) for label, n in found.items() if n]


def _values(rows: list[Any], winner: Any, choices: list[Choice]) -> dict[str, Any]:
    """The values that the record that stays will have."""
    by_key = {row.pk: row for row in rows}
    own = [choice for choice in choices if not is_custom(choice.slug)]
    values = {choice.slug: getattr(by_key[choice.chosen], choice.slug) for choice in own}
    if owner := next((choice for choice in choices if choice.slug == "owner"), None):
        values["team"] = by_key[owner.chosen].team
    losers = [row for row in rows if row is not winner]
    kept = custom_values([winner, *reversed(losers)])
    for choice in choices:
        if is_custom(choice.slug):
            kept = with_value(kept, choice.slug, by_key[choice.chosen].custom.get(choice.slug))
    return {**values, "custom": kept}


def _wrong(form_class: Any, winner: Any, values: dict[str, Any], user: User) -> dict[str, list[str]]:
    """What the form of the record says against the values together, by field; not what it says of the record anyway."""
    merged = copy(winner)
    for name, value in values.items():
        setattr(merged, name, value)
    known = _said_against(form_class, winner, user)
    found = _said_against(form_class, merged, user)
    return {
        name: new
        for name, texts in found.items()
        if (new := [text for text in texts if text not in known.get(name, [])])
    }


def _said_against(form_class: Any, record: Any, user: User) -> dict[str, list[str]]:
    drawn, form = form_class(instance=record, by=user), form_class({}, instance=copy(record), by=user)
    # Who owns it and what it stands under is settled by the merge; of custom fields each value was fit for one of them.
    names = [name for name in drawn.fields if name not in ("owner", "parent", "as_read") and not is_custom(name)]
    form.fields = {name: form.fields[name] for name in names} | {"as_read": form.fields["as_read"]}
    values = {name: drawn[name].value() for name in names}
    form.data = {name: value for name, value in values.items() if value not in (None, False)}
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


def _merged(request: Request, rows: list[Any], winner: Any, values: dict[str, Any]) -> HttpResponse:
    losers = [row for row in rows if row is not winner]
    act = merge_companies if isinstance(winner, Company) else merge
    changeset = act(winner, losers, values, by=request.user)
    winner.refresh_from_db()
    response = redirect_to(request, crud.back_to(request, crud.place_of(winner, request.user)))
    words = _("%(count)d records were merged into %(name)s") % {"count": len(rows), "name": winner}
    return toast(request, response, words, crud.undo_url(changeset))


def _render(request: Request, record_type: RecordType, context: dict[str, Any], *, status: int) -> HttpResponse:
    back = crud.back_to(request, reverse(record_type.url("list")))
    page = {"list_url": back, "next": crud.back_to(request, ""), "type": record_type, **context}
    return render_page(request, "contacts/merge.html", page, partials=("merge-form",), status=status)
