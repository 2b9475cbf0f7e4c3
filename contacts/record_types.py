"""The fields of contacts, companies and groups, declared once (crm/lists/fields.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Affiliation, Company, CompanyTag, Contact, ContactTag, Group, Membership, PostalAddress
from crm.access.models import Team, User
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    Options,
    RecordType,
    choice_filter,
    ids_filter,
    text_filter,
    yes_no_filter,
)
from crm.records.models import Tag
from crm.records.text import norm

YES_NO: list[tuple[str, Any]] = [("1", _("yes")), ("0", _("no"))]


def _people(_user: User) -> Options:
    return [("me", _("me")), *((str(person.pk), person.name) for person in User.objects.filter(is_active=True))]


def _teams(_user: User) -> Options:
    return [(str(team.pk), team.name) for team in Team.objects.all()]


def _tags(_user: User) -> Options:
    return [(str(tag.pk), tag.name) for tag in Tag.objects.all()]


def _groups(user: User) -> Options:
    return [(str(group.pk), group.name) for group in Group.objects.visible_to(user)]


def _owner_matches(values: list[str], user: User) -> Q:
    wanted = [user.pk if value == "me" else int(value) for value in values if value]
    return Q(owner_id__in=wanted) | (Q(owner_id__isnull=True) if "" in values else Q())


def _linked(through: type[models.Model], record: str, column: str, options: Callable[[User], Options]) -> Filter:
    """Rows tied to one of the rows picked; by a subquery, because a join would repeat rows."""

    def matches(values: list[str], user: User) -> Q:
        wanted = {int(value) for value in values if value}
        if not wanted <= {int(value) for value, _label in options(user)}:
            raise ValueError(values)
        links = through._default_manager
        found = Q(pk__in=links.filter(**{f"{column}__in": wanted}).values(f"{record}_id"))
        return found | ~Q(pk__in=links.values(f"{record}_id")) if "" in values else found

    return Filter(matches, options)


def _companies() -> Filter:
    """People of a company, by its key; only of companies the viewer may see."""

    def matches(values: list[str], user: User) -> Q:
        seen = Company.objects.visible_to(user).filter(pk__in=[int(value) for value in values if value])
        places = Affiliation.objects.filter(company__in=seen, ended_on__isnull=True)
        found = Q(pk__in=places.values("contact_id"))
        anywhere = Affiliation.objects.filter(ended_on__isnull=True).values("contact_id")
        return found | ~Q(pk__in=anywhere) if "" in values else found

    return Filter(matches)


def _city(record: str) -> Filter:
    def matches(values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            found |= Q(city__norm__contains=norm(value)) if value else Q()
        places = PostalAddress.objects.filter(**{f"{record}__isnull": False})
        inside = Q(pk__in=places.filter(found).values(f"{record}_id"))
        return inside | ~Q(pk__in=places.values(f"{record}_id")) if "" in values else inside

    return Filter(matches)


def _owned() -> tuple[Field, ...]:
    """Fields that every kind of record has."""
    return (
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=Filter(_owner_matches, _people)),
        Field(
            "team", _("Team"), Kind.TEXT, lambda row: row.team, filter=ids_filter("team_id", _teams), is_column=False
        ),
        Field("touched", _("Last activity"), Kind.MOMENT, lambda row: row.touched_at, sort="touched_at"),
        Field("created", _("Created"), Kind.MOMENT, lambda row: row.created_at, sort="created_at"),
    )


def _text(slug: str, label: Any, **over: Any) -> Field:
    return Field(slug, label, Kind.TEXT, lambda row: getattr(row, slug), filter=text_filter(slug), edit=slug, **over)


def _choice(slug: str, label: Any, choices: Any, **over: Any) -> Field:
    known = [(value, text) for value, text in choices if value]
    read = f"get_{slug}_display"
    return Field(
        slug, label, Kind.CHOICE, lambda row: getattr(row, read)(), filter=choice_filter(slug, known), edit=slug, **over
    )


CONTACT = RecordType(
    model=Contact,
    slug="contact",
    namespace="contacts",
    label=_("Contact"),
    plural=_("Contacts"),
    icon="users",
    fields=(
        Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name"),
        Field("company", _("Company"), Kind.TEXT, lambda row: row.company_name or "", filter=_companies()),
        _text("job_title", _("Job title")),
        _text("department", _("Department")),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            lambda row: row.tags.all(),
            filter=_linked(ContactTag, "contact", "tag", _tags),
        ),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or ""),
        Field("email", _("E-mail"), Kind.EMAIL, lambda row: row.email or ""),
        Field("city", _("City"), Kind.TEXT, lambda row: row.city or "", filter=_city("contact")),
        _choice("lifecycle", _("Lifecycle"), Contact.Lifecycle.choices),
        _text("source", _("Source")),
        _choice("language", _("Language"), settings.LANGUAGES),
        _choice("consent", _("Mailing consent"), Contact.Consent.choices),
        Field(
            "do_not_call",
            _("Do not call"),
            Kind.YES_NO,
            lambda row: row.do_not_call,
            filter=yes_no_filter("do_not_call", YES_NO),
            edit="do_not_call",
        ),
        Field("birthday", _("Birthday"), Kind.DATE, lambda row: row.birthday, edit="birthday"),
        Field(
            "group",
            _("Group"),
            Kind.TEXT,
            str,
            filter=_linked(Membership, "contact", "group", _groups),
            is_column=False,
        ),
        *_owned(),
    ),
    columns=("name", "company", "tags", "phone", "lifecycle", "touched", "owner"),
    sort="-touched",
    describe=lambda row: row.job_title,
    has_preview=True,
)

COMPANY = RecordType(
    model=Company,
    slug="company",
    namespace="contacts",
    label=_("Company"),
    plural=_("Companies"),
    icon="building-2",
    fields=(
        Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name"),
        _text("sector", _("Sector")),
        Field("city", _("City"), Kind.TEXT, lambda row: row.city or "", filter=_city("company")),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            lambda row: row.tags.all(),
            filter=_linked(CompanyTag, "company", "tag", _tags),
        ),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or ""),
        Field("size", _("Employees"), Kind.NUMBER, lambda row: row.size, edit="size"),
        Field("turnover", _("Turnover"), Kind.MONEY, lambda row: row.turnover, edit="turnover"),
        Field("founded", _("Founded"), Kind.TEXT, lambda row: row.founded or "", edit="founded"),
        _text("siren", _("SIREN")),
        _text("vat_number", _("VAT number")),
        Field("website", _("Website"), Kind.LINK, lambda row: row.website, edit="website"),
        Field(
            "parent",
            _("Parent company"),
            Kind.TEXT,
            lambda row: row.parent or "",
            filter=ids_filter("parent_id", lambda _user: ()),
            is_column=False,
        ),
        Field(
            "group",
            _("Group"),
            Kind.TEXT,
            str,
            filter=_linked(Membership, "company", "group", _groups),
            is_column=False,
        ),
        *_owned(),
    ),
    columns=("name", "sector", "city", "tags", "phone", "touched", "owner"),
    sort="-touched",
    describe=lambda row: row.sector,
    has_preview=True,
)

GROUP = RecordType(
    model=Group,
    slug="group",
    namespace="contacts",
    label=_("Group"),
    plural=_("Groups"),
    icon="folder",
    fields=(
        Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name"),
        Field("description", _("Description"), Kind.TEXT, lambda row: row.description),
        Field("members", _("Members"), Kind.NUMBER, lambda row: row.members),
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=Filter(_owner_matches, _people)),
        Field("created", _("Created"), Kind.MOMENT, lambda row: row.created_at, sort="created_at"),
    ),
    columns=("name", "description", "members", "owner"),
    sort="name",
    describe=lambda row: row.description,
)
