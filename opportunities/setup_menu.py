"""What opportunities bring to the administrators' console: pages, kinds of the log, a warning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.console import audit, menu, warnings
from opportunities.models import CategoryOverride, ExchangeRate, LostReason, Pipeline, Target
from opportunities.rates import effect_of_currency


def register() -> None:
    """Register all of it; called once the apps are there."""
    menu.register(
        "sales",
        _("Sales"),
        menu.Entry(_("Pipelines"), "opportunities:pipeline_list", icon="square-kanban", nouns=("pipeline", "stage")),
        menu.Entry(_("Reasons of losses"), "opportunities:reason_list", icon="circle-x", nouns=("reason",)),
        menu.Entry(_("Exchange rates"), "opportunities:rate_list", icon="coins", nouns=("rate",)),
        menu.Entry(pgettext_lazy("sales", "Targets"), "opportunities:target_list", icon="target", nouns=("target",)),
    )
    audit.register_kinds(Pipeline, LostReason, ExchangeRate, Target, CategoryOverride)
    warnings.register("currency", effect_of_currency)
