from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OpportunitiesConfig(AppConfig):
    name = "opportunities"

    def ready(self) -> None:
        from opportunities.defaults import ensure_defaults

        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="opportunities-defaults")
