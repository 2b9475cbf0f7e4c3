"""Pages of roles: all of them for one kind of record, one role with its matrix, its replacement."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access.models import Role
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.console.access import administrators_only
from crm.console.answers import done
from crm.console.effects import effects
from crm.console.forms.roles import MatrixForm, NewRoleForm, ReplacementForm, RoleForm
from crm.console.people import people
from crm.console.rights_table import kinds, scope_label
from crm.console.services import roles
from crm.lists.fields import record_types
from crm.records.services import EditConflict, Refused, save_edit
from crm.ui.http import Request, render_page


@administrators_only
@require_safe
def role_list(request: Request) -> HttpResponse:
    """All roles and what each allows with one kind of record, `?kind=`."""
    names = kinds()
    kind = request.GET.get("kind", "")
    kind = kind if kind in names else next(iter(names))
    held = Count("users", filter=Q(users__is_active=True), distinct=True)
    rows = Role.objects.annotate(held=held).prefetch_related("rights")
    lines = []
    for role in rows:
        cells = roles.cells_of(role)
        labels = [scope_label(kind, act, cells[kind, act]) for act in Act]
        lines.append((role, labels, cells[ADMINISTRATION, Act.EDIT] == Scope.ALL))
    context = {"lines": lines, "kinds": names, "kind": kind, "acts": Act.choices}
    return render_page(request, "console/role_list.html", context)


@administrators_only
@require_http_methods(["GET", "POST"])
def role_create(request: Request) -> HttpResponse:
    """Make a role, empty or as a copy of the one named by `?copy_of=`."""
    form = NewRoleForm(request.POST or None, initial={"copy_of": request.GET.get("copy_of")})
    if request.method == "POST" and form.is_valid():
        role, changeset = roles.create_role(**form.cleaned_data, by=request.user)
        return done(request, _page_of(role), _("The role is made: set its rights here."), changeset)
    return render_page(request, "console/role_create.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def role_edit(request: Request, pk: int) -> HttpResponse:
    """One role; posting saves its names and whether it asks for a second factor."""
    role = get_object_or_404(Role, pk=pk)
    if request.method != "POST":
        return _role_page(request, role)
    form = RoleForm(request.POST, instance=Role.objects.get(pk=pk))
    if not form.is_valid():
        return _role_page(request, role, form=form, status=422)
    try:
        saved = save_edit(role, form.typed, by=request.user, read=form.cleaned_data["as_read"])
    except EditConflict as conflict:
        form.show_conflict(conflict, request.user)
        return _role_page(request, Role.objects.get(pk=pk), form=form, status=409)
    return done(request, _page_of(role), _("Saved."), saved.changeset)


@administrators_only
@require_POST
def role_rights(request: Request, pk: int) -> HttpResponse:
    """Save the matrix; where people gain or lose by it, only after its effects were read and confirmed."""
    role = get_object_or_404(Role, pk=pk)
    matrix = MatrixForm(request.POST, role=role)
    if not matrix.is_valid():
        return _role_page(request, role, matrix=matrix, status=422)
    cells, digest = matrix.cells(), matrix.digest()
    sentences = effects(role, cells)
    if sentences and request.POST.get("confirmed") != digest:
        return _role_page(request, role, matrix=matrix, effects=sentences, confirmed=digest)
    try:
        changeset = roles.set_rights(role, cells, by=request.user)
    except Refused as refused:
        matrix.add_error(None, str(refused))
        return _role_page(request, role, matrix=matrix, status=422)
    return done(request, _page_of(role), _("The rights of %(role)s are changed.") % {"role": role}, changeset)


@administrators_only
@require_http_methods(["GET", "POST"])
def role_remove(request: Request, pk: int) -> HttpResponse:
    """Delete a role, after asking what those who hold it get instead."""
    role = get_object_or_404(Role, pk=pk)
    holders = list(people().filter(roles=role))
    form = ReplacementForm(request.POST if request.method == "POST" else None, role=role, is_held=bool(holders))
    if request.method == "POST" and form.is_valid():
        try:
            changeset = roles.remove_role(role, replacement=form.cleaned_data.get("replacement"), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, reverse("console:role_list"), _("%(role)s is deleted.") % {"role": role}, changeset)
    context = {"role": role, "form": form, "holders": holders}
    return render_page(request, "console/role_remove.html", context, status=422 if form.errors else 200)


def _role_page(request: Request, role: Role, *, status: int = 200, **context: object) -> HttpResponse:
    """The page of one role, with the form in error or the effects to confirm among the rest."""
    holders = list(people().filter(roles=role))
    base = {
        "role": role,
        "form": RoleForm(instance=role),
        "matrix": MatrixForm(role=role),
        "acts": Act.choices,
        "types": record_types(),
        "holders": holders,
        "without_second_factor": [person for person in holders if person.is_active and not person.has_second_factor],
    }
    return render_page(request, "console/role_edit.html", {**base, **context}, status=status)


def _page_of(role: Role) -> str:
    return reverse("console:role_edit", args=[role.pk])
