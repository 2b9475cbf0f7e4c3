"""Bulk writes index what they wrote once, at the end, and never leave search behind the rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from contacts.models import Company, Contact, ContactEntry, Email
from contacts.search import search_later
from tests.factories import make_affiliation, make_company, make_contact

pytestmark = pytest.mark.django_db


def test_everything_written_inside_is_found_afterwards() -> None:
    with search_later():
        contact = make_contact("Soizic", "Abgrall", email="s.abgrall@example.com", phone="+33639981234")
        make_affiliation(contact, make_company("Fonderie Bretonne"))
        assert not ContactEntry.objects.exists()
    for typed in ("soizic", "s.abgrall@", "0639981234", "fonderie abg"):
        assert list(Contact.objects.search(typed)) == [contact]
    assert Company.objects.search("bretonne").exists()
    assert ContactEntry.objects.filter(t__startswith="soizic ").count() == 1


def test_after_it_rows_are_indexed_at_once_again() -> None:
    with search_later(), search_later():
        make_contact("Anne", "Martin")
    make_contact("Luc", "Dupont")
    assert Contact.objects.search("anne").exists()
    assert Contact.objects.search("luc").exists()


def test_a_failure_leaves_neither_rows_nor_entries() -> None:
    contact = make_contact("Anne", "Martin", email="a@example.com")
    with pytest.raises(IntegrityError), search_later():
        Contact.objects.filter(pk=contact.pk).update(first_name="Lise")
        Email.objects.create(contact=contact, address="a@example.com")
    assert Contact.objects.search("anne").exists()
    assert not Contact.objects.search("lise").exists()
    Contact.objects.filter(pk=contact.pk).update(first_name="Zoé")
    assert Contact.objects.search("zoe").exists()


def test_entries_are_as_few_as_find_everything() -> None:
    contact = make_contact("Jean-Baptiste", "L’Hostis", email="jb.lhostis@mail.example")
    words = {entry.t.split(" ")[0] for entry in ContactEntry.objects.filter(record=contact)}
    assert words == {
        "jean-baptiste",
        "baptiste",
        "l'hostis",
        "hostis",
        "jb.lhostis@mail.example",
        "lhostis",
        "mail.example",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "jean baptiste",
        "baptiste jean",
        "jean-baptiste l'h",
        "lhostis jean",
        "hostis bap",
        "L’Hostis Jean",
        "jean r & d",
    ],
)
def test_the_parts_of_a_name_are_words_in_any_order(typed: str) -> None:
    contact = make_contact("Jean-Baptiste", "L’Hostis", email="jb.lhostis@mail.example")
    make_affiliation(contact, make_company("Atelier R&D (Ouest)"))
    make_contact("Jean", "Martin")
    assert list(Contact.objects.search(typed)) == [contact]
