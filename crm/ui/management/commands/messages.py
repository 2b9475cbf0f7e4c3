from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from crm.ui import catalog


class Command(BaseCommand):
    """Bring locale/fr/LC_MESSAGES/django.po up to date with the code, or check that nothing is left to translate."""

    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a string has no good French")

    def handle(self, *, check: bool, **options: object) -> None:
        root, path = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po"
        stored, code = catalog.read_catalog(path), catalog.extract_catalog(root)
        if not check:
            catalog.write_catalog(path, stored, code)
            stored = catalog.read_catalog(path)
        found = list(catalog.problems(stored, code))
        for line in found:
            self.stderr.write(line)
        if check and found:
            raise CommandError(f"{len(found)} strings to see to: run `manage.py messages`, then translate in {path}.")
