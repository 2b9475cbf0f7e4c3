"""`manage.py import` and `undo`: the real files from a shell, without a worker."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Company, Contact
from crm.access.models import User
from integrations.models import ImportRun
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
KEYS = [
    *("detected", "mapping", "rows", "created", "updated", "identical", "skipped", "failed", "errors", "changeset"),
]


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def rep() -> User:
    return make_user("rep", team=make_team("Sales"), language="en")


def run(by: User, *words: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import", *map(str, words), "--as", by.email, "--json", stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue())
    assert list(result) == KEYS
    return result


def take_back(by: User, changeset: str) -> str:
    out = io.StringIO()
    call_command("undo", str(changeset), "--as", by.email, stdout=out)
    return out.getvalue()


def test_accounts_from_a_shell_and_back(data_dir: Path, rep: User) -> None:
    path = data_dir / "crm-sales-opportunities" / "accounts.csv"
    tried = run(rep, "companies", path, "--dry-run")
    assert (tried["rows"], tried["created"], tried["failed"], tried["changeset"]) == (85, 85, 0, None)
    assert not Company.objects.exists()
    assert not ImportRun.objects.exists()
    done = run(rep, "companies", path, "--mapping", "auto")
    assert done["detected"] == {"encoding": "utf-8", "delimiter": ",", "preset": "generic"}
    assert done["mapping"]["account"] == "name"
    assert (done["created"], Company.objects.count()) == (85, 85)
    again = run(rep, "companies", path, "--match", "name", "--on-match", "update")
    assert (again["identical"], again["changeset"]) == (85, None)
    assert take_back(rep, done["changeset"]).startswith("Undone: ")
    assert not Company.objects.exists()
    with pytest.raises(CommandError, match="undone already"):
        take_back(rep, done["changeset"])
    with pytest.raises(CommandError, match="no changeset 12"):
        take_back(rep, "12")


@pytest.mark.parametrize(
    "name",
    [
        *("excel_fr_sep_line", "google_contacts_2024", "google_contacts_legacy", "header_only", "hubspot_contacts"),
        *("hostile_formula_injection", "malformed_duplicate_headers", "malformed_ragged_rows", "outlook_en"),
        *("outlook_fr_cp1252_semicolon", "outlook_fr_utf8bom_comma", "pipedrive_people", "tab_separated"),
        *("salesforce_contact_dataexport",),
    ],
)
def test_every_readable_file_of_contacts(data_dir: Path, rep: User, name: str) -> None:
    path = data_dir / "contacts" / f"{name}.csv"
    done = run(rep, "contacts", path)
    sums = sum(done[outcome] for outcome in ("created", "updated", "identical", "skipped", "failed"))
    assert sums == done["rows"]
    assert len({error["row"] for error in done["errors"]}) == done["failed"]
    again = run(rep, "contacts", path, "--match", "email", "--dry-run")
    # A person with a name alone is recognised by nothing.
    nameless = 1 if name in {"malformed_ragged_rows", "outlook_en"} else 0
    assert (again["created"], again["updated"]) == (nameless, 0)
    if done["changeset"]:
        take_back(rep, done["changeset"])
    assert not Contact.objects.exists()


@pytest.mark.parametrize("name", ["empty.csv", "not_csv_xlsx_renamed.csv", "missing.csv", ""])
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_code_2(
    data_dir: Path, rep: User, name: str, capsys: Any
) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("import", "contacts", str(data_dir / "contacts" / name), "--as", rep.email, "--json", stderr=err)
    assert exit_.value.code == 2
    assert len(err.getvalue().splitlines()) == 1
    assert not ImportRun.objects.exists()


def test_rows_that_match_are_updated_filled_or_skipped(rep: User, tmp_path: Path) -> None:
    zoe = make_contact("Zoe", "Martin", email="zoe@martin.example", owner=rep)
    path = tmp_path / "people.csv"
    path.write_text("Prénom;Nom;E-mail;Fonction\nZoë;Martin;zoe@martin.example;DG\n;;;Chef\n", "utf-8")
    assert run(rep, "contacts", path, "--on-match", "skip")["skipped"] == 1
    filled = run(rep, "contacts", path, "--on-match", "fill")
    assert filled["updated"] == 1
    assert filled["errors"] == [
        {"row": 3, "column": "", "value": "", "reason": "The row has no name, e-mail address or company."}
    ]
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.job_title) == ("Zoe", "DG")
    updated = run(rep, "contacts", path, "--match", "email", "--on-match", "update")
    zoe.refresh_from_db()
    assert zoe.first_name == "Zoë"
    take_back(rep, updated["changeset"])
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.job_title) == ("Zoe", "DG")


def test_a_namesake_is_matched_by_name_where_so_wished(rep: User, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Prénom;Nom;E-mail;Société\nZoé;Martin;zoe@martin.example;Acme\n", "utf-8")
    run(rep, "contacts", path)
    path.write_text("Prénom;Nom;E-mail;Société\nZoé;Martin;zoe@acme.example;Acme\n", "utf-8")
    assert run(rep, "contacts", path, "--dry-run")["created"] == 1
    assert run(rep, "contacts", path, "--match", "name")["updated"] == 1
    assert Contact.objects.get().emails.count() == 2


def test_a_mapping_of_ones_own(rep: User, tmp_path: Path) -> None:
    path, mapping = tmp_path / "people.csv", tmp_path / "mapping.json"
    path.write_text("Nom,Code\nMartin,Zoé\n", "utf-8")
    mapping.write_text('{"Nom": "last_name", "Code": "first_name"}', "utf-8")
    assert run(rep, "contacts", path, "--mapping", mapping)["created"] == 1
    assert Contact.objects.get().first_name == "Zoé"
    mapping.write_text('{"Nom": "surname"}', "utf-8")
    with pytest.raises(CommandError, match="surname"):
        run(rep, "contacts", path, "--mapping", mapping)


def test_rights_hold_in_the_shell(rep: User, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Nom;E-mail\nMartin;zoe@martin.example\n", "utf-8")
    with pytest.raises(CommandError):
        run(make_user("reader", role="read-only"), "contacts", path)
    with pytest.raises(CommandError, match="Nobody active"):
        call_command("import", "contacts", str(path), "--as", "nobody@example.com")
    with pytest.raises(CommandError, match="matched by"):
        run(rep, "companies", path, "--match", "email")
    done = run(rep, "contacts", path)
    with pytest.raises(CommandError):
        take_back(make_user("other", team=make_team("West")), done["changeset"])
    assert Contact.objects.exists()


def test_without_a_name_the_first_administrator_acts(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Nom;E-mail\nMartin;zoe@martin.example\n", "utf-8")
    with pytest.raises(CommandError, match="administrator"):
        call_command("import", "contacts", str(path))
    admin = make_user("admin", role="administrator")
    out = io.StringIO()
    call_command("import", "contacts", str(path), stdout=out)
    assert "1 created" in out.getvalue()
    assert Contact.objects.get().owner == admin


def test_the_bench_writes_by_hand_what_an_import_writes(capsys: pytest.CaptureFixture[str]) -> None:
    make_user("ada", role="administrator")
    call_command("bench_imports", rows=30, json=True)
    assert json.loads(capsys.readouterr().out)["ratio"] > 0
    assert Contact.objects.count() == 30, "those written by hand: the import was undone"
    assert Contact.objects.filter(emails__is_primary=True, affiliations__is_primary=True).count() == 30
    assert Contact.objects.order_by("pk")[0].phones.count() == 2
