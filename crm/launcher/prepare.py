"""Bring the checkout up to date with its code: messages, icons, static files, database, demo data.

Each step does nothing when nothing changed. Run with the settings and addresses in the environment.
"""

import hashlib
import io
import os
import sys

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command


def main() -> int:
    """Run every step; 1 and one sentence on stderr if one fails."""
    django.setup()
    try:
        for command in ("compile_messages", "build_sprite"):
            call_command(command, verbosity=0)
        collect_static()
        say("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
        if not get_user_model()._default_manager.exists():
            welcome()
    except CommandError as error:
        print(f"sillage: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def collect_static() -> None:
    """Collect and hash the static files if any of them changed since the last time."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = storage.path(path)
            status = os.stat(found)  # noqa: PTH116 (a few hundred files at every start)
            seen.update(f"{found} {status.st_mtime_ns} {status.st_size}\n".encode())
    stamp = settings.STATIC_ROOT / "collected"
    if not stamp.exists() or stamp.read_text() != seen.hexdigest():
        say("Collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(seen.hexdigest())


def welcome() -> None:
    """Fill an empty database with the demo, whose sign-ins are kept to be shown at each start; or say how to begin."""
    if os.environ.get("DEMO", "1") != "0":
        say("Filling the empty database with a demonstration (DEMO=0 leaves it empty)")
        told = io.StringIO()
        call_command("demo", stdout=told)
        (settings.VAR_DIR / "sign-ins").write_text(told.getvalue())
    else:
        command = ".venv/bin/python manage.py create_administrator you@company.example"
        print(f"sillage: Nobody can sign in yet; once the site is up: {command}")  # noqa: T201


def say(text: str) -> None:
    print(f"sillage: {text} …", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
