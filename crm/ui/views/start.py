"""Where a sign-in leads when nothing else was asked for."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from crm.ui import nav
from crm.ui.http import Request


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The first page the user is offered."""
    first = next(nav.pages(cast(Request, request).user), None)
    return redirect(first.url if first else "ui:account_edit")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as a PDF's."""
    return redirect(static("logo.svg"), permanent=True)
