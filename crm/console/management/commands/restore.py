from pathlib import Path

from django.core.management import BaseCommand, CommandError, CommandParser

from crm.console.archive import ArchiveError, holds_something, restore_archive


class Command(BaseCommand):
    """Replace database and private files by those of an archive. Stop web, worker and beat first."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="an archive that `backup` wrote")
        parser.add_argument("--yes", action="store_true", help="replace what is there")

    def handle(self, *, file: Path, yes: bool, **options: object) -> None:
        if not yes and holds_something():
            raise CommandError("This database is in use: with --yes, all that it and the files hold is replaced.")
        try:
            restore_archive(file)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored from {file}.")
