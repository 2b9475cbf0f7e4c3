"""Django's admin, for support: every table to be looked at, configuration saved through the same services.

A site of our own, so that no library mounts pages beside ours. Business records come through the doors and are
read-only; nothing is deleted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from crm.access.models import FieldRule, Invitation, Right, Role, Team, User
from crm.access.querysets import RecordQuerySet
from crm.console.models import BeatLease
from crm.lists.models import BulkChunk, BulkRun, ListPreference, Pin, SavedView
from crm.lists.pages import COUNTED_UP_TO
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, CustomField, Event, Organisation, Tag
from crm.records.services import save_edit

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Site(admin.AdminSite):
    """One sign-in for both: who is not signed in goes to the product's own page, with its second factor."""

    site_title = site_header = "Sillage"
    index_title = _("Support")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("/")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


site = Site(name="admin")


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than lists do."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: COUNTED_UP_TO + 1].count())


class SupportAdmin(ModelAdmin):
    """Looking, not touching. Rows of records come through `visible_to`."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        user: Any = request.user
        return rows.visible_to(user, trashed=None) if isinstance(rows, RecordQuerySet) else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ConfigurationAdmin(SupportAdmin):
    """Rows of configuration: added and edited through changeset and event, undoable like everything else."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return bool(request.user.is_staff)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            typed = {name: form.cleaned_data[name] for name in form.changed_data}
            save_edit(type(obj)._default_manager.get(pk=obj.pk), typed, by=request.user)  # type: ignore[arg-type]
            return
        with changes(request.user, Changeset.Source.CREATE) as changeset:  # type: ignore[arg-type]
            obj.save(force_insert=True)
            verb = f"{obj._meta.model_name}.created"
            record_event(verb, by=request.user, about=[obj], changeset=changeset)  # type: ignore[arg-type]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The event is the log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The event is the log."""


@admin.register(Tag, site=site)
class TagAdmin(ConfigurationAdmin):
    list_display = ["name", "colour"]
    search_fields = ["name"]
    fields = ["name", "colour"]


@admin.register(User, site=site)
class UserAdmin(SupportAdmin):
    list_display = ["name", "email", "team", "is_active", "last_login"]
    list_select_related = ["team"]
    list_filter = ["is_active", "team", "roles"]
    search_fields = ["email", "first_name", "last_name"]
    exclude = ["password"]


@admin.register(Team, site=site)
class TeamAdmin(SupportAdmin):
    list_display = ["name", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name"]


@admin.register(Role, site=site)
class RoleAdmin(SupportAdmin):
    list_display = ["slug", "name_fr", "name_en", "requires_second_factor"]


@admin.register(Right, site=site)
class RightAdmin(SupportAdmin):
    list_display = ["role", "kind", "act", "scope"]
    list_select_related = ["role"]
    list_filter = ["role", "kind", "act"]


@admin.register(FieldRule, site=site)
class FieldRuleAdmin(SupportAdmin):
    list_display = ["role", "kind", "field", "level"]
    list_select_related = ["role"]
    list_filter = ["role", "kind"]


@admin.register(Invitation, site=site)
class InvitationAdmin(SupportAdmin):
    list_display = ["user", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["user", "invited_by"]
    exclude = ["token_hash"]


@admin.register(Changeset, site=site)
class ChangesetAdmin(SupportAdmin):
    list_display = ["id", "source", "status", "actor", "created_at"]
    list_select_related = ["actor"]
    list_filter = ["source", "status"]
    ordering = ["-created_at", "-id"]


@admin.register(Event, site=site)
class EventAdmin(SupportAdmin):
    list_display = ["verb", "actor", "at", "address"]
    list_select_related = ["actor"]
    ordering = ["-at", "-id"]
    search_fields = ["verb"]


@admin.register(Organisation, site=site)
class OrganisationAdmin(SupportAdmin):
    list_display = ["name", "country", "currency"]


@admin.register(BeatLease, site=site)
class BeatLeaseAdmin(SupportAdmin):
    list_display = ["task", "slot", "held_until", "done_at"]
    list_filter = ["task"]


@admin.register(ListPreference, site=site)
class ListPreferenceAdmin(SupportAdmin):
    list_display = ["user", "type"]
    list_select_related = ["user"]


@admin.register(SavedView, site=site)
class SavedViewAdmin(SupportAdmin):
    list_display = ["name", "type", "owner", "sharing", "team"]
    list_select_related = ["owner", "team"]
    list_filter = ["type", "sharing"]
    search_fields = ["name"]


@admin.register(Pin, site=site)
class PinAdmin(SupportAdmin):
    list_display = ["view", "user", "position"]
    list_select_related = ["view", "user"]


@admin.register(BulkRun, site=site)
class BulkRunAdmin(SupportAdmin):
    list_display = ["title", "type", "status", "by"]
    list_select_related = ["by"]
    list_filter = ["status", "type"]
    ordering = ["-id"]


@admin.register(BulkChunk, site=site)
class BulkChunkAdmin(SupportAdmin):
    list_display = ["run_id", "number"]
    ordering = ["-id"]


@admin.register(CustomField, site=site)
class CustomFieldAdmin(SupportAdmin):
    list_display = ["label", "type", "kind", "is_required"]
    list_filter = ["type", "kind"]
    search_fields = ["label"]
    ordering = ["type", "position", "id"]
