"""`make test`: everything that CI checks, on a machine that `make run` could serve.

Each check runs whatever the others say; the summary at the end names those that failed. The tests wait a good deal, for
browsers and workers: what else there is to check runs beside them.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crm.launcher.place import CHECKOUT, LauncherError, var_folder
from crm.launcher.postgres import LEAST_MAJOR

# Where Debian puts the oldest PostgreSQL that is supported; its check is left out where it is not installed.
OLDEST = Path(f"/usr/lib/postgresql/{LEAST_MAJOR}/bin")
TESTS = "tests"
PROGRAMS = Path(sys.executable).parent
# An installation as it should be: `check --deploy` must have nothing to say about it.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "crm.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "crm.example",
    "EMAIL_URL": "submission://crm:secret@mail.example:587",
}


def main() -> int:
    """Run every check; 1 if one failed."""
    try:
        ensure_chromium()
    except LauncherError as error:
        print(f"sillage: {error}", file=sys.stderr)  # noqa: T201
        return 1
    found = checks()
    with ThreadPoolExecutor(1) as beside:
        others = {
            name: beside.submit(run, name, *check, quietly=True) for name, check in found.items() if name != TESTS
        }
        results = {TESTS: run(TESTS, *found[TESTS])} | {name: other.result() for name, other in others.items()}
    for name, (passed, seconds) in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")  # noqa: T201
    if not OLDEST.exists():
        print(f"not run           tests on PostgreSQL {LEAST_MAJOR}: there is no {OLDEST}")  # noqa: T201
    return int(not all(passed for passed, _ in results.values()))


def checks() -> dict[str, tuple[list[str], dict[str, str]]]:
    """The checks by name: the command, and what its environment has beside ours."""
    python, templates = sys.executable, sorted(map(str, (CHECKOUT / "templates").rglob("*.html")))
    manage, pytest = [python, "manage.py"], [python, "-m", "pytest"]
    tests = {"DJANGO_SETTINGS_MODULE": "crm.settings.testing"}
    oldest = {**tests, "SILLAGE_POSTGRES_BIN": str(OLDEST), "SILLAGE_VAR": str(var_folder() / "oldest")}
    found: dict[str, tuple[list[str], dict[str, str]]] = {
        "format": ([program("ruff"), "format", "--check", "."], {}),
        "lint": ([program("ruff"), "check", "."], {}),
        "types": ([program("mypy"), "."], {}),
        "imports": ([program("lint-imports")], {}),
        "template format": ([program("djade"), "--check", *templates], {}),
        "template indentation": ([program("djhtml"), "--check", *templates], {}),
        "messages": ([*manage, "messages", "--check"], tests),
        "deployment": ([*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        # One more than the two cores they are made for: they wait for browsers and workers half of the time.
        TESTS: ([*pytest, "-n", "3"], tests),
    }
    if OLDEST.exists():
        found[f"tests on PostgreSQL {LEAST_MAJOR}"] = (
            # What a browser shows does not hang on the database's age.
            [*pytest, "-m", "not browser", "tests/access", "tests/records", "tests/console"],
            oldest,
        )
    return found


def run(name: str, command: list[str], environment: dict[str, str], *, quietly: bool = False) -> tuple[bool, float]:
    """Run one check in the open, or quietly and say all at its end; whether it passed, and its seconds."""
    heading, output = f"\n── {name} ──", subprocess.PIPE if quietly else None
    if not quietly:
        print(heading, flush=True)  # noqa: T201
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=output,
        stderr=subprocess.STDOUT if quietly else None,
        text=True,
        check=False,
    )
    if quietly:
        print(f"{heading}\n{done.stdout}", flush=True)  # noqa: T201
    return done.returncode == 0, time.monotonic() - start


def ensure_chromium() -> None:
    """The browser tests run on the machine's Chromium; root installs it, others are told how."""
    if os.environ.get("SILLAGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("sillage: Installing chromium for the browser tests …", flush=True)  # noqa: T201
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], env=quiet, check=False
        )
        if shutil.which("chromium"):
            return
    raise LauncherError(
        "The browser tests need Chromium: install the package chromium as root, or name one in SILLAGE_CHROMIUM."
    )


def program(name: str) -> str:
    return str(PROGRAMS / name)


if __name__ == "__main__":
    sys.exit(main())
