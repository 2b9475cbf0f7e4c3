"""The pages of acts on many rows: choose, see how many, do, undo; the work itself is in crm.lists.bulk."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from crm.access.models import User
from crm.lists.bulk import CHUNK, BulkAct, acts_of, register, start_run
from crm.lists.fields import Options, RecordType
from crm.lists.models import BulkRun
from crm.lists.pages import COUNTED_UP_TO, TooSlow, count_bounded, within_seconds
from crm.records import services
from crm.records.custom import is_custom, set_value
from crm.records.models import Changeset, Tag
from crm.records.services import Refused
from crm.ui import formatting
from crm.ui.crud import back_to, list_state, undo_url
from crm.ui.custom import in_words, named
from crm.ui.facts import plain
from crm.ui.http import Request, redirect_to, render_page, toast
from crm.ui.saved_views import query_of

__all__ = ["ASSIGN", "TAG", "TRASH", "BulkAct", "bulk_page", "register", "set_field"]


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
TRASH = BulkAct("trash", gettext_lazy("Move to the trash"), "deletable_by", _trash, source=Changeset.Source.TRASH)


# ---- Set a field ----


def set_field(form_class: Any) -> BulkAct:
    """The act that gives one field of many rows the same value, checked by the form for each of them."""

    def form_for(row: Any, choice: str, by: User) -> Any:
        chosen = json.loads(choice)
        data = QueryDict(mutable=True)
        for name, values in chosen["data"].items():
            data.setlist(name, values)
        return form_class(data, instance=row, only=chosen["field"], by=by)

    def check(rows: Any, choice: str, by: User) -> dict[int, str]:
        wrong = {}
        name = json.loads(choice)["field"]
        for row in rows:
            form = form_for(row, choice, by)
            if name not in form.fields:  # Taken from the role, or from everybody, while the act was waiting.
                wrong[row.pk] = _("You may not change this field.")
            elif not form.is_valid():
                wrong[row.pk] = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return wrong

    def run(rows: Any, choice: str, by: User) -> Changeset:
        model = rows.model
        form = form_for(rows.first(), choice, by)
        form.is_valid()
        typed, chosen_field = form.typed, json.loads(choice)["field"]

        def act(ids: list[int], _changeset: Changeset) -> int:
            rows = model._base_manager.filter(pk__in=ids)
            if is_custom(chosen_field):
                return set_value(rows, chosen_field, typed[chosen_field])
            return int(rows.exclude(**typed).update(**typed, updated_at=timezone.now()))

        return services.change_rows(rows, act, by=by, verb="changed", fields=list(typed))

    return BulkAct("set", gettext_lazy("Set a field"), "editable_by", run, check=check, form=form_class)


def _settable(act: BulkAct, record_type: RecordType, by: User) -> dict[str, str]:
    """The fields that make sense for many rows at once, and their labels."""
    form = act.form(instance=record_type.model(), by=by)
    once = {name for name, each in form.fields.items() if is_custom(name) and each.field.is_unique}
    left_out = {"as_read", *form.one_by_one, *once}
    return {name: str(form[name].label) for name in form.fields if name not in left_out}


# ---- The page ----


def bulk_page(request: Request, record_type: RecordType) -> HttpResponse:
    """Ask for what is to be chosen, then do it: few rows at once, many by a worker; what was left alone is listed."""
    act = next((each for each in acts_of(record_type.slug) if each.slug == request.POST.get("act")), None)
    back = back_to(request, reverse(record_type.url("list")))
    if act is None:
        return redirect_to(request, back)
    context: dict[str, Any] = {"problem": "", "field": "", "form": None}
    choice = _choice(request, record_type, act, context)
    if choice is not None:
        try:
            return _do(request, record_type, act, choice, back)
        except Refused as refused:
            context["problem"] = str(refused)
    asked = _count(_chosen_rows(request, record_type))
    context |= {
        "act": act,
        "type": record_type,
        "options": list(act.choices(request.user)) if act.choices else [],
        "settable": _settable(act, record_type, request.user).items() if act.form else [],
        "asked": min(asked, COUNTED_UP_TO),
        "is_more": asked > COUNTED_UP_TO,
        "kept": [
            (name, value) for name in ("pk", "query", "view", "all_matching") for value in request.POST.getlist(name)
        ],
        "back": back,
        "bulk_url": reverse(record_type.url("bulk")),
    }
    is_wrong = context["problem"] or (context["form"] is not None and context["form"].errors)
    return render_page(request, "ui/bulk.html", context, status=422 if is_wrong else 200)


def _choice(request: Request, record_type: RecordType, act: BulkAct, context: dict[str, Any]) -> str | None:
    """What was chosen, as a run keeps it; None while something is still to be chosen, or was chosen wrongly."""
    if act.form:
        return _value(request, record_type, act, context)
    if act.choices is None:
        return ""
    choice = request.POST.get("choice", "")
    if choice and choice in {value for value, _label in act.choices(request.user)}:
        return choice
    context["problem"] = _("Choose one from the list.") if choice else ""
    return None


def _value(request: Request, record_type: RecordType, act: BulkAct, context: dict[str, Any]) -> str | None:
    """The field to set and its value, checked as for a record of its own."""
    field = request.POST.get("field", "")
    if field not in _settable(act, record_type, request.user):
        context["problem"] = _("Choose one from the list.") if field else ""
        return None
    is_given = "value" in request.POST
    form = act.form(request.POST if is_given else None, instance=record_type.model(), only=field, by=request.user)
    context |= {"field": field, "form": form, "bound": form[field]}
    if not is_given or not form.is_valid():
        return None
    data = {name: request.POST.getlist(name) for name in form.fields if name in request.POST and name != "as_read"}
    return json.dumps({"field": field, "data": data})


def _title(act: BulkAct, record_type: RecordType, choice: str, by: User) -> str:
    """What is done, in words: "Assign: Camille Roux", "Set a field: Lifecycle → Customer"."""
    if act.choices:
        return str(act.title) + _colon() + str(dict(act.choices(by))[choice])
    if act.form:
        chosen = json.loads(choice)
        data = QueryDict(mutable=True)
        for name, values in chosen["data"].items():
            data.setlist(name, values)
        form = act.form(data, instance=record_type.model(), only=chosen["field"], by=by)
        form.is_valid()
        value = form.cleaned_data.get(chosen["field"])
        field = form.fields[chosen["field"]]
        known = isinstance(value, str) and isinstance(field, forms.ChoiceField)
        choices: Any = getattr(field, "choices", ())
        if is_custom(chosen["field"]):
            shown = in_words(field.field, value, named([(field.field, value)], by))
        else:
            shown = dict(choices).get(value, value) if known else _plain(record_type, chosen["field"], value)
        return str(act.title) + _colon() + f"{form[chosen['field']].label} → " + str(shown or _("nothing"))
    return str(act.title)


def _colon() -> str:
    return pgettext("between a label and its error", ": ")


def _plain(record_type: RecordType, name: str, value: Any) -> str:
    fields = {f.name: f for f in record_type.model._meta.concrete_fields}
    return plain(fields[name], value) if name in fields else str(value or "")


def _count(rows: Any) -> int:
    """How many rows, bounded; more than can be counted where that takes too long."""
    try:
        return count_bounded(rows)
    except TooSlow:
        return COUNTED_UP_TO + 1


def _state(request: Request, record_type: RecordType) -> Any:
    """The list whose matching rows are all meant, as it was shown."""
    params = QueryDict(request.POST.get("query", ""), mutable=True)
    if view := request.POST.get("view"):
        # The view that was shown: which one opens by itself may have changed meanwhile.
        params["view"] = view
    return list_state(request, record_type, params)


def _chosen_rows(request: Request, record_type: RecordType) -> Any:
    """The rows the act is about, visible to the user: those ticked, or all that match the list's query."""
    if request.POST.get("all_matching"):
        return _state(request, record_type).rows()
    keys = [int(key) for key in request.POST.getlist("pk") if key.isascii() and key.isdigit() and len(key) < 19]
    return record_type.rows().visible_to(request.user).filter(pk__in=keys)


def _do(request: Request, record_type: RecordType, act: BulkAct, choice: str, back: str) -> HttpResponse:
    run = BulkRun(
        by=request.user,
        address=request.user.address,
        type=record_type.slug,
        act=act.slug,
        choice=choice,
        title=_title(act, record_type, choice, request.user)[:300],
        back=back,
    )
    if request.POST.get("all_matching"):
        run.query = query_of(_state(request, record_type))
    start_run(run, _keys(_chosen_rows(request, record_type)))
    if run.is_working or run.left:
        return redirect_to(request, run.get_absolute_url())
    text = ngettext("%(count)s record changed", "%(count)s records changed", run.changed)
    text %= {"count": formatting.number(run.changed)}
    return toast(request, redirect_to(request, back), text, undo_url(run.changeset) if run.changed else None)


def _keys(rows: Any) -> list[int] | None:
    """The rows' keys where they are few enough to be done at once."""
    try:
        with within_seconds():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[: CHUNK + 1])
    except TooSlow:
        return None
    return keys if len(keys) <= CHUNK else None
