"""Addresses of the shell itself."""

from django.urls import path

from crm.ui.views import account, components, offline, palette, preferences, sharing, start, undo

app_name = "ui"
urlpatterns = [
    # The palette and its keys
    path("palette/", palette.palette, name="palette"),
    path("shortcuts/", palette.shortcuts, name="shortcuts"),
    # Take back
    path("access/<slug:slug>/<int:pk>/", sharing.access, name="access"),
    path("access/<slug:slug>/<int:pk>/end/", sharing.access_end, name="access_end"),
    path("undo/<uuid:key>/", undo.undo_changeset, name="undo"),
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
