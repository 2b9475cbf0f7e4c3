"""Sign-ins, those that failed and those that were slowed down: a line for the operator, an event for the audit.

Neither holds an e-mail address; both hold where the attempt came from.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.core.cache import cache
from django.http import HttpRequest

from crm.access.models import User
from crm.records.changes import record_event

logger = logging.getLogger("sillage.sign_in")
LOCKED_AGAIN_AFTER = 60  # Seconds: somebody who keeps knocking fills the log, not the database.


def succeeded(request: HttpRequest, user: User) -> None:
    """All steps were passed."""
    methods = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    logger.info("signed in: user %d from %s by %s", user.pk, address_of(request), " + ".join(methods))
    record_event("sign_in.succeeded", by=user, about=[user], address=address_of(request), methods=methods)


def failed(request: HttpRequest, user: User | None, method: str) -> None:
    """A wrong password, code or key; `user` is whose it was to be, if that is known."""
    logger.warning("sign-in failed: user %s from %s by %s", user.pk if user else "unknown", address_of(request), method)
    about = [user] if user else []
    record_event("sign_in.failed", by=None, about=about, address=address_of(request), methods=[method])


def locked(request: HttpRequest) -> None:
    """Too many attempts: the next ones are refused for a while, right or wrong."""
    address = address_of(request)
    logger.warning("sign-in locked: from %s", address)
    if cache.add(f"sign-in-locked:{address}", 1, LOCKED_AGAIN_AFTER):
        record_event("sign_in.locked", by=None, address=address)


def on_second_factor_failed(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    """Receiver of allauth's signal for a wrong code or key."""
    failed(request, user, authenticator.type)


def on_second_factor_added(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    """An authenticator app, a passkey or recovery codes were set up."""
    _own_act("user.second_factor_added", request, user, methods=[authenticator.type])


def on_second_factor_removed(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    """An authenticator app, a passkey or recovery codes were taken away."""
    _own_act("user.second_factor_removed", request, user, methods=[authenticator.type])


def on_password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A password was set, changed, or chosen anew by mail."""
    _own_act("user.password_changed", request, user)


def _own_act(verb: str, request: HttpRequest, user: User, **data: Any) -> None:
    logger.info("%s: user %d from %s", verb, user.pk, address_of(request))
    record_event(verb, by=user, about=[user], address=address_of(request), **data)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the nearest address that is not one of our own proxies."""
    address: str = get_adapter().get_client_ip(request)
    return address
