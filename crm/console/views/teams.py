"""Pages of teams: the tree, one team."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access.models import Team
from crm.console.access import administrators_only
from crm.console.answers import done
from crm.console.forms.teams import TeamForm
from crm.console.people import people
from crm.console.services import teams
from crm.records.services import EditConflict, Refused
from crm.ui.http import Request, redirect_to, render_page


@dataclass
class Node:
    """A team with the teams below it."""

    team: Team
    below: list[Node] = field(default_factory=list)


def tree() -> list[Node]:
    """All teams by name, each with `active` members counted, those on top first; one statement."""
    rows = Team.objects.annotate(active=Count("members", filter=Q(members__is_active=True)))
    nodes = {team.pk: Node(team) for team in rows}
    for node in nodes.values():
        if node.team.parent_id is not None:
            nodes[node.team.parent_id].below.append(node)
    return [node for node in nodes.values() if node.team.parent_id is None]


@administrators_only
@require_safe
def team_list(request: Request) -> HttpResponse:
    """The tree of teams."""
    return render_page(request, "console/team_list.html", {"tree": tree()})


@administrators_only
@require_http_methods(["GET", "POST"])
def team_create(request: Request) -> HttpResponse:
    """Make a team, on top or below the one named by `?parent=`."""
    form = TeamForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        team, changeset = teams.create_team(
            form.cleaned_data["name"], parent=form.cleaned_data["parent"], by=request.user
        )
        return done(request, reverse("console:team_list"), _("%(team)s is made.") % {"team": team.name}, changeset)
    return render_page(request, "console/team_form.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def team_edit(request: Request, pk: int) -> HttpResponse:
    """Rename a team or move it."""
    team = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, instance=Team.objects.get(pk=pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = teams.edit_team(team, form.typed, by=request.user, read=form.cleaned_data["as_read"])
                return done(request, reverse("console:team_list"), _("Saved."), saved.changeset)
            except EditConflict as conflict:
                form.show_conflict(conflict, request.user)
                status = 409
            except Refused as refused:
                form.add_error("parent", str(refused))
    context = {"form": form, "team": team, "members": people().filter(team=team), "held": teams.contents(team)}
    return render_page(request, "console/team_form.html", context, status=status)


@administrators_only
@require_POST
def team_remove(request: Request, pk: int) -> HttpResponse:
    """Remove an empty team."""
    team = get_object_or_404(Team, pk=pk)
    try:
        changeset = teams.remove_team(team, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect_to(request, reverse("console:team_edit", args=[pk]))
    return done(request, reverse("console:team_list"), _("%(team)s is removed.") % {"team": team.name}, changeset)
