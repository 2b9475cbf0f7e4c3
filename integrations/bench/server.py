"""What is measured: a database of the wanted size, and Granian in front of it as `make run` starts it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from crm.launcher.place import CHECKOUT
from crm.launcher.run import commands

HOST = "localhost"
START_SECONDS = 60
COMPLETE = "complete, with opportunities, imports apart"


@dataclass
class Server:
    """A running Granian: where it listens, and its main process."""

    port: int
    process: psutil.Process

    def megabytes_per_worker(self) -> float:
        """The largest resident size among the workers."""
        return max(child.memory_info().rss for child in self.process.children()) / 2**20


def environment_for(name: str) -> dict[str, str]:
    """The environment of a process on the bench's database, with settings like an installation's."""
    known = connection.settings_dict
    host, port = str(known["HOST"]).replace("/", "%2F"), f":{known['PORT']}" if known["PORT"] else ""
    password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{known['USER']}{password}@{host}{port}/{name}",
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "crm.settings.bench",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": HOST,
        "EMAIL_URL": "smtp://localhost:25",
        "DEMO": "0",
    }


def prepare(size: int) -> dict[str, str]:
    """Make sure of a database with `size` contacts; the environment of processes that use it.

    A database that a former bench completed is used again; one that was left half-filled is made anew.
    """
    name = f"sillage_bench_{size}"
    environment = environment_for(name)
    with _maintenance() as maintenance:
        mark = maintenance.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if mark != (COMPLETE,):
            maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            maintenance.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        _python(environment, "-m", "crm.launcher.prepare")
        if mark != (COMPLETE,):
            _python(
                environment,
                "manage.py",
                "seed",
                "--contacts",
                str(size),
                "--shares",
                str(size // 20),
                "--opportunities",
                str(size // 2),
            )
            maintenance.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(COMPLETE))
            )
    return environment


@contextmanager
def copied(size: int) -> Iterator[dict[str, str]]:
    """The environment of processes on a copy of the database, gone afterwards: what is measured next finds no trace."""
    name = f"sillage_bench_{size}"
    prepare(size)
    copy = sql.Identifier(f"{name}_copy")
    with _maintenance() as maintenance:
        maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        maintenance.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, sql.Identifier(name)))
        try:
            yield environment_for(f"{name}_copy")
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


def _maintenance() -> psycopg.Connection[tuple[object, ...]]:
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


def _python(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, env=environment, check=True)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Server]:
    """Serve the product on a free port of this machine until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*commands("127.0.0.1", port)["web"], "--log-level", "warning"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, start_new_session=True) as process:
        try:
            _wait_for(port, process)
            yield Server(port, psutil.Process(process.pid))
        finally:
            process.send_signal(signal.SIGTERM)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server of the bench does not answer")
