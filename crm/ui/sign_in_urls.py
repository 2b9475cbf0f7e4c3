"""Allauth's addresses, without its management of several e-mail addresses: an administrator sets the one there is."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("email/", RedirectView.as_view(pattern_name="ui:account_edit"), name="account_email"),
    path("", include("allauth.urls")),
]
