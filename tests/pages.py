"""What tests say about pages: requests as htmx sends them, toasts, the Undo of a toast."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client


def htmx(target: str = "") -> dict[str, str]:
    """Headers of a request of htmx 4 that will fill the element `target` ("dd#field-sector")."""
    return {"HX-Request": "true", **({"HX-Target": target} if target else {})}


def toast_of(answer: Any) -> tuple[str, str]:
    """The words of the toast an answer brings, and the address of its Undo ("" where there is none)."""
    sent = json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast")
    if sent is not None:
        return sent["text"], sent.get("undo", "")
    message = list(get_messages(answer.wsgi_request))[-1]
    return str(message), str(message.extra_tags)


def events_of(answer: Any) -> set[str]:
    """The events that htmx will dispatch in the page."""
    return set(json.loads(answer.headers.get("HX-Trigger", "{}")))


def undo(client: Client, answer: Any) -> None:
    """Press Undo in the toast of an answer."""
    _words, url = toast_of(answer)
    assert url, "the toast offers no Undo"
    assert client.post(url).status_code == 303
