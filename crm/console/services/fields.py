"""Custom fields: made, changed, put in order, moved to the trash with their values and taken out again."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from crm.access.models import User
from crm.celery import app
from crm.history import TRACKED
from crm.lists.fields import record_type
from crm.lists.models import ListPreference, SavedView
from crm.records.changes import changes, record_event
from crm.records.custom import PREFIX, CustomField
from crm.records.models import Changeset
from crm.records.text import norm

MOST_COUNTED = 1000
log = logging.getLogger(__name__)


def create_field(field: CustomField, *, by: User) -> Changeset:
    """Add a field behind the others of its kind of record; its slug comes from its name and is never used twice."""
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        last = CustomField.objects.filter(type=field.type).aggregate(last=Max("position"))["last"]
        field.position = 0 if last is None else last + 1
        field.slug = _free_slug(field)
        field.save(force_insert=True)
        record_event("customfield.created", by=by, about=[field], changeset=changeset)
        build_soon()
    return changeset


def _free_slug(field: CustomField) -> str:
    """A slug that no field of the type has or had: values of a field that is gone may still be there."""
    words = re.sub(r"[^a-z0-9]+", "_", norm(field.label)).strip("_")[:40].strip("_")
    versions: Any = next(tracked.versions for tracked in TRACKED if tracked.model is CustomField)
    taken = {
        *CustomField.objects.filter(type=field.type).values_list("slug", flat=True),
        *versions._default_manager.values_list("slug", flat=True),
    }
    slug, number = f"{PREFIX}{words or 'field'}", 1
    while slug in taken:
        number += 1
        slug = f"{PREFIX}{words or 'field'}_{number}"
    return slug


def build_soon() -> None:
    """Have a worker bring the indexes up to date once what was changed is there; without a broker it does so later."""
    transaction.on_commit(_send_build)


def _send_build() -> None:
    try:
        app.send_task("crm.console.tasks.build_field_indexes")
    except OperationalError:
        log.warning("The broker cannot be reached: the indexes of custom fields wait")


def move_field(field: CustomField, step: int, *, by: User) -> Changeset | None:
    """Move a field one place up (-1) or down (1) among those of its kind; None where it is at the end already."""
    with transaction.atomic():
        rows = list(CustomField.objects.select_for_update().filter(type=field.type, trashed_at__isnull=True))
        now = next((place for place, each in enumerate(rows) if each.pk == field.pk), -1)
        if now < 0 or not 0 <= now + step < len(rows):
            return None
        rows[now], rows[now + step] = rows[now + step], rows[now]
        with changes(by, Changeset.Source.SETTINGS) as changeset:
            for place, each in enumerate(rows):
                if each.position != place:
                    each.position = place
                    each.save(update_fields=["position"])
            record_event("customfield.moved", by=by, about=[field], changeset=changeset)
    return changeset


def trash_field(field: CustomField, *, by: User) -> Changeset:
    """Take a field off every page; its values stay with the records."""
    return _set_trashed(field, "trashed", by)


def restore_field(field: CustomField, *, by: User) -> Changeset:
    """Show a field and its values again."""
    return _set_trashed(field, "restored", by)


def _set_trashed(field: CustomField, verb: str, by: User) -> Changeset:
    is_trashed = verb == "trashed"
    with changes(by, Changeset.Source.TRASH if is_trashed else Changeset.Source.RESTORE) as changeset:
        field.trashed_at = timezone.now() if is_trashed else None
        field.save(update_fields=["trashed_at"])
        record_event(f"customfield.{verb}", by=by, about=[field], changeset=changeset)
        build_soon()
    return changeset


def uses_of(field: CustomField) -> list[tuple[str, str]]:
    """Where a field is used, in words: records with a value (counted up to a thousand), saved views, lists."""
    type_ = record_type(field.type)
    rows = type_.model._base_manager.filter(custom__has_key=field.slug)
    count = rows.values("pk")[: MOST_COUNTED + 1].count()
    views = SavedView.objects.filter(type=field.type)
    named = [view.name for view in views if field.slug in view.columns or field.slug in view.query]
    lists = ListPreference.objects.filter(type=field.type, columns__contains=[field.slug]).count()
    shown = _("more than %(count)d") % {"count": MOST_COUNTED} if count > MOST_COUNTED else str(count)
    uses = [(str(type_.plural), shown)] if count else []
    uses += [(_("Saved views"), ", ".join(named))] if named else []
    return uses + ([(_("Lists that show it"), str(lists))] if lists else [])
