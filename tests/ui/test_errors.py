"""Every error has a page in the product's look; htmx keeps its page and gets the sentence."""

import json
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from crm.ui import errors
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_missing_page_says_so_in_the_viewers_language(client: Client) -> None:
    response = client.get("/nothing/here/", headers={"Accept-Language": "fr"})
    assert response.status_code == 404
    assert "Cette page est introuvable." in response.text


def test_htmx_gets_a_toast_and_nothing_is_swapped(client: Client) -> None:
    response = client.get("/nothing/here/", headers={"HX-Request": "true", "Accept-Language": "fr"})
    assert (response.status_code, response.headers["HX-Reswap"]) == (404, "none")
    assert "introuvable" in json.loads(response.headers["HX-Trigger"])["toast"]["text"]


def test_a_forbidden_act_tells_whom_to_ask(client: Client) -> None:
    client.force_login(make_user(role="sales-rep", language="en"))
    response = client.get("/composants/")
    assert response.status_code == 403
    assert "Ask your administrator" in response.text


def test_a_form_without_its_token_keeps_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a@b.example"}, headers={"Accept-Language": "en"})
    assert response.status_code == 403
    assert "What you typed is kept" in response.text
    assert "data-keep-drafts" in response.text


def test_the_page_of_a_crash_needs_nothing(django_assert_num_queries: object) -> None:
    request: HttpRequest = RequestFactory().get("/")
    with django_assert_num_queries(0), translation.override("fr"):  # type: ignore[operator]
        response = errors.server_error(request)
    assert response.status_code == 500
    assert "de notre côté" in response.content.decode()


def test_a_conflict_has_its_page(client: Client) -> None:
    request = RequestFactory().get("/")
    request.user = make_user()
    with translation.override("en"):
        response = errors.conflict(request, "Bob changed it.")
    assert response.status_code == 409
    assert "Bob changed it." in response.content.decode()


def test_guessing_is_slowed_with_a_page_of_our_own(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [client.post("/accounts/login/", {"login": "a@b.example", "password": "x"}) for _ in range(4)]
    assert answers[-1].status_code == 429
    assert "Sillage" in answers[-1].text


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/MQ:1abc/", "login/code/confirm/"])
def test_what_is_not_offered_leads_elsewhere(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 302
    assert client.post(f"/accounts/{path}", {"action_add": "", "email": "x@y.example"}).status_code == 302
