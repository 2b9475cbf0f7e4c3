"""The doors: who sees, edits, deletes and exports what, by role, team, ownership and share."""

from __future__ import annotations

import pytest

from contacts.models import Contact
from crm.access.models import Right, User
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.records import services
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """The user as the next request reads them."""
    return User.objects.get(pk=user.pk)


def test_a_rep_sees_the_team_and_the_teams_below_but_edits_own_only() -> None:
    west = make_team("West")
    brittany = make_team("Brittany", parent=west)
    rep = make_user(team=west)
    below = make_contact(owner=make_user(team=brittany))
    mine = make_contact(owner=rep)
    elsewhere = make_contact(owner=make_user(team=make_team("South")))
    orphan = make_contact()
    assert set(Contact.objects.visible_to(rep)) == {below, mine}
    assert set(Contact.objects.editable_by(rep)) == {mine}
    assert {elsewhere, orphan} <= set(Contact.objects.visible_to(make_user(role="read-only")))


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("whose", ["mine", "team", "all"])
def test_whose_records_narrows_what_is_seen_and_never_widens_it(scope: Scope, whose: str) -> None:
    west = make_team("West")
    rep = make_user(team=west)
    Right.objects.filter(role=rep.roles.get(), kind="contacts.contact", act=Act.SEE).update(scope=scope)
    mate, stranger = make_user(team=make_team("Brittany", parent=west)), make_user(team=make_team("South"))
    for owner in (rep, mate, stranger, None):
        make_contact(owner=owner)
        services.share(make_contact(owner=owner), by=stranger, person=rep, edit=False)
        services.trash(Contact.objects.filter(pk=make_contact(owner=owner).pk), by=stranger)
    former = make_contact(owner=rep, team=make_team())
    seen = Contact.objects.visible_to(fresh(rep))
    wanted = {
        "mine": seen.filter(owner=rep),
        "team": seen.filter(team__in=fresh(rep).rights.teams),
        "all": seen,
    }
    found = set(Contact.objects.visible_of(fresh(rep), whose))
    assert found == set(wanted[whose])
    assert (former in found) is (scope > Scope.NOBODY and whose != "team")


def test_a_team_below_does_not_see_the_team_above() -> None:
    west = make_team("West")
    rep = make_user(team=make_team("Brittany", parent=west))
    make_contact(owner=make_user(team=west))
    assert not Contact.objects.visible_to(rep).exists()


def test_a_record_without_owner_is_seen_by_all_only() -> None:
    orphan = make_contact()
    assert not Contact.objects.visible_to(make_user(team=make_team())).exists()
    assert list(Contact.objects.visible_to(make_user(role="administrator"))) == [orphan]


def test_the_most_permissive_role_wins() -> None:
    user = make_user(role="read-only")
    contact = make_contact()
    assert not Contact.objects.editable_by(user).exists()
    user.roles.add(make_user(role="office-staff").roles.get())
    assert list(Contact.objects.editable_by(fresh(user))) == [contact]


@pytest.mark.parametrize(("edit", "seen", "edited"), [(False, 1, 0), (True, 1, 1)])
def test_a_share_with_a_person_shows_and_edit_includes_see(edit: bool, seen: int, edited: int) -> None:
    owner, guest = make_user(team=make_team()), make_user(team=make_team())
    contact = make_contact(owner=owner)
    assert Contact.objects.visible_to(guest).count() == 0
    services.share(contact, by=owner, person=guest, edit=edit)
    assert Contact.objects.visible_to(fresh(guest)).count() == seen
    assert Contact.objects.editable_by(fresh(guest)).count() == edited
    services.unshare(contact, by=owner, person=guest)
    assert Contact.objects.visible_to(fresh(guest)).count() == 0


def test_a_share_with_a_team_reaches_the_teams_below() -> None:
    west = make_team("West")
    guest = make_user(team=make_team("Brittany", parent=west))
    owner = make_user(team=make_team("South"))
    contact = make_contact(owner=owner)
    services.share(contact, by=owner, team=west, edit=False)
    assert list(Contact.objects.visible_to(fresh(guest))) == [contact]
    assert not Contact.objects.visible_to(make_user(team=make_team("East"))).exists()


def test_export_needs_both_the_right_to_see_and_to_export() -> None:
    rep = make_user(team=make_team())
    make_contact(owner=rep)
    assert not Contact.objects.exportable_by(rep).exists()
    Right.objects.filter(role=rep.roles.get(), kind="contacts.contact", act=Act.EXPORT).update(scope=Scope.ALL)
    make_contact()
    assert Contact.objects.exportable_by(fresh(rep)).count() == 1


def test_the_trash_is_behind_the_same_door() -> None:
    rep = make_user(team=make_team())
    contact = make_contact(owner=rep)
    services.trash(Contact.objects.deletable_by(rep), by=rep)
    assert not Contact.objects.visible_to(rep).exists()
    assert list(Contact.objects.visible_to(rep, trashed=True)) == [contact]
    assert not Contact.objects.visible_to(make_user(team=make_team()), trashed=True).exists()


def test_nobody_else_gets_through(django_assert_num_queries: object) -> None:
    make_contact(owner=make_user(team=make_team()))
    inactive = make_user(role="administrator", is_active=False)
    without_role = make_user()
    without_role.roles.clear()
    for user in (inactive, without_role):
        assert not Contact.objects.visible_to(user).exists()
        assert not Contact.objects.editable_by(user).exists()


def test_permissions_are_derived_from_the_matrix() -> None:
    rep = make_user(team=make_team())
    mine, other = make_contact(owner=rep), make_contact(owner=make_user(team=rep.team))
    assert rep.has_perm("contacts.change_contact", mine)
    assert rep.has_perm("contacts.view_contact", other)
    assert not rep.has_perm("contacts.change_contact", other)
    assert not rep.has_perm("access.change_role")
    assert make_user(role="administrator").has_perm("access.change_role")


def test_administration_is_a_right_of_the_matrix() -> None:
    boss = make_user(role="sales-manager")
    assert not boss.is_administrator
    Right.objects.filter(role=boss.roles.get(), kind=ADMINISTRATION).update(scope=Scope.ALL)
    assert fresh(boss).is_administrator


def test_many_shares_open_as_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, guest = make_user(team=make_team()), make_user(team=make_team())
    shared = [make_contact(owner=owner) for _ in range(3)]
    hidden = make_contact(owner=owner)
    for contact in shared:
        services.share(contact, by=owner, person=guest, edit=False)
    services.share(shared[0], by=owner, team=guest.team, edit=True)
    for few in (200, 1, 0):
        monkeypatch.setattr("crm.access.querysets.FEW", few)
        assert set(Contact.objects.visible_to(fresh(guest))) == set(shared)
        assert set(Contact.objects.editable_by(fresh(guest))) == {shared[0]}
        rows = Contact.objects.with_acts(fresh(guest)).order_by("pk")
        assert [getattr(row, "may_edit") for row in rows] == [True, False, False, False]  # noqa: B009
    assert hidden not in Contact.objects.visible_to(fresh(guest))
