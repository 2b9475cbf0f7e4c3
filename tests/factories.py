"""Small makers of rows for tests; every argument has a default that means nothing."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group as AuthGroup

from contacts.models import Affiliation, Company, Contact, Email, Group, Phone
from contacts.phones import phone_digits
from crm.access.models import Role, Team, User
from opportunities.models import Opportunity, Pipeline, Product, Stage

_number = count(1)


def make_team(name: str = "", parent: Team | None = None) -> Team:
    name = name or f"Team {next(_number)}"
    return Team.objects.create(name=name, parent=parent, group=AuthGroup.objects.create(name=name))


def make_user(name: str = "", role: str = "sales-rep", team: Team | None = None, **over: Any) -> User:
    name = name or f"user{next(_number)}"
    user = User.objects.create_user(
        email=over.pop("email", f"{name}@example.com"),
        password=over.pop("password", "correct horse battery"),
        first_name=name.capitalize(),
        last_name=over.pop("last_name", "Example"),
        language=over.pop("language", "en"),
        team=team,
        **over,
    )
    user.roles.add(Role.objects.get(slug=role))
    return user


def _owned(over: dict[str, Any]) -> dict[str, Any]:
    owner = over.get("owner")
    if owner is not None and "team" not in over:
        over["team"] = owner.team
    return over


def make_contact(
    first_name: str = "Claire", last_name: str = "Fontaine", *, email: str = "", phone: str = "", **over: Any
) -> Contact:
    contact: Contact = Contact.objects.create(first_name=first_name, last_name=last_name, **_owned(over))
    if email:
        Email.objects.create(contact=contact, address=email, is_primary=True)
    if phone:
        Phone.objects.create(contact=contact, number=phone, digits=" ".join(phone_digits(phone)), is_primary=True)
    return contact


def make_company(name: str = "Groupe Valmont", **over: Any) -> Company:
    company: Company = Company.objects.create(name=name, **_owned(over))
    return company


def make_affiliation(contact: Contact, company: Company, **over: Any) -> Affiliation:
    return Affiliation.objects.create(contact=contact, company=company, **over)


def make_group(name: str = "Fair", **over: Any) -> Group:
    group: Group = Group.objects.create(name=name, **_owned(over))
    return group


def make_stage(name: str = "Engaging", pipeline: Pipeline | None = None) -> Stage:
    """A stage that is there from the start, by its English name."""
    pipeline = pipeline or Pipeline.objects.get(is_default=True)
    return pipeline.stages.get(name_en=name)


def make_deal(name: str = "Solar roof", stage: str | Stage = "Prospecting", **over: Any) -> Opportunity:
    """An opportunity as it is; one with its dated rows comes from `services.open_deal`."""
    over.setdefault("stage", make_stage(stage) if isinstance(stage, str) else stage)
    over.setdefault("currency", "EUR")
    deal: Opportunity = Opportunity.objects.create(name=name, pipeline=over["stage"].pipeline, **_owned(over))
    deal.refresh_from_db()
    return deal


def make_product(name: str = "Module", **over: Any) -> Product:
    product: Product = Product.objects.create(name=name, **_owned(over))
    return product
