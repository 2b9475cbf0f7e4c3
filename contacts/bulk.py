"""The acts of contacts' and companies' lists that go beyond every kind of record's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import services
from contacts.duplicates.merging import merge_certain
from contacts.forms import CompanyForm, ContactForm
from contacts.models import Company, Contact, Group
from crm.access.models import User
from crm.lists.fields import Options
from crm.records.models import Changeset
from crm.ui.bulk import ASSIGN, TAG, TRASH, BulkAct, register, set_field


def _choices(user: User) -> Options:
    groups = list(Group.objects.editable_by(user))
    added = [(f"+{group.pk}", _("Add to %(name)s") % {"name": group.name}) for group in groups]
    return [*added, *((f"-{group.pk}", _("Remove from %(name)s") % {"name": group.name}) for group in groups)]


def _run(rows: Any, choice: str, by: User) -> Changeset:
    group = Group.objects.editable_by(by).get(pk=int(choice[1:]))
    act = services.add_to_group if choice.startswith("+") else services.remove_from_group
    return act(rows, group, by=by)


# Whoever sees a record may put it into a group of theirs: the record itself does not change.
GROUP_ACT = BulkAct("group", gettext_lazy("Groups"), "visible_to", _run, gettext_lazy("Group"), _choices)


def register_acts() -> None:
    """Say what can be done with many rows of each list."""
    register("contact", [ASSIGN, TAG, GROUP_ACT, set_field(ContactForm), TRASH, merge_certain(Contact)])
    register("company", [ASSIGN, TAG, GROUP_ACT, set_field(CompanyForm), TRASH, merge_certain(Company)])
    register("group", [ASSIGN, TRASH])
