from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from contacts import merging, record_types
        from contacts.bulk import register_acts
        from contacts.palette import SOURCES
        from contacts.search import search_later
        from contacts.views import companies, contacts, groups
        from crm.access.rights import follows
        from crm.lists.fields import register
        from crm.records.changes import register_around_many
        from crm.ui import nav, palette

        for record_type in (record_types.CONTACT, record_types.COMPANY, record_types.GROUP):
            register(record_type)
        follows(
            ("contacts.contact", "consent"), ("contacts.contact", "consent_on"), ("contacts.contact", "consent_basis")
        )
        for kind in ("contacts.contact", "contacts.company"):
            follows((kind, "postaladdress"), (kind, "city"))
        follows(("contacts.contact", "job_title"), ("contacts.affiliation", "role"))  # which begins as a copy of it
        merging.register()
        register_acts()
        register_around_many(search_later)
        nav.register(
            nav.NavItem(
                _("Contacts"),
                "contacts:contact_list",
                icon="users",
                key="c",
                section="sales",
                order=10,
                is_on_phone=True,
            ),
            nav.NavItem(
                _("Companies"),
                "contacts:company_list",
                icon="building-2",
                key="e",
                section="sales",
                order=20,
            ),
            nav.NavItem(_("Groups"), "contacts:group_list", icon="folder", key="g", section="sales", order=30),
            nav.CreateItem(
                _("Contact"), "contacts:contact_create", icon="user-plus", key="c", shown=contacts.may_create, order=10
            ),
            nav.CreateItem(
                _("Company"), "contacts:company_create", icon="building-2", shown=companies.may_create, order=20
            ),
            nav.CreateItem(_("Group"), "contacts:group_create", icon="folder-plus", shown=groups.may_create, order=30),
        )
        for source in SOURCES:
            palette.register(source)
        palette.register_pages(
            nav.NavItem(_("Likely duplicates: contacts"), "contacts:contact_duplicates", icon="copy"),
            nav.NavItem(_("Likely duplicates: companies"), "contacts:company_duplicates", icon="copy"),
        )
