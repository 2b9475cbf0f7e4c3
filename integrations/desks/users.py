"""Colleagues in files: with their team, and the manager after whom a team is called that has no name."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from contacts.names import split_name
from crm.access.models import Role, Team, User, UserRole
from crm.records.text import norm
from integrations.desks.base import BATCH, Desk, Search, filled
from integrations.fields import USERS
from integrations.models import ImportRow
from integrations.rows import Clean

if TYPE_CHECKING:
    from integrations.cleaning import RowUnderWay
    from integrations.committing import Writer
    from integrations.planning import PlannedRow

REP, MANAGER = "sales-rep", "sales-manager"
_SCALARS = ("first_name", "last_name", "email", "phone", "language")


class UserDesk(Desk):
    """Only administrators bring colleagues in; these cannot sign in until they are invited."""

    kind = USERS
    model = User
    scalars = (*_SCALARS, "team")
    matches = ("email", "name")
    names = ("first_name", "last_name", "email")

    @classmethod
    def may_create(cls, by: User) -> bool:
        return by.is_administrator

    @classmethod
    def seen(cls, viewer: User) -> Any:
        return User.objects.all() if viewer.is_administrator else User.objects.none()

    def editable(self, rows: Any) -> Any:
        return rows if self.by.is_administrator else rows.none()

    @classmethod
    def finish(cls, row: RowUnderWay) -> None:
        data = row.data
        if whole := data.pop("full_name", ""):
            name = split_name(whole)
            data.setdefault("first_name", name.first_name)
            data.setdefault("last_name", name.last_name)
        for slug in _SCALARS:
            if not data.get(slug):
                data.pop(slug, None)
        if not any(data.get(slug) for slug in cls.names):
            row.refuse_row(_("The row has no name and no e-mail address."))

    @classmethod
    def keys(cls, data: Clean, wanted: list[str]) -> list[str]:
        """By e-mail address, then by name."""
        keys = [f"user_email:{data['email']}"] if data.get("email") and (not wanted or "email" in wanted) else []
        name = norm(f"{data.get('first_name', '')} {data.get('last_name', '')}".strip())
        return [*keys, *([f"user:{name}"] if name and (not wanted or "name" in wanted) else [])]

    @classmethod
    def searches(cls) -> dict[str, Search]:
        return {"user_email": _by_email, "user": _by_name}

    @classmethod
    def with_values(cls, rows: Any, viewer: User) -> Any:
        return rows.select_related("team")

    @classmethod
    def state(cls, record: Any) -> Clean:
        state = {slug: getattr(record, slug) for slug in _SCALARS}
        return filled({**state, "team": record.team.name if record.team else ""})

    # What a row will do

    @cached_property
    def teams(self) -> dict[str, Team]:
        return {norm(team.name): team for team in Team.objects.all()}

    @cached_property
    def roles(self) -> dict[str, Role]:
        return {norm(name): role for role in Role.objects.all() for name in (role.name_fr, role.name_en, role.slug)}

    def begin(self, row: PlannedRow) -> str:
        self._name_team(row)
        role = row.cleaned.get("role", "")
        if role and norm(role) not in self.roles:
            return _("No role is called “%(role)s”.") % {"role": role}
        return ""

    def compare(self, row: PlannedRow, state: Clean) -> str:
        self._name_team(row)
        return ""

    def _name_team(self, row: PlannedRow) -> None:
        """Call the team of a row that names only a manager after that person."""
        manager = row.cleaned.get("manager", "")
        if manager and not row.cleaned.get("team"):
            row.cleaned["team"] = _("Team of %(name)s") % {"name": manager}

    # Writing

    def create(self, writer: Writer, rows: list[ImportRow]) -> None:
        """Make the teams, and everybody with their managers, each once."""
        teams = self._teams(writer, rows)
        people: dict[str, User] = {}
        roles: dict[str, str] = defaultdict(str)
        for row in rows:
            data = row.cleaned
            person = User(**{"language": self.by.language, **{slug: data[slug] for slug in _SCALARS if slug in data}})
            person.team = teams.get(norm(data.get("team", "")))
            person.set_unusable_password()
            people[norm(person.name)], roles[norm(person.name)] = person, data.get("role", "")
        self._bring_managers(rows, teams, people, roles)
        made = list(people.values())
        User.objects.bulk_create(made, batch_size=BATCH)
        for row in rows:
            name = f"{row.cleaned.get('first_name', '')} {row.cleaned.get('last_name', '')}".strip()
            row.record_id = people[norm(name or row.cleaned["email"])].pk
        holding = [UserRole(user=person, role=self.roles[norm(roles[key] or REP)]) for key, person in people.items()]
        UserRole.objects.bulk_create(holding, batch_size=BATCH)
        writer.touched += made

    def _bring_managers(
        self, rows: list[ImportRow], teams: dict[str, Team], people: dict[str, User], roles: dict[str, str]
    ) -> None:
        """Make the managers that are not here yet, in the teams they lead."""
        for row in rows:
            manager = row.cleaned.get("manager", "")
            key = norm(manager)
            if not manager or self.planner.person(manager):
                continue
            if key not in people:
                name = split_name(manager)
                people[key] = User(first_name=name.first_name, last_name=name.last_name, language=self.by.language)
                people[key].team = teams.get(norm(row.cleaned.get("team", "")))
                people[key].set_unusable_password()
            roles[key] = roles.get(key) or MANAGER

    def _teams(self, writer: Writer, rows: list[ImportRow]) -> dict[str, Team]:
        """The teams that rows name, made where there is none, below the office they belong to."""
        for row in rows:
            office, name = row.cleaned.get("office", ""), row.cleaned.get("team", "")
            parent = self._team(writer, office, None) if office else None
            if name:
                self._team(writer, name, parent)
        return self.teams

    def _team(self, writer: Writer, name: str, parent: Team | None) -> Team:
        known = self.teams.get(norm(name))
        if known is None:
            known = Team.objects.create(name=name, parent=parent, group=Group.objects.create(name=name))
            self.teams[norm(name)] = known
            writer.touched.append(known)
        return known

    def update(self, writer: Writer, rows: list[ImportRow]) -> None:
        self._made = self._teams(writer, rows)
        super().update(writer, rows)

    def apply(self, record: Any, row: ImportRow) -> set[str]:
        changed = super().apply(record, row)
        if "team" in row.diff:
            record.team = self._made[norm(row.diff["team"][1])]
            changed.add("team")
        return changed


def _by_email(values: set[str], viewer: User) -> list[tuple[str, int]]:
    rows = UserDesk.seen(viewer).filter(email__isnull=False).order_by("pk").values_list("email", "pk")
    return [(key, pk) for email, pk in rows if (key := email.lower()) in values]


def _by_name(values: set[str], viewer: User) -> list[tuple[str, int]]:
    rows = UserDesk.seen(viewer).order_by("pk").values_list("first_name", "last_name", "pk")
    return [(key, pk) for first, last, pk in rows if (key := norm(f"{first} {last}".strip())) in values]
