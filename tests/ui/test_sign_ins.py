"""Sign-ins are recorded, guessing is slowed and recorded, behind a proxy too; nobody's address of mail is logged."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import reverse

from crm.access.models import User
from crm.records.models import Event, EventRef
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def alice() -> User:
    return make_user("alice")


def sign_in(
    password: str = PASSWORD, email: str = "alice@example.com", client: Client | None = None, **extra: Any
) -> Any:
    client = client or Client(headers={"Accept-Language": "en"})
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def events(verb: str) -> list[Event]:
    return list(Event.objects.filter(verb=verb).order_by("pk"))


def test_a_sign_in_is_an_event_with_its_way_and_place(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert sign_in(REMOTE_ADDR="203.0.113.7").status_code == 302
    (event,) = events("sign_in.succeeded")
    assert (event.actor, event.address, event.data) == (alice, "203.0.113.7", {"methods": ["password"]})
    assert f"signed in: user {alice.pk} from 203.0.113.7 by password" in caplog.text
    assert "alice@" not in caplog.text


def test_a_failure_names_whose_account_it_was_but_no_actor(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    assert sign_in("wrong").status_code == 200
    assert sign_in("wrong", email="nobody@example.com").status_code == 200
    first, second = events("sign_in.failed")
    assert (first.actor, first.data) == (None, {"methods": ["password"]})
    assert EventRef.objects.get(event=first).record_id == alice.pk
    assert not EventRef.objects.filter(event=second).exists()
    assert f"sign-in failed: user {alice.pk}" in caplog.text
    assert "sign-in failed: user unknown" in caplog.text
    assert "@example.com" not in caplog.text


def test_a_wrong_code_is_a_failure_too(alice: User) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert sign_in(client=client)["Location"].startswith(reverse("mfa_authenticate"))
    assert not events("sign_in.succeeded")
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    (event,) = events("sign_in.failed")
    assert event.data == {"methods": ["totp"]}


def test_guessing_one_account_is_slowed_from_wherever_it_comes(alice: User) -> None:
    for number in range(5):
        sign_in("wrong", REMOTE_ADDR=f"203.0.113.{number}")
    answer = sign_in(REMOTE_ADDR="203.0.113.99")
    assert answer.status_code == 200
    assert "Too many failed login attempts." in answer.text
    (event,) = events("sign_in.locked")
    assert event.address == "203.0.113.99"
    assert not events("sign_in.succeeded")


def test_guessing_many_accounts_from_one_place_is_slowed_and_locks_nobody_else(alice: User) -> None:
    for number in range(10):
        sign_in("wrong", email=f"u{number}@example.com", REMOTE_ADDR="203.0.113.7")
    for _again in range(3):
        assert sign_in(REMOTE_ADDR="203.0.113.7").status_code == 200
    assert len(events("sign_in.locked")) == 1
    assert sign_in(REMOTE_ADDR="203.0.113.8").status_code == 302


def test_guessing_codes_is_slowed(alice: User) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    client = Client()
    sign_in(client=client)
    for number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    assert len(events("sign_in.failed")) == 5
    assert len(events("sign_in.locked")) == 1


def test_without_a_proxy_of_ours_a_forwarded_address_is_not_believed(alice: User) -> None:
    for number in range(10):
        sign_in("wrong", email=f"u{number}@example.com", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert sign_in(headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 200
    assert {event.address for event in events("sign_in.failed")} == {"127.0.0.1"}


def test_behind_a_proxy_each_visitor_is_counted_by_their_own_address(alice: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        forwarded = {"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.7"}
        sign_in("wrong", email=f"u{number}@example.com", headers=forwarded)
    assert sign_in(headers={"X-Forwarded-For": "10.9.9.9, 198.51.100.7"}).status_code == 200
    assert sign_in(headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 302
    assert {event.address for event in events("sign_in.failed")} == {"198.51.100.7"}


def test_changes_of_password_and_second_factor_are_events(alice: User) -> None:
    client = Client()
    sign_in(client=client)
    new = "another long secret"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert events("user.password_changed")[0].actor == alice


def test_who_never_joined_resets_no_password(alice: User) -> None:
    make_user("ines", password="")
    for email in ("ines@example.com", "alice@example.com"):
        Client().post(reverse("account_reset_password"), {"email": email})
    assert [message.to for message in mail.outbox] == [["alice@example.com"]]
