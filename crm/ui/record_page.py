"""The page of a record: what all kinds have in common, and room for what a kind has of its own.

A kind gives the templates of its own blocks: `head_template`, `points_template`, `related_template` and, if any,
`menu_template`. A higher app adds panels of its own to the pages of a lower one, as does a part of an app to another's
(`register_panel`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from crm.access.models import User
from crm.access.rights import Act, kind_of
from crm.lists.fields import Label, RecordType
from crm.records.merge import relations_of, winner_of
from crm.records.models import Record
from crm.records.veil import veil
from crm.ui.custom import custom_sections
from crm.ui.http import Request, render_page, target
from crm.ui.recent import note_opened
from crm.ui.timeline import timeline

# Parts of the page that htmx asks for by themselves; what a part does not show is not read.
PARTS = ("record-head", "record-points", "record-related", "record-timeline")
WITHOUT_DETAIL = ("record-related", "record-timeline")


@dataclass(frozen=True)
class Panel:
    """A block of a record's page that somebody else answers for; the page loads it from an address of its own.

    `url` is the name of that address, which takes the record's key; `shown` says to whom it is shown; `place` where it
    stands: "first" or "related", before or after what the kind itself relates, or "middle", before the timeline.
    """

    name: str
    url: str
    place: str = "related"
    order: int = 50
    shown: Callable[[User], bool] = lambda _user: True

    @property
    def id(self) -> str:
        return f"panel-{self.name}"


_panels: dict[str, list[Panel]] = {}


def register_panel(slug: str, panel: Panel) -> None:
    """Add a block to the page of every record of a kind ("company"); apps do so in `ready()`."""
    others = [each for each in _panels.get(slug, []) if each.name != panel.name]
    _panels[slug] = sorted([*others, panel], key=lambda each: each.order)


def panels_of(record: Record, user: User, place: str) -> list[tuple[Panel, str]]:
    """The panels of one column of a record's page, each with its address."""
    slug = str(record._meta.model_name)
    panels = [each for each in _panels.get(slug, []) if each.place == place and each.shown(user)]
    return [(each, reverse(each.url, args=[record.pk])) for each in panels]


def record_of_page(request: Request, record_type: RecordType, pk: int, **detail: Any) -> Any:
    """The record a page or part of it shows, also from the trash, with `may_edit` and `may_delete`; or 404.

    `detail` are expressions that it is annotated with where its head or facts are shown.

    It is emptied of what the viewer's roles hide (`veil`): to be shown, never saved.

    Of a record that was merged into another, that one: its key differs, and the page is found at its own address.
    """
    rows: Any = record_type.rows()
    if target(request, PARTS) not in WITHOUT_DETAIL:
        rows = rows.for_detail().annotate(**detail)
    seen = rows.visible_to(request.user, trashed=None).with_acts(request.user)
    record = seen.filter(pk=pk, merged_into=None).first()
    return veil([record or get_object_or_404(seen, pk=_winner_key(record_type, pk))], request.user)[0]


def _winner_key(record_type: RecordType, pk: int) -> int:
    """The key of the record that this one was merged into; whether the viewer sees that one is asked next."""
    merged: Any = record_type.model._base_manager.filter(pk=pk, merged_into__isnull=False).first()
    return winner_of(merged).pk if merged else pk


def render_record(request: Request, record_type: RecordType, record: Any, context: dict[str, Any]) -> HttpResponse:
    """The page, or the part asked for; whatever is a function in the context is called once, when it is shown."""
    if not target(request, PARTS):
        note_opened(request.user, record)
    before = request.GET.get("before", "")
    may_edit = record.may_edit and record.trashed_at is None
    page = {
        **record_page(record_type, record),
        "may_edit": may_edit,
        "locked": request.user.rights.locked(record_type.kind),
        "may_delete": record.may_delete,
        "merge_with_name": record_type.url("merge_with") if may_merge(request.user, record_type) else "",
        "is_whole": "whole" in request.GET,
        "first_panels": lambda: panels_of(record, request.user, "first"),
        "related_panels": lambda: panels_of(record, request.user, "related"),
        "middle_panels": lambda: panels_of(record, request.user, "middle"),
        "timeline": lambda: timeline(
            record,
            request.user,
            editable=may_edit,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
        ),
        **context,
    }
    built_in, edit_url = page.get("sections"), page.pop("edit_url", None)
    if callable(built_in):
        page["sections"] = lambda: [*built_in(), *custom_sections(record, request.user, edit_url)]
    lazy = {name: SimpleLazyObject(value) if callable(value) else value for name, value in page.items()}
    return render_page(request, "ui/record.html", lazy, partials=PARTS)


def may_merge(user: User, record_type: RecordType) -> bool:
    """Whether records of this kind can be merged, and the user may edit and delete some."""
    model: Any = record_type.model
    kind = kind_of(model)
    return bool(relations_of(model)) and all(user.rights.may(kind, act) for act in (Act.EDIT, Act.DELETE))


def record_page(record_type: RecordType, record: Record) -> dict[str, Any]:
    """Names and addresses that the page of any record shows (templates/ui/record.html)."""
    return {
        "record": record,
        "record_type": record_type,
        "list_name": record_type.url("list"),
        "list_label": record_type.plural,
        "edit_name": record_type.url("edit"),
        "trash_name": record_type.url("trash"),
        "restore_name": record_type.url("restore"),
        "duplicates_name": record_type.url("duplicates"),
        "access_url": reverse("ui:access", args=[record_type.slug, record.pk]),
    }


def record_form_page(record_type: RecordType, form: Any, record: Record | None, new: Label) -> dict[str, Any]:
    """The form that creates a record, or edits all of one (templates/ui/record_form.html)."""
    model: Any = record_type.model
    key = record.pk if record else "new"
    return {
        "form": form,
        "heading": str(record) if record else new,
        "draft": f"{record_type.slug}-{key}",
        "twins_url": reverse(record_type.url("twins")) if record is None and relations_of(model) else "",
        "cancel_url": record.get_absolute_url() if record else reverse(record_type.url("list")),
    }
