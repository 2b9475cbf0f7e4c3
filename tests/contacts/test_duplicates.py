"""Likely duplicates among what is there: which pairs are found, why, how sure, how a search goes on after a kill."""

from __future__ import annotations

import datetime
from itertools import combinations
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from contacts.duplicates import searches
from contacts.duplicates.finding import STEPS, Step
from contacts.duplicates.reasons import CERTAIN, RULES, TAKEN_OFF, Reason, certainty, certainty_sql, words_of
from contacts.duplicates.services import say_apart
from contacts.merging import merge_companies
from contacts.models import (
    Company,
    CompanyPair,
    Contact,
    ContactApart,
    ContactPair,
    DuplicateHit,
    DuplicateSearch,
    PostalAddress,
)
from contacts.tasks import find_duplicates, resume_searches
from crm.access.models import User
from crm.records import services
from crm.records.merge import merge
from crm.records.models import Changeset
from crm.records.undo import undo
from tests.factories import make_affiliation, make_company, make_contact
from tests.servers import wait_until

pytestmark = pytest.mark.django_db
R = Reason


def search(kind: str = "contact") -> DuplicateSearch:
    begun = searches.begin_search(kind, None)
    searches.work_off(begun.pk)
    begun.refresh_from_db()
    assert (begun.status, DuplicateHit.objects.count()) == ("done", 0)
    return begun


def found(kind: str = "contact") -> dict[tuple[int, int], tuple[Reason, int]]:
    model: Any = ContactPair if kind == "contact" else CompanyPair
    rows = model.objects.values_list("one", "two", "reasons", "certainty")
    return {(one, two): (Reason(reasons), sure) for one, two, reasons, sure in rows}


def test_the_same_address_or_number_and_name_is_certain() -> None:
    one = make_contact("Zoé", "Lefèvre", email="zoe@martin.example", phone="+33639980001")
    two = make_contact("Zoe", "LEFEBVRE", email="zoe@martin.example")
    three = make_contact("Zoé", "Lefèvre", phone="+33639980001")
    make_contact("Anne", "Autre", email="anne@martin.example")
    search()
    assert found() == {
        (one.pk, two.pk): (R.EMAIL | R.SOUND, 96),
        (one.pk, three.pk): (R.PHONE | R.NAME, 97),
        (two.pk, three.pk): (R.SOUND, 50),
    }


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        (("Jean-Pierre", "Martin"), ("MARTIN", "Jean Pierre"), R.NAME),
        (("Léa", "Müller"), ("Lea", "Muller"), R.NAME),
        (("Philippe", "Thibault"), ("Phillipe", "Thibaud"), R.SOUND),
        (("Claire", "Gauthier"), ("Claire", "Gautier"), R.SOUND),
        (("Marc", "Durand"), ("Mark", "Durant"), R.SOUND),
        (("Sarah", "Smith"), ("Sara", "Smyth"), R.SOUND),
        (("Clémence", "Moreau"), ("Clemence", "Morot"), R.SOUND),
        (("Иван", "Петров"), ("ИВАН", "Петров"), R.NAME),
        (("Jean", "Marin"), ("Jeanne", "Marine"), R(0)),
        (("Claire", "Fontaine"), ("Paul", "Fontaine"), R(0)),
        (("", "Fontaine"), ("", "Fontaine"), R(0)),
    ],
)
def test_names_are_compared_as_they_are_spoken(one: tuple[str, str], two: tuple[str, str], reason: Reason) -> None:
    pair = make_contact(*one).pk, make_contact(*two).pk
    search()
    assert found() == ({pair: (reason, 60 if reason == R.NAME else 50)} if reason else {})


def test_birthday_company_and_place_make_a_name_surer_and_a_typing_error_likely() -> None:
    day = datetime.date(1980, 3, 14)
    one, two = make_contact("Bertrand", "Quémener", birthday=day), make_contact("Bertand", "Quemener", birthday=day)
    company = make_company("Valmont")
    three, four = make_contact("Solène", "Kerjean"), make_contact("Solene", "Kerjan")
    for person in (three, four):
        make_affiliation(person, company)
    five, six = make_contact("Yves", "Cariou"), make_contact("Yves", "Cariou")
    for person in (five, six):
        PostalAddress.objects.create(contact=person, postcode="29200")
    search()
    assert found() == {
        (one.pk, two.pk): (R.SPELLING | R.BIRTHDAY, 85),
        (three.pk, four.pk): (R.SOUND | R.COMPANY, 80),
        (five.pk, six.pk): (R.NAME | R.PLACE, 80),
    }


def test_what_speaks_against_it_counts_and_is_said() -> None:
    father = make_contact("Paul", "Cariou", phone="+33639980002", birthday=datetime.date(1950, 1, 1), civility="mr")
    son = make_contact("Paul", "Cariou", phone="+33639980002", birthday=datetime.date(1980, 1, 1), civility="mr")
    search()
    assert found() == {(father.pk, son.pk): (R.PHONE | R.NAME | R.OTHER_BIRTHDAY, 57)}
    words = [("Same phone number", False), ("Same name", False), ("But different birthdays", True)]
    assert words_of(R.PHONE | R.NAME | R.OTHER_BIRTHDAY) == words


def test_what_very_many_share_says_nothing() -> None:
    for n in range(21):
        make_contact("Marie", "Martin", phone="+33239980003", email="info@valmont.example", department=str(n))
    search()
    assert found() == {}


def test_companies_by_legal_identifier_domain_name_and_place() -> None:
    first = make_company("Société Valmont SA", siren="552100554", siret="55210055400013")
    second = make_company("Valmont", siren="552100554", siret="55210055400021")
    third = make_company("Groupe Tréguier", domains=["treguier.example"], website="https://www.treguier.example/fr")
    fourth = make_company("Treguier", website="http://treguier.example")
    make_company("Ailleurs", domains=["gmail.com"]), make_company("Encore", domains=["gmail.com"])
    mother = make_company("Kerlouan", domains=["kerlouan.example"])
    make_company("Kerlouan", domains=["kerlouan.example"], parent=mother)
    search("company")
    assert found("company") == {
        (first.pk, second.pk): (R.SIREN | R.NAME | R.OTHER_SITE, 71),
        (third.pk, fourth.pk): (R.DOMAIN | R.SPELLING, 85),
        (mother.pk, mother.pk + 1): (R.DOMAIN | R.NAME | R.ABOVE, 56),
    }


def test_sql_and_python_are_equally_sure() -> None:
    bits = list(Reason)
    sums = [int(a | b | c) for a, b, c in combinations(bits, 3)] + [int(bit) for bit in bits]
    for kind in RULES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT r, {certainty_sql(kind, 'r')} FROM unnest(%s::int[]) AS r", [sums])  # noqa: S608
            assert {row[0]: row[1] for row in cursor.fetchall()} == {n: certainty(kind, n) for n in sums}
    assert all(
        certainty(kind, int(need | against)) < CERTAIN
        for kind in RULES
        for need, _n in RULES[kind]
        for against in TAKEN_OFF
    )


def test_a_pair_that_is_none_any_more_goes_and_the_trash_is_not_searched(alice: User) -> None:
    one, two = make_contact("Zoé", "Martin", owner=alice), make_contact("Zoe", "Martin", owner=alice)
    gone = make_contact("Zoé", "Martin", owner=alice)
    services.trash(Contact.objects.filter(pk=gone.pk), by=alice)
    search()
    assert list(found()) == [(one.pk, two.pk)]
    kept = ContactPair.objects.get()
    search()
    assert ContactPair.objects.get().found_at == kept.found_at
    services.save_edit(two, {"last_name": "Kerjean"}, by=alice)
    search()
    assert found() == {}


def test_pairs_are_seen_only_with_both_records(alice: User, bob: User, charlie: User) -> None:
    mine, other = make_contact(owner=alice), make_contact(owner=charlie)
    twin = make_contact(owner=bob)
    search()
    assert len(found()) == 3
    seen = ContactPair.objects.visible_to(alice)
    assert list(seen.values_list("one", "two")) == [(mine.pk, twin.pk)]
    assert not ContactPair.objects.visible_to(charlie).exists()
    services.trash(Contact.objects.filter(pk=other.pk), by=charlie)


def test_not_the_same_is_remembered_follows_merges_and_can_be_undone(alice: User) -> None:
    one, two, three = (make_contact("Zoé", "Martin", email="z@m.example", owner=alice) for _n in range(3))
    search()
    said = say_apart(one, two, by=alice)
    search()

    def seen() -> list[Any]:
        return list(ContactPair.objects.visible_to(alice).order_by("one", "two").values_list("one", "two"))

    assert seen() == [(one.pk, three.pk), (two.pk, three.pk)]
    merged = merge(three, [two], by=alice)
    assert seen() == []
    undo(merged, by=alice)
    assert len(seen()) == 2
    undo(said, by=alice)
    assert (len(seen()), ContactApart.objects.count()) == (3, 0)


def test_companies_apart_follow_merges_too(alice: User) -> None:
    one, two, three = (make_company("Valmont", owner=alice, sector=str(n)) for n in range(3))
    search("company")
    say_apart(one, three, by=alice)
    merge_companies(two, [three], {}, by=alice)
    assert not CompanyPair.objects.visible_to(alice).exists()
    assert Company.objects.visible_to(alice).count() == 2


# ---- The search itself ----


def test_a_search_that_was_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = make_contact("Zoé", "Martin", email="z@m.example"), make_contact("Zoe", "Martin", email="z@m.example")
    begun = searches.begin_search("contact", None)
    for _step in range(3):
        assert searches.do_step(begun.pk)
    killed = [*STEPS["contact"]]

    def die(search: int) -> None:
        killed_step = STEPS["contact"][3]
        assert killed_step
        DuplicateHit.objects.create(search_id=search, one=one.pk, two=two.pk, reason=R.PHONE)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(STEPS, "contact", [*killed[:3], Step("", die), *killed[4:]])
        with pytest.raises(KeyboardInterrupt):
            searches.do_step(begun.pk)
    assert searches.begin_search("contact", None) == begun  # One at a time.
    searches.work_off(begun.pk)
    assert found() == {(one.pk, two.pk): (R.EMAIL | R.NAME, 99)}
    assert searches.begin_search("contact", None) != begun


def test_a_stopped_search_leaves_the_pairs_of_the_last_one() -> None:
    make_contact("Zoé", "Martin"), make_contact("Zoe", "Martin")
    search()
    before = found()
    make_contact("Zoe", "Martin")
    begun = searches.begin_search("contact", None)
    searches.do_step(begun.pk)
    assert searches.end(begun.pk, DuplicateSearch.Status.CANCELLED)
    assert not searches.do_step(begun.pk)
    assert not searches.end(begun.pk, DuplicateSearch.Status.FAILED)
    assert (found(), DuplicateHit.objects.count()) == (before, 0)


def test_who_may_search(alice: User, dana: User) -> None:
    assert [searches.may_search(user, "contact") for user in (alice, dana)] == [False, True]


def test_the_command_finds_goes_on_and_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    make_contact("Zoé", "Martin"), make_contact("Zoe", "Martin")
    searches.do_step(searches.begin_search("contact", None).pk)
    call_command("duplicates")
    said = capsys.readouterr()
    assert said.out.startswith("contacts: 1 pairs in ")
    assert "companies: 0 pairs in " in said.out
    assert said.err.startswith("contacts: 2 of 8, E-mail addresses")
    with pytest.raises(CommandError, match="neither"):
        call_command("duplicates", "groups")


@pytest.mark.django_db(transaction=True)
def test_the_night_s_search_runs_in_a_worker_and_is_resumed(worker: None) -> None:
    make_contact("Zoé", "Martin"), make_contact("Zoe", "Martin")
    find_duplicates()
    find_duplicates()
    wait_until(lambda: DuplicateSearch.objects.filter(status="done").count() == 2)
    assert DuplicateSearch.objects.count() == 2
    assert len(found()) == 1
    lost = searches.begin_search("contact", None)
    old = lost.moved_at - datetime.timedelta(minutes=3)
    DuplicateSearch.objects.filter(pk=lost.pk).update(moved_at=old)
    resume_searches()
    wait_until(lambda: DuplicateSearch.objects.get(pk=lost.pk).status == "done")


def test_said_apart_is_told_on_the_records_pages(alice: User, sign_in: Any) -> None:
    one, two = make_contact("Zoé", "Martin", owner=alice), make_contact("Zoe", "Martin", owner=alice)
    changeset = say_apart(one, two, by=alice)
    page = sign_in(alice).get(f"{one.get_absolute_url()}?whole").content.decode()
    assert "said that this record and another one are not the same" in page
    assert Changeset.objects.filter(pk=changeset.pk).exists()
