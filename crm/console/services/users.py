"""Users: who they are, their team and roles, leaving with a hand-over, coming back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.models import Role, Team, User
from crm.access.querysets import record_models
from crm.access.rights import kind_of
from crm.console.services.invitations import open_invitations
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import Refused, Saved, save_edit

Handover = Mapping[str, User | None]


def edit_user(user: User, typed: dict[str, Any], *, by: User, read: dict[str, str] | None = None) -> Saved:
    """Save who somebody is. A new e-mail address is their only sign-in, and closes invitations to the old one."""
    with transaction.atomic():
        saved = save_edit(user, typed, by=by, read=read)
        if "email" in saved.fields:
            EmailAddress.objects.filter(user_id=user.pk).delete()
            open_invitations(user).update(revoked_at=timezone.now())
            keep_an_administrator()
    return saved


def set_team(user: User, team: Team | None, *, records_follow: bool, by: User) -> Changeset | None:
    """Move somebody to another team; their records keep theirs unless `records_follow`. None if nothing changed."""
    if user.team_id == (team.pk if team else None):
        return None
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        user.team = team
        user.save(update_fields=["team"])
        record_event("user.moved", by=by, about=[user], changeset=changeset, fields=["team"])
        if records_follow:
            for model in record_models():
                _change_owned(model, user, changeset, by=by, team=team)
    return changeset


def set_roles(user: User, roles: Iterable[Role], *, by: User) -> Changeset | None:
    """Give somebody these roles and no others. Raises Refused rather than leave nobody to administer."""
    wanted = {role.pk for role in roles}
    if wanted == set(user.roles.values_list("pk", flat=True)):
        return None
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        user.roles.set(wanted)
        keep_an_administrator()
        record_event("user.roles_changed", by=by, about=[user], changeset=changeset, fields=["roles"])
    return changeset


def deactivate_user(user: User, handover: Handover, *, by: User) -> Changeset:
    """End somebody's access at once and hand their records over, per kind, to a colleague or to nobody (None).

    One changeset: undoing it brings the user and the records back. Raises Refused for oneself, for the last
    administrator, for a kind of which they own records but that `handover` does not name.
    """
    if user.pk == by.pk:
        raise Refused(_("You cannot deactivate yourself: ask another administrator."))
    missing = [model for model, _count in owned_records(user) if kind_of(model) not in handover]
    if missing:
        raise Refused(_("Say who takes over the %(kind)s.") % {"kind": missing[0]._meta.verbose_name_plural})
    with changes(by, Changeset.Source.HANDOVER) as changeset:
        user.is_active = False
        user.save(update_fields=["is_active"])
        keep_an_administrator()
        for model in record_models():
            to = handover.get(kind_of(model))
            _change_owned(model, user, changeset, by=by, owner=to, team=to.team if to else None)
        record_event("user.deactivated", by=by, about=[user], changeset=changeset)
        open_invitations(user).update(revoked_at=timezone.now())
        end_sessions(user)
    return changeset


def reactivate_user(user: User, *, by: User) -> Changeset:
    """Let somebody in again, with the password they had; what was handed over stays where it is."""
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record_event("user.reactivated", by=by, about=[user], changeset=changeset)
    return changeset


def sign_out_everywhere(user: User, *, by: User) -> int:
    """End all sessions of somebody; the number ended."""
    ended = end_sessions(user)
    record_event("user.signed_out", by=by, about=[user], count=ended)
    return ended


def reset_second_factor(user: User, *, by: User) -> None:
    """For a lost phone or key: forget all of somebody's second factors, and end their sessions. Not undoable."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        record_event("user.second_factor_reset", by=by, about=[user])
        end_sessions(user)


def end_sessions(user: User) -> int:
    """End all sessions of somebody, without a word."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def sessions_of(user: User) -> list[UserSession]:
    """Where somebody is signed in now, last seen first; sessions that ended by themselves are swept away."""
    alive: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(alive, key=lambda session: session.last_seen_at, reverse=True)


def owned_records(user: User) -> list[tuple[type[models.Model], int]]:
    """How many records of each kind somebody owns, those in the trash too; only kinds they own any of."""
    counts = [(model, model._base_manager.filter(owner=user).count()) for model in record_models()]
    return [(model, count) for model, count in counts if count]


def keep_an_administrator() -> None:
    """Raise Refused where a change of rights, about to end, left nobody to administer.

    Such changes are settled one after the other, so that two at once cannot each count on the other's administrator.
    """
    list(Role.objects.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    if not User.objects.administrators().exists():
        raise Refused(_("This is the last administrator: name another one first."))


def _change_owned(model: type[models.Model], user: User, changeset: Changeset, *, by: User, **values: Any) -> None:
    """Give all records of one kind that somebody owns another owner or team, with one event about them."""
    rows = model._base_manager.filter(owner=user)
    keys = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    if keys:
        model._base_manager.filter(pk__in=keys).update(**values, updated_at=timezone.now())
        about = [model(pk=key) for key in keys]
        verb = f"{model._meta.model_name}.assigned"
        record_event(verb, by=by, about=about, changeset=changeset, count=len(keys), fields=sorted(values))
