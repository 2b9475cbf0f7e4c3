"""A role can require the second factor: until it is set up, nothing else opens."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from crm.access.models import Role, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/"


@pytest.fixture
def alice() -> User:
    Role.objects.filter(slug="sales-rep").update(requires_second_factor=True)
    return make_user("alice", role="sales-rep")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "path", ["/", "/contacts/", "/account/", "/palette/", "/accounts/password/change/", "/administration/"]
)
def test_nothing_else_opens(alice: User, path: str) -> None:
    answer = signed_in(alice).get(path)
    assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    assert signed_in(alice).post(path)["Location"] == SET_UP


def test_htmx_is_refused_and_led_there(alice: User) -> None:
    answer = signed_in(alice).get("/palette/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (403, SET_UP, b"")


def test_what_sets_it_up_signs_out_or_answers_machines_opens(alice: User) -> None:
    client = signed_in(alice)
    assert "Your role requires a second factor." in client.get(SET_UP).text
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert reverse("account_reauthenticate") in client.get(reverse(name))["Location"]
    assert client.get("/healthz").status_code == 200
    assert client.post(reverse("ui:preferences"), {"language": "fr"}).status_code == 303
    assert client.post(reverse("account_logout")).status_code == 302


def test_once_set_up_everything_opens(alice: User) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert signed_in(alice).get("/account/").status_code == 302
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert signed_in(alice).get("/account/").status_code == 200


def test_one_role_among_several_is_enough(alice: User) -> None:
    other = make_user(role="read-only")
    assert signed_in(other).get("/account/").status_code == 200
    other.roles.add(Role.objects.get(slug="sales-rep"))
    assert signed_in(other).get("/account/").status_code == 302


def test_asking_costs_no_statement(alice: User, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=alice.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert user.rights.lacks_second_factor
