"""Addresses of the shell itself."""

from django.urls import path

from crm.ui.views import (
    account,
    bulk,
    components,
    offline,
    palette,
    preferences,
    records,
    saved_views,
    sharing,
    start,
    undo,
)

app_name = "ui"
urlpatterns = [
    # The palette and its keys
    path("palette/", palette.palette, name="palette"),
    path("shortcuts/", palette.shortcuts, name="shortcuts"),
    # Names for controls that ask for a record
    path("records/<slug:type>/suggest/", records.record_suggest, name="record_suggest"),
    # Take back
    path("access/<slug:slug>/<int:pk>/", sharing.access, name="access"),
    path("access/<slug:slug>/<int:pk>/end/", sharing.access_end, name="access_end"),
    path("undo/<uuid:key>/", undo.undo_changeset, name="undo"),
    # Acts on many rows
    path("bulk/", bulk.bulk_list, name="bulk_list"),
    path("bulk/<int:pk>/", bulk.bulk_detail, name="bulk_detail"),
    path("bulk/<int:pk>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
    # Saved views of lists; `type` is the name of a kind of record
    path("views/<slug:type>/new/", saved_views.view_create, name="view_create"),
    path("views/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("views/<int:pk>/save/", saved_views.view_save, name="view_save"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view_delete"),
    path("views/<int:pk>/pin/", saved_views.view_pin, name="view_pin"),
    path("views/<int:pk>/default/", saved_views.view_default, name="view_default"),
    path("views/<int:pk>/count/", saved_views.view_count, name="view_count"),
    # Oneself
    path("account/", account.account_edit, name="account_edit"),
    path("users/<int:pk>/photo/", account.user_photo, name="user_photo"),
    path("account/signed-in/", account.signed_in, name="signed_in"),
    path("preferences/", preferences.preferences, name="preferences"),
    # Without a network
    path("offline/", offline.offline, name="offline"),
    path("favicon.ico", start.favicon, name="favicon"),
    path("sw.js", offline.service_worker, name="service_worker"),
    # The living page of the components
    path("composants/", components.components, name="components"),
]
