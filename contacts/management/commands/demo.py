"""Fill an empty database with a believable firm, its colleagues and its customers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contacts.sample.demo import PASSWORD, Demo
from crm.access.models import User


class Command(BaseCommand):
    help = "Fill an empty database with demo data and print who can sign in. Does nothing once there are users."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if User.objects.exists():
            self.stderr.write("There are users already: nothing was changed.")
            return
        Demo().fill()
        self.stdout.write(sign_ins())


def sign_ins() -> str:
    """The table of those who can sign in, with the one password of the demo."""
    lines = [f"  Demo sign-ins · password for all: {PASSWORD}", ""]
    for user in (
        User.objects.filter(email__isnull=False).select_related("team").prefetch_related("roles").order_by("pk")
    ):
        roles = ", ".join(role.name_en for role in user.roles.all())
        lines.append(f"    {user.email or '':<26}{user.name:<22}{roles:<16}{user.team!s:<10}{user.language}")
    return "\n".join(lines)
