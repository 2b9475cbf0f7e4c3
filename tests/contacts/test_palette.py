"""The palette before anything is typed shows the records one was with last, and only those one still sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from contacts.models import Company, Contact
from crm.access.models import User
from crm.records import services
from crm.records.models import Tag
from crm.ui import palette
from tests.factories import make_company, make_contact, make_deal, make_team, make_user

pytestmark = pytest.mark.django_db


def recent(user: User) -> list[str]:
    return [result.label for result in palette.recent_results(User.objects.get(pk=user.pk))]


def test_what_was_opened_last_comes_first_each_once(client: Client) -> None:
    rep, mate = make_user(team=make_team()), make_user(team=make_team())
    anne, luc = make_contact("Anne", "Martin", owner=rep), make_contact("Luc", "Dupont", owner=rep)
    firm = make_company("Valmont", owner=rep)
    client.force_login(rep)
    for record in (anne, luc, firm, anne):
        assert client.get(record.get_absolute_url()).status_code == 200
    assert recent(rep) == ["Anne Martin", "Valmont", "Luc Dupont"]
    assert recent(mate) == []
    page = client.get("/palette/", headers={"HX-Request": "true", "HX-Target": "div#palette-results"}).text
    assert page.index("Anne Martin") < page.index("Valmont") < page.index("Luc Dupont")
    assert "Anne Martin" not in client.get("/palette/", {"q": "valm"}).text


def test_what_was_edited_is_recent_too_even_when_the_cache_was_emptied(client: Client) -> None:
    rep = make_user(team=make_team())
    opened, edited = make_contact("Luc", "Dupont", owner=rep), make_contact("Anne", "Martin", owner=rep)
    client.force_login(rep)
    client.get(opened.get_absolute_url())
    services.save_edit(edited, {"job_title": "Directrice"}, by=rep)
    assert recent(rep) == ["Anne Martin", "Luc Dupont"]
    cache.clear()
    assert recent(rep) == ["Anne Martin"]


def test_what_is_deleted_or_no_longer_seen_vanishes(client: Client) -> None:
    rep, other = make_user(team=make_team()), make_user(team=make_team())
    kept, trashed, given = (make_contact("Anne", name, owner=rep) for name in ("Kept", "Trashed", "Given"))
    client.force_login(rep)
    for contact in (kept, trashed, given):
        client.get(contact.get_absolute_url())
    services.trash(Contact.objects.deletable_by(rep).filter(pk=trashed.pk), by=rep)
    services.assign(Contact.objects.editable_by(rep).filter(pk=given.pk), other, by=rep)
    assert recent(rep) == ["Anne Kept"]


def test_looking_at_parts_of_pages_is_not_opening_them(client: Client) -> None:
    rep = make_user(team=make_team())
    contact = make_contact("Anne", "Martin", owner=rep)
    client.force_login(rep)
    client.get(contact.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "div#record-timeline"})
    client.get(f"{contact.get_absolute_url()}preview/")
    assert recent(rep) == []


def found(user: User, typed: str) -> list[tuple[str, str]]:
    groups = palette.find(User.objects.get(pk=user.pk), typed)
    return [(result.label, result.url) for group in groups for result in group.results if result.icon != "user-plus"]


def test_categories_are_found_and_narrow_what_other_words_find() -> None:
    rep = make_user(team=make_team())
    tag = Tag.objects.create(name="Salon d’Été 2025")
    wanted, other = make_contact("Anne", "Martin", owner=rep), make_contact("Luc", "Martin", owner=rep)
    firm = make_company("Salon Martinet", owner=rep)
    services.add_tag(Contact.objects.filter(pk=wanted.pk), tag, by=rep)
    services.add_tag(Company.objects.all(), tag, by=rep)
    assert found(rep, "ete salon") == [
        ("Salon d’Été 2025", f"/contacts/?tags={tag.pk}"),
        ("Salon d’Été 2025", f"/companies/?tags={tag.pk}"),
    ]
    assert found(rep, "martin salon") == [
        ("Anne Martin", wanted.get_absolute_url()),
        ("Salon Martinet", firm.get_absolute_url()),
    ]
    assert found(rep, "2025 martin")[0] == ("Anne Martin", wanted.get_absolute_url())
    assert other.get_absolute_url() not in [url for _label, url in found(rep, "martin 2025")]
    assert list(Contact.objects.search("martin salon")) == [wanted]


def test_it_costs_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    rep = make_user(team=make_team())
    client.force_login(rep)
    for n in range(25):
        client.get(make_contact("Anne", f"Nom{n}", owner=rep).get_absolute_url())
    client.get(make_company("Valmont", owner=rep).get_absolute_url())
    with django_assert_max_num_queries(9):
        page = client.get("/palette/", headers={"HX-Request": "true", "HX-Target": "div#palette-results"}).text
    assert page.count("Anne Nom") == palette.RECENT_SHOWN - 1


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ("ma", 11),
        ("martin", 10),
        ("anne mart", 9),
        ("martzq", 12),
        ("martni", 12),
        ("matrin anne", 11),
        ("zqzqzqzq zqzqzqzq", 7),
    ],
)
def test_typing_costs_few_statements_also_where_nothing_is_found(
    client: Client, django_assert_max_num_queries: Any, typed: str, most: int
) -> None:
    team, owner = make_team(), make_user(team=make_team())
    rep = make_user(team=team)
    for name in ("Martin", "Martinet", "Marin"):
        make_contact("Anne", name, owner=rep)
        services.share(make_contact("Luc", name, owner=owner), by=owner, person=rep, edit=False)
        make_company(f"{name} et fils", owner=rep)
        make_deal(f"Toiture {name} Anne", owner=rep)
    client.force_login(rep)
    headers = {"HX-Request": "true", "HX-Target": "div#palette-results"}
    client.get("/palette/", headers=headers)  # Which notes the session.
    cache.delete("palette:tags")
    with django_assert_max_num_queries(most):
        client.get("/palette/", {"q": typed}, headers=headers)
