"""The fields that kinds of record have in common, and those that are one column (crm/lists/fields.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.access.models import Team, User
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    Label,
    Options,
    choice_filter,
    date_filter,
    key_filter,
    known_filter,
    linked_filter,
    moment_filter,
    number_filter,
    text_filter,
    yes_no_filter,
)
from crm.lists.operators import Operator
from crm.records.models import Tag
from crm.records.text import norm


def people(_user: User) -> Options:
    return [("me", _("me")), *((str(person.pk), person.name) for person in User.objects.filter(is_active=True))]


def teams(_user: User) -> Options:
    return [("mine", _("my team")), *((str(team.pk), team.name) for team in Team.objects.all())]


def tags(_user: User) -> Options:
    return [(str(tag.pk), tag.name) for tag in Tag.objects.all()]


def tied_filter(through: type[models.Model], record: str, column: str, options: Callable[[User], Options]) -> Filter:
    """Rows tied to one of the rows picked, among those the viewer may pick."""
    inner = known_filter(key_filter(f"{column}_id", options))
    return linked_filter(inner, lambda _user: through._default_manager.all(), record)


def name_field() -> Field:
    """The name, which leads to the record."""

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            found |= Q(sort_name__contains=norm(value))
        return found

    contains = Filter((Operator.CONTAINS, Operator.WITHOUT), condition)
    return Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name", filter=contains)


def owner_field(**over: Any) -> Field:
    owned_by = key_filter("owner_id", people, words=lambda user: {"me": [user.pk]})
    return Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=owned_by, **over)


def team_field() -> Field:
    of_team = key_filter("team_id", teams, words=lambda user: {"mine": list(user.rights.teams)})
    return Field("team", _("Team"), Kind.TEXT, lambda row: row.team, filter=of_team, is_column=False)


def tags_field(through: type[models.Model], record: str) -> Field:
    """The categories, through the table that ties them to the record."""
    return Field("tags", _("Categories"), Kind.TAGS, _tags_of, filter=tied_filter(through, record, "tag", tags))


def _tags_of(row: Any) -> list[Any]:
    """As a list has read them ahead, or read now."""
    return row.listed_tags if "listed_tags" in vars(row) else list(row.tags.all())


def touched_field() -> Field:
    read, moments = _attribute("touched_at"), moment_filter("touched_at")
    return Field("touched", _("Last activity"), Kind.MOMENT, read, sort="touched_at", filter=moments)


def created_field(sort: str = "") -> Field:
    """When it was created; `sort` is "created_at" where the lists have an index in that order."""
    read, moments = _attribute("created_at"), moment_filter("created_at")
    return Field("created", _("Created"), Kind.MOMENT, read, sort=sort, filter=moments)


# ---- Fields that are one column, which is edited under its own name ----


def _attribute(column: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, column)


def _column(slug: str, label: Label, kind: Kind, found: Filter, over: dict[str, Any]) -> Field:
    return Field(slug, label, kind, _attribute(slug), filter=found, **{"edit": slug, **over})


def text_field(slug: str, label: Label, **over: Any) -> Field:
    return _column(slug, label, Kind.TEXT, text_filter(slug), over)


def number_field(slug: str, label: Label, **over: Any) -> Field:
    return _column(slug, label, Kind.NUMBER, number_filter(slug), over)


def date_field(slug: str, label: Label, column: str = "", **over: Any) -> Field:
    """A date; `column` is its own name where the list knows it by a shorter one."""
    if not column:
        return _column(slug, label, Kind.DATE, date_filter(slug), over)
    known = {"edit": column, "of": column, **over}
    return Field(slug, label, Kind.DATE, _attribute(column), filter=date_filter(column), **known)


def yes_no_field(slug: str, label: Label, **over: Any) -> Field:
    return _column(slug, label, Kind.YES_NO, yes_no_filter(slug), over)


def choice_field(slug: str, label: Label, choices: Iterable[tuple[Any, Any]], **over: Any) -> Field:
    """One of a fixed list of choices, shown in words."""
    known = {value: text for value, text in choices if value}
    return Field(
        slug,
        label,
        Kind.CHOICE,
        lambda row: known.get(getattr(row, slug), getattr(row, slug)),
        filter=choice_filter(slug, list(known.items())),
        **{"edit": slug, **over},
    )
