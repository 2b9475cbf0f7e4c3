"""Undo: put back what a changeset replaced, and say what was changed since and is therefore left alone.

One mechanism for an edit, a bulk edit, an import, a merge, a deletion and an undo. For each versioned row the net
effect of the changeset is read from its versions: the first version in the changeset holds the row before it, the next
version after it (or the row as it is) holds what it left. Only columns that still have the value it left are put back.
Rows are restored by the database from the version rows themselves, so that nothing is lost in translation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import psycopg
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.models import Right, Role, User, UserRole
from crm.access.rights import Act, kind_of
from crm.history import TRACKED, Tracked
from crm.records.changes import changes, many_writes, record_event
from crm.records.custom import CustomField, is_custom
from crm.records.models import MERGE_DAYS, Changeset, EventRef, Organisation, Record
from crm.records.net import Net, Row, Span, Which, in_chunks, net_effects, nets_of, spans_of
from crm.records.services import Refused, record_of


@dataclass(frozen=True)
class Left:
    """Something the undo left alone, and why, in the user's words."""

    label: str
    why: str


@dataclass
class Undone:
    """What an undo did: rows put back, what it left alone, and its own changeset (which can be undone in turn)."""

    changeset: Changeset
    restored: int = 0
    left: list[Left] = field(default_factory=list)
    touched: set[tuple[type[models.Model], int]] = field(default_factory=set)
    tables: set[type[models.Model]] = field(default_factory=set)


# What apps keep from being undone: called with the changeset, each raises Refused with its reason.
_KEPT: list[Callable[[Changeset], None]] = []


def register_kept(check: Callable[[Changeset], None]) -> None:
    """Have `check` asked before anything is undone; apps do so in `ready()`."""
    if check not in _KEPT:
        _KEPT.append(check)


# What a constraint of an app forbids, in words: by its name, called with the row as it would be put back.
_REASONS: dict[str, Callable[[Row], str]] = {}


def register_reason(constraint: str, why: Callable[[Row], str]) -> None:
    """Have `why` say what to do about rows that a constraint keeps from being put back; apps do so in `ready()`."""
    _REASONS[constraint] = why


def undo(changeset: Changeset, *, by: User) -> Undone:
    """Undo a changeset as far as the user may edit its records and nothing newer stands in the way.

    Raises Refused when it was undone before, is too old, or when nothing of it may or can be undone.
    """
    with changes(by, Changeset.Source.UNDO, undoes=changeset) as own, many_writes():
        changeset = Changeset.objects.select_for_update().get(pk=changeset.pk)
        if changeset.status == Changeset.Status.UNDONE:
            raise Refused(_("This was undone already."))
        if changeset.status == Changeset.Status.OPEN:
            raise Refused(_("This is still under way: wait until it is done, or stop it."))
        days = days_to_undo(changeset)
        if changeset.created_at < timezone.now() - timedelta(days=days):
            raise Refused(_("This is more than %(days)d days old and can no longer be undone.") % {"days": days})
        for check in _KEPT:
            check(changeset)
        act = _Undo(changeset, by, Undone(own))
        if changeset.source == Changeset.Source.MERGE:
            _refuse_if_merged_again(changeset)
        act.put_back()
        act.take_away()
        result = act.result
        if not result.restored:
            raise Refused(result.left[0].why if result.left else _("There is nothing left to undo."))
        if result.tables & {User, UserRole, Role, Right} and not User.objects.administrators().exists():
            raise Refused(_("Nobody would be left to administer Sillage."))
        changeset.status = Changeset.Status.UNDONE
        changeset.save(update_fields=["status"])
        about = {_record(model, pk) for model, pk in result.touched}
        if changeset.source == Changeset.Source.MERGE:  # The one that stayed may be as it was before, and is told too.
            about |= {
                apps.get_model(ref.type)(pk=ref.record_id)
                for ref in EventRef.objects.filter(event__changeset=changeset)
            }
        record_event("changeset.undone", by=by, about=about, changeset=own, restored=result.restored)
    return result


def days_to_undo(changeset: Changeset) -> int:
    """How long an act can be undone: a merge for as long as what was merged is kept."""
    return MERGE_DAYS if changeset.source == Changeset.Source.MERGE else Organisation.current().undo_days


def _refuse_if_merged_again(changeset: Changeset) -> None:
    """Of merges one upon the other the last comes apart first: only then is all where the earlier one left it."""
    for tracked in TRACKED:
        if issubclass(tracked.model, Record):
            touched = tracked.versions._default_manager.filter(pgh_context_id=changeset.pk).values("pgh_obj_id")
            losers: Any = tracked.model._base_manager.filter(pk__in=touched, merged_into__merged_into__isnull=False)
            if (loser := losers.select_related("merged_into").first()) is not None:
                text = _("%(name)s was itself merged since: undo that merge first.")
                raise Refused(text % {"name": loser.merged_into})


@dataclass
class _Undo:
    changeset: Changeset
    by: User
    result: Undone
    # Rows that are not as they were before the changeset: left alone, or put back in part.
    stood: set[tuple[type[models.Model], int]] = field(default_factory=set)

    # ---- rows that were changed or deleted: parents first ----

    def put_back(self) -> None:
        for tracked in TRACKED:
            for nets in in_chunks(net_effects(tracked, self.changeset, Which.OLD)):
                self._put_back(tracked, nets)

    def _put_back(self, tracked: Tracked, nets: list[Net]) -> None:
        allowed = self._allowed(tracked, nets)
        locked = self._locked(tracked.model)
        updates: dict[tuple[bool, tuple[str, ...]], list[Net]] = defaultdict(list)
        inserts: list[Net] = []
        for net in nets:
            if net.pk not in allowed:
                self._forbid(tracked)
            elif net.after is None:
                if net.now is not None:
                    self._leave(tracked, net, _("It exists again already."))
                elif self._orphaned(tracked, net):
                    self._leave(tracked, net, _("What it belonged to no longer exists."))
                else:
                    inserts.append(net)
            elif net.now is None:
                self._leave(tracked, net, _("It was deleted since."))
            else:
                closed = [name for name in net.changed if name.removesuffix("_id") in locked]
                kept = [name for name in net.changed if net.now.get(name) != net.after.get(name) and name not in closed]
                back = tuple(name for name in net.changed if name not in kept and name not in closed)
                if closed:
                    self._leave(tracked, net, _("Your role may not change some of its fields."))
                if kept:
                    self._leave(tracked, net, _("Changed since: %(fields)s.") % {"fields": _labels(tracked, kept)})
                if back:
                    updates[_was_primary(net), back].append(net)
        # What was not primary first: the database allows one primary row, or one default, and two may have to swap.
        # What was merged last: until the record that stayed gives it back, it holds what may be there only once.
        ordered = sorted(updates.items(), key=lambda each: (each[0][0], "merged_into_id" in each[0][1], each[0][1]))
        for (_primary, columns), group in ordered:
            self._restore_columns(tracked, columns, group)
        if inserts:
            self._restore_rows(tracked, inserts)

    def _restore_columns(self, tracked: Tracked, columns: tuple[str, ...], nets: list[Net]) -> None:
        table, versions = tracked.model._meta.db_table, tracked.versions._meta.db_table
        key = tracked.model._meta.pk.column
        keys = [name for name in columns if is_custom(name)]
        assign = [f'"{name}" = v."{name}"' for name in (_column(tracked, name) for name in columns if name not in keys)]
        if keys:
            # Slugs are letters, digits and underscores.
            names = ", ".join(f"'{slug}'" for slug in keys)
            assign.append(
                f"custom = (t.custom - ARRAY[{names}]) || coalesce((SELECT jsonb_object_agg(key, value) "  # noqa: S608
                f"FROM jsonb_each(v.custom) WHERE key IN ({names})), '{{}}')"
            )
        assign += [f'"{name}" = now()' for name in ("updated_at",) if _has(tracked.model, name)]
        self._write(
            tracked,
            nets,
            f'UPDATE "{table}" t SET {", ".join(assign)} FROM "{versions}" v '  # noqa: S608
            f'WHERE v.pgh_id = ANY(%s) AND t."{key}" = v.pgh_obj_id',
        )

    def _restore_rows(self, tracked: Tracked, nets: list[Net]) -> None:
        table, versions = tracked.model._meta.db_table, tracked.versions._meta.db_table
        key = tracked.model._meta.pk.column
        columns = [f'"{column}"' for column in [key, *(f.column for f in tracked.fields)]]
        # A version from before there were added fields has none.
        values = ["coalesce(v.custom, '{}')" if name == '"custom"' else f"v.{name}" for name in columns]
        for name in ("updated_at", "touched_at"):
            if _has(tracked.model, name):
                columns.append(f'"{name}"')
                values.append("now()")
        self._write(
            tracked,
            nets,
            f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} '  # noqa: S608
            f'FROM "{versions}" v WHERE v.pgh_id = ANY(%s)',
        )

    def _write(self, tracked: Tracked, nets: list[Net], sql: str) -> None:
        def write(some: list[Net]) -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, [[net.version for net in some]])

        self._try(tracked, nets, write, _("Another one has the same value now, and only one may."))

    def _try(self, tracked: Tracked, nets: list[Net], write: Callable[[list[Net]], object], why: str) -> None:
        """Write all at once; where a constraint forbids that, one by one, leaving alone those that do not go."""
        try:
            with transaction.atomic():
                write(nets)
        except IntegrityError as error:
            if len(nets) == 1:
                named = _REASONS.get(_violated(error))
                self._leave(tracked, nets[0], named(nets[0].before or {}) if named else why)
                return
            for net in nets:
                self._try(tracked, [net], write, why)
            return
        self._count(tracked, nets)

    def _orphaned(self, tracked: Tracked, net: Net) -> bool:
        before = net.before or {}
        for f in tracked.fields:
            # What a row owns one to one (a team's group) comes back with it.
            if isinstance(f, models.ForeignKey) and not f.one_to_one and before[f.attname] is not None:
                parent: type[models.Model] = f.related_model
                if not parent._base_manager.filter(pk=before[f.attname]).exists():
                    return True
        return False

    # ---- rows that were inserted: children first, and none of a record that was edited since ----

    def take_away(self) -> None:
        kept: set[tuple[type[models.Model], int]] = set()
        for tracked in TRACKED:
            if not tracked.parents:
                since = net_effects(tracked, self.changeset, Which.NEW_CHANGED_SINCE)
                changed = {net.pk for net in since if net.now != net.after}
                for spans in spans_of(tracked, self.changeset, Which.NEW):
                    kept |= self._edited_since(tracked, spans, changed)
        for tracked in reversed(TRACKED):
            for nets in in_chunks(net_effects(tracked, self.changeset, Which.NEW)):
                self._take_away(tracked, [net for net in nets if _is_new(net)], kept)

    def _edited_since(
        self, tracked: Tracked, spans: list[Span], changed: set[int]
    ) -> set[tuple[type[models.Model], int]]:
        """Records that are not as the changeset left them: themselves, or a row that belongs to them."""
        keys = [span.key for span in spans]
        edited = changed.intersection(keys)
        for child in TRACKED:
            for name in child.parents:
                if child.model._meta.get_field(name).related_model is not tracked.model:
                    continue
                made_here = child.versions._default_manager.filter(
                    pgh_obj_id=models.OuterRef("pk"), pgh_context_id=self.changeset.pk, pgh_label="insert"
                )
                others = child.model._base_manager.filter(~models.Exists(made_here), **{f"{name}_id__in": keys})
                edited |= set(others.values_list(f"{name}_id", flat=True))
        edited |= {pk for pk in keys if (tracked.model, pk) in self._parents_of_edited_children}
        if not edited:
            return set()
        nets = [net for net in nets_of(tracked, [span for span in spans if span.key in edited]) if _is_new(net)]
        allowed = self._allowed(tracked, nets)
        for net in nets:
            if net.pk in allowed:
                self._leave(tracked, net, _("It was edited since."))
            else:
                self._forbid(tracked)
        return {(tracked.model, net.pk) for net in nets}

    @cached_property
    def _parents_of_edited_children(self) -> set[tuple[type[models.Model], int]]:
        """Owners of child rows that the changeset inserted and that are not as it left them."""
        return {
            parent
            for child in TRACKED
            if child.parents
            for net in net_effects(child, self.changeset, Which.NEW_CHANGED_SINCE)
            if net.after is not None and net.now != net.after
            for parent in _parents(child, net.after)
        }

    def _take_away(self, tracked: Tracked, nets: list[Net], kept: set[tuple[type[models.Model], int]]) -> None:
        # Rows that only tell what a record had become stay true of one that was left as it is.
        kept = kept if tracked.told else kept | self.stood
        nets = [n for n in nets if not self._belongs_to(tracked, n, kept)]
        allowed = self._allowed(tracked, nets)
        for net in nets:
            if net.pk not in allowed:
                self._forbid(tracked)
        # What was made last goes first: where not all go at once, it may hang on what was made before.
        gone = sorted((net for net in nets if net.pk in allowed), key=lambda net: -net.pk)
        if gone:
            rows = tracked.model._base_manager
            self._try(tracked, gone, lambda some: rows.filter(pk__in=[n.pk for n in some]).delete(), _("It is in use."))

    def _belongs_to(self, tracked: Tracked, net: Net, kept: set[tuple[type[models.Model], int]]) -> bool:
        if (tracked.model, net.pk) in kept:
            return True
        return any((model, pk) in kept for model, pk in _parents(tracked, net.after or {}))

    # ---- rights and report ----

    def _locked(self, model: type[models.Model]) -> frozenset[str]:
        """The fields of a kind of record that the user may not put back; what they did themselves they may.

        A merge comes apart whole or not at all.
        """
        own, is_merge = self.changeset.actor_id == self.by.pk, self.changeset.source == Changeset.Source.MERGE
        return frozenset() if own or is_merge else self.by.rights.locked(model._meta.label_lower)

    def _is_open(self, tracked: Tracked, owner: type[models.Model]) -> bool:
        """Whether the user's roles leave them the rows of this kind that belong to records of the owner's kind."""
        return str(tracked.model._meta.model_name) not in self._locked(owner)

    def _allowed(self, tracked: Tracked, nets: list[Net]) -> set[int]:
        """Keys of the rows whose records the user may edit now, or might when they did this themselves."""
        if self.by.is_administrator:
            return {net.pk for net in nets}
        if issubclass(tracked.model, Record):
            editable = self._editable(tracked.model, {net.pk for net in nets})
            own = self.changeset.actor_id == self.by.pk
            return {net.pk for net in nets if net.pk in editable or (own and self._might(tracked.model, net.before))}
        if tracked.owner:
            return {net.pk for net in nets if self._owns(tracked, net)}
        if not tracked.parents:
            return set()
        owners = {net.pk: _parents(tracked, net.now or net.before or net.after or {}) for net in nets}
        editable_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
        for pairs in owners.values():
            for model, pk in pairs:
                editable_by_model[model].add(pk)
        editable_by_model = {m: self._editable(m, keys) for m, keys in editable_by_model.items()}
        return {
            key
            for key, pairs in owners.items()
            if any(
                self._is_open(tracked, model) and (pk in editable_by_model[model] or (model, pk) in self.result.touched)
                for model, pk in pairs
            )
        }

    def _owns(self, tracked: Tracked, net: Net) -> bool:
        return bool((net.now or net.before or net.after or {})[f"{tracked.owner}_id"] == self.by.pk)

    def _editable(self, model: Any, keys: set[int]) -> set[int]:
        """Keys of the rows that the user may edit: records, or what belongs to a record they may edit."""
        if issubclass(model, Record):
            rows = model.objects.editable_by(self.by, trashed=None).filter(pk__in=keys)
            return set(rows.values_list("pk", flat=True))
        found: set[int] = set()  # Of a role, of a user: nothing, these are for administrators.
        for name in _tracked(model).parents:
            owners = dict(model._base_manager.filter(pk__in=keys).values_list("pk", f"{name}_id"))
            editable = self._editable(model._meta.get_field(name).related_model, set(owners.values()) - {None})
            found |= {key for key, owner in owners.items() if owner in editable}
        return found

    def _might(self, model: type[Record], row: Row | None) -> bool:
        if row is None:
            return False
        return self.by.rights.reaches(kind_of(model), Act.EDIT, self.by.pk, row["owner_id"], row["team_id"])

    def _count(self, tracked: Tracked, nets: list[Net]) -> None:
        self.result.restored += len(nets)
        self.result.tables.add(tracked.model)
        for net in nets:
            if not tracked.parents:
                self.result.touched.add((tracked.model, net.pk))
            self.result.touched |= set(_parents(tracked, net.before or net.after or {}))

    def _sees(self, tracked: Tracked, net: Net) -> bool:
        """Whether the user's roles let them see such rows of the record that the row belongs to."""
        pairs = _parents(tracked, net.now or net.before or net.after or {})
        name = str(tracked.model._meta.model_name)
        return all(self.by.rights.sees(kind_of(model), name) for model, _pk in pairs)

    def _forbid(self, tracked: Tracked) -> None:
        """Without its name: the user might not even see it."""
        self.result.left.append(Left(str(tracked.model._meta.verbose_name), _("You may not edit it.")))

    def _leave(self, tracked: Tracked, net: Net, why: str) -> None:
        self.stood.add((tracked.model, net.pk))
        row = tracked.model._base_manager.filter(pk=net.pk).first()
        name = str(row) if row is not None and self._sees(tracked, net) else f"#{net.pk}"
        self.result.left.append(Left(f"{tracked.model._meta.verbose_name} {name}", why))


def _tracked(model: type[models.Model]) -> Tracked:
    return next(tracked for tracked in TRACKED if tracked.model is model)


def _record(model: type[models.Model], key: int) -> models.Model:
    """What an undo is told of: the record, also of rows that belong to what belongs to it."""
    row = model._base_manager.filter(pk=key).first() if _tracked(model).parents else None
    return record_of(row) if row is not None else model(pk=key)


def _violated(error: IntegrityError) -> str:
    """The name of the constraint; empty where Django refused by itself (of a row that others need)."""
    cause = error.__cause__
    return cause.diag.constraint_name or "" if isinstance(cause, psycopg.IntegrityError) else ""


def _was_primary(net: Net) -> bool:
    return any((net.before or {}).get(name) for name in ("is_primary", "is_default"))


def _is_new(net: Net) -> bool:
    return net.before is None and net.after is not None and net.now is not None


def _parents(tracked: Tracked, row: Row) -> list[tuple[type[models.Model], int]]:
    found: list[Any] = []
    for name in tracked.parents:
        key = row.get(f"{name}_id")
        if key is not None:
            found.append((tracked.model._meta.get_field(name).related_model, key))
    return found


def _column(tracked: Tracked, attname: str) -> str:
    return next(str(f.column) for f in tracked.fields if f.attname == attname)


def _labels(tracked: Tracked, attnames: list[str]) -> str:
    labels = [str(f.verbose_name) for f in tracked.fields if f.attname in attnames]
    slugs = [name for name in attnames if is_custom(name)]
    added = CustomField.objects.filter(type=tracked.model._meta.model_name, slug__in=slugs)
    return ", ".join([*labels, *added.values_list("label", flat=True)])


def _has(model: type[models.Model], name: str) -> bool:
    return any(f.name == name for f in model._meta.concrete_fields)
