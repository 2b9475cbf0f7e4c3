"""A form that creates something does so once, however often it is sent: double clicks, impatience, a lost answer."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.ui.http import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]

NAME = "once"
REMEMBERED_SECONDS = 600
LONGEST_ACT_SECONDS = 20
_UNDER_WAY = "under way"
_REPEATED = ("Location", "HX-Redirect", "HX-Trigger")


def once_field(request: Request) -> SafeString:
    """The hidden field that tells one drawing of a form from another; a form shown again with errors keeps its own."""
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, request.POST.get(NAME) or uuid4().hex)


def once(view: View[P]) -> View[P]:
    """Let the view handle a form once: the very same form sent again gets the first answer, if that was a success.

    What was typed is part of "the same": going back and typing another name makes another record.
    """

    @wraps(view)
    def handle(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.POST.get(NAME):
            return view(request, *args, **kwargs)
        key = _key(request)
        while not cache.add(key, _UNDER_WAY, LONGEST_ACT_SECONDS):
            answer = cache.get(key)
            if isinstance(answer, tuple):
                return HttpResponse(status=answer[0], headers=answer[1])
            time.sleep(0.05)
        return _first(key, lambda: view(request, *args, **kwargs))

    return handle


def _first(key: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    response = None
    try:
        response = act()
    finally:
        if response is not None and response.status_code in (204, 303):
            headers = {name: response.headers[name] for name in _REPEATED if name in response.headers}
            cache.set(key, (response.status_code, headers), REMEMBERED_SECONDS)
        else:
            cache.delete(key)
    return response


def _key(request: Request) -> str:
    sent = json.dumps([request.user.pk, request.path, sorted(request.POST.lists())])
    return f"once:{hashlib.sha256(sent.encode()).hexdigest()}"
