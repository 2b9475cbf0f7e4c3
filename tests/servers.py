"""The servers of the tests: PostgreSQL and Valkey for the whole run, a Celery worker for those who ask."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils.translation.reloader import translation_file_changed

from crm.launcher import postgres, valkey
from crm.launcher.place import CHECKOUT, LauncherError, place, var_folder
from crm.launcher.run import exclusive
from crm.ui.catalog import compile_catalog

STOP_SECONDS = 30
_run = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once per run; the xdist processes find them started."""
    if "PYTEST_XDIST_WORKER" in os.environ or config.option.collectonly:
        return
    var = var_folder() / "test"
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    servers = place(var)
    try:
        _run.enter_context(exclusive(var))
        if os.environ["DATABASE_URL"] == servers.database_url:
            _run.callback(postgres.stop, servers)
            postgres.start(servers, durable=False)
        if os.environ["REDIS_URL"].startswith(servers.redis_url().partition("?")[0]):
            _run.callback(valkey.stop, servers)
            valkey.start(servers)
    except LauncherError as error:
        pytest.exit(str(error), returncode=3)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    _run.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Bring translations and icons up to date with the code: both are made, not stored."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        call_command("build_sprite", verbosity=0)
        for path in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"):
            if compile_catalog(path):
                translation_file_changed(None, path.with_suffix(".mo"))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test finds what another one cached: rate limits, sessions, counts."""
    cache.clear()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A real Celery worker on the test's database, with an empty queue; it ends after the task at hand."""
    with redis.Redis.from_url(settings.TASK_QUEUE_URL) as broker:
        broker.delete("celery", "unacked", "unacked_index")
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}"}
    command = [sys.executable, "-m", "celery", "--app", "crm.celery", "--quiet", "worker", "--pool", "solo"]
    options = ["--without-mingle", "--without-gossip", "--without-heartbeat", "--loglevel", "WARNING"]
    with subprocess.Popen([*command, *options], cwd=CHECKOUT, env=environment) as process:
        yield
        assert process.poll() is None, "the worker died"
        process.terminate()
        process.wait(STOP_SECONDS)


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait for what a worker or a page does; fails if `condition` is not true after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real input files: SILLAGE_DATA, else ../shared/data. Without it the test is reported as not run."""
    folder = Path(os.environ.get("SILLAGE_DATA") or CHECKOUT.parent / "shared" / "data").absolute()
    if not folder.is_dir():
        pytest.skip(f"not run: there is no folder {folder} (SILLAGE_DATA names it)")
    return folder
