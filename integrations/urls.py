"""Addresses of imports and exports."""

from django.urls import path

from integrations.views import exports, imports

app_name = "integrations"
urlpatterns = [
    # Imports
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", imports.import_map, name="import_map"),
    path("imports/<int:pk>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<int:pk>/pause/", imports.import_pause, name="import_pause"),
    path("imports/<int:pk>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/failed/", imports.import_failed, name="import_failed"),
    # Exports
    path("exports/audit-log/", exports.export_audit, name="export_audit"),
    path("exports/", exports.export_runs, name="export_runs"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    path("exports/<slug:slug>/", exports.export_list, name="export_list"),
]
