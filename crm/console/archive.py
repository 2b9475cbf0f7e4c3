"""One file that holds an installation: the database and the private files.

A tar archive of `manifest.json`, `database.dump` (pg_dump's custom format) and `files/…`.
"""

import datetime
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from crm.launcher import postgres
from crm.launcher.place import LauncherError

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
# The database's own transaction makes a restore all or nothing: what stood there stays until the last row is in.
CLEAR = "SET lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


class ArchiveError(Exception):
    """What cannot be backed up or restored, and why; one sentence for the operator."""


def write_archive(target: Path) -> None:
    """Back up into `target`, which appears only when it is complete. Database first: a file may be newer than it."""
    unfinished = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
        _run([_program("pg_dump"), *options, f"--file={dump}"], "The database cannot be dumped")
        manifest = Path(folder) / MANIFEST
        manifest.write_text(json.dumps(_manifest(), indent=1))
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w") as archive:
            for part in (manifest, dump):
                archive.add(part, part.name)
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, FILES)
    unfinished.replace(target)


def restore_archive(source: Path) -> None:
    """Replace database and files by those of `source`, then bring the database up to this code."""
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media, prefix=".restore-") as folder, _open(source) as archive:
        _refuse_newer(archive, source)
        _extract(archive, Path(folder))
        connection.close()
        _restore_database(Path(folder) / DUMP)
        for entry in media.iterdir():
            if entry != Path(folder):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for entry in (Path(folder) / FILES).glob("*"):
            entry.rename(media / entry.name)
    call_command("migrate", interactive=False, verbosity=0)
    cache.clear()


def holds_something() -> bool:
    """Whether the database has users, that is, more than an installation begins with."""
    user = get_user_model()
    return user._meta.db_table in connection.introspection.table_names() and user._default_manager.exists()


def _manifest() -> dict[str, object]:
    applied = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return {"product": "sillage", "made": made, "django": metadata.version("django"), "migrations": applied}


def _open(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source)
    except (tarfile.TarError, OSError) as error:
        raise ArchiveError(f"{source} is not an archive that `backup` made: {error}") from error


def _refuse_newer(archive: tarfile.TarFile, source: Path) -> None:
    try:
        manifest = json.load(_content(archive, MANIFEST))
    except (KeyError, ValueError) as error:
        raise ArchiveError(f"{source} is not an archive that `backup` made.") from error
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    unknown = [".".join(key) for key in manifest["migrations"] if tuple(key) not in known]
    if unknown:
        raise ArchiveError(f"{source} was made by a later version of Sillage ({unknown[0]}): upgrade first.")


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack plain files only, none of them outside `folder`."""
    for member in archive:
        path = PurePosixPath(member.name)
        if not member.isfile() or path.is_absolute() or ".." in path.parts:
            continue
        target = folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with target.open("wb") as file:
            shutil.copyfileobj(_content(archive, member), file)


def _restore_database(dump: Path) -> None:
    """Hand the dump to psql as one transaction that first clears what is there."""
    options = ["--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    with tempfile.TemporaryFile() as script:
        script.write(CLEAR.encode())
        script.flush()
        _run([_program("pg_restore"), *options, str(dump)], "The dump cannot be read", stdout=script)
        script.seek(0)
        psql = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run(psql, "The database cannot be restored and stays as it was", stdin=script, stdout=subprocess.DEVNULL)


def _run(
    command: list[str], failure: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | int | None = None
) -> None:
    database = connection.settings_dict
    options = database.get("OPTIONS", {})
    environment = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or ""),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        **{
            f"PG{name.upper()}": str(options[name])
            for name in ("sslmode", "sslrootcert", "sslcert", "sslkey")
            if name in options
        },
    }
    given = {name: value for name, value in environment.items() if value}
    done = subprocess.run(
        command,
        env={**os.environ, **given},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=False,
        check=False,
    )
    if done.returncode:
        raise ArchiveError(f"{failure}: {done.stderr.decode(errors='replace').strip()}")


def _program(name: str) -> str:
    """PostgreSQL's program from the wheel, else from the machine."""
    try:
        return str(postgres.program(name))
    except LauncherError as error:
        found = shutil.which(name)
        if found is None:
            raise ArchiveError(f"{name} is missing: install PostgreSQL’s client programs.") from error
        return found


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo | str) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise KeyError(member)
    return content
