"""What a deal is worth, how likely it is and how old: the row of figures at the top of its page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from crm.records.models import Organisation
from opportunities.models import Opportunity, Stage

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Figures:
    """`amount` is what was signed of a won deal, else what is or was expected; `weighted` that times the probability.

    `in_base` is the amount in the company's currency where the deal has another one; `lacks_rate` that none is known.
    `odds_source` says in words where the probability comes from.
    """

    amount: Decimal | None
    currency: str
    odds: int
    odds_source: str
    weighted: Decimal | None
    in_base: Decimal | None
    base: str
    lacks_rate: bool
    age: int
    opened_on: dt.date


def figures_of(deal: Any) -> Figures:
    """The figures of a deal of `with_odds()`, as it may be shown to its viewer."""
    is_won = deal.status == Stage.Status.WON
    amount = deal.won_amount if is_won and deal.won_amount is not None else deal.amount
    base = Organisation.current().currency
    is_foreign = amount is not None and deal.currency != base
    opened = deal.opened_on or timezone.localdate(deal.created_at)
    return Figures(
        amount=amount,
        currency=deal.currency,
        odds=deal.odds,
        odds_source=str(Opportunity.ProbabilitySource(deal.odds_source).label),
        weighted=None if amount is None or not deal.is_open else weighted(amount, deal.odds),
        in_base=deal.base_amount if is_foreign else None,
        base=base,
        lacks_rate=is_foreign and deal.base_amount is None,
        age=max(0, ((deal.closed_on or timezone.localdate()) - opened).days),
        opened_on=opened,
    )


def weighted(amount: Decimal, odds: int) -> Decimal:
    """The amount times the probability, in per cent, to the cent, half up."""
    return (amount * odds / 100).quantize(CENT, ROUND_HALF_UP)
