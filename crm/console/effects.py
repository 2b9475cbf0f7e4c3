"""What a change of a role's matrix does to people, in sentences, before it is saved."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.utils.translation import ngettext, pgettext

from crm.access.models import Role, User, UserRole
from crm.access.rights import ADMINISTRATION, Act, Scope
from crm.console.services.roles import Cells

Change = tuple[str, str, Scope, Scope]


def effects(role: Role, cells: Cells) -> list[str]:
    """One sentence for each thing that users with this role will no longer, or will newly, be able to do.

    Their other roles count: what another one gives them is not lost. Losses come first.
    """
    now = {(right.kind, right.act): Scope(right.scope) for right in role.rights.all()}
    counted: Counter[Change] = Counter()
    for others in _other_rights(role).values():
        for (kind, act), wanted in cells.items():
            other = others.get((kind, act), Scope.NOBODY)
            before = max(other, now.get((kind, act), Scope.NOBODY))
            after = max(other, wanted)
            if before != after:
                counted[kind, act, before, after] += 1
    losses = [sentence(change, count) for change, count in counted.items() if change[3] < change[2]]
    gains = [sentence(change, count) for change, count in counted.items() if change[3] > change[2]]
    return [*losses, *gains]


def sentence(change: Change, count: int) -> str:
    """“3 users will no longer see companies of other teams.”"""
    kind, act, before, after = change
    values = {"count": count, "what": _what(kind, act, before, after)}
    return (_loss if after < before else _gain)(ADMINISTRATION if kind == ADMINISTRATION else act, count) % values


def _other_rights(role: Role) -> dict[int, dict[tuple[str, str], Scope]]:
    """{active user with this role: the widest scope of each cell among their other roles}."""
    found: dict[int, dict[tuple[str, str], Scope]] = {
        pk: {} for pk in User.objects.filter(roles=role, is_active=True).values_list("pk", flat=True)
    }
    links = UserRole.objects.filter(user__in=found).exclude(role=role)
    for user, kind, act, scope in links.values_list(
        "user", "role__rights__kind", "role__rights__act", "role__rights__scope"
    ):
        if kind is not None:
            found[user][kind, act] = max(found[user].get((kind, act), Scope.NOBODY), Scope(scope))
    return found


def _what(kind: str, act: str, before: Scope, after: Scope) -> str:
    """The records between two reaches: those of other teams, of team-mates, all."""
    if kind == ADMINISTRATION:
        return ""
    plural = {"kind": str(apps.get_model(kind)._meta.verbose_name_plural)}
    if act == Act.CREATE:
        return plural["kind"]
    low, high = min(before, after), max(before, after)
    if low == Scope.TEAM:
        return pgettext("what rights reach", "%(kind)s of other teams") % plural
    if low == Scope.OWN:
        return (
            pgettext("what rights reach", "%(kind)s of others") % plural
            if high == Scope.ALL
            else pgettext("what rights reach", "%(kind)s of their team-mates") % plural
        )
    if after == Scope.NOBODY:
        return pgettext("what rights reach", "%(kind)s") % plural
    return {
        Scope.OWN: pgettext("what rights reach", "their own %(kind)s"),
        Scope.TEAM: pgettext("what rights reach", "%(kind)s of their team"),
        Scope.ALL: pgettext("what rights reach", "all %(kind)s"),
    }[high] % plural


def _loss(act: str, count: int) -> str:
    return {
        Act.SEE: ngettext(
            "%(count)d user will no longer see %(what)s.", "%(count)d users will no longer see %(what)s.", count
        ),
        Act.CREATE: ngettext(
            "%(count)d user will no longer create %(what)s.", "%(count)d users will no longer create %(what)s.", count
        ),
        Act.EDIT: ngettext(
            "%(count)d user will no longer edit %(what)s.", "%(count)d users will no longer edit %(what)s.", count
        ),
        Act.DELETE: ngettext(
            "%(count)d user will no longer delete %(what)s.", "%(count)d users will no longer delete %(what)s.", count
        ),
        Act.EXPORT: ngettext(
            "%(count)d user will no longer export %(what)s.", "%(count)d users will no longer export %(what)s.", count
        ),
        ADMINISTRATION: ngettext(
            "%(count)d user will no longer administer Sillage.",
            "%(count)d users will no longer administer Sillage.",
            count,
        ),
    }[act]


def _gain(act: str, count: int) -> str:
    return {
        Act.SEE: ngettext("%(count)d user will also see %(what)s.", "%(count)d users will also see %(what)s.", count),
        Act.CREATE: ngettext(
            "%(count)d user will also create %(what)s.", "%(count)d users will also create %(what)s.", count
        ),
        Act.EDIT: ngettext(
            "%(count)d user will also edit %(what)s.", "%(count)d users will also edit %(what)s.", count
        ),
        Act.DELETE: ngettext(
            "%(count)d user will also delete %(what)s.", "%(count)d users will also delete %(what)s.", count
        ),
        Act.EXPORT: ngettext(
            "%(count)d user will also export %(what)s.", "%(count)d users will also export %(what)s.", count
        ),
        ADMINISTRATION: ngettext(
            "%(count)d user will also administer Sillage: users, teams, roles and settings.",
            "%(count)d users will also administer Sillage: users, teams, roles and settings.",
            count,
        ),
    }[act]
