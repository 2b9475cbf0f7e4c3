"""`make run`, once the packages are there: it serves, ends what it started, and starts again after a kill."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from crm.launcher.place import CHECKOUT, LauncherError
from crm.launcher.run import MARK, exclusive
from tests.servers import wait_until


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def launched(var: Path, port: object, *parent: str) -> Iterator["subprocess.Popen[str]"]:
    """A run of its own folder, as `make run` starts it; under the command `parent` if that is given."""
    ours = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "TASK_QUEUE_URL")
    }
    settings = {
        "DJANGO_SETTINGS_MODULE": "crm.settings.development",
        "SILLAGE_VAR": str(var),
        "PORT": str(port),
        "DEMO": "0",
    }
    with subprocess.Popen(
        [*parent, sys.executable, "-m", "crm.launcher", "run"],
        cwd=CHECKOUT,
        env={**ours, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            for left in marked(var):
                left.kill()


def marked(var: Path) -> list[psutil.Process]:
    """The living processes that a run of `var` started."""
    found = psutil.process_iter(["environ", "status"])
    return [
        process
        for process in found
        if (process.info["environ"] or {}).get(MARK) == str(var) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def is_served(process: "subprocess.Popen[str]", port: int) -> bool:
    """Read what the run says until it gives its address; then it is ready."""
    assert process.stdout
    if not any(f"is served at http://localhost:{port}" in line for line in process.stdout):
        return False
    with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5) as answer:
        return bool(answer.status == 200)


def test_starts_again_after_a_kill_and_ends_with_all_it_started(var: Path, port: int) -> None:
    with launched(var, port) as first:
        assert is_served(first, port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.url == f"http://localhost:{port}/healthz"
        first.kill()
        first.wait()
        assert marked(var), "a kill leaves processes behind, which the next run ends"

        # `make` is what people kill: the run notices and ends, as it does with Ctrl-C.
        with launched(var, port, *("sh", "-c", '"$@"; true', "make")) as make:
            assert is_served(make, port)
            make.kill()
            said, _ = make.communicate(timeout=30)
            with exclusive(var, patience=30):
                assert not marked(var)
    assert "SIGTERM received" in said
    assert "Traceback" not in said
    assert not (var / "servers" / "postgres" / "postmaster.pid").exists()


def test_a_second_run_in_the_same_folder_is_refused(var: Path) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import crm.launcher.run as r, pathlib\nwith r.exclusive(pathlib.Path({str(var)!r})): input()",
        ],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
    ) as other:
        wait_until(lambda: (var / "lock").exists() and (var / "lock").read_text() == str(other.pid))
        refused = pytest.raises(
            LauncherError, match=rf"^Sillage already runs from this folder \(process {other.pid}\)\.$"
        )
        with refused, exclusive(var):
            pass
        other.communicate(b"\n")
    with exclusive(var):
        assert (var / "lock").read_text() == str(os.getpid())


def test_a_port_that_is_none_is_refused(var: Path) -> None:
    with launched(var, "http") as process:
        said, _ = process.communicate(timeout=30)
    assert said == "sillage: PORT is a number from 1 to 65535, not “http”.\n"


def test_says_that_the_port_is_taken(var: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with launched(var, port) as process:
            said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert re.search(rf"Port {port} is taken by another program", said)
    assert "Traceback" not in said
