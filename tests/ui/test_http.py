"""Which partial is answered, and how toasts travel."""

import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from crm.ui.http import redirect_to, target, toast, trigger

PARTIALS = ["contact-rows", "field-é"]


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get("/", headers=headers)
    for middleware in (SessionMiddleware, MessageMiddleware, HtmxMiddleware):
        middleware(lambda _: HttpResponse()).__call__(made)
    return made


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"HX-Request": "true", "HX-Target": "div#contact-rows"}, "contact-rows"),
        ({"HX-Request": "true", "HX-Target": "dd#field-%C3%A9"}, "field-é"),
        ({"HX-Request": "true", "HX-Target": "div#something-else"}, ""),
        ({"HX-Request": "true", "HX-Target": "div"}, ""),
        ({"HX-Request": "true"}, ""),
        ({"HX-Target": "div#contact-rows"}, ""),
        ({"HX-Request": "true", "HX-Target": "div#contact-rows", "HX-History-Restore-Request": "true"}, ""),
        ({"HX-Request": "true", "HX-Target": "div#contact-rows", "HX-Boosted": "true"}, ""),
    ],
)
def test_only_an_allowed_target_gets_a_partial(headers: dict[str, str], name: str) -> None:
    assert target(request(**headers), PARTIALS) == name


def test_a_toast_travels_in_ascii_with_its_undo() -> None:
    response = toast(request(**{"HX-Request": "true"}), HttpResponse(), "Étiquette ajoutée", undo="/undo/3")
    trigger(response, "contact-changed")
    header = response.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {"toast": {"text": "Étiquette ajoutée", "undo": "/undo/3"}, "contact-changed": {}}


@pytest.mark.django_db
def test_without_htmx_the_toast_waits_for_the_next_page() -> None:
    made = request()
    response = toast(made, HttpResponse(), "Saved.", undo="/undo/3")
    assert "HX-Trigger" not in response.headers
    assert [(message.message, message.extra_tags) for message in get_messages(made)] == [("Saved.", "/undo/3")]


def test_going_elsewhere() -> None:
    assert redirect_to(request(), "/x").headers["Location"] == "/x"
    assert redirect_to(request(**{"HX-Request": "true"}), "/x").headers["HX-Redirect"] == "/x"
