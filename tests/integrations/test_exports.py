"""Lists as files: whoever may, what they may, logged; and what went out comes back without loss."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation

from contacts.models import Affiliation, Company, Contact, Email, Link, Phone, PostalAddress
from crm.access.models import User
from crm.records.dates import NO_YEAR
from crm.records.models import Event, Tag
from integrations import services
from integrations.models import ImportRun
from integrations.reading import open_table
from integrations.states import read_states
from tests.factories import make_company, make_contact, make_group, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return make_user("office", role="office-staff", language="fr")


@pytest.fixture
def page(client: Client, office: User, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(office)
    return client


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def full_contact(owner: User) -> Contact:
    contact = make_contact(
        *("=Zoë", "O'Brien"),
        owner=owner,
        civility="ms",
        job_title="+Directrice",
        department="Achats",
        birthday=f"{NO_YEAR}-03-14",
        language="fr",
        lifecycle="customer",
        source="Salon",
        consent="withdrawn",
        do_not_call=True,
        notes='ligne 1\nligne 2; "citée"',
    )
    contact.refresh_from_db()
    for label, address in (("work", "zoe@x.example"), ("home", "zoe@y.example")):
        Email.objects.create(contact=contact, label=label, address=address, is_primary=label == "work")
    for label, number in (("mobile", "+33612345678"), ("work", "+442079460958"), ("fax", "+33144556677")):
        Phone.objects.create(contact=contact, label=label, number=number)
    PostalAddress.objects.create(
        contact=contact, label="home", street="3 bis, rue\nBât. B", postcode="01000", city="Bourg", country="France"
    )
    Link.objects.create(contact=contact, url="https://www.example.com/zoe")
    Affiliation.objects.create(contact=contact, company=make_company("Cœur & Œuvre", owner=owner), is_primary=True)
    contact.tags.add(Tag.objects.create(name="VIP"), Tag.objects.create(name="Salon"))
    make_group("Prospects", owner=owner).memberships.create(contact=contact)
    return contact


def in_any_order(state: dict[str, Any]) -> dict[str, Any]:
    return {slug: sorted(value) if slug in {"phones", "tags"} else value for slug, value in state.items()}


def reimported(data: bytes, by: User, name: str) -> ImportRun:
    run = services.start_import(ContentFile(data, name=name), by=by)
    services.request_plan(run, run.mapping, {})
    services.plan_import(run)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "vcf"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_contacts_come_back_without_loss(page: Client, office: User, file_format: str, language: str) -> None:
    User.objects.filter(pk=office.pk).update(language=language)
    contact = full_contact(office)
    before = read_states("contacts", Contact.objects.filter(pk=contact.pk), office)[contact.pk]
    data = content(page.get("/exports/contact/", {"format": file_format, "view": "all"}))
    with translation.override(language):
        assert reimported(data, office, f"x.{file_format}").counts == {"same": 1, "total": 1}
        contact.delete()
        run = reimported(data, office, f"x.{file_format}")
        services.request_commit(run)
        services.commit_import(run)
    (after,) = read_states("contacts", Contact.objects.all(), office).values()
    assert in_any_order(after) == in_any_order(before)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_companies_come_back_without_loss(page: Client, office: User, file_format: str) -> None:
    parent = make_company("Holding", owner=office)
    company = make_company(
        *["@Acme"],
        owner=office,
        parent=parent,
        trade_name="ACME",
        siren="732829320",
        siret="73282932000074",
        vat_number="FR44732829320",
        sector="Énergie",
        size=2822,
        turnover="-1100.50",
        founded=1996,
        website="https://www.acme.example",
        domains=["acme.example"],
        notes="=1+1",
    )
    PostalAddress.objects.create(company=company, label="billing", street="1 rue A", postcode="75001", city="Paris")
    before = read_states("companies", Company.objects.filter(pk=company.pk), office)[company.pk]
    data = content(page.get("/exports/company/", {"format": file_format, "view": "all"}))
    assert reimported(data, office, "x").counts == {"same": 2, "total": 2}
    company.delete()
    run = reimported(data, office, "x")
    services.request_commit(run)
    services.commit_import(run)
    after = read_states("companies", Company.objects.filter(name="@Acme"), office)
    assert list(after.values()) == [before]


def test_an_export_is_the_list_as_narrowed_and_is_logged(page: Client, office: User) -> None:
    make_contact("Zoé", "Martin", owner=office, lifecycle="customer")
    make_contact("Luc", "Petit", owner=office)
    data = content(page.get("/exports/contact/", {"view": "all", "lifecycle": "customer"}))
    with open_table(io.BytesIO(data)) as table:
        assert [row.cells[1:3] for row in table.rows()] == [["Zoé", "Martin"]]
        assert (table.detected.encoding, table.detected.delimiter) == ("utf-8-sig", ";")
    event = Event.objects.get(verb="contact.exported")
    assert event.actor == office
    assert event.data == {"format": "csv", "count": 1, "filters": ["view=all", "lifecycle"]}


def test_the_ticked_rows_alone(page: Client, office: User) -> None:
    ticked = make_contact("Zoé", "Martin", owner=office)
    make_contact("Luc", "Petit", owner=office)
    data = content(page.post("/exports/contact/", {"pk": [ticked.pk], "query": "view=all"}))
    assert b"Martin" in data
    assert b"Petit" not in data
    data = content(page.post("/exports/contact/", {"all_matching": "1", "query": "view=all&q=petit"}))
    assert b"Martin" not in data
    assert b"Petit" in data


def test_no_right_no_file(client: Client) -> None:
    west = make_team("West")
    mine = make_contact("Zoé", "Martin", owner=make_user("mate", team=west), team=west)
    for role in ("sales-rep", "read-only"):
        client.force_login(make_user(role.replace("-", ""), role=role, team=west))
        assert client.get("/exports/contact/").status_code == 403
        assert client.post("/exports/contact/", {"pk": [mine.pk]}).status_code == 403
    client.force_login(make_user("manager", role="sales-manager", team=make_team("South")))
    assert b"Martin" not in content(client.get("/exports/contact/", {"view": "all"}))
    assert not Event.objects.filter(data__count=1).exists()


def test_an_unknown_list_is_not_found(page: Client) -> None:
    assert page.get("/exports/group/").status_code == 404
    assert page.get("/exports/contact/", {"view": "all", "sort": "x'--"}).status_code == 200
