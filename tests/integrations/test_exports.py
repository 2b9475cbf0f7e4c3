"""Lists as files: whoever may, what they may, logged; and what went out comes back without loss."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone, translation

from contacts.models import Affiliation, Company, Contact, Email, Link, Phone, PostalAddress
from crm.access.models import FieldRule, Right, Role, User
from crm.access.rights import Act, Level, Scope
from crm.records.dates import NO_YEAR
from crm.records.models import Event, Tag
from integrations import handing_out, services
from integrations.models import ExportRun, ImportRun
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
    Link.objects.create(contact=contact, url="https://www.example.com/zoe/b", title='Portfolio; "2024", bis')
    Affiliation.objects.create(contact=contact, company=make_company("Cœur & Œuvre", owner=owner), is_primary=True)
    places: list[tuple[str, dict[str, Any]]] = [
        ("Ancien; SARL", {"role": "Acheteur, puis chef", "started_on": "2015-03-04", "ended_on": "2019-12-31"}),
        ("Cœur & Œuvre", {"role": "Stagiaire", "ended_on": "2014-06-30"}),
        ("Second métier", {"role": 'Conseil "senior"', "started_on": "2020-01-01"}),
        ("Conseil", {}),
    ]
    for name, more in places:
        company = Company.objects.filter(name=name).first() or make_company(name, owner=owner)
        Affiliation.objects.create(contact=contact, company=company, **more)
    contact.tags.add(Tag.objects.create(name="VIP"), Tag.objects.create(name="Salon"))
    make_group("Prospects", owner=owner).memberships.create(contact=contact)
    return contact


def full_company(owner: User) -> Company:
    company = make_company(
        *["@Acme"],
        owner=owner,
        parent=make_company("Holding", owner=owner),
        trade_name="ACME",
        siren="732829320",
        siret="73282932000074",
        vat_number="FR44732829320",
        sector="Énergie",
        size=2822,
        turnover="-1100.50",
        founded=1996,
        website="https://www.acme.example",
        domains=["acme.example", "acme.fr"],
        notes="=1+1\n;fin",
    )
    emails = {"billing": "compta@acme.example", "work": "info@acme.example", "fax": "f@acme.example"}
    for label, address in emails.items():
        Email.objects.create(company=company, label=label, address=address, is_primary=label == "billing")
    for label, number in (("other", "+33144556678"), ("billing", "+33144556677")):
        Phone.objects.create(company=company, label=label, number=number, is_primary=label == "other")
    streets = [("delivery", "Quai; 3"), ("work", '1 "rue" A\nB'), ("delivery", "2, rue B"), ("mobile", "Camion")]
    for label, street in streets:
        PostalAddress.objects.create(
            company=company, label=label, street=street, postcode="75001", city="Paris", is_primary=street == "Quai; 3"
        )
    Link.objects.create(company=company, url="https://www.example.com/acme?a=1;b=2,3")
    company.tags.add(Tag.objects.create(name='VIP, "or"'), Tag.objects.create(name="Salon; Lyon"))
    make_group("Lyon, 2024", owner=owner).memberships.create(company=company)
    return company


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """What a record says: of several e-mails, phones and addresses the primary one first, the others in any order."""
    shown = dict(state)
    for slug in ("emails", "phones", "addresses"):
        first, *others = state[slug]
        shown[slug] = [first, *sorted(others, key=str)]
    for slug in ("companies", "jobs"):
        if slug in state:
            first = state[slug][:1] if slug == "companies" else []
            shown[slug] = [*first, *sorted(state[slug][len(first) :])]
    return {slug: sorted(value) if slug in {"tags", "groups", "links"} else value for slug, value in shown.items()}


def reimported(data: bytes, by: User, kind: str, *, commit: bool = False) -> ImportRun:
    run = services.start_import(ContentFile(data, name="x"), by=by, kind=kind)
    services.request_plan(run, run.mapping, {}, here=True)
    services.plan_import(run)
    run.refresh_from_db()
    if commit:
        services.request_commit(run, here=True)
        services.commit_import(run)
    return run


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "vcf", "jsonl"])
@pytest.mark.parametrize("slug", ["contact", "company"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_exported_comes_back_without_loss(
    page: Client, office: User, slug: str, file_format: str, language: str
) -> None:
    """Identical on coming back, and the same in an address book where it is not there any more."""
    User.objects.filter(pk=office.pk).update(language=language)
    record: Any = full_contact(office) if slug == "contact" else full_company(office)
    kind, model = ("contacts", Contact) if slug == "contact" else ("companies", Company)
    before = read_states(kind, model.objects.filter(pk=record.pk), office)[record.pk]
    data = content(page.get(f"/exports/{slug}/", {"format": file_format, "view": "all"}))
    with translation.override(language):
        same = reimported(data, office, kind)
        assert list(same.rows.values_list("errors", flat=True)) == [[]] * same.counts["total"]
        assert set(same.counts) == {"same", "total"}
        record.delete()
        reimported(data, office, "", commit=True)
    newest = model.objects.latest("pk").pk
    after = read_states(kind, model.objects.filter(pk=newest), office)[newest]
    assert comparable(after) == comparable(before)


def test_an_export_is_the_list_as_narrowed_and_is_logged(page: Client, office: User) -> None:
    make_contact("Zoé", "Martin", owner=office, lifecycle="customer")
    make_contact("Luc", "Petit", owner=office)
    data = content(page.get("/exports/contact/", {"view": "all", "lifecycle": "customer", "format": "csv"}))
    with open_table(io.BytesIO(data)) as table:
        assert [row.cells[1:3] for row in table.rows()] == [["Zoé", "Martin"]]
        assert (table.detected.encoding, table.detected.delimiter) == ("utf-8-sig", ";")
    event = Event.objects.get(verb="contact.exported")
    assert event.actor == office
    assert event.data == {"format": "csv", "count": 1, "filters": ["view=all", "lifecycle"]}


def test_the_ticked_rows_alone(page: Client, office: User) -> None:
    ticked = make_contact("Zoé", "Martin", owner=office)
    make_contact("Luc", "Petit", owner=office)
    data = content(page.post("/exports/contact/", {"pk": [ticked.pk], "query": "view=all", "format": "csv"}))
    assert b"Martin" in data
    assert b"Petit" not in data
    data = content(page.post("/exports/contact/", {"all_matching": "1", "query": "view=all&q=petit", "format": "csv"}))
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
    assert b"Martin" not in content(client.get("/exports/contact/", {"view": "all", "format": "csv"}))
    assert not Event.objects.filter(data__count=1).exists()


def test_an_unknown_list_is_not_found(page: Client) -> None:
    assert page.get("/exports/group/").status_code == 404
    assert page.get("/exports/contact/", {"view": "all", "sort": "x'--", "format": "csv"}).status_code == 200


def test_ticked_rows_are_asked_their_format(page: Client, office: User) -> None:
    ticked = make_contact("Zoé", "Martin", owner=office, job_title="Cheffe")
    asked = page.post("/exports/contact/", {"pk": [ticked.pk], "query": "view=all"})
    assert asked.status_code == 200
    assert f'name="pk" value="{ticked.pk}"' in asked.content.decode()
    assert page.post("/exports/contact/", {"pk": [ticked.pk], "format": "doc"}).status_code == 422
    form = {"pk": [ticked.pk], "query": "view=all&columns=name,job_title,created", "format": "csv"}
    options = {"columns_of": "list", "delimiter": ",", "mark": "none"}
    header, row = content(page.post("/exports/contact/", {**form, **options})).decode().splitlines()
    assert header.startswith("Nom,Fonction,")
    assert row.startswith("Zoé Martin,Cheffe,20")


def test_a_large_export_is_made_by_a_worker_and_kept(
    page: Client, office: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    monkeypatch.setattr(handing_out, "AT_ONCE", 1)
    make_contact("Zoé", "Martin", owner=office, lifecycle="customer")
    make_contact("Luc", "Petit", owner=office, lifecycle="customer")
    make_contact("Ann", "Lee", owner=office)
    answer: Any = page.get("/exports/contact/", {"view": "all", "lifecycle": "customer", "format": "jsonl"})
    assert answer.url == "/exports/"
    run = ExportRun.objects.get()
    assert b"hx-trigger" in page.get("/exports/").content
    handing_out.make_file(run.pk)
    handing_out.make_file(run.pk)
    (mail,) = mailoutbox
    assert "/exports/" in mail.body
    event = Event.objects.get(verb="contact.exported")
    assert (event.actor, event.data["count"], event.data["filters"]) == (office, 2, ["view=all", "lifecycle"])
    data = content(page.get(f"/exports/{run.pk}/file/"))
    assert {json.loads(line)["last_name"] for line in data.splitlines()} == {"Martin", "Petit"}
    run.refresh_from_db()
    client = Client()
    client.force_login(make_user("admin", role="administrator"))
    assert client.get(f"/exports/{run.pk}/file/").status_code == 404
    office.roles.set(Role.objects.filter(slug="read-only"))
    assert page.get(f"/exports/{run.pk}/file/").status_code == 403
    ExportRun.objects.update(created_at=timezone.now() - timedelta(days=8))
    handing_out.forget_exports()
    run.refresh_from_db()
    assert (run.status, run.file.name) == ("gone", "")


def test_an_export_asked_for_under_other_rights_is_not_made(page: Client, office: User) -> None:
    make_contact("Zoé", "Martin", owner=office)
    run = ExportRun(by=office, type="contact", file_format="csv", query="view=all")
    handing_out.request_export(run)
    office.team = make_team("North")
    office.save()
    handing_out.make_file(run.pk)
    run.refresh_from_db()
    assert (run.status, run.file.name) == ("failed", "")


def test_a_kept_file_is_not_handed_out_once_less_may_be_seen(page: Client, office: User) -> None:
    make_contact("Zoé", "Martin", owner=office)
    run = ExportRun(by=office, type="contact", file_format="csv", query="view=all")
    handing_out.request_export(run)
    handing_out.make_file(run.pk)
    address = f"/exports/{run.pk}/file/"
    assert b"Martin" in content(page.get(address))
    role = office.roles.get()
    rule = FieldRule.objects.create(role=role, kind="contacts.contact", field="phone", level=Level.HIDDEN)
    refused = page.get(address)
    assert refused.status_code == 403 and "exportez de nouveau" in refused.text
    rule.delete()
    assert b"Martin" in content(page.get(address))
    Right.objects.filter(role=role, kind="contacts.contact", act=Act.EXPORT).update(scope=Scope.OWN)
    assert page.get(address).status_code == 403
