"""Teams: a tree without loops, removed when empty, undone like everything else; groups and shares in step."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group as AuthGroup
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from crm.access.models import Team, User
from crm.console.services import teams
from crm.records import services
from crm.records.models import Changeset, Event
from crm.records.services import Refused
from crm.records.undo import undo
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


@pytest.fixture
def console(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def test_a_team_is_made_with_its_group_and_undone_with_it(console: Client, dana: User) -> None:
    west = make_team("West")
    console.post(reverse("console:team_create"), {"name": "Brittany", "parent": west.pk})
    team = Team.objects.get(name="Brittany")
    assert (team.parent, team.group.name) == (west, "Brittany")
    event = Event.objects.get(verb="team.created")
    assert event.changeset is not None
    undo(event.changeset, by=dana)
    assert not AuthGroup.objects.filter(name="Brittany").exists()


def test_a_new_name_is_the_groups_name_too(console: Client) -> None:
    team = make_team("West")
    console.post(reverse("console:team_edit", args=[team.pk]), {"name": "Wild west", "parent": ""})
    team.refresh_from_db()
    assert (team.name, AuthGroup.objects.get(pk=team.group_id).name) == ("Wild west", "Wild west")


def test_a_team_moves_in_the_tree_and_what_people_see_moves_with_it(console: Client) -> None:
    west, south = make_team("West"), make_team("South")
    make_contact(owner=make_user(team=south))
    rep = make_user(team=west)
    assert not Contact.objects.visible_to(rep).exists()
    console.post(reverse("console:team_edit", args=[south.pk]), {"name": "South", "parent": west.pk})
    assert Contact.objects.visible_to(User.objects.get(pk=rep.pk)).exists()


def test_no_loops(console: Client, dana: User) -> None:
    west = make_team("West")
    brittany = make_team("Brittany", parent=west)
    brest = make_team("Brest", parent=brittany)
    for parent in (west, brittany, brest):
        answer = console.post(reverse("console:team_edit", args=[west.pk]), {"name": "West", "parent": parent.pk})
        assert answer.status_code == 422
        with pytest.raises(Refused, match="part of itself"):
            teams.edit_team(west, {"parent": parent}, by=dana)
    west.refresh_from_db()
    assert west.parent is None


def test_two_teams_cannot_share_a_name(console: Client) -> None:
    make_team("West")
    answer = console.post(reverse("console:team_create"), {"name": "West", "parent": ""})
    assert answer.status_code == 422
    assert "Another team has this name." in answer.text


@pytest.mark.parametrize("held", ["member", "team", "record", "trashed record"])
def test_only_an_empty_team_is_removed_and_what_it_holds_is_said(console: Client, held: str) -> None:
    team = make_team("West")
    words = {"member": "members (1)", "team": "teams below (1)"}.get(held, "contacts (1)")
    if held == "member":
        make_user(team=team)
    elif held == "team":
        make_team(parent=team)
    else:
        contact = make_contact(team=team)
        Contact.objects.filter(pk=contact.pk, pk__isnull=held == "record").update(trashed_at="2026-01-01T00:00Z")
    answer = console.post(reverse("console:team_remove", args=[team.pk]), follow=True)
    assert f"West is not empty: {words}." in answer.text
    assert Team.objects.filter(pk=team.pk).exists()


def test_a_removed_team_comes_back_with_its_group_and_shares(console: Client, dana: User) -> None:
    team, guest_team = make_team("West"), make_team("Brittany")
    contact = make_contact(owner=make_user(team=team))
    services.share(contact, by=dana, team=guest_team, edit=False)
    console.post(reverse("console:team_remove", args=[guest_team.pk]))
    assert not Team.objects.filter(name="Brittany").exists()
    assert not AuthGroup.objects.filter(name="Brittany").exists()
    undo(Changeset.objects.order_by("-created_at")[0], by=dana)
    guest = make_user(team=Team.objects.get(name="Brittany"))
    assert list(Contact.objects.visible_to(guest)) == [contact]


def test_the_tree_is_shown_nested_with_active_members_at_a_flat_cost(
    console: Client, django_assert_max_num_queries: object
) -> None:
    west = make_team("West")
    make_user(team=west)
    make_user(team=west, is_active=False)
    parent = west
    for number in range(20):
        parent = make_team(f"Below {number}", parent=parent)
    console.get(reverse("console:team_list"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        page = console.get(reverse("console:team_list")).text
    assert "1 member" in page
    assert page.count("Below ") >= 20
