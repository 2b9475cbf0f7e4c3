"""An import measured beside hand-written SQL that writes the same rows, in the same run."""

from __future__ import annotations

import csv
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.files.base import File
from django.db import connection

from contacts.sample.bulk import phone
from contacts.sample.people import People
from contacts.search import search_later
from crm.access.models import User
from crm.records.changes import changes, record_event, within
from crm.records.models import Changeset
from integrations import services

CHUNK = 10_000
HEADERS = ("Civilité", "Prénom", "Nom", "Société", "Fonction", "Adresse e-mail", "Tél. portable", "Tél. bureau")
_JOBS = ("Directrice générale", "Acheteur", "Responsable marketing", "Comptable", "Ingénieure", "Assistant")


@dataclass
class Person:
    """One invented person, all columns filled."""

    civility: str
    first: str
    last: str
    company: str
    job: str
    email: str
    mobile: tuple[str, str]
    office: tuple[str, str]


def invented(count: int, mark: str) -> Iterator[Person]:
    """Invent people nobody has; `mark` sets them apart from those of another call."""
    rng = random.Random(mark)  # noqa: S311
    people = People(rng)
    for start in range(0, count, CHUNK):
        for n, someone in enumerate(people.draw(min(CHUNK, count - start)), start):
            firm = rng.randrange(max(1, count // 10))
            yield Person(
                *(someone.civility, someone.first, someone.last, f"Ateliers {mark} {firm}", rng.choice(_JOBS)),
                *(f"{someone.local}.{n}@{mark}{firm}.example", phone(rng, "fr", mobile=True)),
                phone(rng, "fr", mobile=False),
            )


def write_file(path: Path, count: int, mark: str) -> None:
    """Write a CSV file of invented people as a French spreadsheet writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS)
        for one in invented(count, mark):
            numbers = [" ".join(f"0{n[0][3:]}"[k : k + 2] for k in range(0, 10, 2)) for n in (one.mobile, one.office)]
            civility = {"ms": "Mme", "mr": "M."}.get(one.civility, "")
            writer.writerow([civility, one.first, one.last, one.company, one.job, one.email, *numbers])


@dataclass
class Figures:
    """What one run took, in seconds, and the process's largest size."""

    rows: int
    plan: float
    commit: float
    by_hand: float
    undo: float
    megabytes: float
    first_chunks: float
    last_chunks: float

    @property
    def per_second(self) -> float:
        return self.rows / (self.plan + self.commit)

    @property
    def ratio(self) -> float:
        """The product's rate over that of SQL written by hand."""
        return self.by_hand / (self.plan + self.commit)


def measure(path: Path, count: int, by: User, mark: str, *, undo: bool) -> Figures:
    """Import a file of new people with matching on, write as many by hand, and take the import back."""
    write_file(path, count, mark)
    with path.open("rb") as file:
        run = services.start_import(File(file, name=path.name), by=by, kind="contacts")
    services.request_plan(run, run.mapping, {}, here=True)
    begin = time.perf_counter()
    services.plan_import(run)
    run.refresh_from_db()
    planned = time.perf_counter()
    services.request_commit(run, here=True)
    moments: list[float] = []
    services.commit_import(run, after_chunk=lambda: moments.append(time.perf_counter()))
    committed = time.perf_counter()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    by_hand = write_by_hand(invented(count, f"{mark}m"), by)
    written = time.perf_counter()
    if undo:
        run.refresh_from_db()
        services.request_undo(run, here=True)
        services.undo_import(run)
    undone = time.perf_counter()
    spans = [later - sooner for sooner, later in zip([planned, *moments], moments, strict=False)]
    tenth = max(1, len(spans) // 10)
    return Figures(
        *(count, planned - begin, committed - planned, by_hand, undone - written, megabytes),
        *(sum(spans[:tenth]) / tenth, sum(spans[-tenth:]) / tenth),
    )


_BY_HAND = """
    INSERT INTO contacts_company (name, owner_id, team_id, created_at, updated_at, trade_name, siren, siret, vat_number,
        legal_id, sector, website, domains, notes)
    SELECT DISTINCT s.company, %(owner)s::bigint, %(team)s::bigint, now(), now(), '', '', '', '', '', '', '',
        '[]'::jsonb, ''
    FROM bench_people s WHERE NOT EXISTS (SELECT FROM contacts_company c WHERE c.sort_name = norm(s.company));
    INSERT INTO contacts_contact (id, owner_id, team_id, created_at, updated_at, civility, first_name, last_name,
        job_title, department, language, lifecycle, source, consent, consent_basis, do_not_call, notes, photo)
    SELECT s.id, %(owner)s::bigint, %(team)s::bigint, now(), now(), s.civility, s.first, s.last, s.job, '', '',
        'lead', '', '', '', false, '', ''
    FROM bench_people s WHERE NOT EXISTS (SELECT FROM contacts_email e WHERE e.address = s.email);
    INSERT INTO contacts_email (contact_id, label, address, is_primary)
    SELECT id, 'work', email, true FROM bench_people;
    INSERT INTO contacts_phone (contact_id, label, number, digits, is_primary)
    SELECT id, 'mobile', mobile, mobile_digits, true FROM bench_people
    UNION ALL SELECT id, 'work', office, office_digits, false FROM bench_people;
    INSERT INTO contacts_affiliation (contact_id, company_id, role, is_primary)
    SELECT s.id, c.id, s.job, true FROM bench_people s JOIN contacts_company c ON c.sort_name = norm(s.company);
    INSERT INTO records_eventref (event_id, type, record_id, at)
    SELECT %(event)s::bigint, 'contacts.contact', id, now() FROM bench_people
"""


def write_by_hand(people: Iterator[Person], by: User) -> float:
    """Write people by COPY and set statements, with search entries and history, as one would who knows the tables.

    Returns the seconds that the database took, without those that inventing took.
    """
    spent = 0.0
    with changes(by, Changeset.Source.IMPORT, "bench") as changeset:
        event = record_event("contact.imported", by=by, changeset=changeset)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS bench_people (id bigint DEFAULT nextval(pg_get_serial_sequence("
            "'contacts_contact', 'id')), civility text, first text, last text, company text, job text, email text, "
            "mobile text, mobile_digits text, office text, office_digits text)"
        )
    lines = StringIO()
    for n, one in enumerate(people, 1):
        values = (one.civility, one.first, one.last, one.company, one.job, one.email, *one.mobile, *one.office)
        lines.write("\t".join(values) + "\n")
        if n % CHUNK == 0:
            spent += _write_chunk(lines, changeset, by, event.pk)
            lines = StringIO()
    return spent + _write_chunk(lines, changeset, by, event.pk)


def _write_chunk(lines: StringIO, changeset: Changeset, by: User, event: int) -> float:
    begin = time.perf_counter()
    with within(changeset), search_later(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_people")
        columns = "civility, first, last, company, job, email, mobile, mobile_digits, office, office_digits"
        with cursor.copy(f"COPY bench_people ({columns}) FROM STDIN") as copy:
            copy.write(lines.getvalue())
        for statement in _BY_HAND.split(";"):
            cursor.execute(statement, {"owner": by.pk, "team": by.team_id, "event": event})
    return time.perf_counter() - begin
