"""`manage.py create_administrator EMAIL`: the first way into an empty installation."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from crm.access.models import Right, Role
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.console.forms.users import unused_email
from crm.console.services.invitations import invite_user


class Command(BaseCommand):
    help = "Make an administrator and print the link with which they choose their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--url", default=settings.SITE_URL, help="where the site is reached, https://crm.example")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for what is no address, or one that is taken."""
        try:
            validate_email(options["email"].strip())
            email = unused_email(options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        cells = Right.objects.filter(kind=ADMINISTRATION, act=Act.EDIT, scope=Scope.ALL)
        role = Role.objects.filter(pk__in=cells.values("role")).first()
        if role is None or email is None:
            raise CommandError("There is no role that administers: run `manage.py migrate` first.")
        _invitation, token = invite_user(email, by=None, team=None, roles=[role], language=options["language"])
        link = options["url"].rstrip("/") + reverse("console:invitation_accept", args=[token])
        self.stdout.write(f"{link}\nThe link works once, for {settings.INVITATION_DAYS} days.")
