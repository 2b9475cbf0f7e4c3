"""The demo fills an empty database with records that hold together, and leaves any other alone."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from contacts.identifiers import clean_siren, clean_siret, clean_vat
from contacts.models import Affiliation, Company, Contact, Email, Phone, PostalAddress
from contacts.phones import clean_phone
from contacts.sample.demo import PASSWORD
from crm.access.models import User
from crm.records.models import Changeset, Event, EventRef
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_the_demo_is_a_firm_at_work(told: str) -> None:
    assert 230 <= Contact.objects.count() <= 280
    assert 75 <= Company.objects.count() <= 105
    assert Contact.objects.filter(language="en").count() > 10
    assert Affiliation.objects.filter(ended_on__isnull=False).count() > 5
    for model in (Company, Contact, Email, Phone, PostalAddress, Affiliation):
        for row in model._default_manager.all():
            row.full_clean(validate_unique=False, validate_constraints=False)
    for company in Company.objects.all():
        assert (company.siren, company.siret) == (clean_siren(company.siren), clean_siret(company.siret))
        assert company.vat_number == clean_vat(company.vat_number)
    for phone in Phone.objects.all():
        assert clean_phone(phone.number) == phone.number


def test_the_sign_ins_work(told: str) -> None:
    for email in User.objects.filter(email__isnull=False).values_list("email", flat=True):
        assert str(email) in told
    assert PASSWORD in told
    assert User.objects.get(email="camille@boreal.example").check_password(PASSWORD)
    assert Contact.objects.filter(owner__email__isnull=True, owner__isnull=False).exists()


def test_the_history_lies_in_the_past_and_in_order(told: str) -> None:
    now = timezone.now()
    span = Changeset.objects.order_by("created_at")
    assert (now - span[0].created_at).days >= 54
    assert not Changeset.objects.filter(created_at__gt=now).exists()
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    claire = Contact.objects.get(last_name="Fontaine", first_name="Claire")
    assert EventRef.objects.filter(type="contacts.contact", record_id=claire.pk).count() >= 8
    assert claire.created_at == span.filter(source="import")[0].created_at
    versions = claire.versions.order_by("pgh_id")  # type: ignore[attr-defined]
    assert versions[0].pgh_label == "insert"
    assert not versions.model.objects.filter(pgh_context_id__isnull=True).exists()


def test_it_does_nothing_where_somebody_works(capsys: pytest.CaptureFixture[str]) -> None:
    make_user()
    call_command("demo")
    assert Contact.objects.count() == 0
    assert "nothing was changed" in capsys.readouterr().err
