"""Theme and language, for a user or, before sign-in, for this browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from crm.records.models import Organisation
from crm.ui.http import redirect_to

YEAR = 365 * 24 * 3600
THEMES = ("", "light", "dark")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the theme or the language chosen and go back to the page."""
    response = redirect_to(request, _next_page(request))
    offered = dict(Organisation.current().offered_languages())
    language, theme = request.POST.get("language"), request.POST.get("theme")
    changed = []
    if language is not None and language in offered and check_for_language(language):
        changed.append(("language", language, settings.LANGUAGE_COOKIE_NAME))
    if theme is not None and theme in THEMES:
        changed.append(("theme", theme, "theme"))
    for field, value, cookie in changed:
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            setattr(request.user, field, value)
            request.user.save(update_fields=[field])
    return response


def _next_page(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if allowed else "/"
