"""Opportunities and products in the command palette: best first, only what the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.search import Asked, find
from crm.records.veil import veil
from crm.ui.palette import Result, Source
from crm.ui.recent import last_opened
from opportunities.models import Opportunity, OpportunityEntry

SHOWN = 6


def find_opportunities(asked: Asked) -> Iterator[Result]:
    """Opportunities that carry all words of a wording, those opened last before others."""
    opened = last_opened(asked.user, kind_of(Opportunity))
    return map(_opportunity, veil(find(_rows(), OpportunityEntry, asked, SHOWN, opened), asked.user))


def show_opportunities(user: User, keys: list[int]) -> dict[int, Result]:
    """Those of the opportunities that the user may see."""
    rows = _rows().visible_to(user).filter(pk__in=keys)
    return {deal.pk: _opportunity(deal) for deal in veil(rows, user)}


def _rows() -> Any:
    return Opportunity.objects.select_related("company", "stage")


def _opportunity(deal: Any) -> Result:
    detail = " · ".join(str(text) for text in (deal.company, deal.stage) if text)
    return Result(deal.name, deal.get_absolute_url(), icon="square-kanban", detail=detail)


SOURCES = (Source(kind_of(Opportunity), _("Opportunities"), find_opportunities, show_opportunities, order=25),)
