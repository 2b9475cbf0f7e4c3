"""`make run`, once the packages are there: it serves, ends what it started, and starts again after a kill."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from crm.launcher.place import CHECKOUT
from crm.launcher.run import MARK


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def launched(var: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A run of its own folder, as `make run` starts it."""
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
        [sys.executable, "-m", "crm.launcher", "run"],
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


def test_serves_starts_again_after_a_kill_and_ends_with_all_it_started(var: Path, port: int) -> None:
    with launched(var, port) as process:
        assert is_served(process, port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.url == f"http://localhost:{port}/healthz"
        process.kill()
        process.wait()
        assert marked(var), "a kill leaves processes behind, which the next run ends"
        with launched(var, port) as second:
            assert is_served(second, port)
            second.send_signal(signal.SIGINT)
            said, _ = second.communicate(timeout=30)
    assert second.returncode == 0, said
    assert not marked(var)
    assert not (var / "servers" / "postgres" / "postmaster.pid").exists()


def test_says_that_the_port_is_taken(var: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with launched(var, port) as process:
            said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert re.search(rf"Port {port} is taken by another program", said)
    assert "Traceback" not in said
