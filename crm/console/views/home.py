"""Where the console begins."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.console.access import administrators_only
from crm.ui.http import Request, redirect_to


@administrators_only
@require_safe
def home(request: Request) -> HttpResponse:
    """The list of users."""
    return redirect_to(request, reverse("console:user_list"))
