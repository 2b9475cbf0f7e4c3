from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "crm.console"
    label = "console"

    def ready(self) -> None:
        from crm.ui import nav

        nav.register(
            nav.NavItem(
                _("Administration"),
                "console:home",
                icon="settings",
                section="foot",
                shown=lambda user: user.is_administrator,
            )
        )
