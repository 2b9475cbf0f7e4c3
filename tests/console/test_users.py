"""Users: listed, edited, moved, given roles; leaving hands their records over and signs them out; all undoable."""

from __future__ import annotations

import html
import re
import threading

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from crm.access.models import Role, Team, User
from crm.console.people import State, count_by_state, people, search
from crm.console.services import users
from crm.records.models import Changeset, Event
from crm.records.services import Refused
from crm.records.undo import undo
from tests.factories import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
KINDS = ("contacts.company", "contacts.contact", "contacts.group")


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


@pytest.fixture
def console(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def to(person: User | None) -> dict[str, User | None]:
    return dict.fromkeys(KINDS, person)


# ---- The list ----


def test_each_user_is_in_one_state(dana: User) -> None:
    invited = make_user("ines", password="")
    states = {
        dana: State.ACTIVE,
        invited: State.LAPSED,
        make_user("paper", email=None, password=""): State.WITHOUT_EMAIL,
        make_user("gone", is_active=False): State.DEACTIVATED,
    }
    assert {person: person.state for person in people()} == states
    assert count_by_state() == {"active": 1, "lapsed": 1, "without-email": 1, "deactivated": 1}


def test_search_reads_names_and_addresses_without_accents(dana: User) -> None:
    helene = make_user("hélène", email="h.lefevre@example.com", last_name="Lefèvre")
    for typed in ("helene lefevre", "LEFEVRE hel", "h.lefevre@"):
        assert list(search(people(), typed)) == [helene]


def test_the_list_narrows_by_state_team_and_role_and_ignores_nonsense(console: Client) -> None:
    west = make_team("West")
    make_user("wanda", team=west)
    make_user("ned", is_active=False)
    url = reverse("console:user_list")
    assert "Wanda" in console.get(url).text
    assert "Ned" not in console.get(url, {"team": west.pk}).text
    assert "Wanda" not in console.get(url, {"state": "deactivated"}).text
    assert "Wanda" not in console.get(url, {"role": role("administrator").pk}).text
    assert "Wanda" in console.get(url, {"team": "x", "state": "y", "page": "99"}).text
    empty = console.get(url, {"q": "nobody called so"})
    assert "Nobody matches" in empty.text


def test_the_list_costs_the_same_at_3_and_at_30_users(console: Client, django_assert_max_num_queries: object) -> None:
    for number in range(30):
        make_user(f"u{number}", team=make_team())
    console.get(reverse("console:user_list"))  # the first request of a session notes it
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        console.get(reverse("console:user_list"))


def test_htmx_gets_the_rows_alone(console: Client) -> None:
    answer = console.get(reverse("console:user_list"), headers={"HX-Request": "true", "HX-Target": "div#users"})
    assert "Dana" in answer.text
    assert "<html" not in answer.text


# ---- Who somebody is ----


def form_of(person: User, **over: str) -> dict[str, str]:
    fields = ("first_name", "last_name", "email", "phone", "language", "time_zone")
    return {**{name: getattr(person, name) or "" for name in fields}, **over}


def test_an_edit_is_saved_logged_and_undone_from_the_toast(console: Client) -> None:
    person = make_user("ines")
    url = reverse("console:user_edit", args=[person.pk])
    answer = console.post(url, form_of(person, last_name="Moreau", email="I.Moreau@Example.com"))
    assert answer.status_code == 303
    person.refresh_from_db()
    assert (person.last_name, person.email) == ("Moreau", "i.moreau@example.com")
    event = Event.objects.get(verb="user.changed")
    assert event.data == {"fields": ["last_name", "email"]}
    assert event.address == "127.0.0.1"
    undo_url = reverse("ui:undo", args=[event.changeset_id])
    assert undo_url in console.get(url).text
    console.post(undo_url)
    person.refresh_from_db()
    assert person.last_name == "Example"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "dana@example.com"}, "Dana Example already has this address."),
        ({"email": "DANA@example.com "}, "Dana Example already has this address."),
        ({"email": "no at sign"}, "Enter a valid email address."),
        ({"first_name": "x" * 2000}, "at most 80 characters"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(console: Client, typed: dict[str, str], words: str) -> None:
    person = make_user("ines")
    answer = console.post(reverse("console:user_edit", args=[person.pk]), form_of(person, **typed))
    assert answer.status_code == 422
    assert words in answer.text
    assert next(iter(typed.values())).strip() in answer.text
    assert not Event.objects.exists()


def test_control_and_direction_characters_are_taken_out(console: Client) -> None:
    person = make_user("ines")
    console.post(reverse("console:user_edit", args=[person.pk]), form_of(person, first_name="In\u202ees\x07 "))
    person.refresh_from_db()
    assert person.first_name == "Ines"


def test_somebody_who_changes_address_signs_in_with_the_new_one_only(dana: User) -> None:
    person = make_user("ines")
    users.edit_user(person, {"email": "new@example.com"}, by=dana)
    for email, status in (("ines@example.com", 200), ("new@example.com", 302)):
        answer = Client().post(reverse("account_login"), {"login": email, "password": "correct horse battery"})
        assert (answer.status_code == 302) == (status == 302)


def test_the_last_administrators_address_cannot_be_removed(console: Client, dana: User) -> None:
    answer = console.post(reverse("console:user_edit", args=[dana.pk]), form_of(dana, email=""))
    assert answer.status_code == 422
    assert "last administrator" in answer.text
    dana.refresh_from_db()
    assert dana.email == "dana@example.com"


# ---- Team and roles ----


def test_changing_the_team_asks_whether_records_follow(console: Client) -> None:
    west, south = make_team("West"), make_team("South")
    person = make_user(team=west)
    contact = make_contact(owner=person)
    url = reverse("console:user_team", args=[person.pk])
    asked = console.post(url, {"team": south.pk})
    assert asked.status_code == 422
    assert "Say whether their records follow." in asked.text
    console.post(url, {"team": south.pk, "records": "stay"})
    contact.refresh_from_db()
    person.refresh_from_db()
    assert (person.team, contact.team) == (south, west)


def test_records_follow_in_one_undoable_changeset(dana: User) -> None:
    west, south = make_team("West"), make_team("South")
    person, other = make_user(team=west), make_user(team=west)
    contact, company, foreign = make_contact(owner=person), make_company(owner=person), make_contact(owner=other)
    changeset = users.set_team(person, south, records_follow=True, by=dana)
    assert changeset is not None
    assert {c.team for c in (*Contact.objects.filter(owner=person), *Company.objects.all())} == {south}
    foreign.refresh_from_db()
    assert foreign.team == west
    undo(changeset, by=dana)
    for row in (person, contact, company):
        row.refresh_from_db()
        assert row.team == west


def test_no_question_where_there_is_nothing_to_follow(console: Client) -> None:
    person = make_user()
    console.post(reverse("console:user_team", args=[person.pk]), {"team": make_team("West").pk})
    person.refresh_from_db()
    assert person.team == Team.objects.get(name="West")


def test_roles_are_set_shown_and_undone(console: Client, dana: User) -> None:
    person = make_user()
    url = reverse("console:user_roles", args=[person.pk])
    console.post(url, {"roles": [role("office-staff").pk, role("read-only").pk]})
    assert {r.slug for r in person.roles.all()} == {"office-staff", "read-only"}
    undo(Changeset.objects.get(), by=dana)
    assert {r.slug for r in person.roles.all()} == {"sales-rep"}


def test_the_last_administrator_cannot_be_demoted(console: Client, dana: User) -> None:
    answer = console.post(reverse("console:user_roles", args=[dana.pk]), {"roles": [role("read-only").pk]})
    assert answer.status_code == 422
    assert "This is the last administrator" in answer.text
    assert [r.slug for r in dana.roles.all()] == ["administrator"]


def test_the_rights_shown_are_those_in_force_and_name_the_role(console: Client) -> None:
    person = make_user(role="sales-rep")
    person.roles.add(role("read-only"))
    page = console.get(reverse("console:user_edit", args=[person.pk])).text
    assert 'title="Read-only"' in page
    assert 'title="Sales rep"' in page


# ---- Leaving and coming back ----


def test_leaving_hands_over_kind_by_kind_and_signs_out_everywhere(console: Client, dana: User) -> None:
    person, heir = make_user("ines", team=make_team()), make_user("hugo", team=make_team())
    contact, company = make_contact(owner=person), make_company(owner=person)
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": person.email, "password": "correct horse battery"})
    assert UserSession.objects.filter(user=person).exists()
    url = reverse("console:user_deactivate", args=[person.pk])
    assert "Contacts (1)" in console.get(url).text
    assert console.post(url, {"contacts.contact": heir.pk}).status_code == 422
    console.post(url, {"contacts.contact": heir.pk, "contacts.company": "nobody"})
    for row in (person, contact, company):
        row.refresh_from_db()
    assert (contact.owner, contact.team) == (heir, heir.team)
    assert (company.owner, company.team) == (None, None)
    assert not person.is_active
    assert not UserSession.objects.filter(user=person).exists()
    assert "/login/" in theirs.get(reverse("ui:account_edit"))["Location"]


def test_a_handover_is_one_changeset_and_undone_as_one(dana: User) -> None:
    person, heir = make_user("ines", team=make_team()), make_user("hugo", team=make_team())
    contact, trashed = make_contact(owner=person), make_contact(owner=person)
    Contact.objects.filter(pk=trashed.pk).update(trashed_at="2026-01-01T00:00Z")
    changeset = users.deactivate_user(person, to(heir), by=dana)
    assert changeset.source == Changeset.Source.HANDOVER
    assert set(Contact.objects.filter(owner=heir)) == {contact, trashed}
    verbs = set(Event.objects.filter(changeset=changeset).values_list("verb", flat=True))
    assert verbs == {"contact.assigned", "user.deactivated"}
    undo(changeset, by=dana)
    person.refresh_from_db()
    assert person.is_active
    assert set(Contact.objects.filter(owner=person, team=person.team)) == {contact, trashed}


def test_nobody_leaves_with_records_nobody_was_named_for(dana: User) -> None:
    person = make_user()
    make_contact(owner=person)
    with pytest.raises(Refused, match="takes over the contacts"):
        users.deactivate_user(person, {}, by=dana)
    person.refresh_from_db()
    assert person.is_active


def test_neither_oneself_nor_the_last_administrator(dana: User) -> None:
    with pytest.raises(Refused, match="yourself"):
        users.deactivate_user(dana, {}, by=dana)
    other = make_user(role="administrator")
    users.deactivate_user(other, {}, by=dana)
    with pytest.raises(Refused, match="last administrator"):
        users.deactivate_user(dana, {}, by=other)


def test_coming_back_opens_the_door_and_leaves_the_records(console: Client, dana: User) -> None:
    person, heir = make_user("ines"), make_user("hugo")
    contact = make_contact(owner=person)
    users.deactivate_user(person, to(heir), by=dana)
    console.post(reverse("console:user_reactivate", args=[person.pk]))
    person.refresh_from_db()
    contact.refresh_from_db()
    assert person.is_active
    assert contact.owner == heir


def test_an_administrator_ends_sessions_and_forgets_second_factors(console: Client) -> None:
    from allauth.mfa.models import Authenticator

    person = make_user("ines")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Client().post(reverse("account_login"), {"login": person.email, "password": "correct horse battery"})
    page = reverse("console:user_edit", args=[person.pk])
    assert "Reset the second factor" in console.get(page).text
    console.post(reverse("console:user_reset_second_factor", args=[person.pk]))
    assert not Authenticator.objects.filter(user=person).exists()
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": person.email, "password": "correct horse battery"})
    console.post(reverse("console:user_sign_out", args=[person.pk]))
    assert "/login/" in theirs.get(reverse("ui:account_edit"))["Location"]
    assert set(Event.objects.values_list("verb", flat=True)) >= {"user.second_factor_reset", "user.signed_out"}


def test_two_administrators_editing_the_same_field_both_see_both_values(console: Client, dana: User) -> None:
    person, paul = make_user("ines"), make_user("paul", role="administrator")
    url = reverse("console:user_edit", args=[person.pk])
    read = re.search(r'name="as_read" value="([^"]*)"', console.get(url).text)
    assert read is not None
    users.edit_user(person, {"last_name": "Moreau"}, by=paul)
    typed = form_of(person, last_name="Martin", as_read=html.unescape(read[1]))
    answer = console.post(url, typed)
    assert answer.status_code == 409
    assert "Paul Example changed this to “Moreau”" in answer.text
    assert "Martin" in answer.text
    person.refresh_from_db()
    assert person.last_name == "Moreau"


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_do_not_both_succeed() -> None:
    pair = [make_user("dana", role="administrator"), make_user("paul", role="administrator")]
    start, refused = threading.Barrier(2), []

    def demote(victim: User, by: User) -> None:
        start.wait(10)
        try:
            users.set_roles(victim, [role("read-only")], by=by)
        except Refused as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=(victim, by)) for victim, by in (pair, reversed(pair))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert User.objects.administrators().count() == 1
