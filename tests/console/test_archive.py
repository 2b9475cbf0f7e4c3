"""The rehearsal: what `backup` writes, `restore` brings back, and nothing is lost when it fails."""

import io
import json
import stat
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from contacts.models import Contact
from crm.access.models import User
from tests.factories import make_contact, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("without_beginning")]


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "media"
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "claire.webp").write_bytes(b"claire")
    settings.MEDIA_ROOT = folder
    return folder


def rows() -> dict[str, list[object]]:
    """Every row of every table, as text."""
    found: dict[str, list[object]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def test_database_and_files_come_back(tmp_path: Path, media: Path) -> None:
    make_contact("Zoë", "D’Hérouville", owner=make_user("alice"))
    before, archive = rows(), tmp_path / "a.tar"
    call_command("backup", archive, stdout=io.StringIO())
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    Contact.objects.all().update(last_name="Lost")
    make_user("mallory")
    (media / "photos" / "claire.webp").unlink()
    (media / "later.txt").write_text("made after the backup")
    call_command("restore", archive, yes=True, stdout=io.StringIO())

    assert rows() == before
    assert (media / "photos" / "claire.webp").read_bytes() == b"claire"
    assert [path.name for path in media.iterdir()] == ["photos"]
    # What was restored is backed up and restored as well as what was there.
    call_command("backup", tmp_path / "b.tar", stdout=io.StringIO())
    call_command("restore", tmp_path / "b.tar", yes=True, stdout=io.StringIO())
    assert rows() == before


def test_a_database_in_use_is_not_replaced_unasked(tmp_path: Path, media: Path) -> None:
    archive = tmp_path / "a.tar"
    call_command("backup", archive, stdout=io.StringIO())
    call_command("restore", archive, stdout=io.StringIO())
    make_user("alice")
    with pytest.raises(CommandError, match="in use"):
        call_command("restore", archive)
    assert User.objects.count() == 1


def test_a_backup_overwrites_nothing(tmp_path: Path, media: Path) -> None:
    (tmp_path / "a.tar").write_text("precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", tmp_path / "a.tar")
    assert (tmp_path / "a.tar").read_text() == "precious"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a tar", "is not an archive"),
        ({"readme.txt": b"a tar of something else"}, "is not an archive"),
        ({"manifest.json": json.dumps({"migrations": [["access", "9999_later"]]}).encode()}, "by a later version"),
        (
            {"manifest.json": json.dumps({"migrations": []}).encode(), "database.dump": b"PGDMP and then nothing"},
            "The dump cannot be read",
        ),
    ],
)
def test_a_bad_archive_is_refused_and_changes_nothing(
    tmp_path: Path, media: Path, content: bytes | dict[str, bytes], why: str
) -> None:
    make_user("alice")
    archive = tmp_path / "bad.tar"
    if isinstance(content, bytes):
        archive.write_bytes(content)
    else:
        with tarfile.open(archive, "w") as tar:
            for name, body in content.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(body)
                tar.addfile(entry, io.BytesIO(body))
    before = rows()
    with pytest.raises(CommandError, match=why):
        call_command("restore", archive, yes=True)
    assert rows() == before
    assert (media / "photos" / "claire.webp").exists()


def test_files_never_leave_their_folder(tmp_path: Path, media: Path) -> None:
    archive = tmp_path / "a.tar"
    call_command("backup", archive, stdout=io.StringIO())
    with tarfile.open(archive, "a") as tar:
        for name in ("files/../../escaped.txt", "/escaped.txt"):
            entry = tarfile.TarInfo(name)
            entry.size = 4
            tar.addfile(entry, io.BytesIO(b"evil"))
    call_command("restore", archive, yes=True, stdout=io.StringIO())
    assert not list(tmp_path.rglob("escaped.txt"))
