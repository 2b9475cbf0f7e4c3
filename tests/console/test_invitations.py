"""Invitations: by e-mail, in the invitee's language, for a while, once; withdrawn and sent again at will."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.access.models import Invitation, Role, User
from crm.console.people import State, people
from crm.console.services import users
from crm.records.models import Event
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


@pytest.fixture
def console(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def invite(console: Client, email: str = "ines@example.com", **over: object) -> str:
    """Invite somebody and read the link in their mail."""
    fields = {"email": email, "roles": [Role.objects.get(slug="sales-rep").pk], "language": "fr", **over}
    assert console.post(reverse("console:user_invite"), fields).status_code == 303
    return link_in_mail()


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/invitation/\S+/)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def accept(link: str, client: Client | None = None, **over: str) -> int:
    fields = {"first_name": "Inès", "last_name": "Moreau", "password": PASSWORD, **over}
    return (client or Client()).post(link, fields).status_code


def state(email: str = "ines@example.com") -> str:
    return str(people().get(email=email).state)


def test_somebody_invited_chooses_a_password_and_is_signed_in(console: Client) -> None:
    team = make_team("West")
    link = invite(console, team=team.pk)
    assert state() == State.INVITED
    theirs = Client()
    assert "ines@example.com" in theirs.get(link).text
    assert accept(link, theirs) == 302
    person = User.objects.get(email="ines@example.com")
    assert (person.name, person.team, state()) == ("Inès Moreau", team, State.ACTIVE)
    assert [role.slug for role in person.roles.all()] == ["sales-rep"]
    assert theirs.get(reverse("ui:account_edit")).status_code == 200
    again = Client().post(reverse("account_login"), {"login": "ines@example.com", "password": PASSWORD})
    assert again.status_code == 302


def test_the_mail_is_in_the_invitees_language_and_alone_holds_the_secret(console: Client) -> None:
    link = invite(console)
    token = link.split("/")[2]
    (message,) = mail.outbox
    assert message.to == ["ines@example.com"]
    assert "vous invite" in message.subject
    assert "Choisissez" in message.body
    invitation = Invitation.objects.get()
    assert token not in invitation.token_hash
    invite(console, "sam@example.com", language="en")
    assert "invites you" in mail.outbox[-1].subject


def test_the_page_speaks_the_invitees_language(console: Client) -> None:
    link = invite(console)
    assert "Bienvenue" in Client().get(link).text
    theirs = Client()
    theirs.cookies["django_language"] = "en"
    assert "Welcome" in theirs.get(link).text


def test_a_link_serves_once(console: Client) -> None:
    link = invite(console, language="en")
    assert accept(link) == 302
    page = Client(headers={"Accept-Language": "en"}).get(link)
    assert page.status_code == 410
    assert "was used already" in page.text
    assert accept(link, password="another long secret") == 410


def test_a_link_expires(console: Client) -> None:
    link = invite(console)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert state() == State.LAPSED
    assert "has expired" in Client(headers={"Accept-Language": "en"}).get(link).text
    assert accept(link) == 410


def test_a_withdrawn_link_says_so(console: Client) -> None:
    link = invite(console)
    console.post(reverse("console:user_revoke", args=[User.objects.get(email="ines@example.com").pk]))
    assert state() == State.LAPSED
    assert "was withdrawn" in Client(headers={"Accept-Language": "en"}).get(link).text
    assert accept(link) == 410
    assert Event.objects.filter(verb="user.invitation_revoked").exists()


def test_sending_again_replaces_the_link(console: Client) -> None:
    first = invite(console)
    console.post(reverse("console:user_invite_again", args=[User.objects.get(email="ines@example.com").pk]))
    second = link_in_mail()
    assert first != second
    assert (accept(first), accept(second)) == (410, 302)


def test_a_new_address_closes_the_invitation_sent_to_the_old_one(console: Client, dana: User) -> None:
    link = invite(console)
    users.edit_user(User.objects.get(email="ines@example.com"), {"email": "other@example.com"}, by=dana)
    assert accept(link) == 410


def test_who_owns_records_without_address_is_invited_later(console: Client) -> None:
    person = make_user("paper", email=None, password="", role="sales-rep")
    contact = make_contact(owner=person)
    url = reverse("console:user_invite_again", args=[person.pk])
    assert console.post(url, {"email": "not an address"}).status_code == 422
    assert console.post(url, {"email": "dana@example.com"}).status_code == 422
    console.post(url, {"email": "Paper@Example.com"})
    assert accept(link_in_mail()) == 302
    person.refresh_from_db()
    contact.refresh_from_db()
    assert (person.email, contact.owner) == ("paper@example.com", person)


def test_who_signs_in_already_is_not_invited(console: Client) -> None:
    person = make_user("sam")
    console.post(reverse("console:user_invite_again", args=[person.pk]))
    assert not mail.outbox


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "dana@example.com"}, "Dana Example already has this address."),
        ({"email": "gone@example.com"}, "is deactivated: reactivate them."),
        ({"roles": []}, "Choose at least one role."),
    ],
)
def test_a_wrong_invitation_says_what_is_wrong(console: Client, typed: dict[str, object], words: str) -> None:
    make_user("gone", is_active=False)
    fields = {"email": "ines@example.com", "roles": [Role.objects.all()[0].pk], "language": "fr", **typed}
    answer = console.post(reverse("console:user_invite"), fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert not mail.outbox


@pytest.mark.parametrize("password", ["short", "password123", "1234567890123", "ines@example.com"])
def test_a_weak_password_is_refused_and_the_names_are_kept(console: Client, password: str) -> None:
    link = invite(console)
    answer = Client().post(link, {"first_name": "Inès", "last_name": "Moreau", "password": password})
    assert answer.status_code == 422
    assert "Moreau" in answer.text
    assert state() == State.INVITED


def test_a_mail_server_that_refuses_is_named_and_the_invitation_stays(
    console: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    fields = {"email": "ines@example.com", "roles": [Role.objects.all()[0].pk], "language": "fr"}
    answer = console.post(reverse("console:user_invite"), fields, follow=True)
    assert "The mail could not be sent" in answer.text
    assert state() == State.INVITED
    assert "ines" not in caplog.text


def test_unknown_links_are_nowhere() -> None:
    assert Client().get(reverse("console:invitation_accept", args=["made-up"])).status_code == 404


def test_create_administrator_prints_a_link_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_administrator", "Dana@Example.com", "--url", "https://crm.example")
    found = re.search(r"https://crm\.example(/invitation/\S+/)", capsys.readouterr().out)
    assert found is not None
    theirs = Client()
    assert accept(found[1], theirs) == 302
    assert User.objects.administrators().get().email == "dana@example.com"
    assert theirs.get(reverse("console:user_list")).status_code == 200
