"""Search as one types: one entry per record and word, found by the prefix of its rarest word.

An entry is `word || ' ' || the words of the record's names`, so that one index-only scan answers the anchor word and
filters the others. One index, led by the team, serves every role: who sees all looks through all teams. The entries are
kept by the database, whatever wrote the record. Measurements: docs/adr/0003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import GreaterThan, IsNull, Lookup

from crm.access.models import Team, User
from crm.access.querysets import shared_with
from crm.access.rights import Act, Scope, kind_of
from crm.records.text import norm

LONGEST_WORD = 60
MOST_WORDS = 8
NO_TEAM = 0
PROBED = 1000
FEW, MANY = 200, 5000
_PHONE = re.compile(r"\+?[\d\s().\-/]{4,}")


@models.CharField.register_lookup
@models.TextField.register_lookup
class Norm(models.Transform):
    """The SQL function norm(): the only normaliser of text (crm/records/sql/norm.sql); in lookups `city__norm`."""

    function = "norm"
    lookup_name = "norm"
    output_field = models.TextField()


@models.BigAutoField.register_lookup
class Among(Lookup):
    """`pk__among="{1,2}"`: like `in`, with one array that is also compared inside an index in the list's order."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*values, self.rhs)


class SearchEntry(models.Model):
    """Base of the entries of one kind of record; `record` is declared by each. `team` is 0 for records without one.

    `searched` names the fields whose words are in the entries beside those of names.
    """

    searched: ClassVar[frozenset[str]] = frozenset()

    id = models.BigAutoField(primary_key=True)
    t = models.TextField(db_collation="C")
    owner = models.BigIntegerField(null=True, db_column="owner_id")
    team = models.BigIntegerField(db_column="team_id")

    class Meta:
        abstract = True

    @staticmethod
    def indexes(name: str) -> list[models.Index]:
        return [models.Index(fields=["team", "t"], name=f"{name}_entry", include=("record", "owner"))]


def _by_names(entries: Any, user: User | None) -> bool:
    """Whether words count only where they stand in names: something that is searched is hidden from the user.

    Which word of an entry came from which field is not kept, so whoever may not see one of them finds by names alone.
    """
    if user is None or not user.rights.rules:
        return False
    return bool(user.rights.hidden(kind_of(entries._meta.get_field("record").related_model)) & entries.searched)


def _named() -> Q:
    """Entries whose own word stands in the names behind it too."""
    text: Any = models.TextField()
    word = Func(F("t"), Value(" "), Value(1), function="split_part", output_field=text)
    names = Func(F("t"), Length(word) + 1, function="substr", output_field=text)
    return Q(GreaterThan(StrIndex(names, word), 0))


def words_of(typed: str) -> list[str]:
    """The normalised words of a query; a phone number in any spacing is one word, digits only."""
    text = norm(typed)
    if _PHONE.fullmatch(text) and any(c.isdigit() for c in text):
        return [re.sub(r"\D", "", text)]
    return [word[:LONGEST_WORD] for word in text.split(" ") if word][:MOST_WORDS]


def find(rows: Any, entries: type[SearchEntry], typed: str, user: User, limit: int) -> list[Any]:
    """Up to `limit` records the user may see that carry all typed words: own first, then whole words, then by word.

    The entries say which; all of it goes through the door once more.
    """
    ids = matching_ids(entries, typed, user, limit)
    if not ids:
        return []
    place = {pk: n for n, pk in enumerate(ids)}
    found = sorted(rows.visible_to(user).filter(pk__in=ids), key=lambda row: place[row.pk])
    return found[:limit]


def matching_ids(entries: type[SearchEntry], typed: str, user: User, limit: int) -> list[int]:
    """Ids of records of one kind that the user may see and that carry all typed words, best first.

    Looked for where the user sees all, then among own records of other teams, then among shared ones.
    """
    words = words_of(typed)
    model: Any = entries
    kind = model._meta.get_field("record").related_model
    scope = user.rights.scope(kind_of(kind), Act.SEE)
    if not words:
        return []
    every_team = (NO_TEAM, *user.rights.every_team)
    seen = every_team if scope == Scope.ALL else user.rights.teams if scope == Scope.TEAM else ()
    anchor, others = _rarest_first(entries, words, every_team)
    rows = model.objects.filter(_carrying(model, anchor, others, _by_names(model, user)))
    own = rows.filter(owner=user.pk) if scope > Scope.NOBODY else rows.none()
    streams = [
        own.filter(team=user.team_id or NO_TEAM),
        rows.filter(team__in=seen, t__startswith=f"{anchor} "),
        rows.filter(team__in=seen),
    ]
    found = _first_of(streams, limit)
    if len(found) < limit and scope != Scope.ALL:
        anywhere, shared = rows.filter(team__in=every_team), shared_with(user, kind, Act.SEE, "record")
        own = anywhere.filter(owner=user.pk) if scope > Scope.NOBODY else rows.none()
        found += _first_of([own, anywhere.filter(shared) if shared else rows.none()], limit)
    return list(dict.fromkeys(found))


def _first_of(streams: list[Any], limit: int) -> list[int]:
    """Ids of the first entries of each stream, in their order; a record may have several entries that match."""
    ranked = [
        rows.annotate(rank=Value(n)).values_list("rank", "t", "record")[: limit * 3] for n, rows in enumerate(streams)
    ]
    hits = sorted(ranked[0].union(*ranked[1:], all=True))
    return list(dict.fromkeys(record for _rank, _t, record in hits))[:limit]


def carrying(entries: Any, typed: str, user: User | None = None) -> Q:
    """That a record carries all typed words, for a filter on rows that came through a door (`user`'s, if given).

    Few records are fetched by their keys; of more, the list's index is walked and compared with the keys; where they
    are many, each row on the way to a full page is looked up. The planner, which knows little of words, is left no
    choice between the three (docs/adr/0003).
    """
    words = words_of(typed)
    if not words:
        return Q(pk__in=[])
    every = user.rights.every_team if user else Team.objects.order_by().values_list("pk", flat=True)
    teams = (NO_TEAM, *every)
    carries = _carrying(entries, *_rarest_first(entries, words, teams), _by_names(entries, user))
    rows = entries.objects.filter(carries, _seen(entries, user) if user else Q(), team__in=teams)
    keys = list(rows.values_list("record", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        entry = entries.objects.filter(carries, record=OuterRef("pk")).values("pk")[:1]
        return Q(IsNull(Subquery(entry), False))
    array = f"{{{','.join(map(str, keys))}}}"  # Written here: adapting a long list costs more than the query.
    if len(keys) > FEW:
        return Q(pk__among=array)
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [array]))


def _seen(entries: Any, user: User) -> Q:
    """Entries of records that the user sees by the matrix; of all where something is shared with them."""
    kind = kind_of(entries._meta.get_field("record").related_model)
    scope = user.rights.scope(kind, Act.SEE)
    if scope == Scope.ALL or any(keys for (shared, _act, _stream), keys in user.shared.items() if shared == kind):
        return Q()
    mates = Q(team__in=user.rights.teams) if scope == Scope.TEAM else Q()
    return Q(owner=user.pk) | mates


def _carrying(entries: Any, anchor: str, others: list[str], by_names: bool) -> Q:
    """Entries that begin with the anchor, of records that carry the others too; `by_names`: in their names.

    Behind its first word an entry holds the words of names only: an address or a number has an entry of its own.
    """
    known = _named() if by_names else Q()
    found = Q(t__startswith=anchor) & known
    for word in others:
        named = Q(t__contains=f" {word}")
        if not word.isalpha():
            own_entry = entries.objects.filter(known, record=OuterRef("record"), t__startswith=word)
            named |= Q(Exists(own_entry))
        found &= named
    return found


def _rarest_first(entries: type[SearchEntry], words: list[str], teams: Iterable[int]) -> tuple[str, list[str]]:
    """The word that fewest entries begin with, counted up to a thousand, and the others. One statement, if any."""
    if len(words) == 1:
        return words[0], []
    table = connection.ops.quote_name(entries._meta.db_table)
    few = f"(SELECT count(*) FROM (SELECT FROM {table} WHERE team_id = ANY(%s) AND t LIKE %s LIMIT {PROBED}) AS few)"  # noqa: S608
    values = [value for word in words for value in (list(teams), connection.ops.prep_for_like_query(word) + "%")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([few] * len(words))}", values)
        counts = cursor.fetchone() or ()
    anchor = min(zip(counts, words, strict=True), key=lambda each: (each[0], -len(each[1])))[1]
    others = list(words)
    others.remove(anchor)
    return anchor, others
