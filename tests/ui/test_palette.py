"""The palette finds pages and creations by a few letters; records come from what apps register."""

import pytest
from django.test import Client

from crm.ui import nav, palette
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_pages", {})
    monkeypatch.setattr(nav, "_creations", {})
    monkeypatch.setattr(palette, "_sources", [])
    nav.register(nav.NavItem("Sociétés", "ui:shortcuts", icon="building-2", key="s", section="sales"))
    nav.register(nav.NavItem("Réglages", "ui:components", icon="settings", shown=lambda user: user.is_administrator))


def labels(groups: list[palette.Group]) -> list[str]:
    return [result.label for group in groups for result in group.results]


def test_pages_are_found_without_accents_and_only_if_offered() -> None:
    assert labels(palette.find(make_user(), "societe")) == ["Sociétés"]
    assert labels(palette.find(make_user(), "reglages")) == []
    assert labels(palette.find(make_user(role="administrator"), "reglages")) == ["Réglages"]


def test_records_come_first_and_only_when_something_is_typed() -> None:
    palette.register(
        palette.Source(
            "contacts.contact",
            "Contacts",
            lambda asked: [palette.Result(f"{' '.join(asked.wordings[0])} of {asked.user.first_name}", "/x")],
            lambda user, keys: {},
        )
    )
    user = make_user("alice")
    assert labels(palette.find(user, "soc")) == ["soc of Alice", "Sociétés"]
    assert "Sociétés" in labels(palette.find(user, " "))


def test_the_partial_marks_what_was_typed_and_the_page_works_without_script(client: Client) -> None:
    client.force_login(make_user(language="fr"))
    headers = {"HX-Request": "true", "HX-Target": "div#palette-results"}
    partial = client.get("/palette/", {"q": "societe"}, headers=headers).text
    assert "<mark>Société</mark>s" in partial
    assert "<html" not in partial
    assert "<mark>Société</mark>s" in client.get("/palette/", {"q": "societe"}).text


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "\x00", "a" * 5000, "‮evil"])
def test_odd_queries_are_answered_and_escaped(client: Client, query: str) -> None:
    client.force_login(make_user(language="en"))
    response = client.get("/palette/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
