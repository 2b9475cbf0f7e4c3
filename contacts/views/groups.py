"""Groups: named lists of contacts and companies, made by hand."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts import services
from contacts.forms import GroupForm
from contacts.models import Company, Contact, Group
from contacts.record_types import GROUP
from contacts.views.points import OWNERS, done
from crm.access.rights import Act, kind_of
from crm.records import services as record_services
from crm.records.veil import veil
from crm.ui import crud
from crm.ui.bulk import bulk_page
from crm.ui.filters import filter_page
from crm.ui.http import Request, render_page
from crm.ui.once import once
from crm.ui.record_page import record_form_page, record_of_page, render_record
from crm.ui.saved_views import segments_of

MEMBERS_SHOWN = 100


@login_required
@require_GET
def group_list(request: Request) -> HttpResponse:
    """The hand-made groups, and the living ones: saved views of contacts and companies."""
    return crud.list_page(request, GROUP, create_label=_("Group"), segments=lambda: segments_of(request))


@login_required
@require_GET
def group_count(request: Request) -> HttpResponse:
    return crud.list_count(request, GROUP)


@login_required
@require_GET
def group_filter(request: Request) -> HttpResponse:
    return filter_page(request, GROUP)


@login_required
@require_POST
def group_columns(request: Request) -> HttpResponse:
    return crud.save_columns(request, GROUP)


@login_required
@require_POST
def group_bulk(request: Request) -> HttpResponse:
    return bulk_page(request, GROUP)


@login_required
@once
def group_create(request: Request) -> HttpResponse:
    form = GroupForm(request.POST or None, by=request.user)
    return crud.create_page(
        *(request, form, "ui/record_form.html", _form_page(form)),
        lambda: record_services.create(form.save(commit=False), by=request.user),
    )


def _form_page(form: Any, group: Group | None = None) -> dict[str, Any]:
    return record_form_page(GROUP, form, group, _("New group"))


@login_required
@require_GET
def group_detail(request: Request, pk: int) -> HttpResponse:
    """The members that the viewer may see; a link leads to all of them as a list, where everything else is done."""
    group = record_of_page(request, GROUP, pk)
    context = {
        "head_template": "contacts/group_head.html",
        "points_template": "contacts/group_facts.html",
        "related_template": "contacts/group_members.html",
        "contacts": lambda: _members(Contact, group, request),
        "companies": lambda: _members(Company, group, request),
    }
    return render_record(request, GROUP, group, context)


def _members(model: type[Any], group: Group, request: Request) -> list[Any]:
    rows = model.objects.visible_to(request.user).filter(memberships__group=group)
    return veil(rows.order_by("sort_name", "pk")[:MEMBERS_SHOWN], request.user)


@login_required
def group_edit(request: Request, pk: int) -> HttpResponse:
    group = crud.editable_or_403(Group.objects.all(), request.user, pk)
    form = GroupForm(request.POST or None, instance=group, by=request.user)
    return crud.edit_page(request, form, "ui/record_form.html", context=_form_page(form, group))


@login_required
@require_POST
def group_trash(request: Request, pk: int) -> HttpResponse:
    return crud.trash_page(request, GROUP, pk)


@login_required
@require_POST
def group_restore(request: Request, pk: int) -> HttpResponse:
    return crud.restore_page(request, GROUP, pk)


@login_required
@require_GET
def group_trash_list(request: Request) -> HttpResponse:
    return crud.trash_list(request, GROUP)


@login_required
def membership_edit(request: Request, owner: str, owner_pk: int) -> HttpResponse:
    """Put one contact or company into a group, or take it out; the groups offered are those the user may edit."""
    rows = OWNERS[owner].objects.visible_to(request.user).filter(pk=owner_pk)
    record = get_object_or_404(rows)
    groups = Group.objects.editable_by(request.user).order_by("sort_name")
    if request.method == "POST":
        key = request.POST.get("group", "")
        group = get_object_or_404(groups, pk=key if key.isascii() and key.isdigit() and len(key) < 19 else 0)
        act = services.remove_from_group if request.POST.get("act") == "remove" else services.add_to_group
        return done(request, record, act(rows, group, by=request.user))
    inside = set(record.memberships.values_list("group_id", flat=True))
    context = {"record": record, "groups": [(group, group.pk in inside) for group in groups]}
    return render_page(request, "contacts/membership_form.html", context, partials=("dialog",))


def may_create(user: Any) -> bool:
    return bool(user.rights.may(kind_of(Group), Act.CREATE))
