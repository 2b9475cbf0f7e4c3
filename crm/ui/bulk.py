"""Acts on the ticked rows of a list, or on all that match: choose, see how many, do, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.access.models import User
from crm.lists.fields import Label, Options, RecordType
from crm.lists.pages import COUNTED_UP_TO, TooSlow, count_bounded
from crm.records import services
from crm.records.models import Changeset, Tag
from crm.records.services import Refused
from crm.ui import formatting
from crm.ui.crud import back_to, list_state, undo_url
from crm.ui.http import Request, redirect_to, render_page, toast

Run = Callable[[Any, str, User], Changeset]


@dataclass(frozen=True)
class BulkAct:
    """One act. `door` is the queryset method its rows come through; `choices` what is to be chosen first, if anything.

    `run(rows, choice, by)` does it. It raises Refused or ValueError where the choice cannot be.
    """

    slug: str
    title: Label
    door: str
    run: Run
    label: Label = ""
    choices: Callable[[User], Options] | None = None


def _owners(_user: User) -> Options:
    people = [(str(person.pk), person.name) for person in User.objects.filter(is_active=True)]
    return [*people, ("none", gettext_lazy("Nobody"))]


def _assign(rows: Any, choice: str, by: User) -> Changeset:
    to = None if choice == "none" else User.objects.get(pk=int(choice), is_active=True)
    return services.assign(rows, to, by=by)


def _tag_choices(_user: User) -> Options:
    tags = list(Tag.objects.all())
    added = [(f"+{tag.pk}", _("Add: %(name)s") % {"name": tag.name}) for tag in tags]
    return [*added, *((f"-{tag.pk}", _("Remove: %(name)s") % {"name": tag.name}) for tag in tags)]


def _tag(rows: Any, choice: str, by: User) -> Changeset:
    tag = Tag.objects.get(pk=int(choice[1:]))
    act = services.add_tag if choice.startswith("+") else services.remove_tag
    return act(rows, tag, by=by)


def _trash(rows: Any, _choice: str, by: User) -> Changeset:
    return services.trash(rows, by=by)


ASSIGN = BulkAct("assign", gettext_lazy("Assign"), "editable_by", _assign, gettext_lazy("New owner"), _owners)
TAG = BulkAct("tag", gettext_lazy("Categories"), "editable_by", _tag, gettext_lazy("Category"), _tag_choices)
TRASH = BulkAct("trash", gettext_lazy("Move to the trash"), "deletable_by", _trash)


def bulk_page(request: Request, record_type: RecordType, acts: Iterable[BulkAct]) -> HttpResponse:
    """Ask for what is to be chosen, then do it: one changeset, one toast with Undo, what was left alone counted."""
    act = next((each for each in acts if each.slug == request.POST.get("act")), None)
    back = back_to(request, reverse(record_type.url("list")))
    if act is None:
        return redirect_to(request, back)
    seen = _chosen_rows(request, record_type)
    choice, problem = request.POST.get("choice", ""), ""
    if act.choices is None or choice:
        known = {value for value, _label in act.choices(request.user)} if act.choices else {""}
        if choice in known:
            try:
                return _do(request, record_type, act, seen, choice, back)
            except Refused as refused:
                problem = str(refused)
        else:
            problem = _("Choose one from the list.")
    try:
        asked = count_bounded(seen)
    except TooSlow:
        asked = COUNTED_UP_TO + 1
    context = {
        "act": act,
        "type": record_type,
        "options": list(act.choices(request.user)) if act.choices else [],
        "problem": problem,
        "asked": asked if asked <= COUNTED_UP_TO else COUNTED_UP_TO,
        "is_more": asked > COUNTED_UP_TO,
        "kept": [
            (name, value) for name in ("pk", "query", "view", "all_matching") for value in request.POST.getlist(name)
        ],
        "back": back,
        "bulk_url": reverse(record_type.url("bulk")),
    }
    return render_page(request, "ui/bulk.html", context, status=422 if problem else 200)


def _chosen_rows(request: Request, record_type: RecordType) -> Any:
    """The rows the act is about, visible to the user: those ticked, or all that match the list's query."""
    if request.POST.get("all_matching"):
        params = QueryDict(request.POST.get("query", ""), mutable=True)
        if view := request.POST.get("view"):
            # The view that was shown: which one opens by itself may have changed meanwhile.
            params["view"] = view
        return list_state(request, record_type, params).rows()
    keys = [int(key) for key in request.POST.getlist("pk") if key.isascii() and key.isdigit() and len(key) < 19]
    return record_type.rows().visible_to(request.user).filter(pk__in=keys)


def _do(request: Request, record_type: RecordType, act: BulkAct, seen: Any, choice: str, back: str) -> HttpResponse:
    open_rows = getattr(record_type.rows(), act.door)(request.user).filter(pk__in=seen.order_by().values("pk"))
    asked = seen.count()
    changeset = act.run(open_rows, choice, request.user)
    event = changeset.events.get()
    done = event.data.get("count", 0)
    text = ngettext("%(count)s record changed", "%(count)s records changed", done) % {"count": formatting.number(done)}
    if asked > done:
        left = ngettext("%(count)s left as it was", "%(count)s left as they were", asked - done)
        text += " · " + left % {"count": formatting.number(asked - done)}
    return toast(request, redirect_to(request, back), text, undo_url(changeset) if done else None)
