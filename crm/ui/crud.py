"""The pages every kind of record has, as plain functions that views call; who needs more writes a view of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from crm.access.rights import Act, kind_of
from crm.lists.custom import for_user, name_people
from crm.lists.empty import hiding
from crm.lists.fields import RecordType
from crm.lists.fields import record_type as find_type
from crm.lists.grouping import Section, read_sections
from crm.lists.models import ListPreference
from crm.lists.pages import COUNTED_UP_TO, Page, TooSlow, count_bounded, read_page, within_seconds
from crm.lists.state import ListState, read_state, read_width, views_for
from crm.records import services
from crm.records.custom import custom_field, is_custom
from crm.records.models import Changeset, Organisation
from crm.records.text import clean_line, norm
from crm.ui import formatting
from crm.ui.custom import custom_fact
from crm.ui.facts import fact
from crm.ui.http import Request, redirect_to, render_page, target, toast, trigger
from crm.ui.saved_views import is_changed, query_of, read_views

if TYPE_CHECKING:
    from crm.access.models import User
    from crm.ui.records import RecordForm


def undo_url(changeset: Changeset | UUID | None) -> str | None:
    """Where a POST takes the changeset back; None where nothing was changed."""
    key = changeset.pk if isinstance(changeset, Changeset) else changeset
    return reverse("ui:undo", args=[key]) if key else None


TRASH_SHOWN = 200
LIST_PARTIALS = ("list-body",)

# ---- Lists ----


def list_state(request: Request, record_type: RecordType, params: QueryDict | None = None) -> ListState:
    """The list as its address (or a query posted by it) asks for it, with the columns the user chose last."""
    kept = ListPreference.objects.filter(user=request.user, type=record_type.slug).values_list("columns", flat=True)
    return read_state(request.GET if params is None else params, record_type, request.user, kept.first())


def list_page(request: Request, record_type: RecordType, **context: Any) -> HttpResponse:
    """The list: one statement for the rows, none for a count (`list_count` answers that apart)."""
    record_type = for_user(record_type, request.user)
    saved = read_views(request, record_type)
    if opened := saved.opened_instead(request):
        return redirect_to(request, reverse(record_type.url("list")) + opened.address)
    state = read_state(request.GET, record_type, request.user, saved.remembered)
    if saved.missing:
        state.problems.append(_("This saved view no longer exists or is not shared with you."))
    page, sections, hidden_by, is_slow = _read_in_time(request, state)
    start = request.GET.get("from", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
    kind = kind_of(record_type.model)
    base = {
        "type": record_type,
        "state": state,
        "page": page,
        "sections": sections,
        "is_slow": is_slow,
        "hiding": hidden_by,
        "pager": _pager(request, state, page, first),
        # More than this page: the box "all" appears in the bar of bulk acts.
        "matches_total": _("that match") if page.after or page.before or any(s.has_more for s in sections) else "",
        "views": [(view, VIEW_LABELS[view](record_type)) for view in views_for(request.user, record_type)],
        "saved": saved,
        "is_changed": saved.current is not None and is_changed(saved.current, state),
        "may_change_view": saved.current is not None and saved.current.may_change(request.user),
        "address": query_of(state) + "&columns=" + ",".join(state.column_names),
        "available_columns": [
            *state.columns,
            *(f for f in record_type.fields if f.is_column and f not in state.columns),
        ],
        "addable_filters": record_type.filters,
        "trash_url": record_type.url("trash_list"),
        "create_url": record_type.url("create"),
        "count_url": record_type.url("count"),
        "filter_url": record_type.url("filter"),
        "bulk_url": record_type.url("bulk"),
        "columns_url": record_type.url("columns"),
        "may_create": request.user.rights.may(kind, Act.CREATE),
        "may_edit": request.user.rights.may(kind, Act.EDIT),
        "may_delete": request.user.rights.may(kind, Act.DELETE),
        "may_export": request.user.rights.may(kind, Act.EXPORT),
        "back": request.get_full_path(),
        # Whether only the rows are asked for, with what follows the search beside them: count, tabs, tools.
        "is_search": bool(target(request, LIST_PARTIALS)),
        # What the search field of the list carries along.
        "carried": [(name, value) for name, value in _carried(request, state).items() if name != "q" and value],
    }
    return render_page(request, "ui/list.html", {**base, **context}, partials=LIST_PARTIALS)


def _read_in_time(request: Request, state: ListState) -> tuple[Page, list[Section], set[str], bool]:
    """The page asked for (in sections where it is grouped), what hides everything, and whether it took too long.

    Every sort offered has its index; filters, words and groups can be combined freely, so they are given two seconds.
    """
    page, sections, hidden_by = None, [], set()
    try:
        with within_seconds() if state.is_narrowed or state.by else nullcontext():
            if state.by:
                sections = read_sections(state, state.by)
                page = Page([row for section in sections for row in section.rows], "", "")
            else:
                rows = state.rows().for_list()  # type: ignore[attr-defined]
                page = read_page(rows, state, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
            name_people(page.rows, state.columns, state.user)
            if state.is_narrowed and not page.rows:
                hidden_by = hiding(state)
    except TooSlow:
        return page or Page([], "", ""), sections, set(), page is None
    return page, sections, hidden_by, False


def _carried(request: Request, state: ListState) -> dict[str, str]:
    return {**state.params(), **{name: request.GET.get(name, "") for name in ("saved", "columns", "size")}}


def _pager(request: Request, state: ListState, page: Page, first: int) -> dict[str, Any]:
    def url(**changes: str) -> str:
        params = request.GET.copy()
        for name in ("after", "before", "from"):
            params.pop(name, None)
        params.update(changes)
        return f"?{params.urlencode()}"

    last = first + len(page.rows) - 1
    return {
        "first": first if page.rows else 0,
        "last": last if page.rows else 0,
        "total": "",
        "previous_url": url(before=page.before, **{"from": str(max(1, first - state.size))}) if page.before else "",
        "next_url": url(after=page.after, **{"from": str(last + 1)}) if page.after else "",
    }


VIEW_LABELS = {
    "mine": lambda _type: _("Mine"),
    "team": lambda _type: _("My team’s"),
    "all": lambda _type: _("All"),
}


def list_count(request: Request, record_type: RecordType) -> HttpResponse:
    """How many rows match, in words: exact up to 10,000, and nothing where counting would take too long."""
    words = _counted(list_state(request, record_type).rows())
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _counted(rows: Any) -> str:
    try:
        return count_words(count_bounded(rows))
    except TooSlow:
        return ""


def count_words(count: int) -> str:
    """A bounded count in words: "1,284", "more than 10,000"."""
    if count <= COUNTED_UP_TO:
        return formatting.number(count)
    return _("more than %(count)s") % {"count": formatting.number(COUNTED_UP_TO)}


def save_columns(request: Request, record_type: RecordType) -> HttpResponse:
    """Remember which columns the user shows, in which order; name is always first. `move` is "-city" or "+city"."""
    known = {f.slug for f in for_user(record_type, request.user).fields if f.is_column}
    asked = {
        slug: read_width(width) for slug, _colon, width in (c.partition(":") for c in request.POST.getlist("columns"))
    }
    chosen = [slug for slug in asked if slug in known and slug != "name"]
    columns = [
        f"{slug}:{asked[slug]}" if asked.get(slug) else slug
        for slug in ("name", *_moved(chosen, request.POST.get("move", "")))
    ]
    back = back_to(request, reverse(record_type.url("list")))
    path, _mark, query = back.partition("?")
    params = QueryDict(query, mutable=True)
    if "saved" in params:  # A saved view has columns of its own: these are a change of it, to be saved or not.
        params["columns"] = ",".join(columns)
        return redirect_to(request, f"{path}?{params.urlencode(safe=',')}")
    params.pop("columns", None)
    ListPreference.objects.update_or_create(user=request.user, type=record_type.slug, defaults={"columns": columns})
    return redirect_to(request, f"{path}?{params.urlencode(safe=',')}" if params else path)


def _moved(slugs: list[str], move: str) -> list[str]:
    """The columns with one of them a place further to the front ("-city") or the back ("+city")."""
    slug = move[1:]
    if slug in slugs:
        now = slugs.index(slug)
        slugs.insert(max(0, now + (-1 if move.startswith("-") else 1)), slugs.pop(now))
    return slugs


# ---- Forms ----


def create_page(
    request: Request, form: RecordForm, template: str, context: Mapping[str, Any], make: Callable[[], Any]
) -> HttpResponse:
    """Draw the form of a new record, or make it: 422 with the form for errors, then on to the record, with Undo."""
    may_create_or_403(request.user, form._meta.model)
    if request.method != "POST":
        return render_page(request, template, context)
    made, status = form.attempt(make, by=request.user) if form.is_valid() else (None, 422)
    if made is None:
        return render_page(request, template, context, status=status)
    response = redirect_to(request, place_of(made, request.user))
    undo = undo_url(services.creation_of(made))
    return toast(request, response, _("%(name)s was created") % {"name": made}, undo)


def edit_page(
    request: Request,
    form: RecordForm,
    template: str,
    *,
    context: Mapping[str, Any] | None = None,
    partials: tuple[str, ...] = (),
) -> HttpResponse:
    """Draw a form, or save it: 422 with the form for errors, 409 with both values where somebody else was first."""
    extra = dict(context or {})
    if request.method != "POST":
        return render_page(request, template, {**extra, "form": form}, partials=partials)
    saved, status = form.try_to_save(by=request.user) if form.is_valid() else (None, 422)
    if saved is None:
        return render_page(request, template, {**extra, "form": form}, partials=partials, status=status)
    response = redirect_to(request, place_of(form.instance, request.user))
    return toast(request, response, _("Saved"), undo_url(saved.changeset)) if saved.changeset else response


def place_of(record: Any, user: User) -> str:
    """Where to go after saving a record: its page, or its list if the user has just given it out of sight."""
    if type(record).objects.visible_to(user, trashed=None).filter(pk=record.pk).exists():
        return str(record.get_absolute_url())
    return reverse(find_type(record._meta.model_name).url("list"))


def editable_or_403(rows: Any, user: Any, pk: int) -> Any:
    """The row if the user may edit it; 404 if they may not even see it, 403 if they may see but not edit."""
    record = get_object_or_404(rows.visible_to(user), pk=pk)
    if not rows.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied
    return record


def deletable_or_403(rows: Any, user: Any, pk: int) -> Any:
    """The row if the user may delete it; 404 or 403 likewise."""
    record = get_object_or_404(rows.visible_to(user), pk=pk)
    if not rows.deletable_by(user).filter(pk=pk).exists():
        raise PermissionDenied
    return record


def writable_or_403(user: User, record: models.Model, name: str) -> None:
    """Refuse with 404 a field that the user's roles hide, with 403 one that they may only read."""
    kind = kind_of(record)
    if not user.rights.sees(kind, name):
        raise Http404
    if not user.rights.writes(kind, name):
        raise PermissionDenied


def may_create_or_403(user: Any, model: type[models.Model]) -> None:
    if not user.rights.may(kind_of(model), Act.CREATE):
        raise PermissionDenied


def back_to(request: Request, default: str) -> str:
    """Where the form says to go back to, if that is one of our pages."""

    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else default


# ---- Trash ----


def trash_page(request: Request, record_type: RecordType, pk: int) -> HttpResponse:
    """Move one record to the trash; 404 or 403 where that is not the user's to do."""
    record = deletable_or_403(record_type.rows(), request.user, pk)
    changeset = services.trash(record_type.rows().deletable_by(request.user).filter(pk=pk), by=request.user)
    response = redirect_to(request, reverse(record_type.url("list")))
    return toast(request, response, _("%(name)s is in the trash") % {"name": record}, undo_url(changeset))


def restore_page(request: Request, record_type: RecordType, pk: int) -> HttpResponse:
    """Take one record out of the trash."""
    rows = record_type.rows().deletable_by(request.user, trashed=True).filter(pk=pk)
    record = get_object_or_404(rows)
    changeset = services.restore(rows, by=request.user)
    response = redirect_to(request, record.get_absolute_url())
    return toast(request, response, _("%(name)s is back") % {"name": record}, undo_url(changeset))


def trash_list(request: Request, record_type: RecordType) -> HttpResponse:
    """What lies in the trash of one kind, newest first, each with Restore; `q` looks for part of a name."""
    rows = record_type.rows().visible_to(request.user, trashed=True)
    q = clean_line(request.GET.get("q", ""))[:200]
    for word in norm(q).split():
        rows = rows.filter(sort_name__contains=word)
    restorable = record_type.rows().deletable_by(request.user, trashed=True)
    found = list(rows.select_related("owner").order_by("-trashed_at", "-pk")[: TRASH_SHOWN + 1])
    context = {
        "type": record_type,
        "rows": found[:TRASH_SHOWN],
        "is_more": len(found) > TRASH_SHOWN,
        "shown": TRASH_SHOWN,
        "q": q,
        "count": _counted(rows) if len(found) > TRASH_SHOWN else formatting.number(len(found)),
        "restorable": set(restorable.filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)),
        "list_url": reverse(record_type.url("list")),
        "restore_url": record_type.url("restore"),
        "days": Organisation.current().trash_days,
    }
    return render_page(request, "ui/trash.html", context)


# ---- Facts edited in place ----


def field_page(
    request: Request, record: Any, form_class: type[RecordForm], slug: str, url: str, **kwargs: Any
) -> HttpResponse:
    """One fact of a record: at rest (`?rest=1`), being edited, or saved. `record` came through the door for edits."""
    editable: Any = form_class._meta.fields
    added = custom_field(type(record), slug, request.user) if is_custom(slug) else None
    writable_or_403(request.user, record, slug)
    if added is None and (slug not in editable or slug not in {f.name for f in record._meta.concrete_fields}):
        raise Http404
    context = {"record": record, "slug": slug, "url": url, "base_url": record.get_absolute_url()}
    if request.GET.get("rest"):
        return _at_rest(request, context)
    form = form_class(request.POST or None, instance=record, only=slug, **kwargs)
    if slug not in form.fields:
        raise Http404
    status, saved = 200, None
    if request.method == "POST":
        saved, status = form.try_to_save(by=request.user) if form.is_valid() else (None, 422)
    if saved is None:
        return _field(request, {**context, "form": form, "field": form[slug]}, status)
    place = place_of(record, request.user)
    if not request.htmx or place != record.get_absolute_url():
        return toast(request, redirect_to(request, place), _("Saved"), undo_url(saved.changeset))
    record.refresh_from_db()
    response = _at_rest(request, {**context, "is_saved": True})
    trigger(response, "record-changed")
    return toast(request, response, _("Saved"), undo_url(saved.changeset)) if saved.changeset else response


def _field(request: Request, context: dict[str, Any], status: int) -> HttpResponse:
    """The fragment for htmx, whose target is the fact's own place; a page of its own without JavaScript."""
    place = _place(request, context)
    name = "ui/field.html" if place else "ui/field_page.html"
    return render(request, name, {**context, "place": place or f"field-{context['slug']}"}, status=status)


def _at_rest(request: Request, context: dict[str, Any]) -> HttpResponse:
    """The value where it was edited: a fact of the record's page, or a cell of its list."""
    record, slug = context["record"], context["slug"]
    if not _place(request, context).startswith("cell-"):
        added = custom_field(type(record), slug, request.user)
        shown = (
            custom_fact(record, added, request.user, context["url"]) if added else fact(record, slug, context["url"])
        )
        return _field(request, {**context, "fact": shown}, 200)
    type_ = for_user(find_type(record._meta.model_name), request.user)
    column = next((f for f in type_.fields if f.edit == slug), None)
    rows = type_.rows().for_list().visible_to(request.user)  # type: ignore[attr-defined]
    row = get_object_or_404(rows, pk=record.pk)
    name_people([row], [column] if column else [], request.user)
    return _field(request, {**context, "column": column, "row": row}, 200)


def _place(request: Request, context: dict[str, Any]) -> str:
    slug = context["slug"]
    return target(request, [f"field-{slug}", f"cell-{context['record'].pk}-{slug}"])
