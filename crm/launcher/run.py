"""`make run`: servers, preparation, then web, worker and beat together until Ctrl-C."""

import errno
import fcntl
import multiprocessing
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
from honcho.manager import Manager

from crm.launcher import postgres, valkey
from crm.launcher.place import CHECKOUT, LauncherError, place, var_folder

MARK = "SILLAGE_RUN"  # In the environment of all we start, with the folder it runs from: how a later run knows its own.
BANNER_SECONDS = 60


def run() -> int:
    """Serve until Ctrl-C or until one of the three processes ends; then stop all that was started."""
    var = var_folder()
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with exclusive(var):
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
            stop_servers(var)


class exclusive:  # noqa: N801 (reads as a statement: with exclusive(var))
    """Hold `var` for this run alone; the lock goes with this process, however it ends, and no child inherits it."""

    def __init__(self, var: Path) -> None:
        self._path = var / "lock"

    def __enter__(self) -> None:
        self._file = self._path.open("a+")
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            self._file.seek(0)
            raise LauncherError(f"Sillage already runs from this folder (process {self._file.read()}).") from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def __exit__(self, *exception: object) -> None:
        self._file.close()


def start_servers(var: Path) -> dict[str, str]:
    """Start the servers that the environment does not name; the environment for everything that follows."""
    environment = {**os.environ, MARK: str(var), "SILLAGE_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.development")
    environment.setdefault("SECRET_KEY", secret_key(var))
    here = place(var)
    if here.home.parent != var:
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


def secret_key(var: Path) -> str:
    """This checkout's own secret, made at the first run."""
    path = var / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


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
