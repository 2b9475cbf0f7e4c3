"""The demo: a firm that has used Sillage for two months. Every row is written as a colleague would have written it.

The acts happen one after the other now; at the end each changeset, with its versions and events, is moved back to the
moment it stands for, so that timelines read as lived.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group as AuthGroup
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from contacts.models import Affiliation, Company, Contact, ContactTag, Group, Label, Link, Membership
from contacts.sample import CHAPTERS, cast
from contacts.sample.backdate import backdate
from contacts.sample.drafts import Drafts
from contacts.sample.invent import Inventor
from crm.access.models import Role, Team, User
from crm.records import services
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Organisation, Tag
from crm.records.text import norm
from crm.records.undo import undo

PASSWORD = "sillage-demo"  # noqa: S105 (printed for everybody to see)
Act = tuple[int, Callable[[], object]]  # The minute of the day, and what is done.
DAYS = 56
COMPANIES, CONTACTS = 64, 178  # In the file taken over; the others were met since.
PARIS = ZoneInfo("Europe/Paris")


class Demo:
    """One run of the demo's writer."""

    def __init__(self, seed: int = 2027) -> None:
        self.invent = Inventor(seed)
        self.random = self.invent.random
        self.acts: list[tuple[dt.datetime, dt.datetime]] = []
        self.users: dict[str, User] = {}
        self.tags: dict[str, Tag] = {}

    @transaction.atomic
    def fill(self) -> None:
        """Write everything; the database must be empty."""
        self.at(DAYS, 9)
        self.hire()
        self.drafts = Drafts(self.invent, self.users)
        self.at(DAYS, 10)
        self.take_over_the_old_file()
        story = self.story()
        for chapter in map(import_string, CHAPTERS):
            for day, acts in chapter(self, DAYS - 1).items():
                story[day] = story.get(day, []) + acts
        for day in range(DAYS - 1, 0, -1):
            works = (timezone.now() - dt.timedelta(days=day)).isoweekday() < 6
            for minute, act in sorted(story.get(day, []) + (self.ordinary_day() if works else []), key=itemgetter(0)):
                self.at(day, *divmod(minute, 60))
                act()
        backdate(self.acts)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> None:
        """From here on, what is written stands for this moment."""
        day = (timezone.now().astimezone(PARIS) - dt.timedelta(days=days_ago)).date()
        self.acts.append((timezone.now(), dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)))

    # ---- the beginning ----

    def hire(self) -> None:
        """Make teams and colleagues, and name the firm."""
        teams: dict[str, Team] = {}
        for name, parent in cast.TEAMS:
            group = AuthGroup.objects.create(name=name)
            teams[name] = Team.objects.create(name=name, parent=teams.get(parent or ""), group=group)
        password = make_password(PASSWORD)  # Once: it takes a third of a second.
        for first, last, role, team, language in cast.COLLEAGUES:
            email = f"{norm(first)}@boreal.example" if language else None
            user = User.objects.create_user(
                email, first_name=first, last_name=last, team=teams[team], language=language or "fr"
            )
            user.roles.add(Role.objects.get(slug=role))
            self.users[first] = user
        User.objects.filter(email__isnull=False).update(password=password)
        firm = {"name": cast.FIRM, "legal_mentions": "Boréal Énergie SAS au capital de 250 000 € · RCS Nantes"}
        services.save_edit(Organisation.current(), firm, by=self.users["Paul"])
        for name, colour in cast.TAGS.items():
            self.tags[name] = Tag.objects.create(name=name, colour=colour)

    def take_over_the_old_file(self) -> None:
        """What the firm brought along: most companies and contacts, in one import."""
        paul = self.users["Paul"]
        with changes(paul, Changeset.Source.IMPORT, "Reprise de l’ancien fichier clients") as changeset:
            companies = self.drafts.known_companies()
            companies += [self.drafts.company() for _ in range(COMPANIES - len(companies))]
            self._insert(companies)
            self.companies = [company for company, _children in companies]
            for child, parent in self.drafts.parents(self.companies):
                Company.objects.filter(pk=child.pk).update(parent=parent)
            contacts = self.drafts.known_contacts()
            contacts += [self.drafts.contact(self.companies) for _ in range(CONTACTS - len(contacts))]
            self._insert(contacts)
            self.contacts = [contact for contact, _children in contacts]
            self._tag_the_imported()
            record_event(
                "company.imported", by=paul, about=self.companies, changeset=changeset, count=len(self.companies)
            )
            record_event(
                "contact.imported", by=paul, about=self.contacts, changeset=changeset, count=len(self.contacts)
            )
        for name, description, colour, owner in cast.GROUPS:
            group = Group(name=name, description=description, colour=colour, owner=self.users[owner])
            services.create(group, by=self.users[owner])

    def _insert(self, drafts: Sequence[tuple[models.Model, list[models.Model]]]) -> None:
        type(drafts[0][0])._default_manager.bulk_create([record for record, _children in drafts])
        by_kind: dict[Any, list[models.Model]] = defaultdict(list)
        for child in (child for _record, children in drafts for child in children):
            by_kind[type(child)].append(child)
        for kind, children in by_kind.items():
            kind._default_manager.bulk_create(children)

    def _tag_the_imported(self) -> None:
        links = []
        for contact, known in zip(self.contacts, cast.CONTACTS, strict=False):
            links += [(contact, self.tags[name]) for name in known[5] if contact.first_name != "Claire"]
        for contact in self.contacts[len(cast.CONTACTS) :]:
            label = {"customer": "Sous contrat", "prospect": "Chiffrage", "partner": "Installateur"}.get(
                contact.lifecycle
            )
            names = [label] if label else []
            names += self.random.sample(list(cast.TAGS)[6:], self.random.choice((0, 0, 1, 1, 2)))
            links += [(contact, self.tags[name]) for name in names]
        ContactTag.objects.bulk_create([ContactTag(contact=contact, tag=tag) for contact, tag in links])

    # ---- the weeks since ----

    def ordinary_day(self) -> list[Act]:
        """A handful of acts between half past eight and half past five."""
        acts: dict[Callable[[], object], int] = {
            self.meet_someone: 15,
            self.meet_a_firm: 5,
            self.correct_a_contact: 16,
            self.correct_a_company: 6,
            self.add_a_number: 4,
            self.put_into_a_group: 5,
            self.tag_some: 2,
            self.share_one: 1,
            self.leave_a_company: 1,
            self.trash_one: 1,
        }
        minutes = self.random.sample(range(8 * 60 + 30, 17 * 60 + 30), self.random.randint(5, 9))
        return list(zip(minutes, self.random.choices(list(acts), list(acts.values()), k=len(minutes)), strict=True))

    def meet_someone(self) -> None:
        contact, children = self.drafts.contact(self.companies)
        contact.owner = contact.owner or self.users["Camille"]
        self.contacts.append(services.create(contact, by=contact.owner, children=children))

    def meet_a_firm(self) -> None:
        company, children = self.drafts.company()
        company.owner = company.owner or self.users["Camille"]
        self.companies.append(services.create(company, by=company.owner, children=children))

    def correct_a_contact(self) -> None:
        contact = self._some_contact()
        services.save_edit(contact, self.drafts.correction(contact), by=self._editor(contact))

    def correct_a_company(self) -> None:
        company = self.random.choice(self.companies)
        typed: dict[str, Any] = self.random.choice(
            [
                {"size": int((company.size or 20) * self.random.uniform(0.8, 1.3)) + 1},
                {"turnover": self.random.randint(2, 400) * 100_000},
                {"notes": self.random.choice(cast.NOTES)},
                {"founded": self.random.randint(1921, 2019)},
            ]
        )
        services.save_edit(company, typed, by=self._editor(company))

    def add_a_number(self) -> None:
        contact = self._some_contact()
        phone = self.drafts.phone(contact, Label.HOME)
        if not contact.phones.filter(number=phone.number).exists():
            services.add_child(phone, by=self._editor(contact))

    def put_into_a_group(self) -> None:
        group, contact = self.random.choice(list(Group.objects.order_by("pk"))), self._some_contact()
        if not Membership.objects.filter(group=group, contact=contact).exists():
            services.add_child(Membership(group=group, contact=contact), by=group.owner or self._editor(contact))

    def tag_some(self) -> None:
        camille = self.users["Camille"]
        rows = Contact.objects.editable_by(camille).order_by("pk")
        chosen = self.random.sample(list(rows.values_list("pk", flat=True)), 6)
        services.add_tag(rows.filter(pk__in=chosen), self.random.choice(list(self.tags.values())), by=camille)

    def share_one(self) -> None:
        contact = self._some_contact()
        guest = self.users[self.random.choice(("Hugo", "James", "Yanis"))]
        if contact.owner and guest != contact.owner:
            services.share(contact, by=contact.owner, person=guest, edit=self.random.random() < 0.5)

    def leave_a_company(self) -> None:
        place = Affiliation.objects.filter(ended_on__isnull=True, contact__in=self.contacts[18:]).order_by("pk").first()
        if place:
            typed = {"ended_on": self.acts[-1][1].date(), "is_primary": False}
            services.save_edit(place, typed, by=self.users["Inès"])

    def trash_one(self) -> None:
        boss, chosen = self.users["Sophie"], self.random.choice(self.contacts[len(cast.CONTACTS) :])
        services.trash(Contact.objects.deletable_by(boss).filter(pk=chosen.pk), by=boss)

    def _some_contact(self) -> Contact:
        """A live contact, those everybody looks at oftener, read as it is now. Claire has a story of her own."""
        known = self.contacts[1 : len(cast.CONTACTS)]
        contact = self.random.choice(known if self.random.random() < 0.3 else self.contacts[1:])
        return Contact.objects.filter(pk=contact.pk, trashed_at__isnull=True).first() or self._some_contact()

    def _editor(self, record: Contact | Company) -> User:
        return self.random.choice([record.owner or self.users["Inès"]] * 3 + [self.users["Inès"]])

    # ---- what is told to everybody who opens the demo ----

    def story(self) -> dict[int, list[Act]]:
        """Acts of particular days."""
        users, claire = self.users, self.contacts[0]
        promotion = {"job_title": "Directrice des achats", "department": "Achats"}
        agreed = timezone.localdate() - dt.timedelta(days=12)
        consent = {"consent": "given", "consent_basis": "contract", "consent_on": agreed}
        link = Link(contact=claire, title="LinkedIn", url="https://www.example.com/in/claire-fontaine")
        only_claire = Contact.objects.filter(pk=claire.pk)

        def edit(typed: Mapping[str, Any], who: str) -> Callable[[], object]:
            return lambda: services.save_edit(Contact.objects.get(pk=claire.pk), dict(typed), by=users[who])

        return {
            41: [(10 * 60, lambda: services.add_tag(only_claire, self.tags["Sous contrat"], by=users["Camille"]))],
            30: [(11 * 60, edit(promotion, "Camille"))],
            21: [(15 * 60, lambda: services.add_tag(only_claire, self.tags["Décideur"], by=users["Sophie"]))],
            14: [(9 * 60, self.hand_over_claudes)],
            12: [(16 * 60, edit(consent, "Inès"))],
            6: [(17 * 60, lambda: services.share(claire, by=users["Camille"], person=users["Hugo"], edit=False))],
            5: [(9 * 60, lambda: services.add_child(link, by=users["Camille"]))],
            4: [(14 * 60, self.rename_by_mistake)],
            1: [(18 * 60, edit({"notes": cast.NOTES[1]}, "Camille"))],
        }

    def hand_over_claudes(self) -> None:
        """Claude left: half of what was theirs goes to Camille."""
        rows = Contact.objects.filter(owner=self.users["Claude"]).order_by("pk")
        half = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[: rows.count() // 2]))
        services.assign(half, self.users["Camille"], by=self.users["Paul"], source=Changeset.Source.HANDOVER)

    def rename_by_mistake(self) -> None:
        """An edit that was undone at once."""
        company, who = self.companies[0], self.users["Yanis"]
        company = Company.objects.get(pk=company.pk)
        owner = company.owner or who
        saved = services.save_edit(company, {"sector": "Agroalimentaire"}, by=owner)
        if saved.changeset:
            undo(saved.changeset, by=owner)
