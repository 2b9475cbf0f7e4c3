from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from contacts import merging, record_types
        from contacts.bulk import register_acts
        from contacts.menu import MENU
        from contacts.palette import SOURCES
        from contacts.search import search_later
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
        nav.register(*MENU)
        for source in SOURCES:
            palette.register(source)
        palette.register_pages(
            nav.NavItem(_("Likely duplicates: contacts"), "contacts:contact_duplicates", icon="copy"),
            nav.NavItem(_("Likely duplicates: companies"), "contacts:company_duplicates", icon="copy"),
        )
