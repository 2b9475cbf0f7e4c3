"""Where the servers of one checkout live, and under which account they run.

Standard library only: the settings read their default addresses from here.
"""

import hashlib
import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SOCKET_BYTES = 107  # The longest path of a Unix socket, on Linux, without its closing zero.
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"


class LauncherError(Exception):
    """Something the operator can mend; the message is the one sentence that says how."""


@dataclass(frozen=True)
class Place:
    """One pair of servers: `home` holds data and logs, `sockets` the sockets, `uid` and `gid` serve."""

    home: Path
    sockets: Path
    uid: int
    gid: int

    @property
    def database_url(self) -> str:
        return f"postgres://sillage@{quote(str(self.sockets), safe='')}/sillage"

    def redis_url(self, number: int = 0) -> str:
        return f"unix://{quote(str(self.sockets / VALKEY_SOCKET))}?db={number}"

    def is_someone_else(self) -> bool:
        """Whether the servers run under another account than ours."""
        return self.uid != os.geteuid()


def var_folder() -> Path:
    """The folder of everything this checkout makes at run time."""
    return Path(os.environ.get("SILLAGE_VAR") or CHECKOUT / "var").absolute()


def place(var: Path) -> Place:
    """Choose where the servers of `var` live.

    Normally that is `var/servers`. Root may not serve PostgreSQL: then an unprivileged account does, from the
    same folder if that account can get there, else from /var/lib. No existing folder's permissions are touched.
    """
    key = hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:10]
    uid, gid, home = os.geteuid(), os.getegid(), var / "servers"
    if uid == 0:
        uid, gid = _unprivileged_account()
        if not _open_to_all(var):
            home = Path(f"/var/lib/sillage-{key}")
    sockets = home / "run"
    if len(os.fsencode(sockets / POSTGRES_SOCKET)) > SOCKET_BYTES:
        sockets = Path(f"/tmp/sillage-{uid}-{key}")  # noqa: S108 (private: make_private refuses another's folder)
    return Place(home, sockets, uid, gid)


def make_private(folder: Path, place: Place) -> None:
    """Create `folder` for the serving account alone, or make sure that it is so."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, place.uid, place.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.uid:
        owner = pwd.getpwuid(place.uid).pw_name
        raise LauncherError(f"{folder} should be a folder that belongs to {owner}: remove it or give it to them.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def secret_key(var: Path) -> str:
    """This checkout's own secret, made the first time it is asked for."""
    path = var / "secret-key"
    if not path.exists():
        var.mkdir(mode=0o711, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _unprivileged_account() -> tuple[int, int]:
    name = os.environ.get("SILLAGE_SERVER_USER", "nobody")
    try:
        account = pwd.getpwnam(name)
    except KeyError as error:
        raise LauncherError(
            f"PostgreSQL does not run as root and there is no user “{name}”: name one in SILLAGE_SERVER_USER."
        ) from error
    return account.pw_uid, account.pw_gid


def _open_to_all(folder: Path) -> bool:
    """Whether every existing folder down to `folder` lets anyone pass."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents) if path.exists())
