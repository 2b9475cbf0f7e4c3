"""The first steps, before anything is installed: what fails says in one sentence how to mend it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm.launcher.place import CHECKOUT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone as far as the bootstrap looks at it."""
    (tmp_path / "crm" / "launcher").mkdir(parents=True)
    shutil.copy(CHECKOUT / "crm" / "launcher" / "bootstrap.py", tmp_path / "crm" / "launcher")
    shutil.copytree(CHECKOUT / "requirements", tmp_path / "requirements")
    shutil.copy(CHECKOUT / "package-lock.json", tmp_path)
    return tmp_path


def bootstrap(checkout: Path, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the script, after the lines `before`, as Python runs it for make."""
    script = str(checkout / "crm" / "launcher" / "bootstrap.py")
    code = (
        f"import runpy, sys\n{before}\nsys.argv = [{script!r}, 'base']\nrunpy.run_path({script!r}, run_name='__main__')"
    )
    return subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)


def test_a_python_without_venv_names_the_package(checkout: Path) -> None:
    done = bootstrap(checkout, "sys.modules['ensurepip'] = None")
    package = f"python3.{sys.version_info[1]}-venv"
    assert done.returncode == 1
    assert done.stderr == f"sillage: This Python lacks venv: install the package {package} (apt install {package}).\n"


def test_a_python_of_another_age_is_refused(checkout: Path) -> None:
    done = bootstrap(checkout, "sys.version_info = (3, 10, 4)")
    assert done.returncode == 1
    assert done.stderr.startswith("sillage: Python 3.11 to 3.14 is needed and this is 3.10")
    assert done.stderr.count("\n") == 1


def test_linked_environments_belong_to_someone_else(checkout: Path, tmp_path: Path) -> None:
    for name in (".venv", "node_modules"):
        (tmp_path / f"their{name}").mkdir()
        (checkout / name).symlink_to(tmp_path / f"their{name}")
    done = bootstrap(checkout)
    assert (done.returncode, done.stdout) == (0, "")
    assert not list((tmp_path / "their.venv").iterdir())


@pytest.mark.parametrize("level", ["base", "dev", "node"])
def test_requirements_are_pinned_and_hashed_and_name_no_registry(level: str) -> None:
    text = (CHECKOUT / "requirements" / f"{level}.txt").read_text()
    entries = text.replace("\\\n", " ").splitlines()
    packages = [line for line in entries if line and not line.lstrip().startswith("#")]
    assert packages
    assert all("==" in line and "--hash=sha256:" in line for line in packages)
    assert "://" not in text
    assert "index-url" not in text


def test_the_front_end_lock_names_no_download_address() -> None:
    assert '"resolved"' not in (CHECKOUT / "package-lock.json").read_text()
