"""Pages of users: the list, one user, inviting, leaving and coming back."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access.models import Invitation, Role, Team, User
from crm.access.rights import kind_of
from crm.console.access import administrators_only
from crm.console.answers import done
from crm.console.forms.users import (
    AddressForm,
    HandoverForm,
    InviteForm,
    RolesOfUserForm,
    TeamOfUserForm,
    UserFilter,
    UserForm,
)
from crm.console.paging import pager
from crm.console.people import State, count_by_state, people
from crm.console.rights_table import kinds, rights_table
from crm.console.services import invitations, users
from crm.console.services.field_rules import kept_from
from crm.records.models import Changeset
from crm.records.services import EditConflict, Refused
from crm.ui.http import Request, redirect_to, render_page

logger = logging.getLogger(__name__)
PER_PAGE = 50


@administrators_only
@require_safe
def user_list(request: Request) -> HttpResponse:
    """Everybody, by name, searched and filtered."""
    form = UserFilter(request.GET)
    page = Paginator(form.narrow(people()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "people": page.object_list,
        "page": pager(request, page),
        "counts": count_by_state(),
        "states": State.choices,
        "teams": Team.objects.all(),
        "roles": Role.objects.all(),
    }
    return render_page(request, "console/user_list.html", context, partials=["users"])


@administrators_only
@require_http_methods(["GET", "POST"])
def user_edit(request: Request, pk: int) -> HttpResponse:
    """One user; posting saves who they are."""
    person = get_object_or_404(people(), pk=pk)
    if request.method != "POST":
        return _user_page(request, person)
    user = User.objects.get(pk=pk)
    form = UserForm(request.POST, instance=user)
    if not form.is_valid():
        return _user_page(request, person, form=form, status=422)
    try:
        saved = users.edit_user(user, form.typed, by=request.user, read=form.cleaned_data["as_read"])
    except EditConflict as conflict:
        form.show_conflict(conflict, request.user)
        return _user_page(request, person, form=form, status=409)
    except Refused as refused:
        form.add_error("email", str(refused))
        return _user_page(request, person, form=form, status=422)
    return _done(request, person, saved.changeset, _("Saved."))


@administrators_only
@require_POST
def user_team(request: Request, pk: int) -> HttpResponse:
    """Move somebody to another team."""
    person = get_object_or_404(people(), pk=pk)
    form = TeamOfUserForm(request.POST, user=person)
    if not form.is_valid():
        return _user_page(request, person, team_form=form, status=422)
    follow = form.cleaned_data.get("records") == form.FOLLOW
    changeset = users.set_team(person, form.cleaned_data["team"], records_follow=follow, by=request.user)
    return _done(request, person, changeset, _("The team of %(name)s is changed.") % {"name": person.name})


@administrators_only
@require_POST
def user_roles(request: Request, pk: int) -> HttpResponse:
    """Change somebody's roles."""
    person = get_object_or_404(people(), pk=pk)
    form = RolesOfUserForm(request.POST)
    if not form.is_valid():
        return _user_page(request, person, roles_form=form, status=422)
    try:
        changeset = users.set_roles(person, form.cleaned_data["roles"], by=request.user)
    except Refused as refused:
        form.add_error("roles", str(refused))
        return _user_page(request, person, roles_form=form, status=422)
    return _done(request, person, changeset, _("The roles of %(name)s are changed.") % {"name": person.name})


@administrators_only
@require_http_methods(["GET", "POST"])
def user_invite(request: Request) -> HttpResponse:
    """Invite somebody new by e-mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        invitation, token = invitations.invite_user(
            typed["email"],
            by=request.user,
            team=typed["team"],
            roles=typed["roles"],
            language=typed["language"],
            name=(typed["first_name"], typed["last_name"]),
        )
        return _mailed(request, invitation, token)
    return render_page(request, "console/user_invite.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
@require_POST
def user_invite_again(request: Request, pk: int) -> HttpResponse:
    """Send the invitation again, or for the first time to a user who had no address."""
    person = get_object_or_404(people(), pk=pk)
    form = AddressForm(request.POST)
    if not person.email and not form.is_valid():
        return _user_page(request, person, address_form=form, status=422)
    email = "" if person.email else form.cleaned_data["email"]
    try:
        invitation, token = invitations.invite_again(person, by=request.user, email=email)
    except Refused as refused:
        return _refused(request, person, refused)
    return _mailed(request, invitation, token)


@administrators_only
@require_POST
def user_revoke(request: Request, pk: int) -> HttpResponse:
    """Withdraw somebody's open invitation."""
    person = get_object_or_404(people(), pk=pk)
    invitations.revoke_invitations(person, by=request.user)
    return _done(request, person, None, _("The invitation is withdrawn: its link no longer works."))


@administrators_only
@require_http_methods(["GET", "POST"])
def user_deactivate(request: Request, pk: int) -> HttpResponse:
    """Ask who takes over somebody's records; then end their access."""
    person = get_object_or_404(people(), pk=pk, is_active=True)
    form = HandoverForm(request.POST if request.method == "POST" else None, user=person)
    if request.method == "POST" and form.is_valid():
        try:
            changeset = users.deactivate_user(person, form.handover(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            text = _("%(name)s is deactivated and signed out everywhere.") % {"name": person.name}
            return _done(request, person, changeset, text)
    status = 422 if form.errors else 200
    return render_page(request, "console/user_deactivate.html", {"person": person, "form": form}, status=status)


@administrators_only
@require_POST
def user_reactivate(request: Request, pk: int) -> HttpResponse:
    """Let somebody in again."""
    person = get_object_or_404(people(), pk=pk, is_active=False)
    changeset = users.reactivate_user(person, by=request.user)
    return _done(request, person, changeset, _("%(name)s may sign in again.") % {"name": person.name})


@administrators_only
@require_POST
def user_sign_out(request: Request, pk: int) -> HttpResponse:
    """End all of somebody's sessions."""
    person = get_object_or_404(people(), pk=pk)
    users.sign_out_everywhere(person, by=request.user)
    return _done(request, person, None, _("%(name)s is signed out everywhere.") % {"name": person.name})


@administrators_only
@require_POST
def user_reset_second_factor(request: Request, pk: int) -> HttpResponse:
    """For a lost phone or key: forget the second factors."""
    person = get_object_or_404(people(), pk=pk)
    users.reset_second_factor(person, by=request.user)
    return _done(request, person, None, _("%(name)s signs in without a second factor.") % {"name": person.name})


def _user_page(request: Request, person: User, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one user, with the form in error among the others."""
    context = {
        "person": person,
        "form": UserForm(instance=person),
        "team_form": TeamOfUserForm(user=person),
        "roles_form": RolesOfUserForm(initial={"roles": person.roles.all()}),
        "address_form": AddressForm(),
        "invitation": invitations.open_invitations(person).select_related("invited_by").first(),
        "sessions": users.sessions_of(person),
        "owned": [(kinds()[kind_of(model)], count) for model, count in users.owned_records(person)],
        "rights": rights_table(person),
        "kept_from": kept_from(person),
        **forms,
    }
    return render_page(request, "console/user_edit.html", context, status=status)


def _done(request: Request, person: User, changeset: Changeset | None, text: str) -> HttpResponse:
    return done(request, reverse("console:user_edit", args=[person.pk]), text, changeset)


def _refused(request: Request, person: User, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return redirect_to(request, reverse("console:user_edit", args=[person.pk]))


def _mailed(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    """Mail the link; a mail server that refuses leaves the invitation open, to be sent again."""
    link = request.build_absolute_uri(reverse("console:invitation_accept", args=[token]))
    person = invitation.user
    try:
        invitations.send_invitation(invitation, link)
    except (OSError, SMTPException) as error:
        logger.error("Invitation %d could not be mailed: %s", invitation.pk, type(error).__name__)
        why = _("The mail could not be sent: %(error)s. Check the mail server, then send the invitation again.")
        messages.error(request, why % {"error": type(error).__name__})
        return redirect_to(request, reverse("console:user_edit", args=[person.pk]))
    return _done(request, person, None, _("The invitation is on its way to %(email)s.") % {"email": person.email})
