"""On a developer's machine: send visitors of the address to the name, because passkeys belong to a name."""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def redirect_to_name(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware of the development settings: http://127.0.0.1:8000/x becomes http://localhost:8000/x."""

    def middleware(request: HttpRequest) -> HttpResponse:
        address = urlsplit(f"//{request.get_host()}")
        if request.method in ("GET", "HEAD") and is_loopback(address.hostname or ""):
            port = f":{address.port}" if address.port else ""
            return HttpResponseRedirect(f"http://localhost{port}{request.get_full_path()}")
        return get_response(request)

    return middleware


def is_loopback(host: str) -> bool:
    """Whether `host` is the machine's own address, such as 127.0.0.1 or ::1."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
