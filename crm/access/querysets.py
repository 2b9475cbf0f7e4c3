"""The doors: every row that anybody gets to see or change comes through here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import connection, models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import IsNull

from crm.access.rights import Act, Scope, kind_of

if TYPE_CHECKING:
    from crm.access.models import User

M = TypeVar("M", bound=models.Model)
# So many shares are written into a condition by their keys; of more, each row is looked up (docs/adr/0006).
FEW = 200
# In so many parts at most is read what somebody sees (`visible_parts`); more teams are most of the rows anyway.
MOST_PARTS = 6
SHARED_AS = {Act.SEE: ("view", "change"), Act.EDIT: ("change",)}


class RecordQuerySet(models.QuerySet[M]):
    """Rows of a `Record`. `trashed` is False for live rows, True for the trash, None for these and what was merged."""

    def visible_to(self, user: User, *, trashed: bool | None = False) -> RecordQuerySet[M]:
        return self.allowed(user, Act.SEE, trashed=trashed)

    def visible_of(self, user: User, whose: str) -> RecordQuerySet[M]:
        """Live rows of the user ("mine"), of their teams ("team") or all, of what they may see.

        Where the matrix lets them see all of these, owner or team is the only condition: an index begins with it.
        """
        scope = user.rights.scope(kind_of(self.model), Act.SEE)
        if whose == "mine":
            rows = self.filter(trashed_at__isnull=True) if scope >= Scope.OWN else self.visible_to(user)
            return rows.filter(owner_id=user.pk)
        if whose == "team":
            rows = self.filter(trashed_at__isnull=True) if scope >= Scope.TEAM else self.visible_to(user)
            return rows.filter(team_id__in=user.rights.teams)
        return self.visible_to(user)

    def visible_parts(self, user: User, whose: str) -> list[RecordQuerySet[M]]:
        """What `visible_of` lets through, in parts that each have an index in every order; none where it is one itself.

        "Owner or team" has no such index: of a small team every order is walked far before a page is full.
        """
        if user.rights.scope(kind_of(self.model), Act.SEE) != Scope.TEAM or whose == "mine":
            return []
        parts = [Q(team_id=team) for team in user.rights.teams]
        if whose != "team":
            keys = [user.shared[kind_of(self.model), Act.SEE, stream] for stream in ("person", "team")]
            if any(len(some) > FEW for some in keys):
                return []
            parts += [Q(owner_id=user.pk), *(Q(pk__in=some) for some in keys if some)]
        live = self.filter(trashed_at__isnull=True)
        return [live.filter(part) for part in parts] if 1 < len(parts) <= MOST_PARTS else []

    def editable_by(self, user: User, *, trashed: bool | None = False) -> RecordQuerySet[M]:
        return self.allowed(user, Act.EDIT, trashed=trashed)

    def deletable_by(self, user: User, *, trashed: bool | None = False) -> RecordQuerySet[M]:
        return self.allowed(user, Act.DELETE, trashed=trashed)

    def exportable_by(self, user: User) -> RecordQuerySet[M]:
        """Rows that may leave as a file: both the right to export and the right to see."""
        return self.allowed(user, Act.SEE).allowed(user, Act.EXPORT)

    def allowed(self, user: User, act: Act, *, trashed: bool | None = False) -> RecordQuerySet[M]:
        rows = self if trashed is None else self.filter(trashed_at__isnull=not trashed)
        rows = rows.filter(merged_into=None) if trashed else rows
        reach = self._reach(user, act)
        return rows if reach is True else rows.filter(reach) if reach else rows.none()

    def with_acts(self, user: User) -> RecordQuerySet[M]:
        """With `may_edit` and `may_delete` of each row, from the same door, in the same statement."""
        answers: dict[str, Any] = {}
        for name, act in (("may_edit", Act.EDIT), ("may_delete", Act.DELETE)):
            reach = self._reach(user, act)
            answers[name] = Value(reach) if isinstance(reach, bool) else Case(When(reach, then=True), default=False)
        rows: RecordQuerySet[M] = self.annotate(**answers)
        return rows

    def _reach(self, user: User, act: Act) -> Q | bool:
        """Which rows the act reaches: True for all, False for none, else a condition."""
        scope = user.rights.scope(kind_of(self.model), act)
        if scope == Scope.ALL:
            return True
        shared = shared_with(user, self.model, act)
        if scope == Scope.NOBODY:
            return shared or False
        mine = Q(owner_id=user.pk)
        if scope == Scope.TEAM and user.rights.teams:
            mine |= Q(team_id__in=user.rights.teams)
        return mine | shared if shared else mine


def shared_with(user: User, model: Any, act: Act, key: str = "pk") -> Q | None:
    """That the record with its key in `key` is shared with the user or a team of theirs; None if nothing is."""
    if act not in SHARED_AS:
        return None
    found = Q()
    for stream, rows in shares_with(user, model, act).items():
        keys = user.shared[kind_of(model), act, stream]
        if len(keys) > FEW:
            # Not EXISTS or IN: for that PostgreSQL reads all the shares before the first row of a page.
            share = rows.filter(content_object_id=OuterRef(key)).values("pk")[:1]
            found |= Q(IsNull(Subquery(share), False))
        elif keys:
            found |= Q(**{f"{key}__in": keys})
    return found or None


def shares_with(user: User, model: Any, act: Act) -> dict[str, models.QuerySet[Any]]:
    """The shares that open an act on a kind of record to the user: with them, and with their teams and those above."""
    name = model._meta.model_name
    wanted = {"permission__codename__in": [f"{verb}_{name}" for verb in SHARED_AS[act]]}
    people, teams = model.share_models()
    return {
        "person": people._default_manager.filter(user_id=user.pk, **wanted),
        "team": teams._default_manager.filter(group_id__in=user.rights.share_groups, **wanted),
    }


def shared_keys(user: User) -> dict[tuple[str, str, str], list[int]]:
    """What is shared with the user: (kind, act, stream) → keys, a few and one more. One statement."""
    asked = _shared_statement()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"user": user.pk, "groups": list(user.rights.share_groups), "most": FEW + 1}
        cursor.execute(f"SELECT {', '.join(asked.values())}", values)
        answers = cursor.fetchone() or ()
    return dict(zip(asked, answers, strict=True))


@cache
def _shared_statement() -> dict[tuple[str, str, str], str]:
    """The rows of `shares_with` for every kind, written out once: every page of most users asks for them."""
    parts: dict[tuple[str, str, str], str] = {}
    for model in record_models():
        people, teams = model.share_models()  # type: ignore[attr-defined]
        for act, verbs in SHARED_AS.items():
            names = ", ".join(f"'{verb}_{model._meta.model_name}'" for verb in verbs)
            for stream, table, owner in (
                ("person", people._meta.db_table, "user_id = %(user)s"),
                ("team", teams._meta.db_table, "group_id = ANY(%(groups)s)"),
            ):
                parts[kind_of(model), act, stream] = (
                    f"ARRAY(SELECT content_object_id FROM {table} s JOIN auth_permission p ON p.id = permission_id "  # noqa: S608
                    f"WHERE {owner} AND codename IN ({names}) LIMIT %(most)s)"
                )
    return parts


@cache
def record_models() -> list[type[models.Model]]:
    """Every kind of record, in the order of the apps."""
    return [m for m in apps.get_models() if isinstance(m._default_manager.all(), RecordQuerySet)]
