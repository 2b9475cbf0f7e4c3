"""Each viewer reads their own language; a session that ended answers htmx with 401."""

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_session_that_ended_is_401_for_htmx_and_the_sign_in_page_else(client: Client) -> None:
    assert client.get("/account/", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/account/").headers["Location"] == "/accounts/login/?next=/account/"


@pytest.mark.parametrize(
    ("accepted", "language", "words"), [("en-GB", "en", "Sign in"), ("fr", "fr", "Connectez-vous")]
)
def test_before_sign_in_the_browser_decides(client: Client, accepted: str, language: str, words: str) -> None:
    response = client.get("/accounts/login/", headers={"Accept-Language": accepted})
    assert response.headers["Content-Language"] == language
    assert words in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_after_sign_in_the_user_decides(client: Client) -> None:
    client.force_login(make_user(language="en"))
    assert "My account" in client.get("/account/", headers={"Accept-Language": "fr"}).text


def test_the_language_can_be_switched_before_and_after_sign_in(client: Client) -> None:
    client.post("/preferences/", {"language": "en", "next": "/accounts/login/"})
    assert "Sign in" in client.get("/accounts/login/", headers={"Accept-Language": "fr"}).text
    user = make_user(language="fr")
    client.force_login(user)
    response = client.post("/preferences/", {"language": "en", "theme": "dark", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "dark")
    assert 'data-theme="dark"' in client.get("/account/").text


@pytest.mark.parametrize("nonsense", [{"language": "xx"}, {"theme": "neon"}, {"language": "fr\x00"}])
def test_nonsense_preferences_change_nothing(client: Client, nonsense: dict[str, str]) -> None:
    user = make_user(language="en")
    client.force_login(user)
    assert client.post("/preferences/", nonsense).status_code == 303
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "")
