from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    name = "opportunities"

    def ready(self) -> None:
        from contacts.models import Company, Contact
        from contacts.sample import CHAPTERS, SEEDS
        from crm.lists.fields import register, register_fields
        from crm.records import merge
        from crm.records.merge import Relation
        from crm.records.undo import register_kept
        from crm.ui import nav, palette
        from crm.ui.bulk import ASSIGN, TAG, TRASH, set_field
        from crm.ui.bulk import register as register_acts
        from crm.ui.record_page import Panel, register_panel
        from opportunities import record_types
        from opportunities.defaults import ensure_defaults
        from opportunities.forms import OpportunityForm, ProductForm
        from opportunities.models import DealContact, Opportunity
        from opportunities.palette import SOURCES
        from opportunities.quotes import keep_from_undo
        from opportunities.views import opportunities, products
        from opportunities.views.lines import sees_lines
        from opportunities.views.quotes import sees_quotes

        CHAPTERS.append("opportunities.sample.demo.tell")
        SEEDS["opportunities"] = "opportunities.sample.seed.seed"
        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="opportunities-defaults")
        register(record_types.OPPORTUNITY)
        register(record_types.PRODUCT)
        register_fields("company", record_types.OF_COMPANIES)
        register_fields("contact", record_types.OF_CONTACTS)
        register_panel(
            "company", Panel("deals", "opportunities:related_company", "first", 10, shown=opportunities.may_see)
        )
        register_panel(
            "contact", Panel("deals", "opportunities:related_contact", "first", 10, shown=opportunities.may_see)
        )
        register_acts("opportunity", [ASSIGN, TAG, set_field(OpportunityForm), TRASH])
        register_acts("product", [ASSIGN, set_field(ProductForm), TRASH])
        merge.register(Company, Relation(Opportunity, "company"))
        merge.register(Contact, Relation(DealContact, "contact", ("opportunity_id",)))
        register_panel("opportunity", Panel("lines", "opportunities:line_list", "middle", 20, sees_lines))
        register_panel("opportunity", Panel("quotes", "opportunities:quote_list", "related", 40, sees_quotes))
        register_kept(keep_from_undo)
        for source in SOURCES:
            palette.register(source)
        nav.register(
            nav.NavItem(
                _("Opportunities"),
                "opportunities:opportunity_list",
                icon="square-kanban",
                key="o",
                section="sales",
                order=25,
                is_on_phone=True,
            ),
            nav.NavItem(
                _("Products"), "opportunities:product_list", icon="package", key="p", section="sales", order=27
            ),
            nav.CreateItem(
                _("Opportunity"),
                "opportunities:opportunity_create",
                icon="square-kanban",
                key="o",
                shown=opportunities.may_create,
                order=25,
            ),
            nav.CreateItem(
                _("Product"), "opportunities:product_create", icon="package", shown=products.may_create, order=40
            ),
        )
