"""Where the console begins: what each section holds, at a glance."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access.models import Role, Team, User
from crm.access.rights import Act
from crm.console.access import administrators_only
from crm.console.audit import events, lines
from crm.console.people import State, count_by_state, people
from crm.console.rights_table import kinds, scope_label
from crm.console.services.roles import cells_of
from crm.ui.http import Request, render_page

SHOWN = 6


@administrators_only
@require_safe
def home(request: Request) -> HttpResponse:
    """Users who need attention, roles for the first kind of record, teams, the latest acts."""
    kind, label = next(iter(kinds().items()))
    matrix = []
    for role in Role.objects.prefetch_related("rights"):
        cells = cells_of(role)
        matrix.append((role, [scope_label(kind, act, cells[kind, act]) for act in Act]))
    waiting = Q(state__in=[State.INVITED, State.LAPSED]) | Q(state=State.ACTIVE, has_second_factor=False)
    active = Prefetch("members", queryset=User.objects.filter(is_active=True))
    context = {
        "counts": count_by_state(),
        "waiting": people().filter(waiting).order_by("-last_login", "pk")[:SHOWN],
        "matrix": matrix,
        "matrix_of": label,
        "acts": Act.choices,
        "teams": Team.objects.prefetch_related(active)[:SHOWN],
        "today": timezone.localdate(),
        "lines": lines(events().order_by("-at", "-pk")[:SHOWN], request.user),
    }
    return render_page(request, "console/home.html", context)
