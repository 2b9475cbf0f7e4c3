"""Small typing errors are forgiven where nothing is found, and never show more than the door lets through."""

from __future__ import annotations

import pytest

from contacts.models import Company, CompanyEntry, Contact, ContactEntry
from contacts.search import search_later
from crm.access.models import User
from crm.records.models import WordEntry
from crm.records.search import words_of
from crm.records.spelling import one_step_from, other_wordings, tidy_words
from crm.ui import palette
from tests.factories import make_affiliation, make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> User:
    """Somebody who sees two people and a firm; there are others whom they do not see."""
    user = make_user(team=make_team())
    claire = make_contact("Claire-Éloïse", "Le Goff", owner=user, email="c.legoff@example.com")
    make_affiliation(claire, make_company("Fonderie Quéméneur", owner=user))
    make_contact("Marc", "Martin", owner=user)
    make_contact("Jean-Baptiste", "L’Hostis", owner=user)
    make_contact("Zoé", "Marvin", owner=make_user(team=make_team()))
    return user


def found(user: User, typed: str) -> set[str]:
    groups = palette.find(User.objects.get(pk=user.pk), typed)
    return {result.label for group in groups for result in group.results if result.who}


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("martni", "Marc Martin"),
        ("matin", "Marc Martin"),
        ("marrtin", "Marc Martin"),
        ("mertin", "Marc Martin"),
        ("Mrat", "Marc Martin"),
        ("nartin", "Marc Martin"),
        ("marc martni", "Marc Martin"),
        ("MARTNI marc", "Marc Martin"),
        ("marcmartin", "Marc Martin"),
        ("legoff", "Claire-Éloïse Le Goff"),
        ("claire el", "Claire-Éloïse Le Goff"),
        ("claireeloise", "Claire-Éloïse Le Goff"),
        ("clair eloise", "Claire-Éloïse Le Goff"),
        ("fondrie", "Fonderie Quéméneur"),
        ("baptise jean", "Jean-Baptiste L’Hostis"),
        ("quemeneurre", "Fonderie Quéméneur"),
        ("fondre quemneur", "Fonderie Quéméneur"),
        ("fonde rie", "Fonderie Quéméneur"),
    ],
)
def test_a_slip_is_forgiven(rep: User, typed: str, label: str) -> None:
    assert label in found(rep, typed)


@pytest.mark.parametrize("typed", ["zzzz", "bonjour", "mxrxin", "marc goff", "06 99 99", "x@y.example", "a'-b", "ma"])
def test_something_else_is_not_taken_for_a_slip(rep: User, typed: str) -> None:
    assert found(rep, typed) <= {"Marc Martin", "Claire-Éloïse Le Goff"}
    assert typed == "ma" or not found(rep, typed)


def test_nobody_finds_by_a_slip_what_they_do_not_see(rep: User) -> None:
    assert found(rep, "marvni") == set()
    assert found(make_user(role="read-only"), "marvni") == {"Zoé Marvin"}


def test_what_is_found_as_typed_is_not_mixed_with_guesses(rep: User) -> None:
    make_contact("Luc", "Martni", owner=rep)
    assert found(rep, "martni") == {"Luc Martni"}


def test_the_heading_says_that_it_is_a_guess(rep: User) -> None:
    titles = [str(group.title) for group in palette.find(rep, "martni")]
    assert titles[0] == "Contacts, spelt otherwise"


def test_the_likeliest_slip_comes_first_and_few_are_tried(rep: User) -> None:
    for name in ("Marten", "Mardin", "Partin", "Martini", "Marton", "Mar"):
        make_contact("Luc", name, owner=rep)
    assert other_wordings(["matrin"])[0] == ["martin"]
    assert ["martin"] in other_wordings(["martn"])[:4]
    assert len(other_wordings(["mxrtin", "clxire"])) <= 8


def test_one_step_is_one_letter_or_two_swapped() -> None:
    near = dict(one_step_from("smtih"))
    assert {"smith", "mtih", "smtihh", "smtxh", "xsmtih"} <= set(near)
    assert not {"smtih", "smiht", "smith "} & set(near)
    assert near["smith"] < near["mtih"]


@pytest.mark.parametrize("typed", ["%", "_" * 30, "a" * 200, "日本語", "Ωmega-’", "'''' ----"])
def test_odd_words_are_answered(rep: User, typed: str) -> None:
    assert found(rep, typed) == set()


def vocabulary() -> list[str]:
    return sorted(WordEntry.objects.values_list("word", flat=True))


def test_the_vocabulary_follows_every_write_and_is_tidied() -> None:
    with search_later():
        contact = make_contact("Anne", "Abgrall", email="anne.abgrall@example.com", phone="+33639981234")
        make_contact("Anne", "Zola")
    assert vocabulary() == ["abgrall", "anne", "zola"]
    Contact.objects.filter(pk=contact.pk).update(last_name="Kerbrat")
    Company.objects.bulk_create([Company(name="Forges")])
    assert {"kerbrat", "forges"} < set(vocabulary())
    WordEntry.objects.filter(word="zola").delete()
    WordEntry.objects.create(word="anne")
    assert tidy_words([ContactEntry, CompanyEntry]) == 2
    assert vocabulary() == ["abgrall", "anne", "forges", "kerbrat", "zola"]
    contact.emails.all().delete()
    assert tidy_words([ContactEntry, CompanyEntry]) == 1
    assert "abgrall" not in vocabulary()
    assert tidy_words([ContactEntry, CompanyEntry]) == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Éloïse  LE goff", ["eloise", "le", "goff"]),
        ("06 12.48-90/17", ["0612489017"]),
        ("+33 (0)6 12 48", ["3361248"]),
        ("0033 6 12", ["33612"]),
        ("06 12.", ["0612"]),
        ("martin 06 12 48", ["martin", "061248"]),
        ("06 12 48 martin", ["061248", "martin"]),
        ("studio 54", ["studio", "54"]),
        ("lot 12-14", ["lot", "12-14"]),
        ("+336", ["336"]),
    ],
)
def test_words_and_numbers_are_told_apart(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words
