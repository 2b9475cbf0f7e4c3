"""Opportunities as plain values of a file: how they are found, named and checked, their lines and their people."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contacts.models import Contact
from integrations.rows import Clean
from opportunities.models import DealLine, Opportunity, Stage
from opportunities.totals import line_total

if TYPE_CHECKING:
    from crm.access.models import User

OF_LINE = ("label", "description", "quantity", "unit", "price", "discount", "vat_rate", "is_recurring")
NUMBERS = ("quantity", "price", "discount", "vat_rate")


def by_reference(values: set[str], viewer: User) -> list[tuple[str, int]]:
    """Find the deals of some references, as (reference, key)."""
    rows = Opportunity.objects.visible_to(viewer).exclude(reference="")
    found = rows.filter(reference__in=values).order_by("pk").values_list("reference", "pk")
    return list(found)


def by_name(values: set[str], viewer: User) -> list[tuple[str, int]]:
    """Find the deals of some names with companies ("name|company"), as (value, key)."""
    names = {value.partition("|")[0] for value in values}
    rows = Opportunity.objects.visible_to(viewer).filter(sort_name__in=names).order_by("pk")
    found = rows.values_list("sort_name", "company__sort_name", "pk")
    return [(key, pk) for name, company, pk in found if (key := f"{name}|{company or ''}") in values]


def name_of(data: Clean) -> str:
    """Name a deal that the file does not: after its company, and what it is about."""
    about = data["lines"][0]["label"] if data.get("lines") else ""
    reference = data.get("reference", "")
    parts = (data["company"], about or reference) if data.get("company") else (about, reference)
    return " · ".join(filter(None, parts))[:200]


def wrong_with(data: Clean, status: str) -> str:
    """Say what keeps a row from being a deal, "" for nothing."""
    if status != Stage.Status.OPEN and not data.get("closed_on"):
        return _("A deal that is won or lost needs the day it was closed.")
    if status != Stage.Status.OPEN and data.get("opened_on", "") > data["closed_on"]:
        return _("The day it was closed lies before the day it was opened.")
    return ""


def sum_of(data: Clean) -> Decimal:
    """What the lines of a row come to, in its currency."""
    lines = (DealLine(**{name: Decimal(line[name]) for name in NUMBERS if name in line}) for line in data["lines"])
    return sum((line_total(line, data["currency"]) for line in lines), Decimal(0))


def plain_line(line: DealLine) -> Clean:
    """A line as plain values."""
    told = {name: getattr(line, name) for name in OF_LINE}
    values = {name: str(value) if name in NUMBERS else value for name, value in told.items()}
    return values | ({"product": line.product.name} if line.product else {})


def taker(contact: Contact, part: str) -> Clean:
    """A contact's part in a deal as plain values."""
    addresses = [email.address for email in contact.emails.all()]
    name = f"{contact.first_name} {contact.last_name}".strip()
    return {"id": contact.pk, "name": name, "email": addresses[0] if addresses else "", "part": part}
