"""The trash is emptied of what lay in it long enough, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from contacts.models import Contact, Email
from contacts.services import set_photo
from crm.records import services
from crm.records.models import Organisation
from crm.records.purge import purge_trash
from tests.factories import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db
ContactVersion = apps.get_model("contacts", "ContactVersion")
EmailVersion = apps.get_model("contacts", "EmailVersion")


def test_only_what_lay_long_enough_goes_with_its_history() -> None:
    office = make_user(role="office-staff")
    names = ("old", "recent", "live")
    old, recent, live = (make_contact(last_name=name, email=f"{name}@example.com") for name in names)
    services.save_edit(old, {"job_title": "Buyer"}, by=office)
    services.trash(Contact.objects.filter(pk__in=[old.pk, recent.pk]), by=office)
    days = Organisation.current().trash_days
    Contact.objects.filter(pk=old.pk).update(trashed_at=timezone.now() - timedelta(days=days, minutes=1))
    Contact.objects.filter(pk=recent.pk).update(trashed_at=timezone.now() - timedelta(days=days - 1))
    assert purge_trash(timezone.now()) == 1
    assert set(Contact.objects.all()) == {recent, live}
    assert not ContactVersion.objects.filter(pgh_obj_id=old.pk).exists()
    assert ContactVersion.objects.filter(pgh_obj_id=recent.pk).exists()
    assert not EmailVersion.objects.filter(address="old@example.com").exists()
    assert set(Email.objects.values_list("contact__last_name", flat=True)) == {"recent", "live"}
    assert purge_trash(timezone.now()) == 0


def test_a_subsidiary_outlives_its_parent_company() -> None:
    parent = make_company("Parent", trashed_at=timezone.now() - timedelta(days=400))
    child = make_company("Child", parent=parent)
    purge_trash(timezone.now())
    child.refresh_from_db()
    assert child.parent is None


def test_files_go_too_also_those_kept_for_undo(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    office, contact, other = make_user(role="office-staff"), make_contact(), make_contact("Other")
    for row in (contact, other):
        set_photo(row, ContentFile(b"one"), by=office)
        row.refresh_from_db()
    set_photo(contact, ContentFile(b"two"), by=office)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3
    Contact.objects.filter(pk=contact.pk).update(trashed_at=timezone.now() - timedelta(days=400))
    with django_capture_on_commit_callbacks(execute=True):
        purge_trash(timezone.now())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / str(other.photo.name)]
