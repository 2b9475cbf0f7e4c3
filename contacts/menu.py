"""Where contacts, companies and groups stand in the side bar, the phone's bar and the menu of what can be created."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contacts.views import companies, contacts, groups
from crm.ui.nav import CreateItem, NavItem

MENU = (
    NavItem(
        _("Contacts"),
        "contacts:contact_list",
        icon="users",
        key="c",
        section="sales",
        order=10,
        is_on_phone=True,
    ),
    NavItem(
        _("Companies"),
        "contacts:company_list",
        icon="building-2",
        key="e",
        section="sales",
        order=20,
    ),
    NavItem(_("Groups"), "contacts:group_list", icon="folder", key="g", section="sales", order=30),
    CreateItem(_("Contact"), "contacts:contact_create", icon="user-plus", key="c", shown=contacts.may_create, order=10),
    CreateItem(_("Company"), "contacts:company_create", icon="building-2", shown=companies.may_create, order=20),
    CreateItem(_("Group"), "contacts:group_create", icon="folder-plus", shown=groups.may_create, order=30),
)
