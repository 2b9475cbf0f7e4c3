"""Pages of custom fields: all of one kind of record, one field, its trash."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.console.access import administrators_only
from crm.console.answers import done
from crm.console.forms.field_rules import FieldRulesForm
from crm.console.forms.fields import FieldForm
from crm.console.services import fields
from crm.console.services.field_rules import set_levels
from crm.lists.fields import record_type, record_types
from crm.records.custom import CustomField
from crm.records.custom_indexes import state_of
from crm.records.services import EditConflict, save_edit
from crm.ui.http import Request, redirect_to, render_page


def _list_of(type_: str) -> str:
    return f"{reverse('console:field_list')}?type={type_}"


@administrators_only
@require_safe
def field_list(request: Request) -> HttpResponse:
    """The fields added to one kind of record, `?type=`, in their order; then those in the trash."""
    types = {each.slug: each.plural for each in record_types()}
    asked = request.GET.get("type", "")
    type_ = asked if asked in types else next(iter(types))
    rows = list(CustomField.objects.filter(type=type_))
    context = {
        "types": types,
        "type": type_,
        "rows": [row for row in rows if row.trashed_at is None],
        "trashed": [row for row in rows if row.trashed_at is not None],
    }
    return render_page(request, "console/field_list.html", context)


@administrators_only
@require_http_methods(["GET", "POST"])
def field_create(request: Request, type: str) -> HttpResponse:
    """Add a field to a kind of record."""
    try:
        label = record_type(type).plural
    except KeyError as unknown:
        raise Http404 from unknown
    form = FieldForm(request.POST or None, instance=CustomField(type=type), by=request.user)
    if request.method == "POST" and form.is_valid():
        field = form.apply()
        changeset = fields.create_field(field, by=request.user)
        return done(request, _list_of(type), _("%(field)s is there.") % {"field": field.label}, changeset)
    context = {"form": form, "type_label": label, "list_url": _list_of(type)}
    return render_page(request, "console/field_form.html", context, status=422 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def field_rules(request: Request, type: str) -> HttpResponse:
    """What each role may do with each field of a kind of record."""
    types = {each.slug: each for each in record_types()}
    if type not in types:
        raise Http404
    form = FieldRulesForm(request.POST or None, type_=types[type], by=request.user)
    if request.method == "POST" and form.is_valid():
        changeset = set_levels(types[type], form.levels(), by=request.user)
        return done(request, reverse("console:field_rules", args=[type]), _("Saved."), changeset)
    context = {
        "form": form,
        "types": {slug: each.plural for slug, each in types.items()},
        "type": type,
        "type_label": types[type].plural,
        "list_url": _list_of(type),
    }
    return render_page(request, "console/field_rules.html", context, status=422 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def field_edit(request: Request, pk: int) -> HttpResponse:
    """Change a field, or see where it is used before it goes to the trash."""
    field = get_object_or_404(CustomField, pk=pk)
    form = FieldForm(request.POST or None, instance=CustomField.objects.get(pk=pk), by=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save_edit(field, form.typed, by=request.user, read=form.cleaned_data["as_read"])
                fields.build_soon()
                return done(request, _list_of(field.type), _("Saved."), saved.changeset)
            except EditConflict as conflict:
                form.show_conflict(conflict, request.user)
                status = 409
    context = {
        "form": form,
        "field": field,
        "type_label": record_type(field.type).plural,
        "list_url": _list_of(field.type),
        "uses": fields.uses_of(field),
        "state": state_of(field),
    }
    return render_page(request, "console/field_form.html", context, status=status)


@administrators_only
@require_POST
def field_move(request: Request, pk: int) -> HttpResponse:
    """Move a field one place up or down."""
    field = get_object_or_404(CustomField, pk=pk)
    changeset = fields.move_field(field, -1 if request.POST.get("step") == "-1" else 1, by=request.user)
    if changeset is None:
        return redirect_to(request, _list_of(field.type))
    return done(request, _list_of(field.type), _("%(field)s was moved.") % {"field": field.label}, changeset)


@administrators_only
@require_POST
def field_trash(request: Request, pk: int) -> HttpResponse:
    """Take a field off every page."""
    field = get_object_or_404(CustomField, pk=pk, trashed_at__isnull=True)
    changeset = fields.trash_field(field, by=request.user)
    return done(request, _list_of(field.type), _("%(name)s is in the trash") % {"name": field.label}, changeset)


@administrators_only
@require_POST
def field_restore(request: Request, pk: int) -> HttpResponse:
    """Show a field and its values again."""
    field = get_object_or_404(CustomField, pk=pk, trashed_at__isnull=False)
    changeset = fields.restore_field(field, by=request.user)
    return done(request, _list_of(field.type), _("%(name)s is back") % {"name": field.label}, changeset)
