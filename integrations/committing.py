"""Write planned rows into the address book, in sets: one statement for each table and chunk."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import (
    Affiliation,
    Company,
    CompanyTag,
    Contact,
    ContactTag,
    Email,
    Group,
    Link,
    Membership,
    Phone,
    PostalAddress,
)
from contacts.phones import phone_digits
from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.records.custom import is_custom, with_value
from crm.records.models import Event, Tag
from crm.records.text import norm
from integrations import matching
from integrations.added import custom_of, defaults
from integrations.cells import untitled
from integrations.fields import COMPANIES, CONTACTS
from integrations.firms import fill_firms, firm_of, make_firms
from integrations.inserting import Batch, Waiting, mark_to_link
from integrations.models import ImportRow, ImportRun
from integrations.planning import Planner
from integrations.rows import Clean, companies_of
from integrations.states import MODELS, PARTS, SCALARS

_BATCH = 2000
_OWNER_KEY = {CONTACTS: "contact", COMPANIES: "company"}


@dataclass
class _Part:
    """What one row adds to its record; `primaries` names the tables in which the record has a primary row already."""

    record: Any
    row: ImportRow
    data: Clean
    primaries: set[type[models.Model]] = field(default_factory=set)

    def is_first(self, model: type[models.Model]) -> bool:
        """Say whether the next row of a table is the record's primary one; only once."""
        first = model not in self.primaries
        self.primaries.add(model)
        return first


class Writer:
    """Writes one chunk; `touched` holds every record it created or changed."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.by = planner.by
        self.owner = planner.owner()
        self.touched: list[models.Model] = []
        # Companies told by SIREN or domain that are still there.
        self.told: set[int] = set()
        self._tags: dict[str, Tag] = {}
        self._groups: dict[str, Group | None] = {}

    def write_plain(self, run: ImportRun, waiting: list[Waiting], event: Event) -> set[int]:
        """Write the new records among the rows about to be written that are as plain as when they were planned.

        Returns the numbers of their rows. The others have to be planned again: they update, a record they are about
        has come since, or what they name cannot be told apart.
        """
        if self.planner.desk is not None:
            return set()
        hits = matching.find((key for row in waiting for key in row.keys), self.by)
        told = Company.objects.visible_to(self.by).filter(pk__in={row.company_id for row in waiting if row.company_id})
        self.told = set(told.values_list("pk", flat=True))
        written: set[int] = set()
        for kind in (COMPANIES, CONTACTS):
            rows = [row for row in waiting if row.kind == kind and self._is_plain(row, hits)]
            companies = self._known_companies(rows)
            rows = [row for row in rows if all(norm(name) in companies for name in _to_find(row))]
            if not rows:
                continue
            batch = Batch(
                run, kind, [row.number for row in rows], self.owner, self._people(rows), defaults(kind, self.by)
            )
            facts: dict[int, Clean] = {}
            for row in rows:
                key = row.record_id or 0
                firms = [row.company_id] if row.company_id else []
                firms += [companies[norm(name)] for name in _to_find(row)]
                batch.ties += [(key, firm, n == 0) for n, firm in enumerate(firms)]
                facts |= {firms[0]: row.firm} if firms and row.firm else {}
                tags = dict.fromkeys([*row.tags, *run.rules.get("tags", [])])
                batch.tags += [(key, self.tag(name).pk) for name in tags]
                names = dict.fromkeys([*row.groups, *filter(None, [run.rules.get("group")])])
                batch.groups += [(key, group.pk) for name in names if (group := self._group(name))]
            batch.insert(event)
            self._fill_firms(facts)
            if kind == COMPANIES:
                mark_to_link(run, batch.numbers)
            written.update(batch.numbers)
        return written

    def _is_plain(self, row: Waiting, hits: matching.Hits) -> bool:
        """Say whether a row makes a new record now as it did in the dry run."""
        if (
            row.has_jobs
            or row.action != ImportRow.Action.CREATE
            or row.record_id is None
            or not self.planner.may_create[row.kind]
        ):
            return False
        if any(hits.get(key) for key in row.keys) or (row.company_id and row.company_id not in self.told):
            return False
        person = self.planner.person(row.owner)
        may_own = person and (self.planner.may_assign[row.kind] or person.pk == self.by.pk)
        return not row.owner or bool(may_own)

    def _people(self, rows: list[Waiting]) -> dict[str, User]:
        named = {row.owner for row in rows if row.owner}
        return {name: person for name in named if (person := self.planner.person(name))}

    def _known_companies(self, rows: list[Waiting]) -> dict[str, int]:
        """Return the companies that rows name, by normalised name, made where there is none; not those told apart."""
        names = {norm(name): name for row in reversed(rows) for name in reversed(_to_find(row))}
        known = matching.company_keys(names.values(), self.by)
        missing = [name for key, name in names.items() if key not in known]
        firms = {norm(row.companies[0]): row.firm for row in reversed(rows) if row.companies and row.firm}
        made = self._make_companies(missing, firms) if self.planner.may_create[COMPANIES] else []
        only = {key: found[0] for key, found in known.items() if len(found) == 1}
        return only | {norm(company.name): company.pk for company in made}

    def _make_companies(self, names: Iterable[str], told: dict[str, Clean] | None = None) -> list[Company]:
        made = make_firms(names, told or {}, self.owner)
        self.touched += made
        return made

    def _fill_firms(self, facts: dict[int, Clean]) -> None:
        made = {company.pk for company in self.touched if isinstance(company, Company)}
        self.touched += fill_firms({pk: said for pk, said in facts.items() if pk not in made}, self.by)

    def write(self, rows: list[ImportRow]) -> None:
        """Write rows planned as creations and updates; notes on each which record it became."""
        if self.planner.desk is not None:
            self.planner.desk.write(self, rows)
            return
        for kind in (COMPANIES, CONTACTS):
            of_kind = [row for row in rows if row.kind == kind]
            self._create(kind, [row for row in of_kind if row.action == ImportRow.Action.CREATE])
            self._update(kind, [row for row in of_kind if row.action == ImportRow.Action.UPDATE])

    # New records

    def _create(self, kind: str, rows: list[ImportRow]) -> None:
        if not rows:
            return
        incoming = [self.planner.incoming(row) for row in rows]
        records: list[Any] = [self._new(kind, data) for data in incoming]
        manager: Any = MODELS[kind]._default_manager
        manager.bulk_create(records, batch_size=_BATCH)
        for row, record in zip(rows, records, strict=True):
            row.record_id = record.pk
        self.touched += records
        self._add(kind, [_Part(*part) for part in zip(records, rows, incoming, strict=True)])

    def _new(self, kind: str, data: Clean) -> Contact | Company:
        values = {slug: _value(slug, data[slug]) for slug in SCALARS[kind] if slug in data}
        owner = self.planner.person(data["owner"]) if data.get("owner") else self.owner
        values |= {"owner": owner, "team_id": owner.team_id if owner else None}
        values["custom"] = defaults(kind, self.by) | custom_of(data)
        if kind == CONTACTS:
            return Contact(**values)
        return Company(**values, domains=data.get("domains", []))

    # Records that were there

    def _update(self, kind: str, rows: list[ImportRow]) -> None:
        if not rows:
            return
        manager: Any = MODELS[kind]._default_manager
        records = manager.select_for_update(of=("self",)).in_bulk([row.record_id for row in rows])
        changed: set[str] = set()
        for row in rows:
            changed |= self._apply(kind, records[row.record_id], row)
        now = timezone.now()
        for record in records.values():
            record.updated_at = now
        manager.bulk_update(records.values(), [*sorted(changed), "updated_at"], batch_size=_BATCH)
        self.touched += records.values()
        self._change_addresses(kind, rows)
        primaries = _primaries(kind, records)
        parts = [_Part(records[row.record_id], row, _added(row), primaries[row.record_id or 0]) for row in rows]
        self._add(kind, parts)

    def _apply(self, kind: str, record: Any, row: ImportRow) -> set[str]:
        """Set the changed columns of one record; returns their names."""
        changed = set()
        for slug, (_was, wanted) in row.diff.items():
            if slug in SCALARS[kind] or slug == "domains":
                setattr(record, slug, _value(slug, wanted))
                changed.add(slug)
            elif is_custom(slug):
                record.custom = with_value(record.custom, slug, wanted)
                changed.add("custom")
            elif slug == "owner":
                owner = self.planner.person(wanted)
                record.owner, record.team_id = owner, owner.team_id if owner else None
                changed |= {"owner", "team"}
        return changed

    def _change_addresses(self, kind: str, rows: list[ImportRow]) -> None:
        """Write new parts into addresses that were there; what is wholly new is added with the rest."""
        key = f"{_OWNER_KEY[kind]}_id"
        changing: dict[int, list[list[Clean]]] = {}
        for row in rows:
            if row.record_id and "addresses" in row.diff:
                old, new = row.diff["addresses"]
                changing[row.record_id] = [changing.get(row.record_id, [old])[0], new]
        known: dict[int, list[PostalAddress]] = defaultdict(list)
        for address in PostalAddress.objects.filter(**{f"{key}__in": list(changing)}):
            known[getattr(address, key)].append(address)
        written = []
        for pk, (old, new) in changing.items():
            for address, before, after in zip(known[pk], old, new, strict=False):
                if before != after:
                    for part in PARTS:
                        setattr(address, part, after.get(part, ""))
                    written.append(address)
        if written:
            PostalAddress.objects.bulk_update(written, PARTS, batch_size=_BATCH)

    # What belongs to records

    def _add(self, kind: str, parts: list[_Part]) -> None:
        """Add e-mails, phones, addresses, links, tags, groups and companies to records; the first is primary."""
        through: Any = ContactTag if kind == CONTACTS else CompanyTag
        made: dict[type[models.Model], list[Any]] = defaultdict(list)
        for part in parts:
            owner = {_OWNER_KEY[kind]: part.record}
            for label, address in part.data.get("emails", []):
                made[Email].append(Email(**owner, label=label, address=address, is_primary=part.is_first(Email)))
            for label, number in part.data.get("phones", []):
                digits = " ".join(phone_digits(number))
                phone = Phone(**owner, label=label, number=number, digits=digits, is_primary=part.is_first(Phone))
                made[Phone].append(phone)
            for address in part.data.get("addresses", []):
                first = part.is_first(PostalAddress)
                made[PostalAddress].append(PostalAddress(**owner, **address, is_primary=first))
            links = map(untitled, part.data.get("links", []))
            made[Link] += [Link(**owner, title=title, url=url) for title, url in links]
            made[through] += [through(**owner, tag=self.tag(name)) for name in part.data.get("tags", [])]
            groups = filter(None, map(self._group, part.data.get("groups", [])))
            made[Membership] += [Membership(**owner, group=group) for group in groups]
        if kind == CONTACTS:
            made[Affiliation] = self._affiliations(parts)
        for model, rows in made.items():
            # A tag or group that somebody added in between is there already: that is no error.
            already = model in {Membership, through}
            model._default_manager.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=already)

    def _affiliations(self, parts: list[_Part]) -> list[Affiliation]:
        """Tie people to the companies their rows name, making those that are new."""
        companies, facts = self._companies(parts), dict[int, Clean]()
        told_by_pk = Company.objects.in_bulk({pk for part in parts if (pk := part.row.cleaned.get("company_id"))})
        made = []
        for part in parts:
            for place, name in enumerate(part.data.get("companies", [])):
                candidates = companies.get(norm(name), [])
                told = told_by_pk.get(part.row.cleaned.get("company_id", 0)) if place == 0 else None
                company = told or matching.choose_company(candidates, part.row.cleaned) or candidates[0]
                role = part.record.job_title if place == 0 else ""
                first = part.is_first(Affiliation)
                facts |= {company.pk: firm_of(part.row.cleaned)} if place == 0 else {}
                made.append(Affiliation(contact=part.record, company=company, role=role, is_primary=first))
            made += self._jobs(part, [one for one in made if one.contact is part.record], companies)
        self._fill_firms(facts)
        return made

    def _jobs(self, part: _Part, now: list[Affiliation], companies: dict[str, list[Company]]) -> Iterator[Affiliation]:
        """Tell more of the places that are made already, and give former and further ones."""
        for name, role, started, ended in part.data.get("jobs", []):
            since, until = (dt.date.fromisoformat(day) if day else None for day in (started, ended))
            place = next((one for one in now if not ended and norm(one.company.name) == norm(name)), None)
            if place:
                place.role, place.started_on = role, since
                now.remove(place)
                continue
            found = companies[norm(name)]
            company = matching.choose_company(found, part.row.cleaned) or found[0]
            first = not ended and part.is_first(Affiliation)
            yield Affiliation(
                contact=part.record, company=company, role=role, started_on=since, ended_on=until, is_primary=first
            )

    def _companies(self, parts: list[_Part]) -> dict[str, list[Company]]:
        names = [name for part in parts for name in companies_of(part.data)]
        firms = {
            norm(told[0]): firm_of(part.row.cleaned) for part in reversed(parts) if (told := part.data.get("companies"))
        }
        return self.companies_named(names, firms)

    def companies_named(self, names: list[str], told: dict[str, Clean] | None = None) -> dict[str, list[Company]]:
        """Return the companies of these names, by normalised name, made where there is none, with what rows say."""
        first = {norm(name): name for name in reversed(names)}
        known = matching.companies_named(first.values(), self.by)
        new = self._make_companies((name for key, name in reversed(first.items()) if key not in known), told)
        return known | {norm(company.name): [company] for company in new}

    def tag(self, name: str) -> Tag:
        if norm(name) not in self._tags:
            known = Tag.objects.filter(name__iexact=name).first()
            self._tags[norm(name)] = known or Tag.objects.create(name=name)
        return self._tags[norm(name)]

    def _group(self, name: str) -> Group | None:
        """Return the group of that name the importer may fill, or a new one if they may make groups."""
        if norm(name) not in self._groups:
            known = Group.objects.editable_by(self.by).filter(sort_name=norm(name)).first()
            if known is None and self.by.rights.may(kind_of(Group), Act.CREATE):
                known = Group.objects.create(name=name, owner=self.by, team_id=self.by.team_id)
                self.touched.append(known)
            self._groups[norm(name)] = known
        return self._groups[norm(name)]

    # Parents

    def link_parents(self, rows: list[ImportRow]) -> None:
        """Give companies the parent company their row names; it may stand further down the file, so this comes last."""
        wanted = {row: self._parent_of(row) for row in rows if self._parent_of(row)}
        known = matching.companies_named(wanted.values(), self.by)
        new = {norm(name): name for name in wanted.values() if norm(name) not in known}
        made = self._make_companies(new.values())
        known |= {norm(company.name): [company] for company in made}
        children = Company.objects.select_for_update(of=("self",)).in_bulk([row.record_id for row in wanted])
        for row, name in wanted.items():
            self._link(children[row.record_id or 0], known[norm(name)], row)

    def _parent_of(self, row: ImportRow) -> str:
        if row.action == ImportRow.Action.CREATE:
            return str(row.cleaned.get("parent", ""))
        return str(row.diff["parent"][1]) if "parent" in row.diff else ""

    def _link(self, child: Company, candidates: list[Company], row: ImportRow) -> None:
        if len(candidates) > 1:
            reason = _("Several companies have this name: the parent company was left out.")
        elif _is_below(candidates[0], child):
            reason = _("This company stands above that one already: the parent company was left out.")
        else:
            Company.objects.filter(pk=child.pk).update(parent=candidates[0], updated_at=timezone.now())
            return
        row.errors = [*row.errors, {"column": "", "value": candidates[0].name, "reason": reason, "warning": True}]


def _to_find(row: Waiting) -> list[str]:
    """Return the names of the companies a row names; the one its SIREN or domain told is found already."""
    return row.companies[1:] if row.company_id else row.companies


def _is_below(company: Company, other: Company) -> bool:
    """Say whether `company` is `other` or has it among its parents."""
    step: Company | None = company
    seen: set[int] = set()
    while step is not None and step.pk not in seen:
        if step.pk == other.pk:
            return True
        seen.add(step.pk)
        step = Company.objects.filter(pk=step.parent_id).first() if step.parent_id else None
    return False


def _primaries(kind: str, records: dict[int, Any]) -> dict[int, set[type[models.Model]]]:
    """Return by record in which tables it has a primary row already."""
    key = f"{_OWNER_KEY[kind]}_id"
    found: dict[int, set[type[models.Model]]] = {pk: set() for pk in records}
    tables: list[Any] = [Email, Phone, PostalAddress, *([Affiliation] if kind == CONTACTS else [])]
    for model in tables:
        rows = model._default_manager.filter(**{f"{key}__in": list(records)}, is_primary=True)
        for pk in rows.values_list(key, flat=True):
            found[pk].add(model)
    return found


def _added(row: ImportRow) -> Clean:
    """Return what an update adds to the lists of its record."""
    lists = ("emails", "phones", "links", "tags", "groups", "companies", "jobs", "addresses")
    return {slug: row.diff[slug][1][len(row.diff[slug][0]) :] for slug in lists if slug in row.diff}


def _value(slug: str, plain: Any) -> Any:
    """Turn a plain value into what the model's column holds."""
    if slug == "birthday" and plain:
        return dt.date.fromisoformat(plain)
    return Decimal(plain) if slug == "turnover" and plain else plain


def references(records: Iterable[models.Model]) -> dict[tuple[str, int], None]:
    """Return the records as an event refers to them, each once."""
    return {(record._meta.label_lower, record.pk): None for record in records}
