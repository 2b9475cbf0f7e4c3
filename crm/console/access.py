"""The console's door: signed in, and an administrator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from crm.ui.http import Request

P = ParamSpec("P")


def administrators_only(
    view: Callable[Concatenate[Request, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Anonymous visitors go to sign-in; everybody else who is no administrator gets 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        signed_in = cast(Request, request)
        if not signed_in.user.is_administrator:
            raise PermissionDenied
        return view(signed_in, *args, **kwargs)

    return guarded
