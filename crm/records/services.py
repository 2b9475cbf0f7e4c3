"""The verbs that any kind of record has: save an edit, assign, trash, restore, tag, share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.models import Team, User
from crm.access.rights import Act, Scope, kind_of
from crm.history import TRACKED
from crm.records.changes import changes, extend_event, record_event
from crm.records.custom import is_custom, with_value
from crm.records.models import Changeset, EventRef, Record, Tag

R = TypeVar("R", bound=Record)


class Refused(Exception):
    """The user may not do this, or the record forbids it; the message is for the user."""


@dataclass
class EditConflict(Exception):
    """Somebody else changed the same fields since the form was read: {field: (their value, the typed value)}."""

    fields: dict[str, tuple[Any, Any]]
    by: User | None = None


@dataclass
class Saved:
    """What an edit did. Without a change there is no changeset and nothing to undo."""

    record: models.Model
    changeset: Changeset | None = None
    fields: list[str] = field(default_factory=list)


def as_read(instance: models.Model, names: Iterable[str]) -> dict[str, str]:
    """The values a form was drawn from, as text, to tell later what changed since."""
    known = {f.name: f for f in instance._meta.concrete_fields}
    custom = getattr(instance, "custom", None)
    names = list(names)
    read = {name: _as_text(known[name].value_from_object(instance)) for name in names if name in known}
    if custom is not None:
        read |= {name: _as_text(custom.get(name)) for name in names if is_custom(name)}
    return read


def _value_of(instance: Any, name: str) -> Any:
    return instance.custom.get(name) if is_custom(name) else getattr(instance, name)


def _set_value(instance: Any, name: str, value: Any) -> None:
    if is_custom(name):
        instance.custom = with_value(instance.custom, name, value)
    else:
        setattr(instance, name, value)


def _as_text(value: Any) -> str:
    """One text per value, whichever way it was made: 1100 and 1100.00 are the same amount."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else str(value)


def save_edit(
    instance: models.Model,
    typed: dict[str, Any],
    *,
    by: User,
    read: dict[str, str] | None = None,
    reason: str = "",
) -> Saved:
    """Write the changed columns of one row, nothing else.

    `typed` maps field names, those of added fields too, to clean values; `read` is what `as_read` gave when the form
    was drawn. A field the user left as read stays as it is now. Raises EditConflict where a field changed on both
    sides, to different values.
    """
    model = type(instance)
    with transaction.atomic():
        current = model._base_manager.select_for_update(no_key=True).get(pk=instance.pk)
        now = as_read(current, typed)
        for name, value in typed.items():
            _set_value(instance, name, value)
        wanted = as_read(instance, typed)
        before = read if read is not None else now
        changed = [n for n in typed if wanted[n] != before.get(n, now[n]) and wanted[n] != now[n]]
        clashes = [n for n in changed if n in before and now[n] != before[n]]
        if clashes:
            raise EditConflict(
                {n: (_value_of(current, n), typed[n]) for n in clashes}, _last_editor(record_of(current))
            )
        if not changed:
            return Saved(current)
        with changes(by, Changeset.Source.EDIT, reason) as changeset:
            for name in changed:
                _set_value(current, name, typed[name])
            stamps = [n for n in ("updated_at",) if hasattr(current, n)]
            columns = dict.fromkeys("custom" if is_custom(n) else n for n in changed)
            current.save(update_fields=[*columns, *stamps])
            record = record_of(current)
            prefix = "" if record is current else f"{current._meta.model_name}."
            record_event(
                f"{record._meta.model_name}.changed",
                by=by,
                about=[record],
                changeset=changeset,
                fields=[prefix + name for name in changed],
            )
    return Saved(current, changeset, changed)


def record_of(row: models.Model) -> models.Model:
    """The record a row belongs to: itself, or its parent for an address, a phone, a link."""
    for tracked in TRACKED:
        if isinstance(row, tracked.model):
            for name in tracked.parents:
                parent = getattr(row, name)
                if parent is not None:
                    return record_of(parent)
    return row


def create(instance: R, *, by: User, children: Iterable[models.Model] = (), source: str = "", reason: str = "") -> R:
    """Insert a record with its child rows (their foreign key already points at `instance`)."""
    if not by.rights.may(kind_of(type(instance)), Act.CREATE):
        raise Refused(_("You may not create this kind of record."))
    with changes(by, source or Changeset.Source.CREATE, reason) as changeset:
        if instance.owner_id and not instance.team_id:
            instance.team_id = instance.owner.team_id if instance.owner else None
        instance.save(force_insert=True)
        for child in children:
            for name in _parents(child):
                setattr(child, name, getattr(child, name))  # the key that the insert gave
            child.save(force_insert=True)
        record_event(f"{instance._meta.model_name}.created", by=by, about=[instance], changeset=changeset)
    return instance


def creation_of(record: models.Model) -> Changeset | None:
    """The changeset that made a record."""
    refs = EventRef.objects.filter(type=record._meta.label_lower, record_id=record.pk)
    ref = refs.filter(event__verb__endswith=".created").select_related("event__changeset").first()
    return ref.event.changeset if ref else None


def add_child(row: models.Model, *, by: User, reason: str = "") -> Saved:
    """Insert one row that belongs to a record: a phone, an address, an affiliation, a membership."""
    with changes(by, Changeset.Source.EDIT, reason) as changeset:
        row.save(force_insert=True)
        record_child_event("added", row, by=by, changeset=changeset)
    return Saved(row, changeset, [str(row._meta.model_name)])


def remove_child(row: models.Model, *, by: User, reason: str = "") -> Saved:
    """Delete one row that belongs to a record; its version brings it back."""
    with changes(by, Changeset.Source.EDIT, reason) as changeset:
        record_child_event("removed", row, by=by, changeset=changeset)
        row.delete()
    return Saved(row, changeset, [str(row._meta.model_name)])


def record_child_event(verb: str, row: models.Model, *, by: User, changeset: Changeset) -> None:
    about = [record_of(getattr(row, name)) for name in _parents(row) if getattr(row, name) is not None]
    name = f"{about[0]._meta.model_name}.{row._meta.model_name}_{verb}"
    record_event(name, by=by, about=about, changeset=changeset)


def _parents(row: models.Model) -> tuple[str, ...]:
    return next((t.parents for t in TRACKED if isinstance(row, t.model)), ())


def change_rows(
    rows: models.QuerySet[R],
    act: Callable[[list[int], Changeset], int],
    *,
    by: User,
    verb: str,
    source: str = Changeset.Source.BULK,
    reason: str = "",
    lock: bool = True,
    **data: Any,
) -> Changeset:
    """Run one act over rows that came through a door, under one changeset and one event.

    The ids are locked first (unless the act leaves the rows themselves alone), so that what is reported is what was
    done. A chunk of a long act (`going_on`) adds to the event of the chunks before it.
    """
    with changes(by, source, reason) as changeset:
        chosen = rows.order_by("pk")
        ids = list((chosen.select_for_update(of=("self",)) if lock else chosen).values_list("pk", flat=True))
        done = act(ids, changeset)
        label = rows.model._meta.model_name
        about = [rows.model(pk=pk) for pk in ids]
        event = changeset.events.first() if changeset.status == Changeset.Status.OPEN else None
        if event is None:
            record_event(f"{label}.{verb}", by=by, about=about, changeset=changeset, count=done, **data)
        else:
            extend_event(event, about, done)
    return changeset


def assign(rows: models.QuerySet[R], to: User | None, *, by: User, source: str = Changeset.Source.BULK) -> Changeset:
    """Give records to a new owner (or none); their team becomes the owner's."""
    now = timezone.now()
    team = to.team_id if to else None
    return change_rows(
        rows,
        lambda ids, _cs: rows.model._base_manager.filter(pk__in=ids).update(owner=to, team_id=team, updated_at=now),
        by=by,
        verb="assigned",
        source=source,
        fields=["owner", "team"],
    )


def trash(rows: models.QuerySet[R], *, by: User) -> Changeset:
    """Move records to the trash. `rows` must come from `deletable_by(by)`."""
    now = timezone.now()
    return change_rows(
        rows,
        lambda ids, _cs: rows.model._base_manager.filter(pk__in=ids).update(trashed_at=now, updated_at=now),
        by=by,
        verb="trashed",
        source=Changeset.Source.TRASH,
    )


def restore(rows: models.QuerySet[R], *, by: User) -> Changeset:
    """Take records out of the trash. `rows` must come from `deletable_by(by, trashed=True)`."""
    now = timezone.now()
    return change_rows(
        rows,
        lambda ids, _cs: rows.model._base_manager.filter(pk__in=ids).update(trashed_at=None, updated_at=now),
        by=by,
        verb="restored",
        source=Changeset.Source.RESTORE,
    )


def add_tag(rows: models.QuerySet[R], tag: Tag, *, by: User, source: str = Changeset.Source.BULK) -> Changeset:
    """Put a tag on records that do not carry it yet."""
    link, key = _tag_link(rows.model)

    def act(ids: list[int], _cs: Changeset) -> int:
        made = link._default_manager.bulk_create(
            [link(**{key: pk, "tag_id": tag.pk}) for pk in ids], ignore_conflicts=True, batch_size=5000
        )
        return len(made)

    return change_rows(rows, act, by=by, verb="tagged", source=source, fields=["tags"])


def remove_tag(rows: models.QuerySet[R], tag: Tag, *, by: User, source: str = Changeset.Source.BULK) -> Changeset:
    """Take a tag off records."""
    link, key = _tag_link(rows.model)
    return change_rows(
        rows,
        lambda ids, _cs: link._default_manager.filter(**{f"{key}__in": ids, "tag": tag}).delete()[0],
        by=by,
        verb="untagged",
        source=source,
        fields=["tags"],
    )


def _tag_link(model: type[Record]) -> tuple[type[models.Model], str]:
    meta: Any = model._meta
    link = meta.get_field("tags").remote_field.through
    return link, f"{meta.model_name}_id"


def share(record: Record, *, by: User, person: User | None = None, team: Team | None = None, edit: bool) -> Changeset:
    """Share one record with a person or a team, to see or to edit; an earlier share with them is replaced.

    Raises Refused where that one is more than a right: a co-owner stays one.
    """
    people, teams = record.share_models()
    with changes(by, Changeset.Source.SHARE) as changeset:
        model, who = (people, {"user": person}) if person else (teams, {"group": team.group if team else None})
        if standing := _end(model._default_manager.filter(content_object=record, **who)):
            raise Refused(_("%(name)s has more already: %(standing)s.") % {"name": person, "standing": standing})
        model._default_manager.create(content_object=record, permission=right_to(type(record), edit=edit), **who)
        record_event(f"{record._meta.model_name}.shared", by=by, about=[record], changeset=changeset)
    return changeset


def right_to(model: type[Record], *, edit: bool) -> Permission:
    """The right that a share of a record of this kind gives: to see it, or to edit it."""
    codename = f"{'change' if edit else 'view'}_{model._meta.model_name}"
    return Permission.objects.get(codename=codename, content_type__app_label=model._meta.app_label)


def unshare(record: Record, *, by: User, person: User | None = None, team: Team | None = None) -> Changeset:
    """End a share."""
    people, teams = record.share_models()
    with changes(by, Changeset.Source.SHARE) as changeset:
        if person:
            _end(people._default_manager.filter(content_object=record, user=person))
        if team:
            _end(teams._default_manager.filter(content_object=record, group=team.group))
        record_event(f"{record._meta.model_name}.unshared", by=by, about=[record], changeset=changeset)
    return changeset


def _end(shares: models.QuerySet[Any]) -> str:
    """Delete shares that give a right and nothing more; what one that stays makes of the person."""
    standing = {each.pk: each.standing for each in shares}
    shares.filter(pk__in=[pk for pk, words in standing.items() if not words]).delete()
    return next(filter(None, standing.values()), "")


def may_assign(user: User, model: type[Record]) -> bool:
    """Whether the user may hand records of this kind to others: reach beyond one's own."""
    return user.rights.scope(kind_of(model), Act.EDIT) >= Scope.TEAM


def _last_editor(record: models.Model) -> User | None:
    ref = (
        EventRef.objects.filter(type=record._meta.label_lower, record_id=record.pk)
        .select_related("event__actor")
        .order_by("-at", "-event")
        .first()
    )
    return ref.event.actor if ref else None
