"""Roles that are there from the start; what an administrator changed since is left alone."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from crm.access.querysets import record_models
from crm.access.rights import ADMINISTRATION, Act, Scope, kind_of

N, O, T, A = Scope.NOBODY, Scope.OWN, Scope.TEAM, Scope.ALL  # noqa: E741

# slug: (French name, English name, second factor, scopes of see, create, edit, delete, export, administration)
ROLES: dict[str, tuple[str, str, bool, tuple[Scope, ...], Scope]] = {
    "sales-rep": ("Commercial", "Sales rep", False, (T, A, O, O, N), N),
    "sales-manager": ("Responsable commercial", "Sales manager", False, (A, A, T, T, T), N),
    "office-staff": ("Assistance commerciale", "Office staff", False, (A, A, A, O, A), N),
    "administrator": ("Administrateur", "Administrator", False, (A, A, A, A, A), A),
    "read-only": ("Lecture seule", "Read-only", False, (A, N, N, N, N), N),
}


def ensure_defaults(**_kwargs: Any) -> None:
    """Make what is missing: the roles on a new database, rights of kinds of record that came since."""
    role_model, right_model = apps.get_model("access", "Role"), apps.get_model("access", "Right")
    fresh = not role_model.objects.exists()
    kinds: dict[str, dict[str, tuple[Scope, ...]]] = {kind_of(model): model.default_rights for model in record_models()}  # type: ignore[attr-defined]
    for slug, (fr, en, second_factor, scopes, console) in ROLES.items():
        if fresh:
            role_model.objects.create(slug=slug, name_fr=fr, name_en=en, requires_second_factor=second_factor)
        role = role_model.objects.filter(slug=slug).first()
        if role is None:
            continue
        known = set(right_model.objects.filter(role=role).values_list("kind", flat=True))
        cells = [
            (kind, act, scope)
            for kind, own in kinds.items()
            for act, scope in zip(Act, own.get(slug, scopes), strict=True)
        ]
        cells.append((ADMINISTRATION, Act.EDIT, console))
        right_model.objects.bulk_create(
            [right_model(role=role, kind=kind, act=act, scope=scope) for kind, act, scope in cells if kind not in known]
        )
