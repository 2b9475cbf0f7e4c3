from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "crm.access"
    label = "access"

    def ready(self) -> None:
        from crm.access.defaults import ensure_defaults

        post_migrate.connect(ensure_defaults, dispatch_uid="access-defaults")
