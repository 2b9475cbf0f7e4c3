"""Search finds people by any words of theirs, in any order, accent or spacing, and the database keeps it in step."""

from __future__ import annotations

import pytest

from contacts.models import Company, Contact
from crm.records import services
from tests.factories import make_affiliation, make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire() -> Contact:
    contact = make_contact("Éloïse", "Lefèvre-Œuvrard", email="e.lefevre@coeur.example", phone="+33612489017")
    make_affiliation(contact, make_company("Cœur & Œuvre SARL"))
    make_contact("Marc", "Dupont")
    return contact


@pytest.mark.parametrize(
    "typed",
    [
        "elo",
        "ÉLOÏSE",
        "lefevre",
        "oeuvrard",
        "lefèvre-œ",
        "eloise lefev",
        "lefev eloise",
        "e.lefevre@co",
        "coeur.example",
        "coeur elo",
        "06 12 48",
        "06.12.48.90.17",
        "+33 6 12 48 90 17",
        "0612489017",
        "elo 0612",
        "lefevre 33612489",
        "coeur e.lefevre@coeur.example",
        "0612489017 coeur.example",
    ],
)
def test_search_finds(claire: Contact, typed: str) -> None:
    assert list(Contact.objects.search(typed)) == [claire]


@pytest.mark.parametrize("typed", ["", "  ", "zz", "eloise dupont", "%", "_", "\\", "ise", "0699"])
def test_search_does_not_find(claire: Contact, typed: str) -> None:
    assert list(Contact.objects.search(typed)) == []


def test_search_follows_every_write(claire: Contact) -> None:
    Contact.objects.filter(pk=claire.pk).update(first_name="Anne")
    assert not Contact.objects.search("eloise").exists()
    assert Contact.objects.search("anne").exists()
    Company.objects.update(name="Valmont")
    assert list(Contact.objects.search("valmont")) == [claire]
    claire.phones.all().delete()
    assert not Contact.objects.search("0612489017").exists()
    claire.affiliations.update(ended_on="2026-01-01")
    assert not Contact.objects.search("valmont").exists()
    office = make_user(role="office-staff", team=make_team())
    services.trash(Contact.objects.filter(pk=claire.pk), by=office)
    assert not Contact.objects.search("anne").exists()
