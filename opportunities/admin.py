"""Opportunities and what belongs to them in the admin: to be looked at."""

from __future__ import annotations

from django.contrib import admin

from crm.console.admin import SupportAdmin, site
from opportunities.models import (
    BackTest,
    CategoryOverride,
    DealChange,
    DealContact,
    DealLine,
    DealScore,
    ExchangeRate,
    ForecastFit,
    ForecastSnapshot,
    LostReason,
    Opportunity,
    Pipeline,
    Price,
    Product,
    Quote,
    QuoteCounter,
    QuoteLine,
    Stage,
    StageChange,
    Target,
)


@admin.register(Opportunity, site=site)
class OpportunityAdmin(SupportAdmin):
    list_display = ["name", "company", "stage", "amount", "currency", "owner", "trashed_at"]
    list_select_related = ["company", "stage", "owner"]
    list_filter = ["status", "pipeline"]
    search_fields = ["sort_name", "reference"]
    raw_id_fields = ["company"]
    ordering = ["-id"]


@admin.register(Product, site=site)
class ProductAdmin(SupportAdmin):
    list_display = ["name", "code", "family", "is_active", "trashed_at"]
    search_fields = ["sort_name", "code"]
    ordering = ["sort_name", "id"]


@admin.register(StageChange, DealChange, site=site)
class ChangeAdmin(SupportAdmin):
    list_display = ["opportunity", "effective_at", "stage", "by"]
    list_select_related = ["opportunity", "stage", "by"]
    raw_id_fields = ["opportunity"]
    ordering = ["-id"]


@admin.register(DealContact, DealLine, site=site)
class PartAdmin(SupportAdmin):
    list_display = ["__str__", "opportunity"]
    list_select_related = ["opportunity"]
    raw_id_fields = ["opportunity"]
    ordering = ["-id"]


@admin.register(Price, site=site)
class PriceAdmin(SupportAdmin):
    list_display = ["product", "currency", "amount"]
    list_select_related = ["product"]
    ordering = ["-id"]


@admin.register(Pipeline, LostReason, site=site)
class NamedAdmin(SupportAdmin):
    list_display = ["name_fr", "name_en", "position", "is_active"]


@admin.register(Stage, site=site)
class StageAdmin(SupportAdmin):
    list_display = ["name_fr", "name_en", "pipeline", "position", "status", "probability"]
    list_select_related = ["pipeline"]


@admin.register(ExchangeRate, site=site)
class ExchangeRateAdmin(SupportAdmin):
    list_display = ["currency", "since", "rate", "base"]


@admin.register(Quote, site=site)
class QuoteAdmin(SupportAdmin):
    list_display = ["__str__", "opportunity", "state", "issued_on", "valid_until"]
    list_select_related = ["opportunity"]
    list_filter = ["state"]
    search_fields = ["number"]
    raw_id_fields = ["opportunity", "replaces"]
    ordering = ["-id"]


@admin.register(QuoteLine, site=site)
class QuoteLineAdmin(SupportAdmin):
    list_display = ["label", "quote"]
    list_select_related = ["quote"]
    raw_id_fields = ["quote"]
    ordering = ["-id"]


@admin.register(QuoteCounter, site=site)
class QuoteCounterAdmin(SupportAdmin):
    list_display = ["year", "last"]


@admin.register(Target, site=site)
class TargetAdmin(SupportAdmin):
    list_display = ["__str__", "user", "team", "amount", "currency"]
    list_select_related = ["user", "team"]
    ordering = ["-id"]


@admin.register(ForecastFit, site=site)
class ForecastFitAdmin(SupportAdmin):
    list_display = ["before", "deals", "won", "lost", "made_at"]


@admin.register(DealScore, site=site)
class DealScoreAdmin(SupportAdmin):
    list_display = ["opportunity", "odds", "close_month", "scored_on"]
    list_select_related = ["opportunity"]
    raw_id_fields = ["opportunity"]
    ordering = ["-opportunity"]


@admin.register(ForecastSnapshot, site=site)
class ForecastSnapshotAdmin(SupportAdmin):
    list_display = ["day", "month", "team", "won", "weighted", "middle"]
    list_select_related = ["team"]


@admin.register(BackTest, site=site)
class BackTestAdmin(SupportAdmin):
    list_display = ["until", "made_at"]


@admin.register(CategoryOverride, site=site)
class CategoryOverrideAdmin(SupportAdmin):
    list_display = ["team", "month", "category", "amount", "currency", "by"]
    list_select_related = ["team", "by"]
    ordering = ["-id"]
