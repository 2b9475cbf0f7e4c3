from pathlib import Path

from django.core.management import BaseCommand, CommandError, CommandParser

from crm.console.archive import ArchiveError, write_archive


class Command(BaseCommand):
    """Write database and private files into one archive. The site may go on running."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as sillage-2026-11-24.tar")

    def handle(self, *, file: Path, **options: object) -> None:
        if file.exists():
            raise CommandError(f"{file} exists already: choose another name.")
        try:
            write_archive(file)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
