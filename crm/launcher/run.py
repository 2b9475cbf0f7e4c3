"""`make run`: servers, preparation, then web, worker and beat together until Ctrl-C."""

import errno
import fcntl
import multiprocessing
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import psutil
from honcho.manager import Manager

from crm.launcher import postgres, valkey
from crm.launcher.place import CHECKOUT, LauncherError, place, secret_key, var_folder

MARK = "SILLAGE_RUN"  # In the environment of all we start, with the folder it runs from: how a later run knows its own.
BANNER_SECONDS = 60
LAST_RUN_SECONDS = 10


def run() -> int:
    """Serve until Ctrl-C or until one of the three processes ends; then stop all that was started."""
    var = var_folder()
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    host, port = os.environ.get("HOST") or "127.0.0.1", port_number(os.environ.get("PORT") or "8000")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with exclusive(var, patience=LAST_RUN_SECONDS):
        end_leftovers(var)
        check_port(host, port)
        try:
            environment = start_servers(var)
            environment.setdefault("SITE_URL", f"http://localhost:{port}")
            subprocess.run([sys.executable, "-m", "crm.launcher.prepare"], cwd=CHECKOUT, env=environment, check=True)
            return serve(environment, host, port)
        except KeyboardInterrupt:
            return 0
        except subprocess.CalledProcessError as error:
            raise LauncherError("Preparation failed; the lines above say why.") from error
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            stop_servers(var)


@contextmanager
def exclusive(var: Path, patience: float = 0) -> Iterator[None]:
    """Hold `var` for this run alone; the lock goes with this process, however it ends, and no child inherits it.

    An earlier run that is about to end is given `patience` seconds. Raises LauncherError.
    """
    deadline = time.monotonic() + patience
    with (var / "lock").open("a+") as file:
        while not _locked(file):
            if time.monotonic() > deadline:
                file.seek(0)
                raise LauncherError(f"Sillage already runs from this folder (process {file.read()}).")
            time.sleep(0.2)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(file: TextIO) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def start_servers(var: Path) -> dict[str, str]:
    """Start the servers that the environment does not name; the environment for everything that follows."""
    environment = {**os.environ, MARK: str(var), "SILLAGE_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.development")
    environment.setdefault("SECRET_KEY", secret_key(var))
    here = place(var)
    if here.home.parent != var and not (environment.get("DATABASE_URL") and environment.get("REDIS_URL")):
        say(f"The data are kept in {here.home}: the servers do not run as root, and {var} is closed to others.")
    if not environment.get("DATABASE_URL"):
        postgres.start(here)
        environment["DATABASE_URL"] = here.database_url
    if not environment.get("REDIS_URL"):
        valkey.start(here)
        environment.update(REDIS_URL=here.redis_url(0), TASK_QUEUE_URL=here.redis_url(1))
    return environment


def stop_servers(var: Path) -> None:
    """Stop the servers of `var`, if they run."""
    here = place(var)
    if here.home.exists():
        valkey.stop(here)
        postgres.stop(here)


def remove_data(var: Path) -> None:
    """Remove what the servers of `var`, and of the tests under it, keep; for `make clean`."""
    for here in (place(var), place(var / "test")):
        for folder in (here.sockets, here.home):
            if folder.exists():
                shutil.rmtree(folder)


def end_leftovers(var: Path) -> None:
    """End what a killed run left behind: every process that carries our mark."""
    left = [
        process for process in psutil.process_iter(["environ"]) if (process.info["environ"] or {}).get(MARK) == str(var)
    ]
    left = [process for process in left if process.pid != os.getpid()]
    for process in left:
        process.terminate()
    for process in psutil.wait_procs(left, timeout=5)[1]:
        process.kill()


def port_number(text: str) -> int:
    """The port that PORT names."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LauncherError(f"PORT is a number from 1 to 65535, not “{text}”.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Say early that the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                why = f"Port {port} is taken by another program"
            else:
                why = f"{host}:{port} cannot be opened ({error.strerror})"
            raise LauncherError(f"{why}: choose another one with `make run PORT=8001`.") from error


def serve(environment: dict[str, str], host: str, port: int) -> int:
    """Run web, worker and beat under honcho."""
    multiprocessing.set_start_method("fork")
    manager = Manager()
    for name, command in commands(host, port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=str(CHECKOUT))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    threading.Thread(target=announce, args=(host, port), daemon=True).start()
    manager.loop()
    interrupted = manager.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    return 0 if interrupted else int(manager.returncode or 0)


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The three processes, by name."""
    programs = Path(sys.executable).parent
    cores = os.cpu_count() or 1
    workers, threads = str(min(2, cores)), str(min(8, 2 * cores + 1))
    granian = [str(programs / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)]
    celery = [str(programs / "celery"), "--app", "crm.celery", "--quiet"]
    return {
        "web": [*granian, "--workers", workers, "--blocking-threads", threads, "--no-ws", "crm.wsgi:application"],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            workers,
            "--loglevel",
            "INFO",
            "--without-mingle",
            "--without-gossip",
        ],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }


def end_with_parent(parent: int) -> None:
    """End this run when make was killed, so that the next one finds the folder free."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def announce(host: str, port: int) -> None:
    """Print the address and the demo's sign-ins once the site answers."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    deadline = time.monotonic() + BANNER_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://{reached}:{port}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.2)
        else:
            break
    sign_ins = var_folder() / "sign-ins"
    known = f"\n{sign_ins.read_text().rstrip()}\n" if sign_ins.exists() else ""
    print(f"\n  Sillage is served at http://localhost:{port}\n{known}\n  Ctrl-C ends it.\n", flush=True)  # noqa: T201


def say(text: str) -> None:
    print(f"sillage: {text}", flush=True)  # noqa: T201
