"""Tags of the administrators' pages."""

from __future__ import annotations

from typing import Any

from django import template

from crm.console import menu

register = template.Library()


@register.simple_tag(takes_context=True)
def console_menu(context: template.Context) -> list[Any]:
    """What other apps added to the menu: `{% console_menu as sections %}`."""
    return menu.menu(context["request"])
