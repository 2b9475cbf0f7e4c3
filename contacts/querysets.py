"""The doors to contacts and companies, and the words of the trade for them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Subquery

from contacts.duplicates.reasons import telling_of
from crm.access.querysets import RecordQuerySet
from crm.access.rights import kind_of
from crm.records.search import carrying
from crm.records.text import norm

if TYPE_CHECKING:
    from typing import Self

    from crm.access.models import User

M = TypeVar("M", bound=models.Model)


# Kept from call to call: an expression is copied where it is used, and building it costs more than its rows.


@cache
def _primary(model: str, owner: str, column: str) -> Subquery:
    rows = apps.get_model("contacts", model)._default_manager.filter(**{owner: OuterRef("pk")})
    return Subquery(rows.order_by("-is_primary", "id").values(column)[:1])


@cache
def _main_place(column: str) -> Subquery:
    places = apps.get_model("contacts", "Affiliation")._default_manager.filter(
        contact=OuterRef("pk"), ended_on__isnull=True, company__trashed_at__isnull=True
    )
    return Subquery(places.order_by("-is_primary", "id").values(column)[:1])


def _listed_tags() -> Prefetch[str]:
    return Prefetch("tags", to_attr="listed_tags")


class ContactQuerySet(RecordQuerySet[M]):
    def search(self, typed: str, user: User | None = None) -> Self:
        """Contacts found by all typed words: names, companies, e-mail addresses, phones in any spacing."""
        return self.filter(carrying(apps.get_model("contacts", "ContactEntry"), typed, user))

    def with_company(self) -> Self:
        """With `company_id` and `company_name` of the present main place of work: a fact of the contact's own."""
        return self.annotate(company_id=_main_place("company_id"), company_name=_main_place("company__name"))

    def for_list(self) -> Self:
        """With what a row of the list shows: owner, primary e-mail, phone and company, tags."""
        rows = self.with_company().select_related("owner").prefetch_related(_listed_tags())
        return rows.annotate(
            email=_primary("Email", "contact", "address"),
            phone=_primary("Phone", "contact", "number"),
            city=_primary("PostalAddress", "contact", "city"),
        )

    def for_detail(self) -> Self:
        """With what the head and the facts of the page show."""
        rows = self.with_company().select_related("owner", "team")
        return rows.prefetch_related("emails", "phones", "addresses", "links", "tags")


class CompanyQuerySet(RecordQuerySet[M]):
    def search(self, typed: str, user: User | None = None) -> Self:
        """Companies found by all typed words: names, identifiers, domains, phones."""
        return self.filter(carrying(apps.get_model("contacts", "CompanyEntry"), typed, user))

    def for_list(self) -> Self:
        """With what a row of the list shows."""
        return (
            self.with_city()
            .select_related("owner")
            .prefetch_related(_listed_tags())
            .annotate(phone=_primary("Phone", "company", "number"))
        )

    def with_city(self) -> Self:
        """With `city` of the main address."""
        return self.annotate(city=_primary("PostalAddress", "company", "city"))

    def for_detail(self) -> Self:
        return self.select_related("owner", "team", "parent").prefetch_related(
            "emails", "phones", "addresses", "links", "tags"
        )


class GroupQuerySet(RecordQuerySet[M]):
    def search(self, typed: str, user: User | None = None) -> Self:
        """Groups whose name contains the text."""
        return self.filter(sort_name__contains=norm(typed))

    def for_list(self) -> Self:
        """With owner and number of members."""
        return self.select_related("owner").annotate(members=Count("memberships"))

    def for_detail(self) -> Self:
        return self.select_related("owner", "team")


class PairQuerySet(models.QuerySet[M]):
    """Pairs of likely duplicates; never without a door."""

    def visible_to(self, user: User) -> Self:
        """Pairs of which the user sees both records, without those that somebody said are different.

        And without those whose reasons would tell of a field that the user may not see.
        """
        kind: Any = self.model._meta.get_field("one").related_model
        seen = kind._default_manager.visible_to(user).order_by().values("pk")
        apart = apps.get_model("contacts", f"{kind.__name__}Apart")._default_manager
        said = Exists(apart.filter(one=OuterRef("one"), two=OuterRef("two")))
        said_so = Exists(apart.filter(one=OuterRef("two"), two=OuterRef("one")))
        pairs = self.filter(~said, ~said_so, one__in=seen, two__in=seen)
        if told := telling_of(user.rights.hidden(kind_of(kind))):
            pairs = pairs.annotate(told=F("reasons").bitand(told)).filter(told=0)
        return pairs
