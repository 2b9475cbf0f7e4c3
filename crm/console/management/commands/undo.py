"""`manage.py undo CHANGESET`: take back an edit, a bulk edit, an import or a merge, as far as nothing newer forbids."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from crm.console.shell import acting_user
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.records.undo import undo


class Command(BaseCommand):
    help = "Take a changeset back, and name what was changed since and is therefore left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("changeset", help="its key, as `manage.py import` prints it")
        parser.add_argument("--as", dest="email", default="", help="who undoes it; else the first administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where there is no such changeset, or it cannot be undone."""
        by = acting_user(options["email"])
        changeset = _changeset(options["changeset"])
        with translation.override(by.language):
            try:
                done = undo(changeset, by=by)
            except Refused as refused:
                raise CommandError(str(refused)) from refused
        self.stdout.write(f"Undone: {done.restored} rows put back, under changeset {done.changeset.pk}.")
        for left in done.left:
            self.stdout.write(f"Left alone: {left.label}: {left.why}")


def _changeset(key: str) -> Changeset:
    try:
        return Changeset.objects.get(pk=uuid.UUID(key))
    except (ValueError, Changeset.DoesNotExist) as error:
        raise CommandError(f"There is no changeset {key}.") from error
