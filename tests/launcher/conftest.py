"""A folder of servers of its own for each test of the launcher."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.launcher import postgres, valkey
from crm.launcher.place import Place, place, var_folder


@pytest.fixture
def var() -> Iterator[Path]:
    """Like the `var` of another checkout: empty, and gone afterwards with what ran in it."""
    folder = var_folder() / "test" / f"launcher-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    remove(folder)  # What a killed test left.
    folder.mkdir(mode=0o711, parents=True)
    yield folder
    remove(folder)


def remove(folder: Path) -> None:
    if folder.exists():
        valkey.stop(place(folder))
        postgres.stop(place(folder))
        shutil.rmtree(folder)


@pytest.fixture
def servers(var: Path) -> Place:
    return place(var)
