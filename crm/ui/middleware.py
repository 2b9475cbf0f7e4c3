"""Each request in its viewer's language and time zone; a session that ended answers htmx with 401."""

import zoneinfo
from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from crm.records.models import Organisation

SEEN_EVERY = 300  # seconds
Handler = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Placed after authentication and django-htmx's middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = viewer_language(request)
        if request.user.is_authenticated:
            request.user.address = get_adapter().get_client_ip(request)
        zone = viewer_time_zone(request)
        with translation.override(language), timezone.override(zone), Organisation.once_per_request():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ["Accept-Language"])
        if request.htmx and _is_to_sign_in(response):  # type: ignore[attr-defined]
            return HttpResponse(status=401)
        return response


class SeenMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """Notes when and from where a session was last used, every five minutes at most: pages stay without writes."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = f"seen:{request.session.session_key}:{request.META.get('REMOTE_ADDR')}"
        handle = super().__call__ if cache.add(key, 1, SEEN_EVERY) else self.get_response
        return cast(HttpResponse, handle(request))


def viewer_language(request: HttpRequest) -> str:
    """The user's language; before sign-in the cookie's, else the browser's, else the first of the product."""
    chosen: str = getattr(request.user, "language", "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


def viewer_time_zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """The user's time zone, else the installation's."""
    name: str = getattr(request.user, "time_zone", "") or settings.TIME_ZONE
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _is_to_sign_in(response: HttpResponse) -> bool:
    location = response.headers.get("Location", "")
    return response.status_code == 302 and location.partition("?")[0] == resolve_url(settings.LOGIN_URL)
