"""Teams: made, renamed, moved in the tree without loops, removed when empty."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.access.models import Team, User
from crm.access.querysets import record_models
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import Refused, Saved, save_edit


def create_team(name: str, *, parent: Team | None, by: User) -> tuple[Team, Changeset]:
    """Make a team and its group."""
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        team = Team.objects.create(name=name, parent=parent, group=Group.objects.create(name=name))
        record_event("team.created", by=by, about=[team], changeset=changeset)
    return team, changeset


def edit_team(team: Team, typed: dict[str, Any], *, by: User, read: dict[str, str] | None = None) -> Saved:
    """Rename a team or move it in the tree. Raises Refused for a loop, EditConflict as `save_edit` does."""
    with transaction.atomic():
        parents = dict(Team.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
        above = typed["parent"].pk if typed.get("parent") else None
        while above is not None:
            if above == team.pk:
                raise Refused(_("A team cannot be part of itself or of a team below it."))
            above = parents.get(above)
        return save_edit(team, typed, by=by, read=read)


def remove_team(team: Team, *, by: User) -> Changeset:
    """Remove an empty team, and what was shared with it. Raises Refused, saying what it still holds."""
    held = contents(team)
    if held:
        parts = ", ".join(f"{label} ({count})" for label, count in held)
        raise Refused(_("%(team)s is not empty: %(contents)s.") % {"team": team.name, "contents": parts})
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        record_event("team.removed", by=by, about=[team], changeset=changeset)
        for model in record_models():
            _people, shares = model.share_models()  # type: ignore[attr-defined]
            shares._default_manager.filter(group_id=team.group_id).delete()
        try:
            team.delete()
        except models.ProtectedError as error:  # somebody joined it at this very moment
            raise Refused(_("%(team)s is in use again.") % {"team": team.name}) from error
    return changeset


def contents(team: Team) -> list[tuple[str, int]]:
    """What a team holds: teams below, members, records of each kind (in the trash too), with their counts."""
    counts = [
        (_("teams below"), team.children.count()),
        (_("members"), team.members.count()),
        *(
            (str(model._meta.verbose_name_plural), model._base_manager.filter(team=team).count())
            for model in record_models()
        ),
    ]
    return [(label, count) for label, count in counts if count]
