"""Search as one types finds what the user may see, the likeliest first."""

from __future__ import annotations

from typing import Any

import pytest

from contacts.models import Contact, ContactEntry
from crm.access.models import Right, User
from crm.access.rights import Act, Scope
from crm.records import frequency, search, services
from crm.records.frequency import count_beginnings, known_words, rarest_first
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def found(user: User, typed: str, limit: int = 10) -> list[Contact]:
    asked = search.Asked(User.objects.get(pk=user.pk), [search.words_of(typed)])
    return search.find(Contact.objects.all(), ContactEntry, asked, limit)


def test_own_records_come_first_then_whole_words_then_beginnings() -> None:
    team = make_team()
    rep = make_user(team=team)
    colleague = make_user(team=team)
    longer = make_contact("Luc", "Leroyer", owner=colleague)
    exact = make_contact("Zoé", "Leroy", owner=colleague)
    own = make_contact("Zoé", "Leroyal", owner=rep)
    assert found(rep, "leroy") == [own, exact, longer]
    assert found(rep, "leroy", limit=2) == [own, exact]


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.TEAM])
def test_own_records_of_a_former_team_and_of_none_are_found(scope: Scope) -> None:
    rep = make_user(team=make_team())
    Right.objects.filter(role=rep.roles.get(), kind="contacts.contact", act=Act.SEE).update(scope=scope)
    former = make_contact("Anne", "Martin", owner=rep, team=make_team())
    nowhere = make_contact("Anne", "Martineau", owner=rep, team=None)
    make_contact("Anne", "Martinet", owner=make_user(team=make_team()))
    assert found(rep, "martin") == [former, nowhere]


def test_all_is_seen_with_and_without_a_team() -> None:
    contacts = {make_contact("Anne", "Martin", owner=make_user(team=make_team())), make_contact("Luc", "Martin")}
    for team in (None, make_team()):
        assert set(found(make_user(role="read-only", team=team), "martin")) == contacts


def test_team_mates_records_are_found_and_others_are_not() -> None:
    west = make_team("West")
    below = make_contact("Anne", "Martin", owner=make_user(team=make_team("Brittany", parent=west)))
    make_contact("Anne", "Martin", owner=make_user(team=make_team("South")))
    make_contact("Anne", "Martin")
    assert found(make_user(team=west), "anne mart") == [below]


def test_what_is_shared_is_found_after_what_is_seen_anyway() -> None:
    rep, owner = make_user(team=make_team()), make_user(team=make_team())
    theirs, hidden, team_shared = (make_contact("Anne", "Abgrall", owner=owner) for _ in range(3))
    own = make_contact("Anne", "Zola", owner=rep)
    services.share(theirs, by=owner, person=rep, edit=False)
    services.share(team_shared, by=owner, team=rep.team, edit=True)
    assert found(rep, "anne") == [own, theirs, team_shared]
    assert hidden not in found(rep, "anne")
    assert found(rep, "anne", limit=1) == [own]


def test_who_sees_nobody_s_finds_only_what_is_shared() -> None:
    owner, guest = make_user(team=make_team()), make_user(team=make_team())
    guest.roles.clear()
    contact = make_contact("Anne", "Abgrall", owner=owner)
    make_contact("Anne", "Abgrall", owner=guest)
    services.share(contact, by=owner, person=guest, edit=False)
    assert found(guest, "abg") == [contact]


def test_what_lies_in_the_trash_is_not_found() -> None:
    rep = make_user(team=make_team())
    make_contact("Anne", "Abgrall", owner=rep)
    services.trash(Contact.objects.deletable_by(rep), by=rep)
    assert found(rep, "abgrall") == []


def test_the_rarest_word_leads() -> None:
    boss = make_user(role="read-only")
    for n in range(3):
        make_contact("Marie", f"Nom{n}")
    wanted = make_contact("Marie", "Quéméner")
    known = known_words([ContactEntry], ["marie", "quem", "zz"], [0])[ContactEntry].values()
    assert [(word.text, word.count) for word in rarest_first(known)] == [("zz", 0), ("quem", 1), ("marie", 4)]
    assert found(boss, "marie quem") == [wanted]
    assert found(boss, "quem marie") == [wanted]


def test_of_frequent_words_last_night_s_count_says_which_is_rarer(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (frequency, search):
        monkeypatch.setattr(module, "PROBED", 2)
    west = make_team()
    rep, owner = make_user(team=west), make_user(team=make_team())
    wanted = [
        make_contact("Marie", "Quéméner", owner=rep),
        make_contact("Quentin", "Marec", owner=make_user(team=west)),
        make_contact("Marie", "Quesnel", owner=rep, team=owner.team),
        make_contact("Marion", "Quéré", owner=owner),
    ]
    for n in range(3):
        make_contact("Marie", f"Nom{n}", owner=rep)
    services.share(wanted[3], by=owner, person=rep, edit=False)
    assert count_beginnings([ContactEntry]) > 0
    known = known_words([ContactEntry], ["mar", "que", "quem"], [0, west.pk])[ContactEntry].values()
    assert [(word.text, word.count) for word in rarest_first(known)] == [("quem", 1), ("que", 4), ("mar", 7)]
    for at_once in (search.READ_AT_ONCE, 0):
        monkeypatch.setattr(search, "READ_AT_ONCE", at_once)
        assert found(rep, "mar que") == wanted
        assert found(make_user(role="read-only"), "mar que", limit=4) != []
        assert found(owner, "mar que") == [wanted[3], wanted[2]]


@pytest.mark.parametrize("typed", ["%", "_", "100%", "a_b", "\\", "ma%in lu_"])
def test_signs_of_patterns_mean_themselves(typed: str) -> None:
    make_contact("Luc", "Martin")
    wanted = make_contact("Luc", "Ma%in-lu_ 100% a_b \\ %")
    assert set(found(make_user(role="read-only"), typed)) <= {wanted}


@pytest.mark.parametrize(("few", "many"), [(200, 5000), (1, 5000), (0, 0)])
def test_a_list_is_searched_the_same_however_many_carry_the_words(
    monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "MANY", many)
    west = make_team()
    rep, owner = make_user(team=west), make_user(team=make_team())
    own = make_contact("Anne", "Martin", owner=rep, team=make_team())
    mate = make_contact("Anne", "Martineau", owner=make_user(team=west))
    theirs = make_contact("Anne", "Martinet", owner=owner)
    make_contact("Luc", "Martin", owner=rep)

    def listed() -> set[Contact]:
        fresh = User.objects.get(pk=rep.pk)
        assert set(Contact.objects.search("anne mart")) == {own, mate, theirs}
        rows: Any = Contact.objects.visible_to(fresh)
        return set(rows.search("anne mart", fresh))

    assert listed() == {own, mate}
    services.share(theirs, by=owner, person=rep, edit=False)
    assert listed() == {own, mate, theirs}
