"""Colleagues by number, for seeded databases: teams in a tree, one of each other role, and sales reps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group as AuthGroup

from contacts.sample.cast import TAGS
from crm.access.models import Role, Team, User
from crm.records.models import Tag

ROLES = ("administrator", "sales-manager", "office-staff", "read-only")
TEAM_SIZE = 8


def hire(count: int, password: str) -> list[User]:
    """Make `count` users (at least five), reps first; sign-ins are rep1@seed.example, administrator@seed.example …"""
    roles = {role.slug: role for role in Role.objects.all()}
    teams = _teams(max(1, count // TEAM_SIZE))
    hashed = make_password(password)
    reps = max(1, count - len(ROLES))
    wanted = [(f"rep{n + 1}", "sales-rep", teams[1 + n % (len(teams) - 1)]) for n in range(reps)]
    wanted += [(slug, slug, teams[0]) for slug in ROLES]
    users = User.objects.bulk_create(
        User(email=f"{name}@seed.example", first_name=name.capitalize(), last_name="Seed", team=team, password=hashed)
        for name, _slug, team in wanted
    )
    link: Any = User.roles.through
    link._default_manager.bulk_create(
        link(user_id=user.pk, role_id=roles[slug].pk) for user, (_name, slug, _team) in zip(users, wanted, strict=True)
    )
    return users


def _teams(count: int) -> list[Team]:
    """A root, then teams of which every third lies under the one before."""
    made: list[Team] = []
    for n in range(count + 1):
        name = f"Seed {n}" if n else "Seed"
        parent = None if n == 0 else made[-1] if n % 3 == 0 else made[0]
        made.append(Team.objects.create(name=name, parent=parent, group=AuthGroup.objects.create(name=name)))
    return made


def tags() -> list[Tag]:
    """The demo's tags, made where missing."""
    return [Tag.objects.get_or_create(name=name, defaults={"colour": colour})[0] for name, colour in TAGS.items()]
