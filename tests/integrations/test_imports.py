"""The pages of an import: every step, every refusal, and nobody else's business."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from crm.access.models import User
from crm.records.models import Organisation
from integrations import services
from integrations.models import ImportRun
from integrations.reading import open_table
from tests.factories import make_contact, make_team, make_user
from tests.servers import wait_until

pytestmark = pytest.mark.django_db
CREATE = "/imports/new/"


@pytest.fixture(autouse=True)
def _storage(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))  # for the worker


@pytest.fixture
def rep() -> User:
    return make_user("rep", team=make_team("Sales"), language="en")


@pytest.fixture
def page(client: Client, rep: User) -> Client:
    client.force_login(rep)
    return client


def upload(page: Client, data: bytes | str, kind: str = "") -> Any:
    content = data if isinstance(data, bytes) else data.encode()
    return page.post(CREATE, {"file": SimpleUploadedFile("people.csv", content), "kind": kind})


def mapped(page: Client, data: bytes | str, kind: str = "", **over: Any) -> ImportRun:
    """Hand in a file and send the columns as proposed."""
    assert upload(page, data, kind).status_code == 303
    run = ImportRun.objects.latest("pk")
    response = page.post(reverse("integrations:import_map", args=[run.pk]), fields(run) | over)
    assert response.status_code == 303, response.content.decode()
    run.refresh_from_db()
    return run


def fields(run: ImportRun) -> dict[str, Any]:
    return {"on_match": "fill"} | {f"field-{column}": slug for column, slug in enumerate(run.mapping)}


def test_the_whole_way(page: Client) -> None:
    run = mapped(page, "Prénom;Nom;E-mail\nZoë;Martin;zoe@x.example\nLuc;;luc@\n", tags="Salon, VIP")
    detail = run.get_absolute_url()
    assert "being checked" in page.get(detail).content.decode()
    services.plan_import(run)
    text = page.get(detail).content.decode()
    assert "Import 1 row" in text
    assert "luc@" in text
    assert "Complete “luc@” with its domain" in text
    assert not Contact.objects.exists()
    assert page.post(reverse("integrations:import_commit", args=[run.pk])).status_code == 303
    run.refresh_from_db()
    assert "0 of 1 rows written" in page.get(detail).content.decode()
    services.commit_import(run)
    text = page.get(detail).content.decode()
    contact = Contact.objects.get()
    assert contact.get_absolute_url() in text
    assert sorted(tag.name for tag in contact.tags.all()) == ["Salon", "VIP"]
    assert page.post(reverse("integrations:import_undo", args=[run.pk])).status_code == 303
    run.refresh_from_db()
    services.undo_import(run)
    assert "This import was undone" in page.get(detail).content.decode()
    assert not Contact.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_a_worker_does_the_work(page: Client, data_dir: Path) -> None:
    def status() -> str:
        return ImportRun.objects.get(pk=run.pk).status

    run = mapped(page, (data_dir / "crm-sales-opportunities" / "accounts.csv").read_bytes())
    wait_until(lambda: status() == "planned")
    page.post(reverse("integrations:import_commit", args=[run.pk]))
    wait_until(lambda: status() == "done")
    assert Company.objects.count() == 85
    page.post(reverse("integrations:import_undo", args=[run.pk]))
    wait_until(lambda: status() == "undone")
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n\n", "The file is empty."),
        (b"%PDF-1.7", "PDF document"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged or cut off"),
        (bytes(range(256)) * 8, "binary data"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(page: Client, data: bytes, why: str) -> None:
    response = upload(page, data)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_over_the_limit_is_refused(page: Client) -> None:
    Organisation.objects.update(upload_limit_mb=1)
    response = upload(page, b"Nom\n" + b"a\n" * 600_000)
    assert response.status_code == 422
    assert "at most 1 MB" in response.content.decode()


def test_no_file_at_all(page: Client) -> None:
    assert page.post(CREATE, {}).status_code == 422


def test_columns_that_make_no_record_are_refused(page: Client) -> None:
    upload(page, "Nom;Ville\nA;B\n", "contacts")
    run = ImportRun.objects.get()
    url = reverse("integrations:import_map", args=[run.pk])
    response = page.post(url, fields(run) | {"field-0": ""})
    assert response.status_code == 422
    assert "at least one column that holds a name" in response.content.decode()
    response = page.post(url, fields(run) | {"field-0": "last_name", "field-1": "last_name"})
    assert "“Last name” holds one value only." in response.content.decode()
    response = page.post(url, fields(run) | {"field-1": "nonsense"})
    assert response.status_code == 422
    run.refresh_from_db()
    assert run.status == "mapping"


def test_ambiguous_dates_are_asked_once(page: Client) -> None:
    run = mapped(page, "Nom;Anniversaire\nA;03/04/1980\nB;05/06/1980\n", "contacts", **{"order-1": "mdy"})
    assert run.rules["orders"] == {"1": "mdy"}
    services.plan_import(run)
    assert [row.cleaned["birthday"] for row in run.rows.all()] == ["1980-03-04", "1980-05-06"]
    text = page.get(reverse("integrations:import_map", args=[run.pk])).content.decode()
    assert "“Anniversaire”: 03/04/1980, 05/06/1980" in text


def test_a_file_can_be_read_in_another_way(page: Client) -> None:
    upload(page, "Nom;Ville\nZoë;Nîmes\n".encode("cp1252"), "contacts")
    run = ImportRun.objects.get()
    url = reverse("integrations:import_map", args=[run.pk])
    reading = {"act": "read", "kind": "companies", "encoding": "cp1252", "delimiter": ","}
    assert page.post(url, reading).status_code == 303
    run.refresh_from_db()
    assert (run.kind, run.headers, run.choices) == (
        "companies",
        ["Nom;Ville"],
        {"encoding": "cp1252", "delimiter": ","},
    )
    assert page.post(url, reading | {"encoding": "klingon"}).status_code == 422


def test_the_failed_rows_can_be_mended_and_imported_as_they_are(page: Client) -> None:
    run = mapped(page, "Nom;E-mail\nA;a@\nB;b@x.example\nC;c@\n")
    services.plan_import(run)
    response: Any = page.get(reverse("integrations:import_failed", args=[run.pk]))
    data = b"".join(response.streaming_content)
    with open_table(io.BytesIO(data)) as table:
        assert table.headers == ["Nom", "E-mail", "Reason"]
        assert [row.cells[0] for row in table.rows()] == ["A", "C"]
    again = mapped(page, data.replace(b"a@", b"a@x.example").replace(b"c@", b"c@x.example"))
    services.plan_import(again)
    again.refresh_from_db()
    assert again.counts == {"create": 2, "total": 2}


def test_a_second_click_is_told(page: Client) -> None:
    run = mapped(page, "Nom\nA\n")
    services.plan_import(run)
    url = reverse("integrations:import_commit", args=[run.pk])
    assert page.post(url).status_code == 303
    response = page.post(url)
    assert response.status_code == 409
    assert "has gone on meanwhile" in response.content.decode()


def test_the_preview_shows_old_and_new(page: Client, rep: User) -> None:
    make_contact("Zoé", "Martin", email="zoe@x.example", owner=rep, job_title="CEO")
    run = mapped(page, "Prénom;Fonction;Tél;E-mail\nZoë;DG;0612345678;zoe@x.example\n", on_match="update")
    services.plan_import(run)
    text = page.get(run.get_absolute_url()).content.decode()
    assert "<s>CEO</s>" in text
    assert "06 12 34 56 78" in text


def test_nobody_sees_anothers_import(page: Client, client: Client) -> None:
    run = mapped(page, "Nom\nA\n")
    client.force_login(make_user("dana", role="administrator"))
    for name in ("import_detail", "import_map", "import_failed"):
        assert client.get(reverse(f"integrations:{name}", args=[run.pk])).status_code == 404
    for name in ("import_commit", "import_cancel", "import_undo"):
        assert client.post(reverse(f"integrations:{name}", args=[run.pk])).status_code == 404
    assert "people.csv" not in client.get("/imports/").content.decode()


def test_who_may_not_create_may_not_import(client: Client) -> None:
    client.force_login(make_user("reader", role="read-only"))
    assert client.get(CREATE).status_code == 403
    assert upload(client, "Nom\nA\n").status_code == 403
    assert "/imports/new/" not in client.get("/imports/").content.decode()


def test_statements_of_the_pages_are_few(page: Client, django_assert_max_num_queries: Any) -> None:
    run = mapped(page, "Nom;E-mail\n" + "".join(f"N{n};n{n}@x.example\n" for n in range(300)))
    services.plan_import(run)
    with django_assert_max_num_queries(14):
        page.get(run.get_absolute_url())


def test_a_pasted_table_is_a_file(page: Client) -> None:
    assert page.post(CREATE, {"pasted": "Prénom\tNom\tE-mail\nZoë\tMartin\tzoe@x.example\n"}).status_code == 303
    run = ImportRun.objects.get()
    assert (run.file_name, run.mapping) == ("Pasted table.txt", ["first_name", "last_name", "email"])
    response = page.post(CREATE, {"pasted": "  "})
    assert response.status_code == 422
    assert "Choose a file, or paste a table below." in response.content.decode()


def test_columns_are_remembered_for_the_next_file_with_the_same_headers(page: Client, client: Client) -> None:
    text = "Nom;Truc;E-mail\nA;Achats;a@x.example\n"
    assert upload(page, text).status_code == 303
    assert ImportRun.objects.latest("pk").mapping[1] == ""
    mapped(page, text, **{"field-1": "department", "field-2": ""})
    client.force_login(make_user("mate", language="en"))
    assert upload(client, text.replace("Achats", "Ventes")).status_code == 303
    run = ImportRun.objects.latest("pk")
    assert run.mapping[1:] == ["department", ""]
    shown = client.get(reverse("integrations:import_map", args=[run.pk])).content.decode()
    assert "as these columns were mapped before" in shown
    assert upload(client, text.replace("Truc", "Chose")).status_code == 303
    assert ImportRun.objects.latest("pk").mapping[1:] == ["", "email"]


def test_an_import_is_paused_and_goes_on(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    run = mapped(page, "Nom\n" + "".join(f"N{n}\n" for n in range(5)))
    services.plan_import(run)
    page.post(reverse("integrations:import_commit", args=[run.pk]))
    pause = reverse("integrations:import_pause", args=[run.pk])
    services.commit_import(run, after_chunk=lambda: page.post(pause))
    assert Contact.objects.count() == 2
    text = page.get(run.get_absolute_url()).content.decode()
    assert "Paused: 2 of 5 rows are written." in text
    assert page.post(pause).status_code == 409
    assert page.post(reverse("integrations:import_resume", args=[run.pk])).status_code == 303
    services.commit_import(run)
    run.refresh_from_db()
    assert (run.status, run.rows_done, Contact.objects.count()) == ("done", 5, 5)


def test_a_failed_import_starts_anew(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    run = mapped(page, "Nom;E-mail\n" + "".join(f"N{n};n{n}@x.example\n" for n in range(5)))
    services.plan_import(run)
    page.post(reverse("integrations:import_commit", args=[run.pk]))
    services.commit_import(run, after_chunk=lambda: services.fail(run.pk))
    assert Contact.objects.count() == 2
    run.refresh_from_db()
    assert page.post(reverse("integrations:import_map", args=[run.pk]), fields(run)).status_code == 303
    run.refresh_from_db()
    services.plan_import(run)
    run.refresh_from_db()
    assert run.counts == {"same": 2, "create": 3, "total": 5}
    page.post(reverse("integrations:import_commit", args=[run.pk]))
    services.commit_import(run)
    assert Contact.objects.count() == 5
