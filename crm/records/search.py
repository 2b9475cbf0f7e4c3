"""Search as one types: one entry per record and word, found by the prefix of its rarest word.

An entry is `word || ' ' || the words of the record's names`, so that one index-only scan answers the anchor word and
filters the others. The entries are kept by the database, whatever wrote the record. Measurements: docs/adr/0003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q, QuerySet

from crm.access.models import Team, User
from crm.access.rights import Act, Scope, kind_of
from crm.records.text import norm

LONGEST_WORD = 60
MOST_WORDS = 8
_PHONE = re.compile(r"\+?[\d\s().\-/]{4,}")


@models.CharField.register_lookup
@models.TextField.register_lookup
class Norm(models.Transform):
    """The SQL function norm(): the only normaliser of text (crm/records/sql/norm.sql); in lookups `city__norm`."""

    function = "norm"
    lookup_name = "norm"
    output_field = models.TextField()


class SearchEntry(models.Model):
    """Base of the entries of one kind of record; `record` is declared by each."""

    id = models.BigAutoField(primary_key=True)
    t = models.TextField(db_collation="C")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True

    @staticmethod
    def indexes(name: str) -> list[models.Index]:
        t = OpClass("t", name="text_pattern_ops")
        return [
            models.Index(t, name=f"{name}_entry", include=("record",)),
            models.Index("owner", t, name=f"{name}_entry_by_owner", include=("record",)),
            models.Index("team", t, name=f"{name}_entry_by_team", include=("record",)),
        ]


def words_of(typed: str) -> list[str]:
    """The normalised words of a query; a phone number in any spacing is one word, digits only."""
    text = norm(typed)
    if _PHONE.fullmatch(text) and any(c.isdigit() for c in text):
        return [re.sub(r"\D", "", text)]
    return [word[:LONGEST_WORD] for word in text.split(" ") if word][:MOST_WORDS]


def matching_ids(entries: type[SearchEntry], typed: str, user: User, limit: int) -> list[int]:
    """Ids of records of one kind that the user may see by the matrix and that carry all typed words, best first.

    Records shared with the user alone are found by `matching`, which goes through the door; this is its quick stream.
    """
    rows = _scoped(entries, user).filter(_carrying(entries, words_of(typed))).order_by("t")
    ids: Iterable[int] = rows.values_list("record", flat=True)[: limit * 3]
    return list(dict.fromkeys(ids))[:limit]


def find(rows: Any, entries: type[SearchEntry], typed: str, user: User, limit: int) -> list[Any]:
    """Up to `limit` records the user may see that carry all typed words: own first, then by the words themselves.

    The quick stream by the matrix is topped up with records shared with the user, and all of it goes through the door.
    """
    ids = matching_ids(entries, typed, user, limit)
    found = rows.visible_to(user).filter(pk__in=ids)
    best = {pk: place for place, pk in enumerate(ids)}
    result = sorted(found, key=lambda row: (row.owner_id != user.pk, best[row.pk]))
    if len(result) < limit and user.rights.scope(kind_of(rows.model), Act.SEE) != Scope.ALL:
        more = rows.visible_to(user).filter(pk__in=carrying(entries, typed)).exclude(pk__in=best)
        result += list(more[: limit - len(result)])
    return result


def carrying(entries: type[SearchEntry], typed: str) -> QuerySet[Any]:
    """Record ids that carry all typed words, for use in a filter on rows that came through a door."""
    rows: QuerySet[Any] = entries._default_manager.all()
    return rows.filter(_carrying(entries, words_of(typed))).values("record")


def _carrying(entries: type[SearchEntry], words: list[str]) -> Q:
    """Entries that begin with the longest word, of records that carry the others too.

    Behind its first word an entry holds the words of names only: an address or a number has an entry of its own.
    """
    if not words:
        return Q(pk__in=[])
    anchor = max(words, key=len)
    found = Q(t__startswith=anchor)
    others = list(words)
    others.remove(anchor)
    for word in others:
        named = Q(t__contains=f" {word}")
        if not word.isalpha():
            rows: QuerySet[Any] = entries._default_manager.all()
            named |= Q(record_id__in=rows.filter(t__startswith=word).values("record_id"))
        found &= named
    return found


def _scoped(entries: type[SearchEntry], user: User) -> QuerySet[Any]:
    meta: Any = entries._meta
    record = meta.get_field("record").related_model
    rows: QuerySet[Any] = entries._default_manager.all()
    scope = user.rights.scope(kind_of(record), Act.SEE)
    if scope == Scope.ALL:
        return rows
    if scope == Scope.TEAM and user.rights.teams:
        return rows.filter(Q(owner_id=user.pk) | Q(team_id__in=user.rights.teams))
    if scope == Scope.NOBODY:
        return rows.none()
    return rows.filter(owner_id=user.pk)
