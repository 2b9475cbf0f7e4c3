"""What each row of an import will do: create, update cell by cell, nothing, or fail with a reason. Rights hold here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.records.links import find_linked
from crm.records.services import may_assign
from crm.records.text import norm
from integrations import matching
from integrations.added import custom_of, defaults, link_fields, user_slugs
from integrations.desks import DESKS
from integrations.fields import COMPANIES, CONTACTS, OPPORTUNITIES
from integrations.guarding import has_name
from integrations.merging import merge
from integrations.models import ImportRow, ImportRun
from integrations.requiring import missing_error, required_fields
from integrations.rows import Clean, Staged, companies_of
from integrations.states import MODELS, read_states

Action = ImportRow.Action
PlannedRow = ImportRow | Staged
R = TypeVar("R", bound=PlannedRow)


class Planner:
    """Decides rows of one import for the person who imports, by the data as they are now.

    `asks`: rows about the same record are told apart already, so that each new one needs the required fields.
    """

    def __init__(self, run: ImportRun, *, asks: bool = False) -> None:
        self.run = run
        self.by = User.objects.get(pk=run.by_id)  # rights as they are now, not as they were when the run was read
        self.on_match: str = run.rules.get("on_match", ImportRun.OnMatch.FILL)
        self.desk = DESKS[run.kind](self) if run.kind in DESKS else None
        self.may_assign = {kind: may_assign(self.by, model) for kind, model in MODELS.items()}
        self.may_create = {kind: may_create(self.by, kind) for kind in MODELS}
        self._people: dict[str, User] | None = None
        self._user_slugs = {kind: user_slugs(kind, self.by) for kind in MODELS}
        self._links = {kind: link_fields(kind, self.by) for kind in MODELS}
        self._required = required_fields(run.kind, self.by) if asks else []

    # Owners

    def owner(self) -> User | None:
        """Who gets the new records: whom the rules name, else the importer."""
        chosen = self.run.rules.get("owner", self.by.pk)
        if chosen == self.by.pk or not any(self.may_assign.values()):
            return self.by
        return User.objects.filter(pk=chosen, is_active=True).first() if chosen else None

    def person(self, text: str) -> User | None:
        """Find an active colleague by e-mail address or name."""
        if self._people is None:
            self._people = {}
            for user in User.objects.filter(is_active=True).order_by("-pk"):
                self._people |= {norm(user.name): user, norm(f"{user.last_name} {user.first_name}"): user}
                if user.email:
                    self._people[user.email.lower()] = user
        return self._people.get(norm(text)) if text else None

    # Rows

    def plan(self, rows: list[R]) -> list[R]:
        """Decide rows in file order; returns those that are about the same record as an earlier one that creates it."""
        wrong = self._tell_firms([row for row in rows if row.kind == CONTACTS])
        wrong |= self._tell_links([row for row in rows if row.number not in wrong])
        rows = [row for row in rows if row.number not in wrong]
        hits = matching.find((key for row in rows for key in row.keys), self.by)
        if self.desk:
            self.desk.look(rows)
        claimed: dict[str, R] = {}
        later = []
        found: dict[str, dict[int, list[R]]] = {kind: {} for kind in MODELS}
        for row in rows:
            ids = self._matches(row, hits)
            twin = next((claimed[key] for key in row.keys if key in claimed), None)
            if len(ids) > 1:
                self.fail(row, self._several(row, ids))
            elif ids:
                found[row.kind].setdefault(ids[0], []).append(row)
            elif twin:
                later.append(row)
            else:
                self.create(row)
                claimed |= dict.fromkeys(row.keys, row) if row.action == Action.CREATE else {}
        for kind, by_id in found.items():
            if by_id:
                self._update(kind, by_id)
        self._check_companies([row for row in rows if row.kind in (CONTACTS, OPPORTUNITIES) and row not in later])
        return later

    def _matches(self, row: PlannedRow, hits: matching.Hits) -> list[int]:
        """Return the records a row may be about: by all of a person's addresses, by a company's first key that hits."""
        if row.kind == CONTACTS:
            return list(dict.fromkeys(pk for key in row.keys for pk in hits.get(key, [])))
        return next((hits[key] for key in row.keys if hits.get(key)), [])

    def create(self, row: PlannedRow) -> None:
        """Decide that a row becomes a new record, if the importer may make such records."""
        row.action, row.record_id, row.diff = Action.CREATE, None, {}
        self._resolve_people(row)
        wrong = self.desk.begin(row) if self.desk else ""
        if not self.may_create[row.kind]:
            self.fail(row, self._may_not_create(row.kind))
        elif not has_name(row):
            self.fail(row, _("Nothing is left to name the record by: your role may not fill in the rest."))
        elif wrong:
            self.fail(row, wrong)
        elif missing := [
            field for field in self._required if row.kind == self.run.kind and field.slug not in row.cleaned
        ]:
            row.action = Action.FAIL
            row.errors = [*row.errors, *(missing_error(field, self.run) for field in missing)]

    def _may_not_create(self, kind: str) -> str:
        if kind in DESKS:
            return _("You may not create this kind of record.")
        return _("You may not create companies.") if kind == COMPANIES else _("You may not create contacts.")

    def _update(self, kind: str, by_id: dict[int, list[R]]) -> None:
        """Compare rows with the records they are about; of several rows about one, each sees what the former left."""
        records = MODELS[kind].objects.filter(pk__in=by_id)
        states = read_states(kind, records, self.by)
        open_ones = records.editable_by(self.by) if self.desk is None else self.desk.editable(records)
        editable = set(open_ones.values_list("pk", flat=True))
        for pk, rows in by_id.items():
            for row in rows:
                row.record_id = pk
                self._compare(row, states[pk], may_edit=pk in editable)

    def compare_with_twin(self, row: PlannedRow, twin: PlannedRow) -> None:
        """Decide a row about the same record as an earlier row of the file that creates it (for the dry run)."""
        row.record_id = None
        self._compare(row, dict(twin.cleaned), may_edit=True)
        self.warn(row, _("Row %(row)s of the file is about the same record.") % {"row": twin.number})

    def _compare(self, row: PlannedRow, state: Clean, *, may_edit: bool) -> None:
        if self.on_match == ImportRun.OnMatch.SKIP:
            row.action, row.diff = Action.SKIP, {}
            return
        self._resolve_people(row)
        wrong = self.desk.compare(row, state) if self.desk else ""
        row.diff = merge(row.kind, state, self.incoming(row, state), self.on_match)
        row.action = Action.UPDATE if row.diff else Action.SAME
        if row.diff and not may_edit:
            self.fail(row, _("You may not edit this record."))
        elif row.diff and wrong:
            self.fail(row, wrong)
        elif row.diff:
            state |= {slug: change[1] for slug, change in row.diff.items()}

    def custom(self, data: Clean) -> Clean:
        """The values of added fields that a new record of the run begins with, as the row says, else their defaults."""
        return defaults(self.run.kind, self.by) | custom_of(data)

    def incoming(self, row: PlannedRow, state: Clean | None = None) -> Clean:
        """The row's values with the tags and group that the rules add to every row; `state` is what is there."""
        data = dict(row.cleaned)
        data["tags"] = list(dict.fromkeys([*data.get("tags", []), *self.run.rules.get("tags", [])]))
        data["groups"] = list(dict.fromkeys([*data.get("groups", []), *filter(None, [self.run.rules.get("group")])]))
        data = {slug: value for slug, value in data.items() if value != []}
        return self.desk.incoming(data, state) if self.desk else data

    def _resolve_people(self, row: PlannedRow) -> None:
        """Put colleagues for the words that name them, in the owner and in added fields; who is unknown is left out."""
        self._resolve_owner(row)
        for slug in self._user_slugs[row.kind]:
            text = row.cleaned.get(slug)
            if not isinstance(text, str):  # nobody, or found before
                continue
            if person := self.person(text):
                row.cleaned[slug] = person.pk
            else:
                del row.cleaned[slug]
                self.warn(row, _("Nobody here has this name or address."), text)

    def _tell_links(self, rows: list[R]) -> set[int]:
        """Put records for the words that name them in added fields; a row whose words fit none, or several, fails.

        Returns the numbers of the rows that fail.
        """
        wrong = set()
        for kind, fields in self._links.items():
            for field in fields:
                asking = [row for row in rows if row.kind == kind and isinstance(row.cleaned.get(field.slug), str)]
                hits = find_linked(field, {row.cleaned[field.slug] for row in asking}, self.by) if asking else {}
                for row in asking:
                    text, found = row.cleaned[field.slug], hits[row.cleaned[field.slug]]
                    if len(found) == 1:
                        row.cleaned[field.slug] = found[0].pk
                        continue
                    del row.cleaned[field.slug]
                    values = {"field": field.label, "name": text}
                    none = _("%(field)s: nothing that you may see is called “%(name)s”.") % values
                    reason = _several_named(found[:5]) if found else none
                    if self.run.rules.get("lenient"):
                        self.warn(row, reason, text)
                    else:
                        self.fail(row, reason, text)
                        wrong.add(row.number)
        return wrong

    def _resolve_owner(self, row: PlannedRow) -> None:
        """Leave out an owner who is unknown or whom the importer may not give records to, with a warning."""
        text = row.cleaned.get("owner")
        if not text:
            return
        person = self.person(text)
        if person and (self.may_assign[row.kind] or person.pk == self.by.pk):
            row.cleaned["owner"] = person.name
            return
        del row.cleaned["owner"]
        reason = _("You may not give records to others.") if person else _("Nobody here has this name or address.")
        self.warn(row, reason, text)

    def _tell_firms(self, rows: list[R]) -> set[int]:
        """Note the company a person's row tells by SIREN, or by domain where its name is new; several fail the row.

        Returns the numbers of the rows that fail.
        """
        for row in rows:
            row.cleaned.pop("company_id", None)
        telling = [row for row in rows if row.cleaned.get("firm", {}).get("siren") or row.cleaned.get("company_domain")]
        if not telling:
            return set()
        hits = matching.firms_by_facts([row.cleaned for row in telling], self.by)
        named = matching.company_keys(
            (name for row in telling for name in row.cleaned.get("companies", [])[:1]), self.by
        )
        firms = Company.objects.in_bulk({pk for found in hits.values() for pk in found})
        wrong = set()
        for row in telling:
            found = hits.get(f"siren:{row.cleaned.get('firm', {}).get('siren')}", [])
            names = row.cleaned.get("companies", [])
            if not found and not (names and norm(names[0]) in named):
                found = hits.get(f"domain:{row.cleaned.get('company_domain')}", [])
            if len(found) > 1:
                self.fail(row, _several_named([firms[pk] for pk in found[:5]]))
                wrong.add(row.number)
            elif found:
                row.cleaned["company_id"] = found[0]
                row.cleaned["companies"] = [firms[found[0]].name, *names[1:]]
        return wrong

    def _check_companies(self, rows: Iterable[R]) -> None:
        """Fail rows whose company cannot be told from others of its name, or would have to be created but may not."""
        writing = [row for row in rows if row.action in {Action.CREATE, Action.UPDATE}]
        known = matching.company_keys((name for row in writing for name in _companies_of(row)), self.by)
        several = [name for name, keys in known.items() if len(keys) > 1]
        named = matching.companies_named(several, self.by) if several else {}
        for row in writing:
            told = 1 if "company_id" in row.cleaned else 0
            for name in _companies_of(row)[told:]:
                candidates = named.get(norm(name), [])
                if norm(name) not in known and not self.may_create[COMPANIES]:
                    self.fail(row, self._may_not_create(COMPANIES), name)
                elif candidates and not matching.choose_company(candidates, row.cleaned):
                    self.fail(row, _several_named(candidates), name)

    def _several(self, row: PlannedRow, ids: list[int]) -> str:
        records: Any = MODELS[row.kind].objects.filter(pk__in=ids[:5]).order_by("pk")
        return _several_named(list(records))

    def fail(self, row: PlannedRow, reason: str, value: str = "") -> None:
        row.action, row.diff = Action.FAIL, {}
        row.errors = [*row.errors, {"column": "", "value": value, "reason": reason, "warning": False}]

    def warn(self, row: PlannedRow, reason: str, value: str = "") -> None:
        row.errors = [*row.errors, {"column": "", "value": value, "reason": reason, "warning": True}]


def _companies_of(row: PlannedRow) -> list[str]:
    """Return the names of the companies of a person, or of that of a deal."""
    return companies_of(row.cleaned) or list(filter(None, [row.cleaned.get("company")]))


def may_create(by: User, kind: str) -> bool:
    """Say whether somebody may make records of a kind at all."""
    if kind in DESKS:
        return DESKS[kind].may_create(by)
    return by.rights.may(kind_of(MODELS[kind]), Act.CREATE)


def _several_named(records: list[Contact] | list[Company]) -> str:
    """Say that a row fits several records, and which."""
    names = ", ".join(f"{record} (#{record.pk})" for record in records)
    return _("Several records fit this row: %(names)s.") % {"names": names}
