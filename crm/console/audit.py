"""The audit log: events as lines people can read, narrowed by person, kind, period and words."""

from __future__ import annotations

import datetime
import ipaddress
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.access.models import Role, Team, User
from crm.access.querysets import record_models
from crm.access.rights import ADMINISTRATION, Act, kind_of
from crm.console.people import people, search
from crm.history import TRACKED
from crm.lists.fields import record_types
from crm.lists.models import SavedView
from crm.records.custom import CustomField
from crm.records.models import Changeset, Event, EventRef, Organisation
from crm.ui.crud import undo_url
from crm.ui.facts import names_of

NAMED = 3  # Records named on one line; the rest is counted.
FOUND = 200  # Records that the words typed may find, of each kind.
PAGES = {
    User: "console:user_edit",
    Team: "console:team_edit",
    Role: "console:role_edit",
    CustomField: "console:field_edit",
}

# The second part of a verb, or the whole of it: how it is called, and its hue.
ACTIONS: dict[str, tuple[str | Promise, str]] = {
    "created": (pgettext_lazy("audit", "Creation"), "green"),
    "changed": (pgettext_lazy("audit", "Edit"), "blue"),
    "assigned": (pgettext_lazy("audit", "Assignment"), "plum"),
    "imported": (pgettext_lazy("audit", "Import"), "amber"),
    "exported": (pgettext_lazy("audit", "Export"), "amber"),
    "trashed": (pgettext_lazy("audit", "Deletion"), "rose"),
    "merged": (pgettext_lazy("audit", "Merge"), "plum"),
    "said_apart": (pgettext_lazy("audit", "Not the same"), "gray"),
    "restored": (pgettext_lazy("audit", "Restoration"), "green"),
    "deleted": (pgettext_lazy("audit", "Deletion"), "rose"),
    "purged": (pgettext_lazy("audit", "Final deletion"), "rose"),
    "removed": (pgettext_lazy("audit", "Removal"), "rose"),
    "tagged": (pgettext_lazy("audit", "Category added"), "teal"),
    "untagged": (pgettext_lazy("audit", "Category removed"), "gray"),
    "grouped": (pgettext_lazy("audit", "Added to a group"), "teal"),
    "ungrouped": (pgettext_lazy("audit", "Removed from a group"), "gray"),
    "shared": (pgettext_lazy("audit", "Share"), "plum"),
    "unshared": (pgettext_lazy("audit", "End of a share"), "gray"),
    "left_company": (pgettext_lazy("audit", "Left a company"), "amber"),
    "undone": (pgettext_lazy("audit", "Undo"), "gray"),
    "moved": (pgettext_lazy("audit", "Stage"), "blue"),
    "won": (pgettext_lazy("audit", "Won"), "green"),
    "lost": (pgettext_lazy("audit", "Lost"), "rose"),
    "reopened": (pgettext_lazy("audit", "Reopened"), "amber"),
    "quote_made": (pgettext_lazy("audit", "Quote"), "blue"),
    "quote_changed": (pgettext_lazy("audit", "Change of a quote"), "blue"),
    "quote_removed": (pgettext_lazy("audit", "Deletion of a quote"), "gray"),
    "quote_sent": (pgettext_lazy("audit", "Quote sent"), "blue"),
    "quote_accepted": (pgettext_lazy("audit", "Quote accepted"), "green"),
    "quote_refused": (pgettext_lazy("audit", "Quote refused"), "rose"),
    "quote_expired": (pgettext_lazy("audit", "Quote expired"), "amber"),
    "quote_cancelled": (pgettext_lazy("audit", "Quote cancelled"), "gray"),
    "lines_ordered": (pgettext_lazy("audit", "Change of order"), "gray"),
    "ordered": (pgettext_lazy("audit", "Change of order"), "gray"),
    "activated": (pgettext_lazy("audit", "Activation"), "green"),
    "deactivated": (pgettext_lazy("audit", "Deactivation"), "rose"),
    "user.invited": (pgettext_lazy("audit", "Invitation"), "green"),
    "user.invitation_revoked": (pgettext_lazy("audit", "Invitation withdrawn"), "rose"),
    "user.joined": (pgettext_lazy("audit", "Arrival"), "green"),
    "user.moved": (pgettext_lazy("audit", "Change of team"), "plum"),
    "user.roles_changed": (pgettext_lazy("audit", "Change of roles"), "plum"),
    "user.deactivated": (pgettext_lazy("audit", "Deactivation"), "rose"),
    "user.reactivated": (pgettext_lazy("audit", "Reactivation"), "green"),
    "user.signed_out": (pgettext_lazy("audit", "Signed out everywhere"), "amber"),
    "user.password_changed": (pgettext_lazy("audit", "Password changed"), "amber"),
    "user.second_factor_added": (pgettext_lazy("audit", "Second factor set up"), "green"),
    "user.second_factor_removed": (pgettext_lazy("audit", "Second factor removed"), "rose"),
    "user.second_factor_reset": (pgettext_lazy("audit", "Second factor reset"), "rose"),
    "customfield.moved": (pgettext_lazy("audit", "Change of order"), "gray"),
    "role.field_rules_changed": (pgettext_lazy("audit", "Change of field rights"), "plum"),
    "role.rights_changed": (pgettext_lazy("audit", "Change of rights"), "plum"),
    "sign_in.succeeded": (pgettext_lazy("audit", "Sign-in"), ""),
    "sign_in.failed": (pgettext_lazy("audit", "Failed sign-in"), "rose"),
    "sign_in.locked": (pgettext_lazy("audit", "Sign-in slowed down"), "rose"),
}
# What else than records the log can be narrowed to; apps above add theirs.
_kinds: list[type[models.Model]] = [SavedView, User, Team, Role, CustomField]
ADDED = (pgettext_lazy("audit", "Addition"), "green")
REMOVED = (pgettext_lazy("audit", "Removal"), "gray")


@dataclass(frozen=True)
class Named:
    """A record that an event is about: its kind, its name and page if the viewer may see it."""

    kind: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One event as the log shows it."""

    event: Event
    action: str
    hue: str
    records: list[Named] = field(default_factory=list)
    more: int = 0
    fields: list[str] = field(default_factory=list)
    undo: str = ""
    is_undone: bool = False


def events() -> models.QuerySet[Event]:
    """Events with their actor, changeset and the first few records they are about."""
    refs = EventRef.objects.filter(event=OuterRef("pk")).order_by("pk")
    first = ArraySubquery(refs.values(ref=JSONObject(type="type", pk="record_id"))[: NAMED + 1])
    return Event.objects.select_related("actor", "changeset").annotate(first=first)


def register_kinds(*added: type[models.Model]) -> None:
    """Let the log be narrowed to what was done to these, too."""
    _kinds.extend(model for model in added if model not in _kinds)


def kinds() -> dict[str, str]:
    """What the log can be narrowed to: the first part of a verb, and how it is called."""
    every: list[type[models.Model]] = [*record_models(), *_kinds]
    nouns = {str(model._meta.model_name): model for model in every}
    labels = {noun: capfirst(str(model._meta.verbose_name_plural)) for noun, model in nouns.items()}
    return {
        **labels,
        "organisation": _("Settings"),
        "sign_in": _("Sign-ins"),
        "audit": _("Audit log"),
        "changeset": _("Undone acts"),
    }


def about(rows: models.QuerySet[Event], typed: str, viewer: User) -> models.QuerySet[Event]:
    """Events about the records and people that the words find, from the address or of the changeset typed."""
    try:
        return rows.filter(address=str(ipaddress.ip_address(typed.strip())))
    except ValueError:
        pass
    try:
        return rows.filter(changeset=uuid.UUID(typed.strip()))
    except ValueError:
        pass
    found = {kind_of(User): search(people(), typed)}
    for model in record_models():
        seen: Any = model._default_manager.all()
        if hasattr(seen, "search"):
            found[kind_of(model)] = seen.visible_to(viewer, trashed=None).search(typed, viewer)
    matching = Q()
    for kind, records in found.items():
        matching |= Q(type=kind, record_id__in=records.order_by().values("pk")[:FOUND])
    return rows.filter(Exists(EventRef.objects.filter(matching, event=OuterRef("pk"))))


def lines(found: Iterable[Event], viewer: User) -> list[Line]:
    """Events in words; one statement for each kind of record they are about."""
    found = list(found)
    keys: dict[type[models.Model], set[int]] = defaultdict(set)
    for event in found:
        for model, pk in _refs(event):
            keys[model].add(pk)
    names = {(model, pk): name for model, pks in keys.items() for pk, name in names_of(model, pks, viewer).items()}
    oldest = timezone.now() - datetime.timedelta(days=Organisation.current().undo_days)
    return [_line(event, names, oldest) for event in found]


def _line(event: Event, names: dict[tuple[type[models.Model], int], str], oldest: datetime.datetime) -> Line:
    action, hue = action_of(event.verb)
    records = [_named(model, pk, names) for model, pk in _refs(event)]
    total = max(event.data.get("count") or 0, len(records))
    changeset = event.changeset
    is_open = changeset is not None and changeset.status == Changeset.Status.DONE and changeset.created_at > oldest
    return Line(
        event,
        str(action),
        hue,
        records[:NAMED],
        total - len(records[:NAMED]),
        [field_label(event, name) for name in event.data.get("fields", [])],
        undo=(undo_url(changeset) or "") if is_open and not event.verb.endswith(".purged") else "",
        is_undone=changeset is not None and changeset.status == Changeset.Status.UNDONE,
    )


def action_of(verb: str) -> tuple[str | Promise, str]:
    """How a verb is called, and its hue; a verb nobody named shows as it is."""
    second = verb.partition(".")[2]
    ending = ADDED if second.endswith("_added") else REMOVED if second.endswith("_removed") else (verb, "gray")
    return ACTIONS.get(verb) or ACTIONS.get(second) or ending


def field_label(event: Event, name: str) -> str:
    """A changed field as people call it: "job_title", a child's "email.address", a right's "contacts.contact.see"."""
    noun = event.verb.partition(".")[0]
    if noun == "role" and event.verb.endswith("rights_changed"):
        return _right_label(name)
    if noun == "role" and event.verb.endswith("field_rules_changed"):
        return _ruled_label(name)
    head, dot, tail = name.partition(".")
    owner = _models().get(head if dot else noun)
    if owner is None:
        return name
    known = {f.name: f for f in owner._meta.get_fields()}
    label = str(getattr(known.get(tail or head), "verbose_name", tail or head))
    return f"{owner._meta.verbose_name} · {label}" if dot else label


def _right_label(name: str) -> str:
    kind, _dot, act = name.rpartition(".")
    if kind == ADMINISTRATION:
        return _("Administration")
    try:
        plural = apps.get_model(kind)._meta.verbose_name_plural
    except (LookupError, ValueError):
        return name
    return f"{plural} · {dict(Act.choices).get(act, act)}"


def _ruled_label(name: str) -> str:
    """A field with rules: "contacts.contact.birthday", of an added field its slug."""
    kind, _dot, field = name.rpartition(".")
    type_ = next((each for each in record_types() if each.kind == kind), None)
    if type_ is None:
        return name
    return f"{type_.plural} · {type_.label_of(field) if field in type_.guarded else field}"


def _models() -> dict[str, type[models.Model]]:
    return {str(tracked.model._meta.model_name): tracked.model for tracked in TRACKED}


def _refs(event: Any) -> list[tuple[type[models.Model], int]]:
    found = []
    for ref in event.first or []:
        try:
            found.append((apps.get_model(ref["type"]), ref["pk"]))
        except LookupError:  # a kind of record that a later version no longer has
            continue
    return found


def _named(model: type[models.Model], pk: int, names: dict[tuple[type[models.Model], int], str]) -> Named:
    kind = capfirst(str(model._meta.verbose_name))
    name = names.get((model, pk))
    if name is None:
        return Named(kind, f"#{pk}")
    if model in PAGES:
        return Named(kind, name, reverse(PAGES[model], args=[pk]))
    if model is Organisation:
        return Named(kind, name, reverse("console:settings"))
    page = getattr(model(pk=pk), "get_absolute_url", None)
    return Named(kind, name, page() if page else "")
