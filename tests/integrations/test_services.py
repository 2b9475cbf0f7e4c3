"""Imports from file to undo: what is planned is what is written, once, by whoever may, and can be taken back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from contacts.models import Affiliation, Company, Contact, Email, Membership, Phone
from crm.access.models import User
from crm.console.models import BeatLease
from crm.records.models import Changeset, Event, EventRef
from crm.records.services import Refused
from integrations import services, tasks
from integrations.models import ImportRun
from integrations.reading import UnreadableFile
from tests.factories import make_affiliation, make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
Status = ImportRun.Status


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def rep() -> User:
    return make_user("rep", team=make_team("Sales"), language="en")


@pytest.fixture
def office() -> User:
    return make_user("office", role="office-staff", language="en")


def start(text: str | bytes, by: User, kind: str = "contacts") -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    return services.start_import(ContentFile(data, name="people.csv"), by=by, kind=kind)


def planned(text: str | bytes, by: User, kind: str = "contacts", **rules: Any) -> ImportRun:
    run = start(text, by, kind)
    services.request_plan(run, run.mapping, rules)
    services.plan_import(run)
    run.refresh_from_db()
    return run


def imported(text: str | bytes, by: User, kind: str = "contacts", **rules: Any) -> ImportRun:
    run = planned(text, by, kind, **rules)
    services.request_commit(run)
    services.commit_import(run)
    run.refresh_from_db()
    return run


def undone(run: ImportRun) -> ImportRun:
    services.request_undo(run)
    services.undo_import(run)
    run.refresh_from_db()
    return run


def reasons(run: ImportRun) -> list[tuple[int, str]]:
    return [(row.number, error["reason"]) for row in run.rows.all() for error in row.errors]


def test_the_accounts_arrive_whole_and_leave_again(data_dir: Path, rep: User) -> None:
    data = (data_dir / "crm-sales-opportunities" / "accounts.csv").read_bytes()
    run = planned(data, rep, kind="")
    assert (run.kind, run.status, run.counts) == ("companies", Status.PLANNED, {"create": 85, "total": 85})
    assert not Company.objects.exists()
    services.request_commit(run)
    services.commit_import(run)
    run.refresh_from_db()
    assert (run.status, run.rows_done) == (Status.DONE, 85)
    assert Company.objects.count() == 85
    acme = Company.objects.get(name="Acme Corporation")
    assert (acme.sector, acme.founded, acme.size, str(acme.turnover)) == ("technolgy", 1996, 2822, "1100.04")
    assert acme.owner == rep
    assert acme.addresses.get().country == "United States"
    assert acme.subsidiaries.count() == 4
    undone(run)
    assert run.status == Status.UNDONE
    assert not Company.objects.exists()


def test_a_contact_arrives_with_all_that_belongs_to_it(data_dir: Path, rep: User) -> None:
    data = (data_dir / "contacts" / "outlook_fr_cp1252_semicolon.csv").read_bytes()
    run = imported(data, rep, kind="", tags=["Salon"], group="Prospects 2026")
    assert run.counts == {"create": 2, "total": 2}
    anais = Contact.objects.get(first_name="Anaïs")
    assert (anais.civility, anais.job_title, str(anais.birthday)) == ("ms", "Directrice générale", "1980-01-31")
    assert (anais.owner, anais.team) == (rep, rep.team)
    assert [(email.address, email.is_primary) for email in anais.emails.all()] == [("anais@coeur.example", True)]
    assert [(phone.number, phone.label) for phone in anais.phones.all()] == [
        ("+33474000001", "work"),
        ("+33600000002", "mobile"),
    ]
    place = anais.affiliations.get()
    assert (place.company.name, place.role, place.is_primary) == ("Cœur & Œuvre SARL", "Directrice générale", True)
    assert [tag.name for tag in anais.tags.all()] == ["Salon"]
    assert Membership.objects.filter(group__name="Prospects 2026").count() == 2
    visible: Any = Contact.objects.visible_to(rep)
    assert visible.search("lefevre coeur").count() == 1


def test_one_import_is_one_changeset_and_one_event(rep: User) -> None:
    run = imported("Nom;Prénom;Société\nA;B;Acme\nC;D;Acme\n", rep)
    assert Company.objects.filter(name="Acme").count() == 1
    assert run.changeset is not None
    assert (run.changeset.source, run.changeset.status) == (Changeset.Source.IMPORT, Changeset.Status.DONE)
    event = Event.objects.get(changeset=run.changeset)
    assert event.verb == "contact.imported"
    assert EventRef.objects.filter(event=event).count() == 3
    assert "Acme" not in str(event.data)


def test_a_second_import_of_the_same_file_changes_nothing(data_dir: Path, rep: User) -> None:
    for name in ("outlook_fr_cp1252_semicolon.csv", "google_contacts_2024.csv", "pipedrive_people.csv"):
        data = (data_dir / "contacts" / name).read_bytes()
        first = imported(data, rep, kind="")
        again = planned(data, rep, kind="")
        assert set(again.counts) - {"total"} == {"same"}, name
        undone(first)
    assert not Contact.objects.exists()


def test_blank_fields_are_filled_and_nothing_is_overwritten(rep: User) -> None:
    zoe = make_contact("Zoe", "Martin", email="zoe@martin.example", owner=rep)
    run = imported("Prénom;Nom;E-mail;Fonction;Tél\nZoë;;ZOE@martin.example;DG;0612345678\n", rep)
    assert run.counts == {"update": 1, "total": 1}
    assert run.rows.get().diff == {"job_title": [None, "DG"], "phones": [[], [["mobile", "+33612345678"]]]}
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.job_title) == ("Zoe", "DG")
    assert Phone.objects.get(contact=zoe).is_primary
    undone(run)
    zoe.refresh_from_db()
    assert zoe.job_title == ""
    assert not zoe.phones.exists()
    assert zoe.emails.count() == 1


def test_overwriting_replaces_filled_cells_only_and_undo_restores_them(rep: User) -> None:
    zoe = make_contact("Zoe", "Martin", email="zoe@martin.example", owner=rep, job_title="CEO", notes="Old")
    run = imported("Prénom;Nom;E-mail;Fonction;Notes\nZoë;;zoe@martin.example;DG;\n", rep, on_match="update")
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.last_name, zoe.job_title, zoe.notes) == ("Zoë", "Martin", "DG", "Old")
    undone(run)
    zoe.refresh_from_db()
    assert (zoe.first_name, zoe.job_title) == ("Zoe", "CEO")


def test_what_was_edited_since_survives_the_undo_and_is_named(rep: User) -> None:
    run = imported("Nom;Fonction;E-mail\nMartin;DG;m@x.example\nPetit;DG;p@x.example\n", rep)
    Contact.objects.filter(last_name="Petit").update(job_title="CEO")
    undone(run)
    assert [contact.last_name for contact in Contact.objects.all()] == ["Petit"]
    assert "Petit" in run.message


def test_matched_rows_can_be_skipped(rep: User) -> None:
    make_contact("Zoe", "Martin", email="zoe@martin.example", owner=rep)
    run = imported("Prénom;E-mail\nZoë;zoe@martin.example\nAna;ana@x.example\n", rep, on_match="skip")
    assert run.counts == {"create": 1, "skip": 1, "total": 2}


def test_a_refusal_of_mailing_is_never_overturned(rep: User) -> None:
    zoe = make_contact(email="zoe@martin.example", owner=rep, consent="withdrawn")
    imported("E-mail;Opt-in\nzoe@martin.example;oui\n", rep, on_match="update")
    zoe.refresh_from_db()
    assert zoe.consent == "withdrawn"


def test_a_key_that_fits_several_records_fails_and_names_them(rep: User) -> None:
    one = make_contact("Zoé", "Martin", email="info@martin.example", owner=rep)
    other = make_contact("Luc", "Martin", email="info@martin.example", owner=rep)
    run = planned("Nom;E-mail\nMartin;info@martin.example\n", rep)
    assert run.counts == {"fail": 1, "total": 1}
    assert reasons(run) == [(2, f"Several records fit this row: Zoé Martin (#{one.pk}), Luc Martin (#{other.pk}).")]
    make_company("Dupont", owner=rep)
    make_company("DUPONT", owner=rep)
    run = planned("Nom;Société\nMartin;Dupont\n", rep)
    assert "Several records fit this row: Dupont" in reasons(run)[0][1]


def test_a_mail_domain_tells_companies_of_one_name_apart(rep: User) -> None:
    make_company("Dupont", owner=rep)
    right = make_company("DUPONT", owner=rep, domains=["dupont.example"])
    imported("Nom;E-mail;Société\nMartin;m@dupont.example;Dupont\n", rep)
    assert Affiliation.objects.get().company == right


def test_rights_hold(rep: User) -> None:
    mate = make_user("mate", team=rep.team)
    make_contact("Zoé", "Martin", email="zoe@martin.example", owner=mate)
    run = planned("Nom;Fonction;E-mail\nMartin;DG;zoe@martin.example\n", rep)
    assert reasons(run) == [(2, "You may not edit this record.")]
    make_contact("Ida", "Loin", email="ida@loin.example", owner=make_user("far", team=make_team("Far")))
    run = planned("Nom;E-mail\nLoin;ida@loin.example\n", rep)
    assert run.counts == {"create": 1, "total": 1}, "what the importer may not see is not revealed"
    reader = make_user("reader", role="read-only")
    with pytest.raises(Refused):
        start("Nom\nA\n", reader)
    assert not ImportRun.objects.visible_to(reader).exists()
    assert not ImportRun.objects.visible_to(mate).exists()


def test_rights_lost_since_the_dry_run_are_lost(rep: User) -> None:
    run = planned("Nom;E-mail\nA;a@x.example\n", rep)
    rep.roles.clear()
    services.request_commit(run)
    services.commit_import(run)
    run.refresh_from_db()
    assert run.counts == {"fail": 1, "total": 1}
    assert not Contact.objects.exists()


def test_owners_come_from_the_file_where_the_importer_may_assign(office: User) -> None:
    ines = make_user("inès", last_name="Moreau")
    run = imported(
        "Nom;E-mail;Propriétaire\nA;a@x.example;Inès Moreau\nB;b@x.example;Nobody\n", office, owner=office.pk
    )
    assert Contact.objects.get(last_name="A").owner == ines
    assert Contact.objects.get(last_name="B").owner == office
    assert reasons(run) == [(3, "Nobody here has this name or address.")]


def test_a_rep_keeps_what_they_import(rep: User) -> None:
    make_user("inès", last_name="Moreau")
    run = imported("Nom;E-mail;Propriétaire\nA;a@x.example;Inès Moreau\n", rep)
    assert Contact.objects.get().owner == rep
    assert reasons(run) == [(2, "You may not give records to others.")]


def test_two_rows_about_one_person_make_one(rep: User) -> None:
    text = "Nom;E-mail;Fonction;Tél\nA;a@x.example;;0612345678\nA;A@x.example;DG;0144556677\n"
    run = planned(text, rep)
    assert run.counts == {"create": 1, "update": 1, "total": 2}
    assert reasons(run) == [(3, "Row 2 of the file is about the same record.")]
    services.request_commit(run)
    services.commit_import(run)
    contact = Contact.objects.get()
    assert contact.job_title == "DG"
    assert [phone.is_primary for phone in contact.phones.all()] == [True, False]
    assert Email.objects.count() == 1


def test_rows_about_one_person_are_found_across_chunks(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    text = "Nom;E-mail\n" + "".join(f"N{n};n{n % 3}@x.example\n" for n in range(9))
    run = planned(text, rep)
    assert run.counts == {"create": 3, "same": 6, "total": 9}
    services.request_commit(run)
    services.commit_import(run)
    assert Contact.objects.count() == 3


class Killed(BaseException):
    """What stands for `kill -9` of a worker."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Die when the connection is about to run its n-th statement."""
    left = count(statement, -1)

    def run(execute: Any, *arguments: Any) -> Any:
        if next(left) == 0:
            raise Killed
        return execute(*arguments)

    with connection.execute_wrapper(run):
        yield


@pytest.mark.parametrize("statement", range(0, 190, 7))
def test_killed_anywhere_nothing_is_lost_or_doubled(rep: User, monkeypatch: pytest.MonkeyPatch, statement: int) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    text = "Nom;Maison mère\n" + "".join(f"Firm {n};Firm {(n + 1) % 5}\n" for n in range(5))
    run = planned(text, rep, kind="companies")
    services.request_commit(run)
    with suppress(Killed), killed_at(statement):
        services.commit_import(run)
    services.commit_import(run)
    run.refresh_from_db()
    assert (run.status, run.rows_done) == (Status.DONE, 5)
    assert Company.objects.count() == 5
    assert Company.objects.filter(parent=None).count() == 1, "the last one would close a circle"
    assert Changeset.objects.filter(source=Changeset.Source.IMPORT).count() == 1


@pytest.mark.parametrize("statement", range(0, 120, 9))
def test_people_are_written_once_whenever_the_worker_dies(
    rep: User, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    make_contact("Zoé", "Martin", email="n0@x.example", owner=rep)
    monkeypatch.setattr(services, "CHUNK", 2)
    rows = "".join(f"N{n};n{n % 4}@x.example;061234567{n};Acme {n % 2}\n" for n in range(6))
    run = planned("Nom;E-mail;Tél;Société\n" + rows, rep, tags=["Salon"], group="G")
    services.request_commit(run)
    with suppress(Killed), killed_at(statement):
        services.commit_import(run)
    services.commit_import(run)
    run.refresh_from_db()
    assert (run.status, run.rows_done) == (Status.DONE, run.to_write)
    assert (Contact.objects.count(), Company.objects.count(), Email.objects.count()) == (4, 2, 4)
    assert Membership.objects.count() == 4
    assert Contact.objects.get(last_name="Martin").phones.count() == 2
    undone(run)
    assert [contact.last_name for contact in Contact.objects.all()] == ["Martin"]
    assert not Company.objects.exists()


def test_a_parent_that_is_nowhere_is_made(rep: User) -> None:
    imported("Nom;Maison mère\nFille;Mère\n", rep, kind="companies")
    assert Company.objects.get(name="Fille").parent == Company.objects.get(name="Mère")


def test_companies_are_recognised_by_siren_then_domain_then_name(rep: User) -> None:
    by_siren = make_company("Un", siren="732829320", owner=rep)
    by_domain = make_company("Deux", domains=["deux.example"], owner=rep)
    by_site = make_company("Trois", website="https://www.trois.example/fr", owner=rep)
    by_name = make_company("Éts Quatre", owner=rep)
    rows = ["X;732 829 320;;A", "Y;;deux.example;A", "Z;;trois.example;A", "ets  quatre;;;A", "Cinq;;;A"]
    text = "\n".join(["Nom;SIREN;Site web;Secteur", *rows])
    run = planned(text, rep, kind="companies")
    new = run.rows.get(cleaned__name="Cinq")
    assert [row.record_id for row in run.rows.all()] == [
        by_siren.pk,
        by_domain.pk,
        by_site.pk,
        by_name.pk,
        new.record_id,
    ]
    assert new.action == "create"


def test_errors_are_told_by_row_and_column_and_the_rest_arrives(data_dir: Path, rep: User) -> None:
    run = imported((data_dir / "contacts" / "hubspot_contacts.csv").read_bytes(), rep, kind="")
    assert run.counts == {"create": 2, "fail": 1, "total": 3}
    assert reasons(run)[-1] == (4, "The row has no name, e-mail address or company.")
    claire = Contact.objects.get(first_name="Claire")
    assert [place.company.name for place in claire.affiliations.all()] == ["Durand Boulangeries", "Durand Holding"]
    assert claire.lifecycle == "customer"


def test_hostile_cells_stay_text(data_dir: Path, rep: User) -> None:
    run = imported((data_dir / "contacts" / "hostile_formula_injection.csv").read_bytes(), rep)
    assert run.counts == {"create": 1, "fail": 1, "total": 2}
    assert Contact.objects.get().first_name == "=1+1"


def test_a_deleted_row_is_left_out(data_dir: Path, rep: User) -> None:
    run = imported((data_dir / "contacts" / "salesforce_contact_dataexport.csv").read_bytes(), rep, kind="")
    assert run.counts == {"create": 1, "skip": 1, "total": 2}


def test_a_row_of_a_company_without_a_person_makes_the_company(data_dir: Path, rep: User) -> None:
    imported((data_dir / "contacts" / "google_contacts_2024.csv").read_bytes(), rep, kind="")
    assert Contact.objects.count() == 2
    assert Company.objects.get(name="Société sans personne").phones.get().number == "+33144556677"


def test_steps_cannot_be_taken_twice(rep: User) -> None:
    run = planned("Nom\nA\n", rep)
    services.request_commit(run)
    with pytest.raises(Refused):
        services.request_commit(run)
    with pytest.raises(Refused):
        services.request_plan(run, run.mapping, {})
    services.commit_import(run)
    services.commit_import(run)
    assert Contact.objects.count() == 1


def test_a_cancelled_import_writes_no_more(rep: User) -> None:
    run = planned("Nom\nA\n", rep)
    services.request_commit(run)
    services.cancel_import(run)
    services.commit_import(run)
    assert not Contact.objects.exists()


def test_an_unreadable_file_leaves_nothing_behind(rep: User, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        start(b"%PDF-1.7", rep)
    assert not ImportRun.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_old_imports_forget_their_files(rep: User, tmp_path: Path) -> None:
    run = imported("Nom\nA\n", rep)
    fresh = planned("Nom\nB\n", rep)
    ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=31))
    services.forget_imports()
    run.refresh_from_db()
    assert (run.counts, bool(run.file), run.rows.count()) == ({"create": 1, "total": 1}, False, 0)
    assert fresh.rows.count() == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_lost_imports_are_sent_again(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(tasks, "send", lambda task, *, run_id: sent.append((task, run_id)))
    run = planned("Nom\nA\n", rep)
    services.request_commit(run)
    tasks.resume_imports()
    assert sent == [], "it has just moved"
    ImportRun.objects.filter(pk=run.pk).update(moved_at=timezone.now() - timedelta(minutes=3))
    BeatLease.objects.all().delete()
    tasks.resume_imports()
    assert sent == [("commit_import", run.pk)]


def test_a_failure_of_ours_ends_the_run_with_a_sentence(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = planned("Nom\nA\n", rep)
    services.request_commit(run)
    monkeypatch.setattr(services, "Planner", None)
    with pytest.raises(TypeError):
        tasks.commit_import(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.message.startswith("Something went wrong on our side.")


def statements_for(rows: int, rep: User, company: Company) -> int:
    """Count the statements of committing so many rows, half of them about contacts that are there."""
    for n in range(rows // 2):
        make_affiliation(make_contact(f"P{n}", "X", email=f"p{n}@{rows}.example", owner=rep), company)
    head = "Prénom;Nom;E-mail;Société;Tél;Fonction;CP\n"
    run = planned(head + "".join(f"P{n};X;p{n}@{rows}.example;Acme;06123456{n + 10};DG;1\n" for n in range(rows)), rep)
    services.request_commit(run)
    with CaptureQueriesContext(connection) as statements:
        services.commit_import(run)
    run.refresh_from_db()
    assert run.rows_done == rows
    return len(statements)


def test_statements_do_not_grow_with_rows(rep: User) -> None:
    company = make_company("Acme", owner=rep)
    statements_for(4, rep, company)
    assert statements_for(60, rep, company) == statements_for(6, rep, company) < 90
