from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OpportunitiesConfig(AppConfig):
    name = "opportunities"

    def ready(self) -> None:
        from contacts.models import Company, Contact
        from contacts.sample import CHAPTERS, SEEDS
        from crm.access.rights import follows, kind_of
        from crm.lists.fields import register, register_fields
        from crm.records import merge
        from crm.records.merge import Relation
        from crm.records.undo import register_kept, register_reason
        from crm.ui import nav, palette
        from crm.ui.bulk import ASSIGN, TAG, TRASH, set_field
        from crm.ui.bulk import register as register_acts
        from crm.ui.record_page import Panel, register_panel
        from opportunities import record_types, setup_menu
        from opportunities.clearing import CLEAR, why_stage_is_gone
        from opportunities.defaults import ensure_defaults
        from opportunities.forms import OpportunityForm, ProductForm
        from opportunities.menu import MENU
        from opportunities.models import DealContact, Opportunity
        from opportunities.palette import SOURCES
        from opportunities.quotes import keep_from_undo
        from opportunities.views import opportunities, related
        from opportunities.views.lines import sees_lines
        from opportunities.views.odds import sees_odds
        from opportunities.views.quotes import sees_quotes

        CHAPTERS.append("opportunities.sample.demo.tell")
        SEEDS["opportunities"] = "opportunities.sample.seed.seed"
        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="opportunities-defaults")
        kind = kind_of(Opportunity)
        follows((kind, "amount"), (kind, "won_amount"))
        follows((kind, "lost_reason"), (kind, "lost_text"))
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
        register_panel(
            "product", Panel("deals", "opportunities:related_product", "related", 10, shown=related.sees_sales)
        )
        register_acts("opportunity", [ASSIGN, TAG, set_field(OpportunityForm), TRASH, CLEAR])
        register_acts("product", [ASSIGN, set_field(ProductForm), TRASH])
        merge.register(Company, Relation(Opportunity, "company"))
        merge.register(Contact, Relation(DealContact, "contact", ("opportunity_id",)))
        register_panel("opportunity", Panel("odds", "opportunities:opportunity_odds", "first", 10, sees_odds))
        register_panel("opportunity", Panel("lines", "opportunities:line_list", "middle", 20, sees_lines))
        register_panel("opportunity", Panel("quotes", "opportunities:quote_list", "related", 40, sees_quotes))
        register_kept(keep_from_undo)
        register_reason("deal_stage_is_live", why_stage_is_gone)
        setup_menu.register()
        for source in SOURCES:
            palette.register(source)
        nav.register(*MENU)
