"""The settings page of the organisation, and its logo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.access.querysets import record_models
from crm.console.access import administrators_only
from crm.console.answers import done
from crm.console.forms.organisation import OrganisationForm
from crm.console.history import last_changes
from crm.console.warnings import effects
from crm.records.models import Organisation
from crm.records.services import EditConflict
from crm.ui.http import Request, render_page


@administrators_only
@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """All settings; a change that deletes something, or counts money anew, is read and confirmed before it is saved."""
    organisation = Organisation.objects.get(pk=1)
    if request.method != "POST":
        return _page(request, OrganisationForm(instance=organisation))
    form = OrganisationForm(request.POST, request.FILES, instance=Organisation.objects.get(pk=1))
    if not form.is_valid():
        return _page(request, form, status=422)
    sentences = _effects(organisation, form.cleaned_data)
    confirmed = " ".join(f"{name}={form.cleaned_data[name]}" for name in sentences)
    if sentences and request.POST.get("confirmed") != confirmed:
        return _page(request, form, effects=sentences.values(), confirmed=confirmed)
    try:
        saved = form.save_edit(by=request.user)
    except EditConflict as conflict:
        form.show_conflict(conflict, by=request.user)
        return _page(request, form, status=409)
    return done(request, reverse("console:settings"), _("The settings are saved."), saved.changeset)


@login_required
@require_safe
def logo(request: HttpRequest) -> FileResponse:
    """The organisation's logo, for whoever is signed in (private storage has no addresses of its own)."""
    image = Organisation.current().logo
    if not image:
        raise Http404
    return FileResponse(image.open("rb"), content_type="image/png", headers={"Cache-Control": "private, max-age=300"})


def _page(request: Request, form: OrganisationForm, *, status: int = 200, **context: object) -> HttpResponse:
    sections = form.sections(last_changes(Organisation.objects.get(pk=1)))
    typed = {"form": form, "sections": sections, "sought": request.GET.get("q", "")[:100]}
    return render_page(request, "console/settings.html", {**typed, **context}, status=status)


def _effects(organisation: Organisation, typed: dict[str, Any]) -> dict[str, str]:
    """By setting, what its change does that is to be read first."""
    days = typed["trash_days"]
    doomed = _purged_by(days) if days < organisation.trash_days else 0
    return {**({"trash_days": _effect(doomed)} if doomed else {}), **effects(organisation, typed)}


def _purged_by(days: int) -> int:
    """How many records lie in the trash for longer than that."""
    before = timezone.now() - timedelta(days=days)
    return sum(model._base_manager.filter(trashed_at__lt=before, merged_into=None).count() for model in record_models())


def _effect(doomed: int) -> str:
    return ngettext(
        "%(count)d record in the trash will be deleted for good. This cannot be undone.",
        "%(count)d records in the trash will be deleted for good. This cannot be undone.",
        doomed,
    ) % {"count": doomed}
