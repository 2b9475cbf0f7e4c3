"""Roles: the matrix is the only source of rights; its effects are read before they are saved; all of it undoable."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contacts.models import Contact
from crm.access.models import Right, Role, User
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.console.effects import effects
from crm.console.services import roles
from crm.records.models import Changeset, Event
from crm.records.services import Refused
from crm.records.undo import undo
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
SEE_CONTACTS = ("contacts.contact", Act.SEE)


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


def matrix(of: Role, **changes: int) -> dict[str, int]:
    """What the form of a role's matrix posts, some cells changed: contact_see=1."""
    typed = {f"{kind}:{act}": int(scope) for (kind, act), scope in roles.cells_of(of).items()}
    for name, value in changes.items():
        kind, _, act = name.rpartition("_")
        typed[f"{kind if kind == ADMINISTRATION else f'contacts.{kind}'}:{act}"] = value
    return typed


# ---- The matrix ----


def test_a_change_is_read_confirmed_saved_logged_and_undone(console: Client, dana: User) -> None:
    manager, other = role("sales-manager"), make_contact(owner=make_user(team=make_team()))
    boss = make_user(role="sales-manager", team=make_team())
    url = reverse("console:role_rights", args=[manager.pk])
    typed = matrix(manager, contact_see=Scope.TEAM)
    shown = console.post(url, typed)
    assert shown.status_code == 200
    assert "1 user will no longer see contacts of other teams." in shown.text
    assert Contact.objects.visible_to(boss).exists()
    confirmed = re.search(r'name="confirmed" value="(\w+)"', shown.text)
    assert confirmed is not None
    assert console.post(url, {**typed, "confirmed": confirmed[1]}).status_code == 303
    assert not Contact.objects.visible_to(User.objects.get(pk=boss.pk)).exists()
    event = Event.objects.get(verb="role.rights_changed")
    assert event.data == {"fields": ["contacts.contact.see"]}
    undo(Changeset.objects.get(), by=dana)
    assert list(Contact.objects.visible_to(User.objects.get(pk=boss.pk))) == [other]


def test_what_was_changed_after_reading_is_asked_again(console: Client) -> None:
    manager = role("sales-manager")
    make_user(role="sales-manager")
    url = reverse("console:role_rights", args=[manager.pk])
    shown = console.post(url, matrix(manager, contact_see=Scope.TEAM)).text
    confirmed = re.search(r'name="confirmed" value="(\w+)"', shown)
    assert confirmed is not None
    answer = console.post(
        url,
        {
            **matrix(manager, contact_see=Scope.OWN, contact_edit=1, contact_delete=1, contact_export=1),
            "confirmed": confirmed[1],
        },
    )
    assert "will no longer see contacts of others" in answer.text
    assert not Event.objects.exists()


def test_a_change_that_touches_nobody_is_saved_at_once(console: Client) -> None:
    assert (
        console.post(
            reverse("console:role_rights", args=[role("read-only").pk]),
            matrix(role("read-only"), contact_export=Scope.ALL),
        ).status_code
        == 303
    )
    assert role("read-only").rights.get(kind="contacts.contact", act=Act.EXPORT).scope == Scope.ALL


def test_nobody_does_to_a_record_what_they_cannot_see(console: Client) -> None:
    rep = role("sales-rep")
    url = reverse("console:role_rights", args=[rep.pk])
    answer = console.post(url, matrix(rep, contact_see=Scope.NOBODY))
    assert answer.status_code == 422
    assert "This reaches further than “See”" in answer.text
    assert "Who creates must see at least their own." in answer.text
    assert console.post(url, {**matrix(rep), "contacts.contact:see": "9"}).status_code == 422
    assert roles.cells_of(rep)[SEE_CONTACTS] == Scope.TEAM


def test_the_right_to_administer_is_a_cell_and_its_last_holder_keeps_it(console: Client, dana: User) -> None:
    administrator = role("administrator")
    typed = matrix(administrator, administration_edit=Scope.NOBODY)
    url = reverse("console:role_rights", args=[administrator.pk])
    shown = console.post(url, typed).text
    assert "1 user will no longer administer Sillage." in shown
    confirmed = re.search(r'name="confirmed" value="(\w+)"', shown)
    assert confirmed is not None
    answer = console.post(url, {**typed, "confirmed": confirmed[1]})
    assert answer.status_code == 422
    assert "This is the last administrator" in answer.text
    assert User.objects.get(pk=dana.pk).is_administrator


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Scope.ALL, Scope.TEAM, "2 users will no longer see contacts of other teams."),
        (Scope.ALL, Scope.OWN, "2 users will no longer see contacts of others."),
        (Scope.TEAM, Scope.OWN, "2 users will no longer see contacts of their team-mates."),
        (Scope.ALL, Scope.NOBODY, "2 users will no longer see contacts."),
        (Scope.NOBODY, Scope.OWN, "2 users will also see their own contacts."),
        (Scope.NOBODY, Scope.TEAM, "2 users will also see contacts of their team."),
        (Scope.NOBODY, Scope.ALL, "2 users will also see all contacts."),
        (Scope.TEAM, Scope.ALL, "2 users will also see contacts of other teams."),
    ],
)
def test_effects_are_sentences(before: Scope, after: Scope, words: str) -> None:
    reader = role("read-only")
    Right.objects.filter(role=reader, kind="contacts.contact", act=Act.SEE).update(scope=before)
    for _user in range(2):
        make_user(role="read-only")
    make_user(role="read-only", is_active=False)
    assert effects(reader, {**roles.cells_of(reader), SEE_CONTACTS: after}) == [words]


def test_what_another_role_gives_is_not_lost() -> None:
    reader = role("read-only")
    make_user(role="read-only").roles.add(role("administrator"))
    assert effects(reader, {**roles.cells_of(reader), SEE_CONTACTS: Scope.NOBODY}) == []


def test_effects_speak_french() -> None:
    reader = role("read-only")
    make_user(role="read-only")
    with translation.override("fr"):
        (words,) = effects(reader, {**roles.cells_of(reader), SEE_CONTACTS: Scope.TEAM})
    assert words == "1 utilisateur ne verra plus les contacts des autres équipes."


# ---- Roles themselves ----


def test_a_role_is_copied_with_its_rights(console: Client, dana: User) -> None:
    Role.objects.filter(slug="sales-manager").update(requires_second_factor=True)
    page = {"name_fr": "Avant-vente", "name_en": "Pre-sales", "copy_of": role("sales-manager").pk}
    console.post(reverse("console:role_create"), page)
    made = role("pre-sales")
    assert (str(made), made.requires_second_factor) == ("Pre-sales", True)
    assert roles.cells_of(made) == roles.cells_of(role("sales-manager"))
    undo(Changeset.objects.get(), by=dana)
    assert not Role.objects.filter(slug="pre-sales").exists()


def test_a_new_role_allows_nothing_and_names_may_repeat(dana: User) -> None:
    first, _changeset = roles.create_role("Stagiaire", "Trainee", copy_of=None, by=dana)
    second, _changeset = roles.create_role("Stagiaire", "Trainee", copy_of=None, by=dana)
    assert first.slug != second.slug
    assert set(roles.cells_of(first).values()) == {Scope.NOBODY}


def test_names_and_second_factor_are_saved_and_undone(console: Client, dana: User) -> None:
    rep = role("sales-rep")
    make_user("sam", role="sales-rep")
    url = reverse("console:role_edit", args=[rep.pk])
    assert "1 user with this role has none yet:" in console.get(url).text
    console.post(url, {"name_fr": "Vendeur", "name_en": "Seller", "requires_second_factor": "on"})
    rep.refresh_from_db()
    assert (rep.name_fr, rep.name_en, rep.requires_second_factor) == ("Vendeur", "Seller", True)
    undo(Changeset.objects.get(), by=dana)
    rep.refresh_from_db()
    assert (rep.name_fr, rep.requires_second_factor) == ("Commercial", False)


def test_a_role_nobody_holds_is_deleted_and_comes_back_whole(console: Client, dana: User) -> None:
    before = roles.cells_of(role("read-only"))
    console.post(reverse("console:role_remove", args=[role("read-only").pk]))
    assert not Role.objects.filter(slug="read-only").exists()
    undo(Changeset.objects.get(), by=dana)
    assert roles.cells_of(role("read-only")) == before


def test_those_who_hold_a_deleted_role_get_another(console: Client, dana: User) -> None:
    sam, both = make_user("sam", role="sales-rep"), make_user("both", role="sales-rep")
    both.roles.add(role("office-staff"))
    url = reverse("console:role_remove", args=[role("sales-rep").pk])
    asked = console.post(url)
    assert asked.status_code == 422
    assert "Choose the role" in asked.text
    console.post(url, {"replacement": role("office-staff").pk})
    for person in (sam, both):
        assert [r.slug for r in person.roles.all()] == ["office-staff"]
    undo(Changeset.objects.get(), by=dana)
    assert {r.slug for r in both.roles.all()} == {"office-staff", "sales-rep"}
    assert [r.slug for r in sam.roles.all()] == ["sales-rep"]


def test_the_last_administrators_role_cannot_be_replaced_by_one_that_is_none(dana: User) -> None:
    with pytest.raises(Refused, match="last administrator"):
        roles.remove_role(role("administrator"), replacement=role("read-only"), by=dana)
    assert User.objects.get(pk=dana.pk).is_administrator


def test_the_list_shows_each_kind_at_a_flat_cost(console: Client, django_assert_max_num_queries: object) -> None:
    url = reverse("console:role_list")
    console.get(url)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert "Sales manager" in console.get(url, {"kind": "contacts.company"}).text
    assert console.get(url, {"kind": "nonsense"}).status_code == 200
