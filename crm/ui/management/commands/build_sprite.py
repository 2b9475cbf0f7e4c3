from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from crm.ui.sprite import UnknownIconError, build_sprite


class Command(BaseCommand):
    """Build static/icons.svg from the icons that templates and code name."""

    help = __doc__ or ""
    requires_system_checks = []

    def handle(self, *, verbosity: int, **options: object) -> None:
        root, target = Path(settings.BASE_DIR), Path(settings.BASE_DIR) / "static" / "icons.svg"
        try:
            sprite = build_sprite(root, settings.NODE_MODULES / "lucide-static" / "icons", root / "static" / "logo.svg")
        except UnknownIconError as error:
            raise CommandError(str(error)) from error
        if not target.exists() or target.read_text(encoding="utf-8") != sprite:
            target.parent.mkdir(exist_ok=True)
            target.write_text(sprite, encoding="utf-8")
            if verbosity:
                self.stdout.write(f"Built {target}: {sprite.count('<symbol')} symbols")
