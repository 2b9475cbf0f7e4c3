"""Where servers live: a short socket, a folder of their own, no permission changed above it."""

import os
import stat
from pathlib import Path

import pytest
import redis
from environs import Env

from crm.launcher.place import POSTGRES_SOCKET, LauncherError, make_private, place


def test_two_checkouts_never_share_a_socket(tmp_path: Path) -> None:
    deep = Path("/srv", "a-long-name" * 9)
    places = [place(tmp_path / "a"), place(tmp_path / "b"), place(deep / "a"), place(deep / "b")]
    assert len({each.sockets for each in places}) == 4


@pytest.mark.parametrize("length", [0, 22, 44, 55, 66, 88, 330])
def test_sockets_fit_into_107_bytes_wherever_the_checkout_is(length: int) -> None:
    sockets = place(Path("/srv", *["é" * 5] * (length // 11), "var")).sockets
    assert len(os.fsencode(sockets / POSTGRES_SOCKET)) <= 107


def test_addresses_are_read_back_whatever_the_folder_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    here = place(Path("/srv/été 100%/var"))
    monkeypatch.setenv("DATABASE_URL", here.database_url)
    database = Env().dj_db_url("DATABASE_URL")
    assert (database["HOST"], database["NAME"], database["USER"]) == (str(here.sockets), "sillage", "sillage")
    pool = redis.ConnectionPool.from_url(here.redis_url(3))
    assert (pool.connection_kwargs["path"], pool.connection_kwargs["db"]) == (f"{here.sockets}/valkey.sock", 3)


@pytest.mark.skipif(os.geteuid() != 0, reason="for root")
def test_root_serves_as_somebody_else_and_opens_no_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    here = place(closed / "var")
    assert here.uid != 0
    assert here.home.parent == Path("/var/lib")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_private_folders_are_closed_and_ours(var: Path) -> None:
    here = place(var)
    make_private(here.home, here)
    found = here.home.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, here.uid)


def test_a_folder_that_somebody_laid_in_the_way_is_refused(var: Path, tmp_path: Path) -> None:
    here = place(var)
    here.home.symlink_to(tmp_path)
    with pytest.raises(LauncherError, match="should be a folder that belongs to"):
        make_private(here.home, here)
    here.home.unlink()
