"""The columns of deals, products and users (integrations/resources.py)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export.resources import Resource

from contacts.models import Company
from crm.access.models import Role, Team, User
from crm.records.models import Tag
from integrations.columns import Column, Deleted, Notes, Several
from integrations.desks.pipelines import ENDS
from integrations.desks.widgets import (
    Answer,
    Choice,
    Currency,
    Day,
    EmailAddress,
    Lines,
    Percent,
    Price,
    Prices,
    Sellers,
    Takers,
)
from integrations.rows import Clean
from integrations.widgets import Block, Language, Words, YesNo, limit_of
from integrations.widgets import line_of as line
from integrations.writing import Value
from opportunities.models import Category, Opportunity, Pipeline, Product, Stage

DEAL, END, DAYS, MORE = _("Opportunity"), _("How it ended"), _("Days"), _("More")
PRODUCT, PERSON, WORK = _("Product"), _("Person"), _("Work")


class _DealColumns(Resource):  # type: ignore[misc]
    name = Column(_("Name"), DEAL, line(Opportunity, "name"))
    reference = Column(_("Reference"), DEAL, line(Opportunity, "reference"))
    company = Column(_("Company"), DEAL, line(Company, "name"))
    takers = Several(_("Contacts"), DEAL, Takers())
    pipeline = Column(_("Pipeline"), DEAL, line(Pipeline, "name_en"))
    stage = Column(_("Stage"), DEAL, line(Stage, "name_en"))
    amount = Column(_("Amount"), DEAL, Price())
    currency = Column(_("Currency"), DEAL, Currency())
    product = Column(_("Product"), DEAL, line(Product, "name"), is_written=False)
    lines = Column(_("Lines"), DEAL, Lines())
    probability = Column(_("Probability"), DEAL, Percent(decimals=False))
    category = Column(_("Forecast category"), DEAL, Choice(Category.choices))
    status = Column(
        _("Open, won or lost"),
        END,
        Choice(Stage.Status.choices, {word: code for code, words in ENDS.items() for word in words}),
        is_written=False,
    )
    won_amount = Column(_("Amount signed"), END, Price())
    lost_reason = Column(_("Reason of the loss"), END, line(Opportunity, "lost_text"))
    lost_text = Column(_("About the loss"), END, line(Opportunity, "lost_text"))
    opened_on = Column(_("Opened"), DAYS, Day())
    engaged_on = Column(_("Engaged, past the first stage since"), DAYS, Day(), is_written=False)
    expected_on = Column(_("Expected close"), DAYS, Day())
    closed_on = Column(_("Closed"), DAYS, Day(), many=True)
    close_date = Column(_("Close date, expected or past"), DAYS, Day(), is_written=False)
    next_step = Column(_("Next step"), MORE, line(Opportunity, "next_step"))
    next_step_on = Column(_("Next step on"), MORE, Day())


class DealResource(_DealColumns):
    """The columns of opportunities."""

    source = Column(_("Source"), MORE, line(Opportunity, "source"))
    campaign = Column(_("Campaign"), MORE, line(Opportunity, "campaign"))
    competitors = Column(_("Competitors"), MORE, line(Opportunity, "competitors"))
    notes = Notes(_("Notes"), MORE, Block(limit_of(Opportunity, "notes")), many=True)
    tags = Several(_("Categories"), MORE, Words(line(Tag, "name")), many=True)
    owner = Column(_("Owner"), MORE, line(User, "email"))
    sellers = Several(_("Co-owners"), MORE, Sellers())
    deleted = Deleted(_("Deleted in the other program"), MORE, YesNo(), is_written=False)


class OnePrice(Column):
    """The first price of a product: `part` 1 of it is the amount, 0 the currency."""

    def __init__(self, *args: Any, part: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part

    def export(self, state: Clean, **kwargs: Any) -> Value:
        prices = state.get("prices", [])
        return self.widget.render(prices[0][self.part]) if prices else None


class MorePrices(Several):
    """The prices behind the first one."""

    def export(self, state: Clean, **kwargs: Any) -> Value:
        return self.widget.render(state.get("prices", [])[1:])  # type: ignore[no-any-return]


class ProductResource(Resource):  # type: ignore[misc]
    """The columns of products."""

    name = Column(_("Name"), PRODUCT, line(Product, "name"))
    code = Column(_("Code"), PRODUCT, line(Product, "code"))
    family = Column(_("Family"), PRODUCT, line(Product, "family"))
    price = OnePrice(_("Price"), PRODUCT, Price(), part=1)
    currency = OnePrice(_("Currency"), PRODUCT, Currency(), part=0)
    prices = MorePrices(_("Prices in other currencies"), PRODUCT, Prices())
    unit = Column(_("Unit"), PRODUCT, line(Product, "unit"))
    vat_rate = Column(_("VAT rate"), PRODUCT, Percent())
    is_recurring = Column(_("Recurring"), PRODUCT, Answer())
    is_active = Column(pgettext_lazy("product", "On sale"), PRODUCT, Answer())
    description = Notes(_("Description"), PRODUCT, Block(limit_of(Product, "description")), many=True)
    owner = Column(_("Owner"), MORE, line(User, "email"))


class UserResource(Resource):  # type: ignore[misc]
    """The columns of users."""

    full_name = Column(_("Full name, to be split"), PERSON, line(User, "last_name"), is_written=False)
    first_name = Column(_("First name"), PERSON, line(User, "first_name"))
    last_name = Column(_("Last name"), PERSON, line(User, "last_name"))
    email = Column(_("E-mail address"), PERSON, EmailAddress(limit_of(User, "email")))
    phone = Column(_("Phone"), PERSON, line(User, "phone"))
    language = Column(_("Language"), PERSON, Language())
    team = Column(_("Team"), WORK, line(Team, "name"))
    office = Column(_("Office, above the team"), WORK, line(Team, "name"))
    manager = Column(_("Manager of the team"), WORK, line(User, "last_name"))
    role = Column(_("Role"), WORK, line(Role, "name_en"))
