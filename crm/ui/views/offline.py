"""The page shown without a network, and the service worker that keeps it in the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

HOUR = 3600


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker; it says nothing about anybody."""
    return render(request, "ui/offline.html")


@require_safe
@cache_control(max_age=HOUR)
def service_worker(request: HttpRequest) -> HttpResponse:
    """A script at the root, because its scope is the folder it comes from."""
    return render(request, "ui/sw.js", content_type="text/javascript")
