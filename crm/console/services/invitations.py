"""Inviting a colleague by e-mail: the secret travels in the mail only, expires, can be revoked and sent again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.access.models import Invitation, Role, Team, User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Organisation
from crm.records.services import Refused


class Unusable(Exception):
    """The invitation was accepted, revoked or has expired; the message is for the invitee."""


def invite_user(
    email: str,
    *,
    by: User | None,
    team: Team | None,
    roles: Iterable[Role],
    language: str,
    name: tuple[str, str] = ("", ""),
) -> tuple[Invitation, str]:
    """Make a user who cannot sign in yet, and their invitation; the token goes into the mail and nowhere else."""
    time_zone = Organisation.current().time_zone
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        user = User.objects.create_user(
            email, first_name=name[0], last_name=name[1], team=team, language=language, time_zone=time_zone
        )
        user.roles.set(roles)
        record_event("user.invited", by=by, about=[user], changeset=changeset)
        return _open(user, by=by)


def invite_again(user: User, *, by: User, email: str = "") -> tuple[Invitation, str]:
    """Open a new invitation in place of earlier ones; `email` is given to a user who had none.

    Raises Refused where the user can sign in already or is deactivated.
    """
    if not user.is_active:
        raise Refused(_("%(name)s is deactivated: reactivate them first.") % {"name": user.name})
    if user.has_usable_password():
        raise Refused(_("%(name)s signs in already.") % {"name": user.name})
    with changes(by, Changeset.Source.SETTINGS) as changeset:
        if email:
            user.email = email.strip().lower()
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
        record_event("user.invited", by=by, about=[user], changeset=changeset)
        return _open(user, by=by)


def revoke_invitations(user: User, *, by: User) -> int:
    """Close the open invitations of a user; their links stop working. The number closed."""
    with transaction.atomic():
        closed = open_invitations(user).update(revoked_at=timezone.now())
        if closed:
            record_event("user.invitation_revoked", by=by, about=[user])
    return closed


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mail the link, in the invitee's language. Raises OSError or SMTPException where the mail server refuses."""
    user = invitation.user
    context = {"user": user, "invitation": invitation, "link": link, "firm": Organisation.current().name}
    with translation.override(user.language):
        subject = _("%(name)s invites you to Sillage") % {"name": _inviter(invitation)}
        text = render_to_string("console/mail/invitation.txt", {**context, "inviter": _inviter(invitation)})
    send_mail(subject, text, None, [user.email or ""])


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises Invitation.DoesNotExist, or Unusable where it no longer serves."""
    return _usable(Invitation.objects.select_related("user"), token)


def accept_invitation(token: str, *, first_name: str, last_name: str, password: str) -> User:
    """Set the invitee's name and password; a link serves once, even when it is used twice at the same moment."""
    with transaction.atomic():
        user = _usable(Invitation.objects.select_related("user").select_for_update(of=("self",)), token).user
        with changes(user, Changeset.Source.EDIT) as changeset:
            user.first_name, user.last_name = first_name, last_name
            user.set_password(password)
            user.save(update_fields=["first_name", "last_name", "password"])
            record_event("user.joined", by=user, about=[user], changeset=changeset)
        open_invitations(user).update(accepted_at=timezone.now())
    return user


def open_invitations(user: User) -> models.QuerySet[Invitation]:
    """Those neither accepted nor revoked, expired ones too."""
    return Invitation.objects.filter(user=user, accepted_at__isnull=True, revoked_at__isnull=True)


def _open(user: User, *, by: User | None) -> tuple[Invitation, str]:
    open_invitations(user).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation = Invitation.objects.create(user=user, invited_by=by, token_hash=_hash(token), expires_at=expires_at)
    return invitation, token


def _usable(rows: models.QuerySet[Invitation], token: str) -> Invitation:
    invitation = rows.get(token_hash=_hash(token))
    if invitation.accepted_at:
        raise Unusable(_("This invitation was used already: sign in with the password you chose."))
    if invitation.revoked_at or not invitation.user.is_active or not invitation.user.email:
        raise Unusable(_("This invitation was withdrawn. Ask your administrator for a new one."))
    if invitation.expires_at <= timezone.now():
        raise Unusable(_("This invitation has expired. Ask your administrator to send it again."))
    return invitation


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _inviter(invitation: Invitation) -> str:
    return invitation.invited_by.name if invitation.invited_by else Organisation.current().name
