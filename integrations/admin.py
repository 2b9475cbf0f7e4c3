"""Imports in the admin: to be looked at."""

from __future__ import annotations

from django.contrib import admin

from crm.console.admin import SupportAdmin, site
from integrations.models import ExportRun, ImportRow, ImportRun, RememberedMapping


@admin.register(ImportRun, site=site)
class ImportRunAdmin(SupportAdmin):
    list_display = ["file_name", "kind", "status", "by"]
    list_select_related = ["by"]
    list_filter = ["status", "kind"]
    ordering = ["-id"]


@admin.register(ImportRow, site=site)
class ImportRowAdmin(SupportAdmin):
    list_display = ["run_id", "number", "kind", "action"]
    list_filter = ["action"]
    ordering = ["-id"]


@admin.register(RememberedMapping, site=site)
class RememberedMappingAdmin(SupportAdmin):
    list_display = ["__str__", "kind", "updated_at"]
    list_filter = ["kind"]
    ordering = ["-id"]


@admin.register(ExportRun, site=site)
class ExportRunAdmin(SupportAdmin):
    list_display = ["__str__", "type", "file_format", "status", "by"]
    list_select_related = ["by"]
    list_filter = ["status", "type"]
    ordering = ["-id"]
