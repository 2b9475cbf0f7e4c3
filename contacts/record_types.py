"""The fields of contacts, companies and groups, declared once (crm/lists/fields.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import (
    Affiliation,
    Company,
    CompanyTag,
    Contact,
    ContactTag,
    Email,
    Group,
    Membership,
    Phone,
    PostalAddress,
)
from crm.access.models import Team, User
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    Options,
    RecordType,
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
from crm.lists.operators import CHOICE_OPERATORS, Operator
from crm.lists.segments import segment_field
from crm.records.models import Tag
from crm.records.text import norm


def _people(_user: User) -> Options:
    return [("me", _("me")), *((str(person.pk), person.name) for person in User.objects.filter(is_active=True))]


def _teams(_user: User) -> Options:
    return [("mine", _("my team")), *((str(team.pk), team.name) for team in Team.objects.all())]


def _tags(_user: User) -> Options:
    return [(str(tag.pk), tag.name) for tag in Tag.objects.all()]


def _groups(user: User) -> Options:
    return [(str(group.pk), group.name) for group in Group.objects.visible_to(user)]


# By its key in an address that a page links to; by its name in the dialog.
COMPANY_OPERATORS = (Operator.CONTAINS, Operator.WITHOUT, *CHOICE_OPERATORS)
OWNER_FILTER = key_filter("owner_id", _people, words=lambda user: {"me": [user.pk]})
TEAM_FILTER = key_filter("team_id", _teams, words=lambda user: {"mine": list(user.rights.teams)})


def _linked(through: type[models.Model], record: str, column: str, options: Callable[[User], Options]) -> Filter:
    """Rows tied to one of the rows picked, among those the viewer may pick."""
    inner = known_filter(key_filter(f"{column}_id", options))
    return linked_filter(inner, lambda _user: through._default_manager.all(), record)


def _point(model: type[models.Model], record: str, inner: Filter) -> Filter:
    """Rows one of whose addresses, numbers or places the filter finds."""
    return linked_filter(inner, lambda _user: model._default_manager.all(), record)


def _phone_filter(record: str) -> Filter:
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
    return _point(Phone, record, inner)


def _visible_companies(values: list[str], user: User) -> dict[str, str]:
    """Names of companies by key, of those the viewer may see."""
    keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
    return {
        str(pk): name for pk, name in Company.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name")
    }


def _places(user: User) -> models.QuerySet[Affiliation]:
    """Where people work now, in companies that the viewer may see."""
    seen = Company.objects.visible_to(user)
    return Affiliation.objects.filter(ended_on__isnull=True, company__in=seen)


def _of_company(through: type[models.Model], inner: Filter) -> Filter:
    """People of a company one of whose rows in `through` the filter finds."""
    of_place = linked_filter(inner, lambda _user: through._default_manager.all(), "company", key="company_id")
    return linked_filter(of_place, _places, "contact")


def _company_field(slug: str, label: Any, found: Filter, of: str = "") -> Field:
    """A fact of the company that narrows the list of people; whoever may not see it there does not find by it."""
    key = f"contacts.company.{of or slug}"
    return Field(f"company_{slug}", label, Kind.TEXT, str, filter=found, is_column=False, of=key)


def _people_of(user: User) -> models.QuerySet[Affiliation]:
    """Who works where now, of the people that the viewer may see."""
    return Affiliation.objects.filter(ended_on__isnull=True, contact__in=Contact.objects.visible_to(user))


def _has_people() -> Filter:
    """Companies where somebody works ("1") or nobody ("0"), as far as the viewer may see."""
    tied = linked_filter(yes_no_filter("pk"), _people_of, "company")

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


def _company_filter() -> Filter:
    """People of a company: by part of its name, or by its key in an address."""
    name = text_filter("company__name")

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        if operator == Operator.CONTAINS:
            return name.condition(operator, values, user)
        return _by_key_or_name("company", values)

    inner = Filter(COMPANY_OPERATORS, condition, names=_visible_companies, bare=Operator.IS)
    return linked_filter(inner, _places, "contact")


def _parent_filter() -> Filter:
    """Companies under one of some companies that the viewer may see."""
    by_key = key_filter("parent_id", names=_visible_companies)
    name = text_filter("parent__name")

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        seen = Q(parent__in=Company.objects.visible_to(user))
        if operator == Operator.CONTAINS:
            return name.condition(operator, values, user) & seen
        return _by_key_or_name("parent", values) & seen

    return replace(by_key, operators=COMPANY_OPERATORS, condition=condition, bare=Operator.IS)


def _owned() -> tuple[Field, ...]:
    """Fields that every kind of record has."""
    return (
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=OWNER_FILTER, edit="owner"),
        Field("team", _("Team"), Kind.TEXT, lambda row: row.team, filter=TEAM_FILTER, is_column=False),
        Field(
            "touched",
            _("Last activity"),
            Kind.MOMENT,
            lambda row: row.touched_at,
            sort="touched_at",
            filter=moment_filter("touched_at"),
        ),
        _created(),
    )


def _created() -> Field:
    moments = moment_filter("created_at")
    return Field("created", _("Created"), Kind.MOMENT, lambda row: row.created_at, sort="created_at", filter=moments)


def _name() -> Field:
    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        found = Q()
        for value in values:
            found |= Q(sort_name__contains=norm(value))
        return found

    contains = Filter((Operator.CONTAINS, Operator.WITHOUT), condition)
    return Field("name", _("Name"), Kind.RECORD, lambda row: row, sort="sort_name", filter=contains)


def _tags_of(row: Any) -> list[Any]:
    """As a list has read them ahead, or read now."""
    return row.listed_tags if "listed_tags" in vars(row) else list(row.tags.all())


def _text(slug: str, label: Any, **over: Any) -> Field:
    return Field(slug, label, Kind.TEXT, lambda row: getattr(row, slug), filter=text_filter(slug), edit=slug, **over)


def _choice(slug: str, label: Any, choices: Any, **over: Any) -> Field:
    known = {value: text for value, text in choices if value}
    return Field(
        slug,
        label,
        Kind.CHOICE,
        lambda row: known.get(getattr(row, slug), getattr(row, slug)),
        filter=choice_filter(slug, list(known.items())),
        edit=slug,
        **over,
    )


CONTACT = RecordType(
    model=Contact,
    slug="contact",
    namespace="contacts",
    label=_("Contact"),
    plural=_("Contacts"),
    icon="users",
    fields=(
        _name(),
        Field("company", _("Company"), Kind.TEXT, lambda row: row.company_name or "", filter=_company_filter()),
        _company_field(
            "sector", _("Sector of the company"), linked_filter(text_filter("company__sector"), _places, "contact")
        ),
        _company_field("city", _("City of the company"), _of_company(PostalAddress, text_filter("city"))),
        _company_field(
            "owner",
            _("Owner of the company"),
            linked_filter(
                key_filter("company__owner_id", _people, words=lambda user: {"me": [user.pk]}), _places, "contact"
            ),
        ),
        _company_field(
            "tags", _("Categories of the company"), _of_company(CompanyTag, known_filter(key_filter("tag_id", _tags)))
        ),
        _company_field(
            "group",
            _("Group of the company"),
            _of_company(Membership, known_filter(key_filter("group_id", _groups))),
        ),
        _text("job_title", _("Job title")),
        _text("department", _("Department")),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            _tags_of,
            filter=_linked(ContactTag, "contact", "tag", _tags),
        ),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or "", filter=_phone_filter("contact")),
        Field(
            "email",
            _("E-mail"),
            Kind.EMAIL,
            lambda row: row.email or "",
            filter=_point(Email, "contact", text_filter("address")),
        ),
        Field(
            "city",
            _("City"),
            Kind.TEXT,
            lambda row: row.city or "",
            filter=_point(PostalAddress, "contact", text_filter("city")),
        ),
        _choice("lifecycle", _("Lifecycle"), Contact.Lifecycle.choices),
        _text("source", _("Source")),
        _choice("language", _("Language"), settings.LANGUAGES),
        _choice("consent", _("Mailing consent"), Contact.Consent.choices),
        Field(
            "do_not_call",
            _("Do not call"),
            Kind.YES_NO,
            lambda row: row.do_not_call,
            filter=yes_no_filter("do_not_call"),
            edit="do_not_call",
        ),
        Field(
            "birthday",
            _("Birthday"),
            Kind.DATE,
            lambda row: row.birthday,
            filter=date_filter("birthday"),
            edit="birthday",
        ),
        Field(
            "group",
            _("Group"),
            Kind.TEXT,
            str,
            filter=_linked(Membership, "contact", "group", _groups),
            is_column=False,
        ),
        segment_field("contact"),
        *_owned(),
    ),
    columns=("name", "company", "tags", "phone", "lifecycle", "touched", "owner"),
    sort="-touched",
    described="job_title",
    has_preview=True,
    guarded=(
        *("job_title", "department", "birthday", "language", "lifecycle", "source", "consent", "do_not_call", "notes"),
        *("email", "phone", "postaladdress", "link"),
    ),
    # Whoever may call or write must know that they may not.
    unhidden=("consent", "do_not_call"),
)

COMPANY = RecordType(
    model=Company,
    slug="company",
    namespace="contacts",
    label=_("Company"),
    plural=_("Companies"),
    icon="building-2",
    fields=(
        _name(),
        _text("sector", _("Sector")),
        Field(
            "city",
            _("City"),
            Kind.TEXT,
            lambda row: row.city or "",
            filter=_point(PostalAddress, "company", text_filter("city")),
        ),
        Field(
            "tags",
            _("Categories"),
            Kind.TAGS,
            _tags_of,
            filter=_linked(CompanyTag, "company", "tag", _tags),
        ),
        Field("phone", _("Phone"), Kind.PHONE, lambda row: row.phone or "", filter=_phone_filter("company")),
        Field("size", _("Employees"), Kind.NUMBER, lambda row: row.size, filter=number_filter("size"), edit="size"),
        Field(
            "turnover",
            _("Turnover"),
            Kind.MONEY,
            lambda row: row.turnover,
            filter=number_filter("turnover"),
            edit="turnover",
        ),
        Field(
            "founded",
            _("Founded"),
            Kind.TEXT,
            lambda row: row.founded or "",
            filter=number_filter("founded"),
            edit="founded",
        ),
        _text("siren", _("SIREN")),
        _text("vat_number", _("VAT number")),
        Field(
            "website", _("Website"), Kind.LINK, lambda row: row.website, filter=text_filter("website"), edit="website"
        ),
        Field(
            "parent",
            _("Parent company"),
            Kind.TEXT,
            lambda row: row.parent or "",
            filter=_parent_filter(),
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
        Field("has_contacts", _("Has contacts"), Kind.YES_NO, str, filter=_has_people(), is_column=False),
        Field(
            "contact_role",
            _("Role of a contact"),
            Kind.TEXT,
            str,
            filter=linked_filter(text_filter("role"), _people_of, "company"),
            is_column=False,
            of="contacts.affiliation.role",
        ),
        segment_field("company"),
        *_owned(),
    ),
    columns=("name", "sector", "city", "tags", "phone", "touched", "owner"),
    sort="-touched",
    described="sector",
    has_preview=True,
    guarded=(
        *("siren", "siret", "vat_number", "legal_id", "sector", "size", "turnover", "founded", "website", "domains"),
        *("notes", "email", "phone", "postaladdress", "link"),
    ),
)

GROUP = RecordType(
    model=Group,
    slug="group",
    namespace="contacts",
    label=_("Group"),
    plural=_("Groups"),
    icon="folder",
    fields=(
        _name(),
        Field(
            "description", _("Description"), Kind.TEXT, lambda row: row.description, filter=text_filter("description")
        ),
        Field("members", _("Members"), Kind.NUMBER, lambda row: row.members),
        Field("owner", _("Owner"), Kind.USER, lambda row: row.owner, filter=OWNER_FILTER),
        _created(),
    ),
    columns=("name", "description", "members", "owner"),
    sort="name",
    described="description",
    guarded=("description",),
)
