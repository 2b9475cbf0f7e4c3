from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from crm.records.checks import check_postgres_version


def ensure_organisation(**_kwargs: Any) -> None:
    """Make the one row of settings, once."""
    from crm.records.models import Organisation

    Organisation.objects.get_or_create(pk=1)


class RecordsConfig(AppConfig):
    name = "crm.records"
    label = "records"

    def ready(self) -> None:
        register(check_postgres_version, Tags.database)
        post_migrate.connect(ensure_organisation, sender=self, dispatch_uid="organisation")
