"""Records of the demo, drafted but not yet written: each with the rows that belong to it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone

from contacts.identifiers import vat_from_siren
from contacts.models import Affiliation, Company, Contact, Email, Label, Phone, PostalAddress
from contacts.phones import phone_digits
from contacts.sample import cast, words
from contacts.sample.invent import Firm, Inventor, Person, address_of, domain_of, siret_of
from crm.access.models import User

OWNERS = {"Camille": 26, "Yanis": 18, "Hugo": 16, "Maëlle": 12, "Sophie": 10, "Claude": 8, "": 4}
LIFECYCLES = {"lead": 22, "prospect": 30, "customer": 32, "former": 6, "partner": 7, "supplier": 3}
CompanyDraft = tuple[Company, list[models.Model]]
ContactDraft = tuple[Contact, list[models.Model]]


class Drafts:
    """Drafts companies and contacts for the demo's colleagues."""

    def __init__(self, invent: Inventor, users: dict[str, User]) -> None:
        self.invent, self.users, self.random = invent, users, invent.random
        self.known: dict[str, Company] = {}
        self.names: set[str] = set()

    def known_companies(self) -> list[CompanyDraft]:
        """The companies that the demo always holds."""
        drafts = []
        for key, name, sector, size, city, _parent in cast.COMPANIES:
            place = next(found for found in words.FRENCH_CITIES if found[0] == city)
            siren = self.invent.siren()
            firm = Firm(
                name, sector, size, place, "France", domain_of(name), siren, siret_of(siren), vat_from_siren(siren)
            )
            owner = next((row[6] for row in cast.CONTACTS if row[4] == key), "Camille")
            draft = self._company(firm, self.users[owner], "fr")
            self.known[key] = draft[0]
            drafts.append(draft)
        return drafts

    def company(self) -> CompanyDraft:
        """An invented company, one in eight of them British."""
        language = "en" if self.random.random() < 0.12 else "fr"
        firm = self.invent.firm(language)
        while firm.name in self.names:
            firm = self.invent.firm(language)
        return self._company(firm, self._owner(language), language)

    def _company(self, firm: Firm, owner: User | None, language: str) -> CompanyDraft:
        self.names.add(firm.name)
        company = Company(
            name=firm.name,
            sector=firm.sector,
            size=firm.size,
            siren=firm.siren,
            siret=firm.siret,
            vat_number=firm.vat_number,
            turnover=firm.size * self.random.randint(60, 240) * 1000 if self.random.random() < 0.6 else None,
            founded=self.random.randint(1925, 2021) if self.random.random() < 0.5 else None,
            website=f"https://www.{firm.domain}" if self.random.random() < 0.7 else "",
            domains=[firm.domain],
            owner=owner,
            team=owner.team if owner else None,
        )
        city, postcode, region = firm.city
        rows: list[models.Model] = [
            PostalAddress(
                company=company,
                street=self.invent.street(language),
                postcode=postcode,
                city=city,
                region=region,
                country=firm.country,
                is_primary=True,
            ),
            self._number(self.invent.landline(language), Label.WORK, company=company, is_primary=True),
        ]
        if self.random.random() < 0.5:
            rows.append(Email(company=company, address=f"contact@{firm.domain}", is_primary=True))
        return company, rows

    def parents(self, companies: list[Company]) -> list[tuple[Company, Company]]:
        """Which company belongs to which: the known ones, and some later ones to earlier ones, without loops."""
        tied = [(self.known[row[0]], self.known[row[5]]) for row in cast.COMPANIES if row[5]]
        others = [company for company in companies if company not in self.known.values()]
        return tied + [
            (others[n], self.random.choice(others[:8])) for n in self.random.sample(range(8, len(others)), 8)
        ]

    def known_contacts(self) -> list[ContactDraft]:
        """The contacts that the demo always holds; Claire is promoted later."""
        drafts = []
        for civility, first, last, job, key, tags, owner in cast.CONTACTS:
            title = "Responsable achats" if first == "Claire" else job
            lifecycle = "customer" if "Sous contrat" in tags else "partner" if "Installateur" in tags else "prospect"
            person = Person(civility, first, last, title, "fr")
            drafts.append(self._contact(person, self.known[key], self.users[owner], lifecycle))
        return drafts

    def contact(self, companies: list[Company]) -> ContactDraft:
        """An invented contact of one of the companies, or of none."""
        company = companies[int(len(companies) * self.random.random() ** 1.3)]
        language = "fr" if company.siren else "en"
        person = self.invent.person(language)
        while f"{person.first_name} {person.last_name}" in self.names:
            person = self.invent.person(language)
        lifecycle = self.random.choices(list(LIFECYCLES), list(LIFECYCLES.values()))[0]
        contact, rows = self._contact(person, company, self._owner(language), lifecycle)
        chance = self.random.random()
        if chance < 0.06:
            rows = [row for row in rows if not isinstance(row, Affiliation)]
        elif chance < 0.16:
            former = self.random.choice(companies)
            rows.append(self._affiliation(contact, former, left=True))
        return contact, rows

    def _contact(self, person: Person, company: Company, owner: User | None, lifecycle: str) -> ContactDraft:
        self.names.add(f"{person.first_name} {person.last_name}")
        today = timezone.localdate()
        consent = self.random.choices(("", "given", "refused"), (60, 32, 8))[0]
        contact = Contact(
            civility=person.civility,
            first_name=person.first_name,
            last_name=person.last_name,
            job_title=person.job_title,
            department=self.random.choice(words.DEPARTMENTS),
            language=person.language,
            lifecycle=lifecycle,
            source=self.random.choice(words.SOURCES),
            consent=consent,
            consent_on=today - dt.timedelta(days=self.random.randint(60, 900)) if consent else None,
            consent_basis="consent" if consent == "given" else "",
            do_not_call=self.random.random() < 0.04,
            birthday=dt.date(self.random.randint(1960, 1998), self.random.randint(1, 12), self.random.randint(1, 28))
            if self.random.random() < 0.15
            else None,
            notes=self._note(person.language) if self.random.random() < 0.25 else "",
            owner=owner,
            team=owner.team if owner else None,
        )
        rows: list[models.Model] = [self._affiliation(contact, company, role=person.job_title)]
        if self.random.random() < 0.92:
            address = address_of(person.first_name, person.last_name, company.domains[0])
            rows.append(Email(contact=contact, address=address, is_primary=True))
        if self.random.random() < 0.8:
            rows.append(self.phone(contact, Label.MOBILE, is_primary=True))
        if self.random.random() < 0.3:
            rows.append(self._number(self.invent.landline(person.language), Label.WORK, contact=contact))
        if self.random.random() < 0.3:
            rows.append(self._home(contact, person.language))
        return contact, rows

    def phone(self, contact: Contact, label: Label, *, is_primary: bool = False) -> Phone:
        """A mobile number for a contact."""
        return self._number(self.invent.mobile(contact.language or "fr"), label, contact=contact, is_primary=is_primary)

    def correction(self, contact: Contact) -> dict[str, object]:
        """What a colleague might type into a contact's page: one or two fields."""
        jobs = (
            words.ENGLISH_JOBS if contact.language == "en" else [pair[contact.civility == "mr"] for pair in words.JOBS]
        )
        further = {"lead": "prospect", "prospect": "customer", "former": "prospect"}.get(contact.lifecycle, "customer")
        choices: list[dict[str, object]] = [
            {"job_title": self.random.choice(jobs)},
            {"lifecycle": further},
            {"lifecycle": further, "source": self.random.choice(words.SOURCES[:-1])},
            {"department": self.random.choice(words.DEPARTMENTS[3:])},
            {"notes": self._note(contact.language)},
            {"do_not_call": not contact.do_not_call},
        ]
        return self.random.choice(choices)

    def _owner(self, language: str) -> User | None:
        if language == "en":
            return self.users["James"]
        return self.users.get(self.random.choices(list(OWNERS), list(OWNERS.values()))[0])

    def _note(self, language: str) -> str:
        return self.random.choice(cast.ENGLISH_NOTES if language == "en" else cast.NOTES)

    def _affiliation(self, contact: Contact, company: Company, *, role: str = "", left: bool = False) -> Affiliation:
        today = timezone.localdate()
        start = today - dt.timedelta(days=self.random.randint(400, 4000))
        end = start + dt.timedelta(days=self.random.randint(100, 390)) if left else None
        started = start if left or self.random.random() < 0.6 else None
        return Affiliation(
            contact=contact, company=company, role=role, started_on=started, ended_on=end, is_primary=not left
        )

    def _number(self, number: str, label: Label, **owner: object) -> Phone:
        return Phone(number=number, digits=" ".join(phone_digits(number)), label=label, **owner)

    def _home(self, contact: Contact, language: str) -> PostalAddress:
        city, postcode, region = self.random.choice(words.FRENCH_CITIES if language == "fr" else words.ENGLISH_CITIES)
        return PostalAddress(
            contact=contact,
            street=self.invent.street(language),
            postcode=postcode,
            city=city,
            region=region,
            country="France" if language == "fr" else "Royaume-Uni",
            is_primary=True,
        )
