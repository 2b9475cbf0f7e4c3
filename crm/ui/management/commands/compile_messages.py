from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from crm.ui import catalog


class Command(BaseCommand):
    """Compile the translations that changed (.po to .mo), without GNU gettext."""

    help = __doc__ or ""
    requires_system_checks = []

    def handle(self, *, verbosity: int, **options: object) -> None:
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if catalog.compile_catalog(path) and verbosity:
                    self.stdout.write(f"Compiled {path}")
