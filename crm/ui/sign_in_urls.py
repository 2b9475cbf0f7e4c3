"""Allauth's addresses, without those for what we do not offer.

Each user has one e-mail address, set by an administrator: there is no list of them to manage, nothing to confirm, and
no sign-in by a mailed code.
"""

from django.urls import include, path
from django.views.generic import RedirectView

to_profile = RedirectView.as_view(pattern_name="ui:account_edit")
to_sign_in = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("email/", to_profile, name="account_email"),
    path("confirm-email/", to_sign_in, name="account_email_verification_sent"),
    path("confirm-email/<path:key>/", lambda request, key: to_sign_in(request), name="account_confirm_email"),
    path("login/code/confirm/", to_sign_in, name="account_confirm_login_code"),
    path("", include("allauth.urls")),
]
