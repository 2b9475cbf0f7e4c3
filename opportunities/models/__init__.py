"""Opportunities: pipelines, deals, what they are about, and what became of them."""

from opportunities.models.deals import (
    NEVER,
    Category,
    DatedChange,
    DealChange,
    DealContact,
    Opportunity,
    OpportunityEntry,
    OpportunityTag,
    StageChange,
)
from opportunities.models.forecast import BackTest, CategoryOverride, DealScore, ForecastFit, ForecastSnapshot
from opportunities.models.money import ExchangeRate
from opportunities.models.pipelines import LostReason, Pipeline, Stage
from opportunities.models.products import DealLine, Line, Price, Product
from opportunities.models.quotes import Quote, QuoteCounter, QuoteLine
from opportunities.models.shares import (
    CoOwner,
    OpportunityTeamShare,
    OpportunityUserShare,
    ProductTeamShare,
    ProductUserShare,
)
from opportunities.models.targets import Target

__all__ = [
    "NEVER",
    "BackTest",
    "Category",
    "CategoryOverride",
    "CoOwner",
    "DatedChange",
    "DealChange",
    "DealContact",
    "DealLine",
    "DealScore",
    "ExchangeRate",
    "ForecastFit",
    "ForecastSnapshot",
    "Line",
    "LostReason",
    "Opportunity",
    "OpportunityEntry",
    "OpportunityTag",
    "OpportunityTeamShare",
    "OpportunityUserShare",
    "Pipeline",
    "Price",
    "Product",
    "ProductTeamShare",
    "ProductUserShare",
    "Quote",
    "QuoteCounter",
    "QuoteLine",
    "Stage",
    "StageChange",
    "Target",
]
