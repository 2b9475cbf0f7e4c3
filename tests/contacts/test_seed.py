"""Seeding writes believable rows that hold together, the same for the same seed."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from contacts.identifiers import clean_siren, clean_siret, clean_vat
from contacts.models import Affiliation, Company, Contact, ContactEntry, Email, Phone, PostalAddress
from contacts.phones import clean_phone, phone_digits
from contacts.sample.demo import PASSWORD
from crm.access.models import User
from crm.records.models import EventRef

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded() -> None:
    call_command("seed", contacts=400, companies=60, users=12, verbosity=0)


def test_as_many_as_asked_and_all_found() -> None:
    assert (Contact.objects.count(), Company.objects.count(), User.objects.count()) == (400, 60, 12)
    assert ContactEntry.objects.values("record").distinct().count() == 400
    contact = Contact.objects.filter(first_name="Marie").first()
    assert contact in Contact.objects.search(f"marie {contact.last_name}" if contact else "")
    assert EventRef.objects.filter(type="contacts.contact").count() == 400


def test_rows_are_valid() -> None:
    for model in (Company, Contact, Email, Phone, PostalAddress, Affiliation):
        for row in model._default_manager.all():
            row.full_clean(validate_unique=False, validate_constraints=False)
    for company in Company.objects.exclude(siren=""):
        assert (company.siren, company.siret) == (clean_siren(company.siren), clean_siret(company.siret))
        assert company.vat_number == clean_vat(company.vat_number)
    for phone in Phone.objects.all():
        assert phone.digits.split() == phone_digits(phone.number)
        assert clean_phone(phone.number) == phone.number
    for email in Email.objects.all():
        assert email.address == email.address.lower()
    for contact in Contact.objects.exclude(owner=None).select_related("owner"):
        assert contact.owner is None or contact.team_id == contact.owner.team_id
        assert contact.created_at <= contact.touched_at


def test_it_has_gaps_twins_and_skew() -> None:
    assert 0 < Contact.objects.filter(emails=None).count() < 200
    assert Contact.objects.filter(owner=None).exists()
    assert Contact.objects.filter(first_name="").exists()
    assert Contact.objects.filter(language="en").count() > 40
    owned = [Contact.objects.filter(owner=user).count() for user in User.objects.filter(roles__slug="sales-rep")]
    assert max(owned) > 3 * min(owned)


def test_the_same_seed_gives_the_same_people() -> None:
    first = list(Contact.objects.order_by("pk").values_list("first_name", "last_name", "job_title"))
    call_command("seed", contacts=400, companies=60, verbosity=0)
    again = Contact.objects.order_by("pk").values_list("first_name", "last_name", "job_title")[400:]
    assert first == list(again)


def test_the_sign_in_works() -> None:
    assert User.objects.get(email="rep1@seed.example").check_password(PASSWORD)
