"""A record's timeline: what was done to it, by whom, when, old → new, each with Undo where the viewer may.

The words for a verb stand in SENTENCES; later apps add theirs when they register what they write.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.custom import CustomField, custom_fields
from crm.records.diff import Change, changes_of
from crm.records.merge import merged_into
from crm.records.models import Changeset, EventRef, Record
from crm.records.undo import days_to_undo
from crm.ui.crud import undo_url
from crm.ui.custom import Named, in_words, named
from crm.ui.facts import names_of, plain

PAGE = 30
Words = str | Promise
Names = dict[tuple[Any, int], str]


@dataclass(frozen=True)
class Deed:
    """How a verb looks and reads after the actor's name."""

    icon: str
    hue: str
    words: Words


# The second part of a verb. Verbs read "contact.changed", "contact.email_added".
SENTENCES: dict[str, Deed] = {
    "created": Deed(icon="plus", hue="green", words=gettext_lazy("created this record")),
    "imported": Deed(icon="upload", hue="blue", words=gettext_lazy("imported this record")),
    "changed": Deed(icon="pencil", hue="blue", words=gettext_lazy("changed this record")),
    "assigned": Deed(icon="user-plus", hue="plum", words=gettext_lazy("assigned this record")),
    "trashed": Deed(icon="trash-2", hue="rose", words=gettext_lazy("moved this record to the trash")),
    "merged": Deed(icon="merge", hue="plum", words=gettext_lazy("merged records into one")),
    "said_apart": Deed(
        icon="equal-not", hue="gray", words=gettext_lazy("said that this record and another one are not the same")
    ),
    "restored": Deed(icon="undo-2", hue="green", words=gettext_lazy("took this record out of the trash")),
    "tagged": Deed(icon="tag", hue="teal", words=gettext_lazy("added a category")),
    "untagged": Deed(icon="tag", hue="gray", words=gettext_lazy("removed a category")),
    "grouped": Deed(icon="folder", hue="teal", words=gettext_lazy("added this record to a group")),
    "ungrouped": Deed(icon="folder", hue="gray", words=gettext_lazy("removed this record from a group")),
    "shared": Deed(icon="share-2", hue="plum", words=gettext_lazy("shared this record")),
    "unshared": Deed(icon="share-2", hue="gray", words=gettext_lazy("ended a share")),
    "undone": Deed(icon="undo-2", hue="gray", words=gettext_lazy("undid a change")),
    "email_added": Deed(icon="mail", hue="blue", words=gettext_lazy("added an e-mail address")),
    "email_removed": Deed(icon="mail", hue="gray", words=gettext_lazy("removed an e-mail address")),
    "phone_added": Deed(icon="phone", hue="green", words=gettext_lazy("added a phone")),
    "phone_removed": Deed(icon="phone", hue="gray", words=gettext_lazy("removed a phone")),
    "postaladdress_added": Deed(icon="map-pin", hue="blue", words=gettext_lazy("added an address")),
    "postaladdress_removed": Deed(icon="map-pin", hue="gray", words=gettext_lazy("removed an address")),
    "link_added": Deed(icon="link", hue="blue", words=gettext_lazy("added a link")),
    "link_removed": Deed(icon="link", hue="gray", words=gettext_lazy("removed a link")),
    "affiliation_added": Deed(icon="building-2", hue="teal", words=gettext_lazy("tied a person to a company")),
    "affiliation_removed": Deed(icon="building-2", hue="gray", words=gettext_lazy("untied a person from a company")),
    "left_company": Deed(icon="log-out", hue="amber", words=gettext_lazy("noted that a person left a company")),
    "membership_added": Deed(icon="folder", hue="teal", words=gettext_lazy("added a member to a group")),
    "membership_removed": Deed(icon="folder", hue="gray", words=gettext_lazy("removed a member from a group")),
    "moved": Deed(icon="arrow-right", hue="blue", words=gettext_lazy("moved this opportunity to another stage")),
    "won": Deed(icon="trophy", hue="green", words=gettext_lazy("won this opportunity")),
    "lost": Deed(icon="circle-x", hue="rose", words=gettext_lazy("noted this opportunity as lost")),
    "reopened": Deed(icon="undo-2", hue="amber", words=gettext_lazy("reopened this opportunity")),
    "dealcontact_added": Deed(icon="user-plus", hue="teal", words=gettext_lazy("added a contact")),
    "dealcontact_removed": Deed(icon="user-minus", hue="gray", words=gettext_lazy("removed a contact")),
    "coowner_added": Deed(icon="users", hue="plum", words=gettext_lazy("added a co-owner")),
    "coowner_removed": Deed(icon="users", hue="gray", words=gettext_lazy("removed a co-owner")),
    "quote_made": Deed(icon="file-text", hue="blue", words=gettext_lazy("made a quote")),
    "quote_changed": Deed(icon="file-text", hue="blue", words=gettext_lazy("changed a quote")),
    "quote_removed": Deed(icon="file-text", hue="gray", words=gettext_lazy("deleted a draft quote")),
    "quote_sent": Deed(icon="file-text", hue="blue", words=gettext_lazy("sent a quote")),
    "quote_accepted": Deed(
        icon="file-text", hue="green", words=gettext_lazy("noted that the customer accepted a quote")
    ),
    "quote_refused": Deed(icon="file-text", hue="rose", words=gettext_lazy("noted that the customer refused a quote")),
    "quote_expired": Deed(icon="file-text", hue="amber", words=gettext_lazy("noted that a quote expired")),
    "quote_cancelled": Deed(icon="file-text", hue="gray", words=gettext_lazy("cancelled a quote")),
    "price_added": Deed(icon="package", hue="blue", words=gettext_lazy("added a price")),
    "price_removed": Deed(icon="package", hue="gray", words=gettext_lazy("removed a price")),
    "dealline_added": Deed(icon="package", hue="blue", words=gettext_lazy("added a line")),
    "dealline_removed": Deed(icon="package", hue="gray", words=gettext_lazy("removed a line")),
    "lines_ordered": Deed(icon="package", hue="gray", words=gettext_lazy("put the lines in another order")),
    "handed_over": Deed(icon="user-plus", hue="plum", words=gettext_lazy("handed this record over")),
}
OTHER = Deed(icon="history", hue="gray", words=gettext_lazy("changed something"))


@dataclass(frozen=True)
class ChangeLine:
    """One changed field in words."""

    label: str
    old: str
    new: str


@dataclass
class Entry:
    """One event of the timeline."""

    at: datetime.datetime
    actor: User | None
    deed: Deed
    lines: list[ChangeLine] = field(default_factory=list)
    reason: str = ""
    undo: str = ""
    count: int = 1


@dataclass
class Day:
    """The entries of one day in the viewer's zone, newest first."""

    date: datetime.date
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Timeline:
    """Some days of a record; `more` is the event id to go on from (0 at the end)."""

    days: list[Day]
    more: int = 0


def timeline(record: models.Model, viewer: User, *, editable: bool, before: int = 0) -> Timeline:
    """The newest events of a record the viewer may see, or those before event id `before`."""
    merged = merged_into(record) if isinstance(record, Record) else []
    keys = [record.pk, *merged]
    refs = EventRef.objects.filter(type=record._meta.label_lower, record_id__in=keys)
    if before:
        refs = refs.filter(event_id__lt=before)
    found = list(refs.select_related("event__actor", "event__changeset").order_by("-at", "-event_id")[: PAGE + 1])
    more = found[PAGE - 1].event_id if len(found) > PAGE else 0
    # An event about several of the records that are one now is told once.
    events = list({ref.event_id: ref.event for ref in found[:PAGE]}.values())
    changesets = {event.changeset_id for event in events if event.changeset_id}
    diffs = changes_of(record, changesets)
    told = {ref.record_id for ref in found}
    for key in (key for key in merged if key in told):
        for changeset_id, changed in changes_of(type(record)(pk=key), changesets - diffs.keys()).items():
            diffs[changeset_id] = changed
    diffs = {key: [each for each in changed if _is_seen(record, each, viewer)] for key, changed in diffs.items()}
    names = _names((change for changes in diffs.values() for change in changes), viewer)
    added = {each.slug: each for each in custom_fields(type(record), viewer)}
    values = [(added[c.key], raw) for each in diffs.values() for c in each if c.key in added for raw in (c.old, c.new)]
    ties = named(values, viewer)
    now = timezone.now()
    days: list[Day] = []
    for event in events:
        deed = SENTENCES.get(event.verb.partition(".")[2], OTHER)
        entry = Entry(event.at, event.actor, deed, count=event.data.get("count", 1))
        changeset = event.changeset
        if changeset is not None:
            entry.lines = _lines(record, diffs.get(changeset.pk, []), names, added, ties)
            entry.reason = changeset.reason
            is_recent = changeset.created_at > now - datetime.timedelta(days=days_to_undo(changeset))
            open_to_undo = changeset.status == Changeset.Status.DONE and is_recent
            own = editable or changeset.actor_id == viewer.pk
            entry.undo = (undo_url(changeset) or "") if open_to_undo and own else ""
        date = timezone.localdate(event.at)
        if not days or days[-1].date != date:
            days.append(Day(date))
        days[-1].entries.append(entry)
    return Timeline(days, more)


def _is_seen(record: models.Model, change: Change, viewer: User) -> bool:
    """Whether the viewer's roles let them see the field, or the rows of the kind that the change is about."""
    name = str(change.model._meta.model_name)
    if change.model is type(record):
        return viewer.rights.sees(kind_of(record), change.key or change.field.name)
    return viewer.rights.sees(kind_of(record), name) and viewer.rights.sees(
        change.model._meta.label_lower, change.field.name
    )


def _lines(
    record: models.Model, changes: list[Change], names: Names, added: dict[str, CustomField], ties: Named
) -> list[ChangeLine]:
    """The changes in words; of added fields those that the viewer may see."""
    lines = []
    for change in changes:
        if not change.key:
            lines.append(_line(record, change, names))
        elif field := added.get(change.key):
            lines.append(ChangeLine(field.label, *(in_words(field, raw, ties) for raw in (change.old, change.new))))
    return lines


def _line(record: models.Model, change: Change, names: Names) -> ChangeLine:
    label = str(change.field.verbose_name)
    if change.model is not type(record):
        # Of a share, a tag, a place in a group the kind says it all.
        kind = str(change.model._meta.verbose_name)
        label = kind if change.field.is_relation else f"{kind} · {label}"
    currency = getattr(record, "currency", "")
    old, new = (_in_words(change.field, value, names, currency) for value in (change.old, change.new))
    return ChangeLine(label[:1].upper() + label[1:], old, new)


def _in_words(field: Any, value: Any, names: Names, currency: str) -> str:
    if value is None or not field.is_relation:
        return plain(field, value, currency)
    return names.get((field.related_model, value), f"#{value}")


def _names(changes: Iterable[Change], viewer: User) -> Names:
    """Names of the rows that the changes refer to and the viewer may see, one statement for each kind of row."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for change in changes:
        if change.field.is_relation:
            wanted[change.field.related_model] |= {key for key in (change.old, change.new) if key is not None}
    return {(model, key): name for model, keys in wanted.items() for key, name in names_of(model, keys, viewer).items()}
