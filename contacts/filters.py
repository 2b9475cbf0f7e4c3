"""The filters of lists of contacts and companies that are more than one column, and what they offer to pick from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import Q

from contacts.models import Affiliation, Company, Contact, Group, Phone
from crm.access.models import User
from crm.lists.fields import Filter, Options, key_filter, linked_filter, text_filter, yes_no_filter
from crm.lists.operators import CHOICE_OPERATORS, Operator
from crm.records.text import norm


def groups(user: User) -> Options:
    return [(str(group.pk), group.name) for group in Group.objects.visible_to(user)]


# By its key in an address that a page links to; by its name in the dialog.
COMPANY_OPERATORS = (Operator.CONTAINS, Operator.WITHOUT, *CHOICE_OPERATORS)


def point_filter(model: type[models.Model], record: str, inner: Filter) -> Filter:
    """Rows one of whose addresses, numbers or places the filter finds."""
    return linked_filter(inner, lambda _user: model._default_manager.all(), record)


def phone_filter(record: str) -> Filter:
    """A part of a number, in any spacing, at home or abroad."""

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            digits = "".join(character for character in value if character.isascii() and character.isdigit())
            if not digits:
                raise ValueError(value)
            found |= Q(digits__contains=digits)
        return found

    inner = Filter((Operator.CONTAINS, Operator.WITHOUT), condition)
    return point_filter(Phone, record, inner)


def _visible_companies(values: list[str], user: User) -> dict[str, str]:
    """Names of companies by key, of those the viewer may see."""
    keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
    return {
        str(pk): name for pk, name in Company.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name")
    }


def places(user: User) -> models.QuerySet[Affiliation]:
    """Where people work now, in companies that the viewer may see."""
    seen = Company.objects.visible_to(user)
    return Affiliation.objects.filter(ended_on__isnull=True, company__in=seen)


def of_company(through: type[models.Model], inner: Filter) -> Filter:
    """People of a company one of whose rows in `through` the filter finds."""
    of_place = linked_filter(inner, lambda _user: through._default_manager.all(), "company", key="company_id")
    return linked_filter(of_place, places, "contact")


def people_of(user: User) -> models.QuerySet[Affiliation]:
    """Who works where now, of the people that the viewer may see."""
    return Affiliation.objects.filter(ended_on__isnull=True, contact__in=Contact.objects.visible_to(user))


def people_filter() -> Filter:
    """Companies where somebody works ("1") or nobody ("0"), as far as the viewer may see."""
    return any_filter(people_of, "company")


def any_filter(links: Callable[[User], models.QuerySet[Any]], record: str) -> Filter:
    """Rows to which a row among `links` leads ("1") or none ("0"); `record` is the foreign key that leads back."""
    tied = linked_filter(yes_no_filter("pk"), links, record)

    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        if not set(values) <= {"0", "1"} or tied.empty is None:
            raise ValueError(values)
        nobody, found = tied.empty(user), Q(pk__in=[])
        for value in values:
            found |= ~nobody if value == "1" else nobody
        return found

    return replace(yes_no_filter("pk"), condition=condition)


def _by_key_or_name(column: str, values: list[str]) -> Q:
    keys = [int(value) for value in values if value.isascii() and value.isdigit()]
    names = [norm(value) for value in values if not (value.isascii() and value.isdigit())]
    return Q(**{f"{column}_id__in": keys}) | Q(**{f"{column}__name__norm__in": names})


def company_filter() -> Filter:
    """People of a company: by part of its name, or by its key in an address."""
    name = text_filter("company__name")

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        if operator == Operator.CONTAINS:
            return name.condition(operator, values, user)
        return _by_key_or_name("company", values)

    inner = Filter(COMPANY_OPERATORS, condition, names=_visible_companies, bare=Operator.IS)
    return linked_filter(inner, places, "contact")


def parent_filter() -> Filter:
    """Companies under one of some companies that the viewer may see."""
    by_key = key_filter("parent_id", names=_visible_companies)
    name = text_filter("parent__name")

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        seen = Q(parent__in=Company.objects.visible_to(user))
        if operator == Operator.CONTAINS:
            return name.condition(operator, values, user) & seen
        return _by_key_or_name("parent", values) & seen

    return replace(by_key, operators=COMPANY_OPERATORS, condition=condition, bare=Operator.IS)
