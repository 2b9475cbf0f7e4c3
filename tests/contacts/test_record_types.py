"""Filters about what records are tied to find them, as far as the viewer may see what they are tied to."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from contacts.models import Membership, PostalAddress
from crm.access.models import User
from crm.lists.fields import record_type
from crm.lists.state import read_state
from crm.records.models import Tag
from tests.factories import make_affiliation, make_company, make_contact, make_group


def found_by(query: str, user: Any, slug: str = "contact") -> set[str]:
    """Names of what a list's address finds; nothing of it may be left out."""
    state = read_state(QueryDict(query), record_type(slug), user)
    assert not state.problems
    return {str(row).split()[0] for row in state.rows()}


def test_people_are_found_by_what_is_known_of_their_company(alice: User, bob: User, charlie: User) -> None:
    tag, group = Tag.objects.create(name="Fair"), make_group(owner=alice)
    nantes, hidden = make_company("Nantes SA", owner=bob), make_company("Hidden", owner=charlie)
    for company in (nantes, hidden):
        PostalAddress.objects.create(company=company, city="Nantes")
        company.tags.add(tag)
        Membership.objects.create(group=group, company=company)
    ann, ben, cyd = (make_contact(name, owner=alice) for name in ("Ann", "Ben", "Cyd"))
    make_affiliation(ann, nantes)
    make_affiliation(ben, hidden)
    make_affiliation(cyd, nantes, ended_on="2020-01-01")
    for query in (
        "company_city__contains=nant",
        f"company_owner={bob.pk}",
        f"company_tags={tag.pk}",
        f"company_group={group.pk}",
    ):
        assert found_by(f"view=all&{query}", alice) == {"Ann"}, query
    assert found_by("view=all&company_city__without=nant", alice) == {"Ben", "Cyd"}


def test_companies_are_found_by_their_people(alice: User, charlie: User) -> None:
    full, _empty, left, strange = (make_company(name, owner=alice) for name in ("Full", "Empty", "Left", "Strange"))
    make_affiliation(make_contact(owner=alice), full, role="Buyer")
    make_affiliation(make_contact(owner=alice), left, role="Buyer", ended_on="2020-01-01")
    make_affiliation(make_contact(owner=charlie), strange, role="Buyer")
    assert found_by("has_contacts=1", alice, "company") == {"Full"}
    assert found_by("has_contacts=0", alice, "company") == {"Empty", "Left", "Strange"}
    assert found_by("contact_role__contains=buy", alice, "company") == {"Full"}
    assert found_by("contact_role__contains=sell", alice, "company") == set()
