"""The doors to opportunities and products, and the words of the trade for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Prefetch, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.access.querysets import RecordQuerySet
from crm.records.search import carrying
from crm.records.text import norm

if TYPE_CHECKING:
    from typing import Self

    from crm.access.models import User

M = TypeVar("M", bound=models.Model)


def unplanned() -> models.Q:
    """That a deal is open and nothing is planned from today on."""
    coming = models.Q(next_step_on__gte=timezone.localdate())
    return models.Q(status="open") & (models.Q(next_step_on__isnull=True) | ~coming)


class OpportunityQuerySet(RecordQuerySet[M]):
    def search(self, typed: str, user: User | None = None) -> Self:
        """Opportunities found by all typed words: their name, their company, their reference."""
        return self.filter(carrying(apps.get_model("opportunities", "OpportunityEntry"), typed, user))

    def open(self) -> Self:
        return self.filter(status="open")

    def won(self) -> Self:
        return self.filter(status="won")

    def lost(self) -> Self:
        return self.filter(status="lost")

    def unplanned(self) -> Self:
        """Open deals without a next step on a day to come."""
        return self.filter(unplanned())

    def with_odds(self) -> Self:
        """With `odds`, the probability that counts, in per cent: typed or learned if that was chosen, else the stage’s.

        So is that of a deal that was made since the last night, or of all as long as too few have closed to learn from.
        `odds_source` says which of them it is.
        """
        chosen = Case(
            When(probability_source="typed", then=F("probability")),
            When(probability_source="learned", status="open", then=F("score__odds")),
        )
        source = Case(
            When(probability_source="typed", then=Value("typed")),
            When(probability_source="learned", status="open", score__odds__isnull=False, then=Value("learned")),
            default=Value("stage"),
        )
        return self.annotate(odds=Coalesce(chosen, F("stage__probability")), odds_source=source)

    def for_list(self) -> Self:
        """With what a row of the list shows: company, stage, owner, tags."""
        rows = self.with_odds().select_related("owner", "company", "stage", "pipeline", "lost_reason")
        return rows.prefetch_related(Prefetch("tags", to_attr="listed_tags"))

    def for_detail(self) -> Self:
        """With what the head and the facts of the page show."""
        rows = self.with_odds().select_related("owner", "team", "company", "stage", "pipeline", "lost_reason")
        return rows.prefetch_related("tags")


class ProductQuerySet(RecordQuerySet[M]):
    def search(self, typed: str, user: User | None = None) -> Self:
        """Products whose name, code or family contains the text."""
        wanted: Any = models.Q(sort_name__contains=norm(typed))
        return self.filter(wanted | models.Q(code__icontains=typed.strip()) | models.Q(family__icontains=typed.strip()))

    def for_list(self) -> Self:
        """With owner and prices."""
        return self.select_related("owner").prefetch_related("prices")

    def for_detail(self) -> Self:
        return self.select_related("owner", "team").prefetch_related("prices")
