"""Roles can require a second factor: until it is set up, nothing else opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

OPEN = set(
    """
    mfa_index mfa_activate_totp mfa_add_webauthn mfa_list_webauthn mfa_edit_webauthn mfa_remove_webauthn
    mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
    account_reauthenticate mfa_reauthenticate mfa_reauthenticate_webauthn account_logout
    ui:preferences ui:signed_in ui:offline ui:service_worker crm.ui.health.healthz crm.ui.health.readyz
    """.split()
)


class SecondFactorMiddleware:
    """Sends whoever lacks the second factor that their role requires to set it up. Placed last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """For htmx 403 and the way to the page, which it follows; for everything else a redirect."""
        place = request.resolver_match.view_name if request.resolver_match else ""
        if place in OPEN or not request.user.is_authenticated or not request.user.rights.lacks_second_factor:
            return None
        set_up = reverse("mfa_index")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": set_up})
        return HttpResponseRedirect(set_up)
