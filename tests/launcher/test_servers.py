"""PostgreSQL and Valkey start by themselves, again after any accident, and stop."""

import os
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from crm.launcher import postgres, valkey
from crm.launcher.place import POSTGRES_SOCKET, VALKEY_SOCKET, LauncherError, Place


def ask(servers: Place, statement: str) -> object:
    with psycopg.connect(host=str(servers.sockets), user="sillage", dbname="sillage") as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row and row[0]


def postmaster(servers: Place) -> int:
    return int((servers.home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_postgres_is_configured_as_the_product_needs(servers: Place) -> None:
    postgres.start(servers)
    assert ask(servers, "SHOW listen_addresses") == ""
    assert ask(servers, "SHOW jit") == "off"
    assert ask(servers, "SHOW fsync") == "on"
    assert ask(servers, "SHOW shared_preload_libraries") == "pg_stat_statements"
    assert ask(servers, "SHOW server_encoding") == "UTF8"
    assert ask(servers, "SELECT datlocprovider FROM pg_database WHERE datname = current_database()") == "b"
    assert (servers.home / "postgres").stat().st_uid == servers.uid


def test_a_running_postgres_is_kept(servers: Place) -> None:
    postgres.start(servers)
    first = postmaster(servers)
    postgres.start(servers)
    assert postmaster(servers) == first


def test_postgres_starts_again_after_a_kill_with_its_data(servers: Place) -> None:
    postgres.start(servers)
    ask(servers, "SELECT 1")
    with psycopg.connect(host=str(servers.sockets), user="sillage", dbname="sillage") as connection:
        connection.execute("CREATE TABLE kept (id int)")
    os.kill(postmaster(servers), signal.SIGKILL)
    postgres.start(servers)
    assert ask(servers, "SELECT count(*) FROM kept") == 0


def test_postgres_starts_though_its_number_now_belongs_to_another_process(servers: Place) -> None:
    postgres.start(servers)
    postgres.stop(servers)
    pid_file = servers.home / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{servers.home / 'postgres'}\n1700000000\n5432\n{servers.sockets}\n\n")
    (servers.sockets / f"{POSTGRES_SOCKET}.lock").write_text(f"{os.getpid()}\n")
    postgres.start(servers)
    assert ask(servers, "SELECT 1") == 1


def test_postgres_without_its_socket_is_replaced(servers: Place) -> None:
    postgres.start(servers)
    first = postmaster(servers)
    (servers.sockets / POSTGRES_SOCKET).unlink()
    postgres.start(servers)
    assert postmaster(servers) != first
    assert ask(servers, "SELECT 1") == 1


def test_an_initdb_cut_short_leaves_nothing_in_the_way(servers: Place) -> None:
    postgres.start(servers)
    postgres.stop(servers)
    (servers.home / "postgres").rename(servers.home / "postgres.new")
    (servers.home / "postgres.new" / "PG_VERSION").unlink()
    postgres.start(servers)
    assert ask(servers, "SELECT 1") == 1


def test_data_of_another_version_are_left_alone_and_named(servers: Place) -> None:
    postgres.start(servers)
    postgres.stop(servers)
    version = servers.home / "postgres" / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(LauncherError, match="was written by PostgreSQL 12"):
        postgres.start(servers)
    assert version.read_text() == "12\n"


@pytest.mark.parametrize("told", ["postgres (PostgreSQL) 14.11 (Debian)", "postgres (PostgreSQL) 9.6.24"])
def test_a_postgres_too_old_is_refused_in_one_sentence(
    servers: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    program = servers.home.parent / "bin" / "postgres"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{told}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("SILLAGE_POSTGRES_BIN", str(program.parent))
    with pytest.raises(LauncherError, match=r"^PostgreSQL \d+ is too old: Sillage needs 15 or later\.$"):
        postgres.start(servers)


def test_valkey_serves_starts_again_and_stops(servers: Place) -> None:
    valkey.start(servers)
    with redis.Redis.from_url(servers.redis_url(1)) as client:
        client.set("a", "b")
        assert client.config_get("save") == {"save": ""}
        pid = client.info("server")["process_id"]
    valkey.start(servers)
    with redis.Redis.from_url(servers.redis_url(1)) as client:
        assert client.get("a") == b"b"
    os.kill(pid, signal.SIGKILL)
    valkey.start(servers)
    (servers.sockets / VALKEY_SOCKET).unlink()
    valkey.start(servers)
    assert valkey.is_serving(servers)
    valkey.stop(servers)
    assert not valkey.is_serving(servers)
