"""Users as the console lists them: where each stands with signing in, searched without accents."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Concat, Now
from django.utils.translation import pgettext_lazy

from crm.access.models import Invitation, User
from crm.access.rights import SECOND_FACTORS
from crm.records.search import Norm
from crm.records.text import norm


class State(models.TextChoices):
    """Where a user stands with signing in."""

    ACTIVE = "active", pgettext_lazy("state of a user", "Active")
    INVITED = "invited", pgettext_lazy("state of a user", "Invited")
    LAPSED = "lapsed", pgettext_lazy("state of a user", "Invitation lapsed")
    WITHOUT_EMAIL = "without-email", pgettext_lazy("state of a user", "Without e-mail")
    DEACTIVATED = "deactivated", pgettext_lazy("state of a user", "Deactivated")


COLOURS = {State.ACTIVE: "green", State.INVITED: "amber", State.LAPSED: "orange"}


def people() -> models.QuerySet[Any]:
    """Users with `state`, `has_second_factor`, their team and roles."""
    invitations = Invitation.objects.filter(
        user=OuterRef("pk"), accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=Now()
    )
    state = Case(
        When(is_active=False, then=Value(State.DEACTIVATED)),
        When(email__isnull=True, then=Value(State.WITHOUT_EMAIL)),
        When(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), then=Value(State.ACTIVE)),
        When(Exists(invitations), then=Value(State.INVITED)),
        default=Value(State.LAPSED),
    )
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    rows = User.objects.annotate(state=state, has_second_factor=Exists(factors))
    return rows.select_related("team").prefetch_related("roles")


def search(rows: models.QuerySet[Any], typed: str) -> models.QuerySet[Any]:
    """Those whose names and address contain every word typed, whatever the case and accents."""
    names = Concat(
        "first_name",
        Value(" "),
        "last_name",
        Value(" "),
        Coalesce(F("email"), Value("")),
        output_field=models.TextField(),
    )
    rows = rows.annotate(sought=Norm(names))
    for word in norm(typed).split()[:8]:
        rows = rows.filter(sought__contains=word)
    return rows


def count_by_state() -> dict[str, int]:
    """How many users are in each state; states nobody is in are left out."""
    counts = people().order_by().values_list("state").annotate(count=Count("pk"))
    return dict(counts)
