"""Tags of the pages of opportunities."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.access.models import User
from opportunities.board import Lane
from opportunities.cards import card_html, cards_html
from opportunities.views.record import may_see_record

register = template.Library()


@register.simple_tag(takes_context=True)
def lane_cards(context: Context, lane: Lane) -> SafeString:
    """The cards of a lane of the board."""
    return cards_html(context["board"], lane, context["viewer"])


@register.simple_tag(takes_context=True)
def moved_card(context: Context, lane: Lane, deal: Any) -> SafeString:
    """A card that is on the page already, as it is now."""
    return card_html(context["board"], lane, deal, context["viewer"], swap="outerMorph")


@register.filter
def sees_track_record(user: User) -> bool:
    """Whether the user may open the page that tells how the forecast did."""
    return may_see_record(user)


@register.simple_tag(takes_context=True)
def opens(context: Context, text: str, label: str = "", **narrowed: str) -> SafeString:
    """A figure that leads to the deals behind it: the list on show, narrowed further (`status="open"`)."""
    query = context["linked"](**narrowed)
    if not query:
        return format_html("{}", text)
    return format_html(
        '<a href="{}?{}"{}>{}</a>',
        reverse("opportunities:opportunity_list"),
        query,
        format_html(' title="{}"', label) if label else "",
        text,
    )
