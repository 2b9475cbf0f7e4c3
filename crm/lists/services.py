"""What is done with saved views. Renaming, sharing and saving anew are edits: `crm.records.services.save_edit`."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from crm.access.models import User
from crm.lists.models import ListPreference, Pin, SavedView
from crm.records.changes import changes, record_event
from crm.records.models import Changeset


def create_view(view: SavedView, *, by: User) -> Changeset:
    """Keep a view, and put it among the maker's tabs."""
    with changes(by, Changeset.Source.CREATE) as changeset:
        view.save(force_insert=True)
        pin(view, by=by)
        record_event("savedview.created", by=by, about=[view], changeset=changeset)
    return changeset


def delete_view(view: SavedView, *, by: User) -> Changeset:
    """Delete a view; its version brings it back, and whoever had it pinned has it pinned again."""
    with changes(by, Changeset.Source.TRASH) as changeset:
        record_event("savedview.deleted", by=by, about=[view], changeset=changeset)
        view.delete()
    return changeset


# ---- What one person has at hand: preferences, which have no history ----


def pin(view: SavedView, *, by: User) -> None:
    """Put a view behind the tabs the person has."""
    last = Pin.objects.filter(user=by).aggregate(last=Max("position"))["last"] or 0
    Pin.objects.get_or_create(user=by, view=view, defaults={"position": last + 1})


def unpin(view: SavedView, *, by: User) -> None:
    Pin.objects.filter(user=by, view=view).delete()


def move_pin(view: SavedView, step: int, *, by: User) -> None:
    """Move a pinned view one place to the front (-1) or back (1) among those of its list."""
    with transaction.atomic():
        kept = Pin.objects.select_for_update(of=("self",)).filter(user=by, view__type=view.type)
        pins = list(kept.order_by("position", "pk"))
        now = next((n for n, each in enumerate(pins) if each.view_id == view.pk), -1)
        if now < 0 or not 0 <= now + step < len(pins):
            return
        pins[now], pins[now + step] = pins[now + step], pins[now]
        for place, each in enumerate(pins):
            each.position = place
        Pin.objects.bulk_update(pins, ["position"])


def open_on(record_type: str, view: SavedView | None, *, by: User) -> None:
    """Let the list open on a view, or as usual."""
    ListPreference.objects.update_or_create(user=by, type=record_type, defaults={"view": view})
