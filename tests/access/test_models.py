"""A team's group is kept in step by the database, whoever writes; who works here is versioned and undoable."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group as AuthGroup

from crm.access.models import Right, Role, Team, User
from crm.access.rights import ADMINISTRATION, Scope
from crm.records.changes import changes
from crm.records.models import Changeset
from crm.records.services import Refused, save_edit
from crm.records.undo import undo
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


def groups(user: User) -> list[str]:
    return [group.name for group in user.groups.all()]


def test_a_user_is_in_the_group_of_their_team() -> None:
    west, south = make_team("West"), make_team("South")
    user = make_user(team=west)
    assert groups(user) == ["West"]
    User.objects.filter(pk=user.pk).update(team=south)
    assert groups(user) == ["South"]
    User.objects.filter(pk=user.pk).update(team=None)
    assert groups(user) == []


def test_the_group_has_the_name_of_the_team_and_goes_with_it() -> None:
    team = make_team("West")
    Team.objects.update(name="Wild west")
    assert AuthGroup.objects.get(pk=team.group_id).name == "Wild west"
    team.delete()
    assert not AuthGroup.objects.exists()


def test_a_removed_team_comes_back_with_its_group(dana: User) -> None:
    team = make_team("West")
    key, group = team.pk, team.group_id
    with changes(dana, Changeset.Source.SETTINGS) as changeset:
        team.delete()
    undo(changeset, by=dana)
    assert Team.objects.get(pk=key).group_id == group
    assert AuthGroup.objects.get(pk=group).name == "West"


def test_what_cannot_come_back_is_named_not_a_crash(dana: User) -> None:
    team, other = make_team("West"), make_team("South")
    with changes(dana, Changeset.Source.SETTINGS) as changeset:
        Team.objects.filter(pk=team.pk).update(name="North")
        Team.objects.filter(pk=other.pk).update(name="East")
    make_team("West")
    undone = undo(changeset, by=dana)
    assert set(Team.objects.values_list("name", flat=True)) == {"North", "South", "West"}
    assert [left.why for left in undone.left] == ["Another one has the same value now, and only one may."]


def test_a_new_team_in_use_is_not_undone(dana: User) -> None:
    with changes(dana, Changeset.Source.SETTINGS) as changeset:
        team = make_team("West")
    make_user(team=team)
    with pytest.raises(Refused, match="in use"):
        undo(changeset, by=dana)
    assert Team.objects.filter(pk=team.pk).exists()


def test_rights_and_roles_of_users_are_versioned(dana: User) -> None:
    user = make_user(role="sales-rep")
    with changes(dana, Changeset.Source.SETTINGS) as changeset:
        Right.objects.filter(role__slug="sales-rep").update(scope=Scope.NOBODY)
        user.roles.set([Role.objects.get(slug="read-only")])
        User.objects.filter(pk=user.pk).update(is_active=False)
    undo(changeset, by=dana)
    user = User.objects.get(pk=user.pk)
    assert user.is_active
    assert [role.slug for role in user.roles.all()] == ["sales-rep"]
    assert user.rights.scope("contacts.contact", "see") == Scope.TEAM


def versions_of(user: User) -> int:
    return int(apps.get_model("access", "UserVersion")._default_manager.filter(pgh_obj=user).count())


def test_signing_in_is_no_version() -> None:
    user = make_user()
    before = versions_of(user)
    user.set_password("another one entirely")
    user.save()
    assert versions_of(user) == before


def test_an_undo_never_takes_the_last_administrator_away(dana: User) -> None:
    with changes(dana, Changeset.Source.SETTINGS) as promotion:
        Right.objects.filter(role__slug="office-staff", kind=ADMINISTRATION).update(scope=Scope.ALL)
    paul = make_user("paul", role="office-staff")
    User.objects.filter(pk=dana.pk).update(is_active=False)
    with pytest.raises(Refused, match="administer"):
        undo(promotion, by=User.objects.get(pk=paul.pk))
    assert list(User.objects.administrators()) == [paul]


def test_who_cannot_sign_in_is_no_administrator(dana: User) -> None:
    make_user("invited", role="administrator", password="")
    make_user("paper", role="administrator", email=None)
    make_user("gone", role="administrator", is_active=False)
    assert list(User.objects.administrators()) == [dana]


def test_only_administrators_undo_what_was_done_to_people(dana: User) -> None:
    user = make_user()
    saved = save_edit(user, {"first_name": "Ann"}, by=user)
    assert saved.changeset is not None
    with pytest.raises(Refused):
        undo(saved.changeset, by=make_user(role="sales-manager"))
    undo(saved.changeset, by=dana)
