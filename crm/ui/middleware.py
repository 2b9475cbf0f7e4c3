"""Each request in its viewer's language and time zone; a session that ended answers htmx with 401."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Placed after authentication and django-htmx's middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = viewer_language(request)
        with translation.override(language), timezone.override(viewer_time_zone(request)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ["Accept-Language"])
        if request.htmx and _is_to_sign_in(response):  # type: ignore[attr-defined]
            return HttpResponse(status=401)
        return response


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
