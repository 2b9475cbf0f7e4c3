"""Saving what a list shows under a name; renaming, sharing, pinning, deleting it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.lists import services
from crm.lists.fields import RecordType, record_type
from crm.lists.models import SavedView
from crm.lists.pages import TooSlow, count_bounded
from crm.lists.state import ListState, read_state
from crm.records.services import save_edit
from crm.ui import crud
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.once import once
from crm.ui.records import RecordForm
from crm.ui.saved_views import query_of

COUNT_SECONDS = 60


class ViewForm(RecordForm):
    """Its name, and who else finds it."""

    class Meta:
        model = SavedView
        fields = ("name", "sharing", "team")
        widgets = {"sharing": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("sharing") == SavedView.Sharing.TEAM and not data.get("team"):
            self.add_error("team", _("Choose the team."))
        if data.get("sharing") != SavedView.Sharing.TEAM:
            data["team"] = None
        return data


@login_required
@once
def view_create(request: Request, type: str) -> HttpResponse:
    """Keep what `address` shows under a name."""
    type_ = _type(type)
    given = request.POST if request.method == "POST" else request.GET
    address = given.get("address", "")[:4000]
    form = ViewForm(request.POST or None, instance=SavedView(owner=request.user), initial={"team": request.user.team})
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "address": address, "title": _("Save this view"), "list_url": _list_url(type_)}
        status = 422 if form.errors else 200
        return render_page(request, "ui/view_form.html", context, partials=("dialog",), status=status)
    view = form.save(commit=False)
    state = _state(request, type_, address)
    view.type, view.query, view.columns = type_.slug, query_of(state), state.column_names
    changeset = services.create_view(view, by=request.user)
    response = redirect_to(request, _list_url(type_) + view.address)
    return toast(request, response, _("The view “%(name)s” is saved") % {"name": view}, crud.undo_url(changeset))


@login_required
def view_edit(request: Request, pk: int) -> HttpResponse:
    """Rename and share; whoever may not change it sees what it is."""
    view = _visible(request, pk)
    may_change = view.may_change(request.user)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    done, name = _list_url(_type(view.type)) + view.address, view.name
    form, status = ViewForm(request.POST or None, instance=view), 200
    if request.method == "POST":
        saved, status = form.try_to_save(by=request.user) if form.is_valid() else (None, 422)
        if saved:
            return toast(request, redirect_to(request, done), _("Saved"), crud.undo_url(saved.changeset))
    context = {"form": form, "view": view, "title": name, "list_url": done, "may_change": may_change}
    return render_page(request, "ui/view_form.html", context, partials=("dialog",), status=status)


@login_required
@require_POST
def view_save(request: Request, pk: int) -> HttpResponse:
    """Replace what the view shows by what `address` shows."""
    view = _changeable(request, pk)
    type_ = _type(view.type)
    state = _state(request, type_, request.POST.get("address", ""), view.columns)
    typed = {"query": query_of(state), "columns": state.column_names}
    saved = save_edit(view, typed, by=request.user)
    view.refresh_from_db()
    response = redirect_to(request, _list_url(type_) + view.address)
    return toast(request, response, _("The view “%(name)s” is saved") % {"name": view}, crud.undo_url(saved.changeset))


@login_required
@require_POST
def view_delete(request: Request, pk: int) -> HttpResponse:
    """Delete it, for everybody it is shared with; Undo brings it back."""
    view = _changeable(request, pk)
    changeset = services.delete_view(view, by=request.user)
    response = redirect_to(request, f"{_list_url(_type(view.type))}?view=all")
    return toast(request, response, _("The view “%(name)s” is deleted") % {"name": view}, crud.undo_url(changeset))


@login_required
@require_POST
def view_pin(request: Request, pk: int) -> HttpResponse:
    """Put it among one's own tabs and in the side bar, or take it away there (`off`), or move it (`step`)."""
    view = _visible(request, pk)
    step = request.POST.get("step", "")
    if step in ("-1", "1"):
        services.move_pin(view, int(step), by=request.user)
    else:
        act = services.unpin if request.POST.get("off") else services.pin
        act(view, by=request.user)
    return redirect_to(request, crud.back_to(request, _list_url(_type(view.type)) + view.address))


@login_required
@require_POST
def view_default(request: Request, pk: int) -> HttpResponse:
    """Let the list open on it for oneself, or no longer (`off`)."""
    view = _visible(request, pk)
    services.open_on(view.type, None if request.POST.get("off") else view, by=request.user)
    return redirect_to(request, crud.back_to(request, _list_url(_type(view.type)) + view.address))


@login_required
@require_GET
def view_count(request: Request, pk: int) -> HttpResponse:
    """How many rows of the viewer's it holds: bounded, asked for after the page, kept a minute by the browser."""
    view = _visible(request, pk)
    try:
        words = crud.count_words(count_bounded(_state(request, _type(view.type), view.query).rows()))
    except TooSlow:
        words = ""
    headers = {"Cache-Control": f"private, max-age={COUNT_SECONDS}"}
    return HttpResponse(words, content_type="text/plain; charset=utf-8", headers=headers)


def _type(slug: str) -> RecordType:
    try:
        return record_type(slug)
    except KeyError as unknown:
        raise Http404 from unknown


def _list_url(type_: RecordType) -> str:
    return reverse(type_.url("list"))


def _state(request: Request, type_: RecordType, address: str, columns: list[str] | None = None) -> ListState:
    try:
        params = QueryDict(address)
    except ValueError as broken:  # TooManyFieldsSent, an unreadable encoding
        raise Http404 from broken
    return read_state(params, type_, request.user, columns)


def _visible(request: Request, pk: int) -> SavedView:
    view: SavedView = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    return view


def _changeable(request: Request, pk: int) -> SavedView:
    view = _visible(request, pk)
    if not view.may_change(request.user):
        raise PermissionDenied
    return view
