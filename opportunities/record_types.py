"""The fields of opportunities and products, declared once (crm/lists/fields.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.filters import COMPANY_OPERATORS, any_filter
from contacts.models import Company, Contact
from crm.access.models import User
from crm.lists.common import (
    choice_field,
    created_field,
    date_field,
    name_field,
    number_field,
    owner_field,
    people,
    tags_field,
    team_field,
    teams,
    text_field,
    touched_field,
    yes_no_field,
)
from crm.lists.fields import (
    Field,
    Filter,
    Kind,
    Money,
    Options,
    RecordType,
    key_filter,
    number_filter,
    yes_no_filter,
)
from crm.lists.operators import CHOICE_OPERATORS, Operator, text_condition
from crm.lists.segments import segment_field
from opportunities.models import (
    Category,
    DealContact,
    DealLine,
    LostReason,
    Opportunity,
    OpportunityTag,
    Pipeline,
    Product,
    Stage,
)
from opportunities.querysets import unplanned
from opportunities.targets import counting_for, teams_below


def _pipelines(_user: User) -> Options:
    return [(str(each.pk), str(each)) for each in Pipeline.objects.all()]


def _stages(_user: User) -> Options:
    stages = Stage.objects.select_related("pipeline").order_by("pipeline__position", "pipeline", "position", "pk")
    several = len({stage.pipeline_id for stage in stages}) > 1
    return [(str(each.pk), f"{each.pipeline} · {each}" if several else str(each)) for each in stages]


def _reasons(_user: User) -> Options:
    return [(str(each.pk), str(each)) for each in LostReason.objects.all()]


def _planned_filter() -> Filter:
    """Deals with a next step to come ("1"), and open ones without ("0"), which want one."""

    def condition(_operator: Operator, values: list[str], _user: User) -> Q:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        found = Q(pk__in=[])
        for value in values:
            found |= Q(next_step_on__gte=timezone.localdate()) if value == "1" else unplanned()
        return found

    return replace(yes_no_filter("pk"), condition=condition)


def _of_record(model: Any, deals_of: Callable[[Any], Q], named: Callable[[list[str], User], Q], **more: Any) -> Filter:
    """Deals of a record of another kind, by its name or, in an address, by its key; of records that the viewer sees.

    `deals_of` says which deals belong to some records, `named` which records bear a typed name.
    """

    def condition(operator: Operator, values: list[str], user: User) -> Q:
        meant = named(values, user) if operator == Operator.CONTAINS else Q(pk__in=[int(value) for value in values])
        return deals_of(model.objects.visible_to(user).filter(meant))

    def names(values: list[str], user: User) -> dict[str, str]:
        keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
        return {str(each.pk): str(each) for each in model.objects.visible_to(user).filter(pk__in=keys)}

    return Filter(COMPANY_OPERATORS, condition, names=names, bare=Operator.IS, **more)


def _called(values: list[str], _user: User) -> Q:
    return text_condition("name", Operator.CONTAINS, values)


def _contacts_called(values: list[str], user: User) -> Q:
    found = Q()
    for value in values:
        found |= Q(pk__in=Contact.objects.search(value, user).values("pk"))
    return found


COMPANY_FILTER = _of_record(
    Company, lambda seen: Q(company__in=seen), _called, empty=lambda _user: Q(company__isnull=True)
)
CONTACT_FILTER = _of_record(
    Contact,
    lambda seen: Q(Exists(DealContact.objects.filter(opportunity=OuterRef("pk"), contact__in=seen))),
    _contacts_called,
)
PRODUCT_FILTER = _of_record(
    Product,
    lambda seen: Q(Exists(DealLine.objects.filter(opportunity=OuterRef("pk"), product__in=seen))),
    _called,
)


def _counting_filter() -> Filter:
    """Deals that count for a person or a team with those below it, also by a co-owner's share: as targets are met."""

    def options(user: User) -> Options:
        return [*people(user), *((f"team-{key}", name) for key, name in teams(user))]

    def condition(_operator: Operator, values: list[str], user: User) -> Q:
        users = [user.pk if value == "me" else int(value) for value in values if not value.startswith("team-")]
        below, found = teams_below(), set[int]()
        for name in (value.removeprefix("team-") for value in values if value.startswith("team-")):
            found.update(user.rights.teams if name == "mine" else below.get(int(name), ()))
        return counting_for(users, found)

    return Filter(CHOICE_OPERATORS, condition, options=options)


# What stands on the lists of contacts and companies: whether there are open deals, as far as the viewer may see.
def _open_deals(user: User) -> Any:
    return Opportunity.objects.open().visible_to(user)


def _open_parts(user: User) -> Any:
    return DealContact.objects.filter(opportunity__in=_open_deals(user))


def _has_open(links: Any, record: str) -> Field:
    any_open = any_filter(links, record)
    return Field(
        "open_deals", _("Open opportunities"), Kind.YES_NO, lambda _row: None, filter=any_open, is_column=False
    )


OF_COMPANIES = _has_open(_open_deals, "company")
OF_CONTACTS = _has_open(_open_parts, "contact")


def _value(row: Any) -> Money | None:
    """What a deal is worth in its own currency: what was signed if it was won, else what is or was expected."""
    amount = row.won_amount if row.status == Stage.Status.WON and row.won_amount is not None else row.amount
    return None if amount is None else Money(amount, row.currency)


OPPORTUNITY = RecordType(
    model=Opportunity,
    slug="opportunity",
    namespace="opportunities",
    label=_("Opportunity"),
    plural=_("Opportunities"),
    icon="square-kanban",
    fields=(
        name_field(),
        Field("company", _("Company"), Kind.TEXT, lambda row: row.company or "", filter=COMPANY_FILTER),
        Field(
            "contact",
            _("Contact"),
            Kind.TEXT,
            lambda _row: "",
            filter=CONTACT_FILTER,
            is_column=False,
        ),
        Field(
            "product",
            _("Product"),
            Kind.TEXT,
            lambda _row: "",
            filter=PRODUCT_FILTER,
            is_column=False,
            of="dealline",
        ),
        Field(
            "stage",
            _("Stage"),
            Kind.CHOICE,
            lambda row: str(row.stage),
            filter=key_filter("stage_id", _stages),
        ),
        Field(
            "pipeline",
            _("Pipeline"),
            Kind.CHOICE,
            lambda row: str(row.pipeline),
            filter=key_filter("pipeline_id", _pipelines),
        ),
        choice_field("status", _("Status"), Stage.Status.choices, edit=""),
        Field(
            "amount",
            _("Amount"),
            Kind.MONEY,
            _value,
            sort="sort_amount",
            filter=number_filter("base_amount"),
            edit="amount",
        ),
        Field(
            "probability",
            _("Probability"),
            Kind.NUMBER,
            lambda row: row.odds,
        ),
        date_field("expected", _("Expected close"), "expected_on", sort="sort_expected"),
        date_field("opened", _("Opened"), "opened_on"),
        date_field("closed", _("Closed"), "closed_on", edit=""),
        choice_field("category", _("Forecast category"), Category.choices),
        text_field("next_step", _("Next step")),
        date_field("next_step_on", _("Next step on")),
        Field(
            "planned",
            _("Next step planned"),
            Kind.YES_NO,
            lambda row: row.next_step_on is not None and row.next_step_on >= timezone.localdate(),
            filter=_planned_filter(),
            is_column=False,
            of="next_step_on",
        ),
        Field(
            "lost_reason",
            _("Reason of the loss"),
            Kind.CHOICE,
            lambda row: str(row.lost_reason or ""),
            filter=key_filter("lost_reason_id", _reasons),
        ),
        text_field("source", _("Source")),
        text_field("campaign", _("Campaign")),
        text_field("competitors", _("Competitors")),
        text_field("reference", _("Reference")),
        tags_field(OpportunityTag, "opportunity"),
        segment_field("opportunity"),
        owner_field(edit="owner"),
        team_field(),
        Field("counting", _("Counts for"), Kind.USER, lambda _row: None, filter=_counting_filter(), is_column=False),
        touched_field(),
        created_field(),
    ),
    columns=("name", "company", "stage", "amount", "expected", "next_step_on", "owner"),
    sort="-touched",
    guarded=(
        *("amount", "probability", "category", "expected_on", "source", "campaign", "competitors"),
        *("next_step", "next_step_on", "reference", "lost_reason", "notes"),
        *("dealline", "quote"),
    ),
)


def _price(row: Any) -> Money | None:
    """The first price of a product, in the order of currencies."""
    return next((Money(price.amount, price.currency) for price in row.prices.all()), None)


PRODUCT = RecordType(
    model=Product,
    slug="product",
    namespace="opportunities",
    label=_("Product"),
    plural=_("Products"),
    icon="package",
    fields=(
        name_field(),
        text_field("code", _("Code")),
        text_field("family", _("Family")),
        Field("price", _("Price"), Kind.MONEY, _price),
        text_field("unit", _("Unit")),
        number_field("vat_rate", _("VAT rate")),
        yes_no_field("is_recurring", _("Recurring")),
        yes_no_field("is_active", _("Active")),
        owner_field(edit="owner"),
        created_field(),
    ),
    columns=("name", "code", "family", "price", "vat_rate", "is_active"),
    sort="name",
    described="family",
    guarded=("code", "family", "description", "unit", "vat_rate", "price"),
    view="all",
)
