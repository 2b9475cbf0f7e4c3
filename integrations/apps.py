from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from crm.ui import nav
        from integrations.views.imports import may_import

        nav.register(
            nav.NavItem(
                _("Imports"), "integrations:import_list", icon="upload", section="steer", shown=may_import, order=80
            )
        )
