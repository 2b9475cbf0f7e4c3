"""Where opportunities and products stand in the side bar, the phone's bar and the menu of what can be created."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.ui.nav import CreateItem, NavItem
from opportunities.targets import sees_amounts
from opportunities.views import opportunities, products

MENU = (
    NavItem(
        _("Opportunities"),
        "opportunities:opportunity_list",
        icon="square-kanban",
        key="o",
        section="sales",
        order=25,
        is_on_phone=True,
    ),
    NavItem(_("Products"), "opportunities:product_list", icon="package", key="p", section="sales", order=27),
    NavItem(
        pgettext_lazy("sales", "Targets"),
        "opportunities:attainment",
        icon="target",
        section="steer",
        shown=sees_amounts,
        order=60,
    ),
    CreateItem(
        _("Opportunity"),
        "opportunities:opportunity_create",
        icon="square-kanban",
        key="o",
        shown=opportunities.may_create,
        order=25,
    ),
    CreateItem(_("Product"), "opportunities:product_create", icon="package", shown=products.may_create, order=40),
)
