"""The console is for administrators: 403 for everybody else on every address, sign-in for the anonymous."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from crm.console.urls import administration
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
PAGES = [entry for entry in administration if isinstance(entry, URLPattern)]


def url(entry: URLPattern, pk: int) -> str:
    return reverse(f"console:{entry.name}", kwargs=dict.fromkeys(entry.pattern.converters, pk))


@pytest.mark.parametrize("role", ["sales-manager", "read-only"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: str(entry.name))
def test_others_get_403_and_the_anonymous_are_sent_to_sign_in(entry: URLPattern, role: str) -> None:
    victim = make_user("victoria", last_name="Secretname", team=make_team())
    client = Client()
    client.force_login(make_user(role=role))
    for method in ("get", "post"):
        answer = getattr(client, method)(url(entry, victim.pk))
        assert answer.status_code == 403
        assert "Secretname" not in answer.text
        assert "/login/" in getattr(Client(), method)(url(entry, victim.pk))["Location"]
    victim.refresh_from_db()
    assert victim.is_active


def test_an_administrator_who_loses_the_role_loses_the_console_at_once() -> None:
    make_user("other", role="administrator")
    dana = make_user("dana", role="administrator")
    client = Client()
    client.force_login(dana)
    assert client.get(reverse("console:user_list")).status_code == 200
    dana.roles.clear()
    assert client.get(reverse("console:user_list")).status_code == 403
