"""Seed a database with as many contacts and companies as asked, the same for the same seed.

Skewed as life is: a few names, firms and colleagues are frequent and many are rare; some people are in it twice, some
have no e-mail address, no phone, no company or half a name, some shout in capitals. Memory stays flat: one chunk at a
time is copied and indexed, while the next is drawn, all under one changeset.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

from contacts.sample import words
from contacts.sample.invent import Inventor
from contacts.sample.people import LANGUAGES, People, Skewed
from contacts.sample.rows import Rows, Value, reserve
from contacts.search import search_later
from crm.access.models import User
from crm.records.changes import changes, record_event, within
from crm.records.models import Changeset, Event, Tag

CHUNK = 10_000
SINCE, DAYS = dt.datetime(2020, 11, 2, tzinfo=dt.UTC), 6 * 365
UNTIL = SINCE + dt.timedelta(days=DAYS)
FREE_MAIL = ("courriel.example", "boite.example", "mail.example", "poste.example")
LIFECYCLES = (("lead", "prospect", "customer", "former", "partner", "supplier"), (30, 28, 28, 6, 5, 3))
CONSENTS = (("", "given", "refused", "withdrawn"), (60, 30, 8, 2))
Owner = tuple[int | None, int | None]


class Bulk:
    """One seeding. `owners` own what is written, the first most."""

    def __init__(self, owners: list[User], tags: list[Tag], seed: int) -> None:
        self.by = owners[0]
        self.invent = Inventor(seed)
        self.rng = self.invent.random
        self.people = People(self.rng)
        self.owners: Skewed[Owner] = Skewed([(user.pk, user.team_id) for user in owners], 0.6)
        self.tags = Skewed([tag.pk for tag in tags], 0.8)
        self.firms: list[tuple[int, str]] = []

    def write(self, contacts: int, companies: int) -> Iterator[int]:
        """Write chunk after chunk; yields the number of rows of each, without search entries and history.

        The next chunk is drawn while the database writes one.
        """
        yield from self._write_all("company", self._draw_companies, companies)
        self.firms_by_size = Skewed(self.firms, 0.55)
        yield from self._write_all("contact", self._draw_contacts, contacts)

    def _write_all(self, kind: str, draw: Callable[[Rows, int, int], None], count: int) -> Iterator[int]:
        with changes(self.by, Changeset.Source.IMPORT, f"seed {count} × {kind}") as changeset:
            event = record_event(f"{kind}.imported", by=self.by, changeset=changeset, count=count)
        with ThreadPoolExecutor(1) as pool:

            def begin(size: int) -> tuple[int, int, Rows, Future[None]]:
                first, rows = reserve(f"contacts_{kind}", size), Rows()
                return first, size, rows, pool.submit(draw, rows, first, size)

            sizes = [min(CHUNK, count - start) for start in range(0, count, CHUNK)]
            ahead = begin(sizes[0]) if sizes else None
            for size in [*sizes[1:], 0]:
                if ahead is None:
                    break
                first, drawn, rows, drawing = ahead
                drawing.result()
                ahead = begin(size) if size else None
                with within(changeset), search_later():
                    yield rows.copy()
                    refer(event, f"contacts.{kind}", first, drawn)

    def _owned(self, pk: int, owner: Owner) -> list[Value]:
        """Key, owner, team, and the moments it was made, changed and touched."""
        made = self.rng.random() ** 0.7
        touched = (SINCE + dt.timedelta(days=DAYS * (made + (1 - made) * self.rng.random() ** 2))).isoformat()
        who, team = owner if self.rng.random() > 0.02 else (None, None)
        return [pk, who, team, (SINCE + dt.timedelta(days=DAYS * made)).isoformat(), touched, touched]

    # ---- companies ----

    def _draw_companies(self, rows: Rows, first: int, count: int) -> None:
        languages, owners = self.rng.choices(*LANGUAGES, k=count), self.owners.draw(self.rng, count)
        names = {language: last.draw(self.rng, count) for language, last in self.people.last.items()}
        for n, (language, owner) in enumerate(zip(languages, owners, strict=True)):
            self._draw_company(rows, first + n, owner, language, names[language][n])

    def _draw_company(self, rows: Rows, pk: int, owner: Owner, language: str, name: str) -> None:
        firm, chance = self.invent.firm(language, name), self.rng.random
        parent = self.rng.choice(self.firms)[0] if self.firms and chance() < 0.05 else None
        self.firms.append((pk, firm.domain))
        rows.add(
            "contacts_company",
            *(*self._owned(pk, owner), parent, firm.name, "", firm.siren, firm.siret, firm.vat_number, ""),
            *(firm.sector if chance() < 0.9 else "", firm.size if chance() < 0.8 else None),
            *(firm.size * self.rng.randint(60, 240) * 1000 if chance() < 0.5 else None,),
            *(self.rng.randint(1925, 2021) if chance() < 0.4 else None, f"https://www.{firm.domain}"),
            *(f'["{firm.domain}"]', ""),
        )
        rows.add("contacts_phone", None, pk, "work", "t", *phone(self.rng, language, mobile=False))
        rows.add("contacts_postaladdress", None, pk, "work", "t", *self._address(language))
        if chance() < 0.4:
            rows.add("contacts_email", None, pk, "work", "t", f"contact@{firm.domain}")
        if chance() < 0.3:
            rows.add("contacts_companytag", pk, self.tags.draw(self.rng, 1)[0])

    def _address(self, language: str) -> list[Value]:
        """Street, postcode, city, region, country."""
        cities = words.FRENCH_CITIES if language == "fr" else words.ENGLISH_CITIES
        city, postcode, region = self.rng.choice(cities)
        country = "France" if language == "fr" else "Royaume-Uni"
        return [self.invent.street(language), postcode, city, region, country]

    # ---- contacts ----

    def _draw_contacts(self, rows: Rows, first: int, count: int) -> None:
        rng = self.rng
        drawn = zip(
            self.people.draw(count),
            self.owners.draw(rng, count),
            self.firms_by_size.draw(rng, count) if self.firms else [(0, "")] * count,
            rng.choices(*LIFECYCLES, k=count),
            rng.choices(*CONSENTS, k=count),
            rng.choices(words.DEPARTMENTS, k=count),
            rng.choices(words.SOURCES, k=count),
            strict=True,
        )
        for pk, (someone, owner, (firm, domain), lifecycle, consent, department, source) in enumerate(drawn, first):
            chance, day = rng.random, f"{1955 + pk % 45}-{1 + pk % 12:02}-{1 + pk % 28:02}"
            job = self._job(someone.civility, someone.language) if chance() < 0.8 else ""
            rows.add(
                "contacts_contact",
                *(*self._owned(pk, owner), someone.civility, someone.first, someone.last, job, department),
                *(day if chance() < 0.1 else None, someone.language, lifecycle, source),
                *(consent, "2025-05-12" if consent else None, "consent" if consent == "given" else ""),
                *("t" if chance() < 0.03 else "f", "", ""),
            )
            if chance() < 0.8 and firm:
                rows.add("contacts_affiliation", pk, firm, job, None, None, "t")
                if chance() < 0.07:
                    rows.add("contacts_affiliation", pk, rng.choice(self.firms)[0], "", "2015-03-01", "2019-06-30", "f")
            elif chance() < 0.6:
                domain = rng.choice(FREE_MAIL)
            self._draw_points(rows, pk, someone.local, domain, someone.language)
            if chance() < 0.6:
                for tag in set(self.tags.draw(rng, 1 if chance() < 0.7 else 2)):
                    rows.add("contacts_contacttag", pk, tag)

    def _draw_points(self, rows: Rows, pk: int, local: str, domain: str, language: str) -> None:
        chance = self.rng.random
        if domain and chance() < 0.9:
            number = "" if chance() < 0.7 else str(self.rng.randint(2, 99))
            rows.add("contacts_email", pk, None, "work", "t", f"{local}{number}@{domain}")
            if chance() < 0.06:
                rows.add("contacts_email", pk, None, "home", "f", f"{local}@{self.rng.choice(FREE_MAIL)}.fr")
        if chance() < 0.75:
            rows.add("contacts_phone", pk, None, "mobile", "t", *phone(self.rng, language, mobile=True))
            if chance() < 0.25:
                rows.add("contacts_phone", pk, None, "work", "f", *phone(self.rng, language, mobile=False))
        if chance() < 0.35:
            rows.add("contacts_postaladdress", pk, None, "work", "t", *self._address(language))

    def _job(self, civility: str, language: str) -> str:
        if language == "en":
            return self.rng.choice(words.ENGLISH_JOBS)
        return self.rng.choice(words.JOBS)[civility == "mr"]


def phone(rng: random.Random, language: str, *, mobile: bool) -> tuple[str, str]:
    """A number as it is stored, and the digits search reads: what `phone_digits` gives, a hundred times as fast."""
    country, national = "44", f"7{rng.randrange(10**9):09}"
    if language == "fr":
        country, national = "33", f"{6 if mobile else 2}{rng.randrange(10**8):08}"
    return f"+{country}{national}", f"{country}{national} 0{national}"


def refer(event: Event, kind: str, first: int, count: int) -> None:
    """Tie records with keys in a row to an event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_eventref (event_id, type, record_id, at) SELECT %s, %s, generate_series(%s, %s), %s",
            [event.pk, kind, first, first + count - 1, event.at],
        )


def share_some(guest: User, count: int) -> None:
    """Share contacts of others with somebody, to see, spread over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_contactusershare (content_object_id, user_id, permission_id) "
            "SELECT c.id, %s, (SELECT id FROM auth_permission WHERE codename = 'view_contact') FROM contacts_contact c "
            "WHERE c.owner_id IS DISTINCT FROM %s ORDER BY hashint8(c.id) LIMIT %s",
            [guest.pk, guest.pk, count],
        )
