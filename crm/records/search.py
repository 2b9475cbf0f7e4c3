"""Search as one types: one entry per record and word, found by the prefix of its rarest word.

An entry is `word || ' ' || the words of the record's names`, so that one index-only scan answers the anchor word and
filters the others. One index, led by the team, serves every role: who sees all looks through all teams. The entries are
kept by the database, whatever wrote the record. Measurements: docs/adr/0003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Length, StrIndex
from django.db.models.lookups import GreaterThan, IsNull, Lookup

from crm.access.models import Team, User
from crm.access.querysets import shared_with
from crm.access.rights import Act, Scope, kind_of
from crm.records.custom import every_field
from crm.records.frequency import APART, LEAST_OF_TAGS, PROBED, Word, known_words, rarest_first
from crm.records.text import norm

LONGEST_WORD = 60
MOST_WORDS = 8
NO_TEAM = 0
# Of several words: where so few entries begin with the rarest, one look at each costs less than several streams.
READ_AT_ONCE = 10_000
FEW, MANY = 200, 5000
# A phone number in any spacing: all that was typed, or among other words if it is long enough to be none of a name.
_PHONE = re.compile(r"[+(]?\d[\d\s().\-/]+")
_PHONE_AMONG = re.compile(r"(?:^|(?<=\s))[+(]?\d[\d\s().\-/]{4,}(?=\s|$)")
LEAST_DIGITS_AMONG = 6
# Behind it, in an entry, after the names, stand the words of added fields (search_entry in sql/searchable.sql).
APART_FROM_NAMES = "\x1f"
Words = list[str]
_YES: Any = models.BooleanField()
_NUMBER: Any = models.IntegerField()


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

    `searched` names the fields whose words are in the entries beside those of names; added fields that are searched
    stand behind the names, after APART_FROM_NAMES. `rewriter` is the SQL function that writes entries of records anew.
    """

    searched: ClassVar[frozenset[str]] = frozenset()
    rewriter: ClassVar[str] = ""

    id = models.BigAutoField(primary_key=True)
    t = models.TextField(db_collation="C")
    owner = models.BigIntegerField(null=True, db_column="owner_id")
    team = models.BigIntegerField(db_column="team_id")

    class Meta:
        abstract = True

    @classmethod
    def record_model(cls) -> Any:
        """The kind of record the entries are of."""
        return cls._meta.get_field("record").related_model

    @staticmethod
    def indexes(name: str) -> list[models.Index]:
        return [models.Index(fields=["team", "t"], name=f"{name}_entry", include=("record", "owner"))]


def _by_names(entries: Any, user: User | None) -> bool:
    """Whether words count only where they stand in names: something that is searched is hidden from the user.

    Which word of an entry came from which field is not kept, so whoever may not see one of them finds by names alone.
    """
    if user is None or not user.rights.rules:
        return False
    model = entries.record_model()
    hidden = user.rights.hidden(kind_of(model))
    return bool(hidden & entries.searched) or any(
        field.slug in hidden and (field.is_searchable or "search" in field.built)
        for field in every_field(user)
        if field.type == model._meta.model_name
    )


def _named() -> Q:
    """Entries whose own word stands in the names behind it too, where its parts stand apart."""
    text: Any = models.TextField()
    word = Func(F("t"), Value(" "), Value(1), function="split_part", output_field=text)
    names = Func(_names("t"), Length(word) + 1, function="substr", output_field=text)
    return Q(GreaterThan(StrIndex(names, Func(word, function="search_tail", output_field=text)), 0))


def _names(column: str) -> Func:
    """An entry's word and the names behind it, without the words of added fields."""
    return Func(F(column), Value(APART_FROM_NAMES), Value(1), function="split_part", output_field=models.TextField())


def entry_models() -> list[type[SearchEntry]]:
    """The entries of every kind of record."""
    return [model for model in apps.get_models() if issubclass(model, SearchEntry)]


def words_of(typed: str) -> Words:
    """The normalised words of a query; a phone number in any spacing is one word, digits only."""
    text = norm(typed)
    if _PHONE.fullmatch(text):
        return [_digits(text)]
    text = _PHONE_AMONG.sub(lambda found: _number_or_words(found[0]), text)
    return [word[:LONGEST_WORD] for word in text.split(" ") if any(map(str.isalnum, word))][:MOST_WORDS]


def _number_or_words(text: str) -> str:
    digits = _digits(text)
    return digits if len(digits) >= LEAST_DIGITS_AMONG and not text.isdigit() else text


def _digits(number: str) -> str:
    """As entries have them: from abroad without +, 00 or the (0) that is only dialled at home."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return digits.removeprefix("00") or digits


class Asked:
    """What one user looks for: wordings, whose words a record carries all of, an earlier wording before a later one.

    How frequent the words are is read when it is first needed, for every kind of record in one statement.
    """

    def __init__(self, user: User, wordings: list[Words]) -> None:
        self.user, self.wordings = user, [words for words in wordings if words]

    def known(self, entries: type[SearchEntry]) -> dict[str, Word]:
        return self._known[entries]

    def may_be_tags(self) -> bool:
        """Whether some words may begin words of a category: unknown of one or two letters, which begin too many."""
        some = next(iter(self._known.values()), {}).values()
        return any(word.tags or len(word.text) < LEAST_OF_TAGS for word in some)

    @cached_property
    def _known(self) -> dict[type[SearchEntry], dict[str, Word]]:
        words = {word for words in self.wordings for word in words}
        return known_words(entry_models(), words, (NO_TEAM, *self.user.rights.every_team))


def find(rows: Any, entries: type[SearchEntry], asked: Asked, limit: int, first: Iterable[int] = ()) -> list[Any]:
    """Up to `limit` records the user may see that carry all words of one of the wordings, best first.

    Those with keys in `first` come before others, then own ones, then whole words, then by word. The entries say which;
    all of it goes through the door once more.
    """
    ids = matching_ids(entries, asked, limit, first)
    if not ids:
        return []
    place = {pk: n for n, pk in enumerate(ids)}
    found = sorted(rows.visible_to(asked.user).filter(pk__in=ids), key=lambda row: place[row.pk])
    return found[:limit]


def matching_ids(entries: type[SearchEntry], asked: Asked, limit: int, first: Iterable[int] = ()) -> list[int]:
    """Ids of records of one kind that the user may see and that carry all words of a wording, best first.

    Where a word is rare, everything with it is read and put in order, also what several words of middling frequency
    begin; where all are frequent, the first entries of each rank are, and only then, where these are few, own records
    of other teams and shared ones. One statement beside that which says how many entries begin with each word.
    """
    if not asked.wordings:
        return []
    known, user = asked.known(entries), asked.user
    ranks, by_names = _Ranks(entries, user, limit, list(first)), _by_names(entries, user)
    for words in asked.wordings:
        anchor, *others = rarest_first(known[word] for word in words)
        carry = _carrying(entries, anchor, others, by_names)
        one_carries = _carrying(entries, anchor, others, by_names, column="own")
        if not anchor.count:
            continue
        if anchor.count < PROBED:
            ranks.add_rare(anchor.text, carry)
        elif others and anchor.count < READ_AT_ONCE:
            ranks.add_middling(anchor.text, carry, one_carries)
        else:
            ranks.add_frequent(anchor.text, carry, one_carries)
    return ranks.best()


class _Ranks:
    """Streams of entries, each of a rank or in the order of several, that one statement reads the first of."""

    def __init__(self, entries: Any, user: User, limit: int, first: list[int]) -> None:
        self.entries, self.user, self.limit, self.first = entries, user, limit, first
        kind = entries._meta.get_field("record").related_model
        self.scope = user.rights.scope(kind_of(kind), Act.SEE)
        self.every_team = (NO_TEAM, *user.rights.every_team)
        self.own = Q(owner=user.pk) if self.scope > Scope.NOBODY else Q(pk__in=[])
        self.teams = {Scope.ALL: self.every_team, Scope.TEAM: user.rights.teams}.get(self.scope, ())
        shared = shared_with(user, kind, Act.SEE, "record") if self.scope != Scope.ALL else None
        self.shared = shared or Q(pk__in=[])
        self.kind, self.wordings = kind, 0
        self.near: list[Any] = []
        self.far: list[Any] = []

    def add_rare(self, anchor: str, carry: Q) -> None:
        """All that the user may see of what few entries begin with."""
        rows = self.entries.objects.filter(carry, team__in=self.every_team)
        if self.scope != Scope.ALL:
            rows = rows.filter(self.own | Q(team__in=self.teams) | self.shared)
        self._add_in_order(rows, anchor)

    def add_middling(self, anchor: str, carry: Q, one_carries: Q) -> None:
        """All that the user sees of their teams, of what many entries begin with but few carry."""
        rows = self.entries.objects.filter(carry)
        if self.scope == Scope.OWN:
            self._add_in_order(rows.filter(self.own, team=self.user.team_id or NO_TEAM), anchor)
        else:
            self._add_in_order(rows.filter(team__in=self.teams), anchor)
        self._add_elsewhere(rows, one_carries)

    def _add_in_order(self, rows: Any, anchor: str) -> None:
        first = [When(record__in=self.first, then=Value(0))] if self.first else []
        whole = When(t__startswith=f"{anchor} ", then=Value(2))
        rank = Case(*first, When(self.own, then=Value(1)), whole, default=Value(3))
        ranked = rows.annotate(rank=rank + Value(4 * len(self.near)))
        self.near.append(self._slice(ranked.order_by("rank", "t")))

    def add_frequent(self, anchor: str, carry: Q, one_carries: Q) -> None:
        """The first of each rank of what many entries begin with."""
        rows = self.entries.objects.filter(carry)
        seen, here = rows.filter(team__in=self.teams), self.user.team_id or NO_TEAM
        first = rows.filter(self.own | Q(team__in=self.teams) | self.shared, record__in=self.first)
        for each in (first, rows.filter(self.own, team=here), seen.filter(t__startswith=f"{anchor} "), seen):
            self.near.append(self._slice(each.annotate(rank=Value(4 * len(self.near)))))
        self._add_elsewhere(rows, one_carries)

    def _add_elsewhere(self, rows: Any, one_carries: Q) -> None:
        """Own records of other teams and shared ones. Usually few are of other teams: looked up by their keys."""
        if self.scope == Scope.ALL:
            return
        among = rows.filter(team__in=self.every_team)
        near = self.teams if self.scope == Scope.TEAM else (self.user.team_id or NO_TEAM,)
        strays = _keys_of_other_teams(self.kind, self.user, near)
        is_one = Func(F("record"), strays, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=_YES)
        few = _by_record(self.entries).filter(one_carries, is_one)
        many = among.filter(GreaterThan(Func(strays, function="cardinality", output_field=_NUMBER), FEW), self.own)
        for rank, each in enumerate((few, many, among.filter(self.shared))):
            self.far.append(self._slice(each.annotate(rank=Value(3 * self.wordings + rank))))
        self.wordings += 1

    def best(self) -> list[int]:
        """The keys, each once; what is far is read only where what is near does not suffice."""
        near, far = _union(self.near), _union(self.far)
        if not near:
            return []
        statement, values = (
            f"WITH near (rank, t, record) AS MATERIALIZED ({near[0]}) SELECT 0, near.* FROM near",  # noqa: S608
            near[1],
        )
        if far:
            statement += (
                f" UNION ALL SELECT 1, far.* FROM ({far[0]}) AS far (rank, t, record) "  # noqa: S608
                "WHERE (SELECT count(DISTINCT record) FROM near) < %s"
            )
            values = (*values, *far[1], self.limit)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            hits = sorted(cursor.fetchall())
        return list(dict.fromkeys(record for _far, _rank, _t, record in hits))[: self.limit]

    def _slice(self, ranked: Any) -> Any:
        """More than are wanted: a record may have several entries that match."""
        return ranked.values_list("rank", "t", "record")[: self.limit * 3]


def _keys_of_other_teams(kind: Any, user: User, teams: Iterable[int]) -> Any:
    """Keys of own records that belong to none of the teams, as an array: some 200 of each range between the teams.

    Ranges, so that an index of owner and team leads to these alone: most own records are of the team.
    """
    known = sorted({NO_TEAM, *teams})
    ranges = [Q(team__gt=low, team__lt=high) for low, high in pairwise(known)] + [Q(team__gt=known[-1])]
    ranges += [] if NO_TEAM in teams else [Q(team=None)]
    own = kind._default_manager.filter(owner=user.pk).order_by().values("pk")
    arrays = [ArraySubquery(own.filter(each)[: FEW + 1]) for each in ranges]
    return Func(*arrays, arg_joiner=" || ", template="(%(expressions)s)", output_field=arrays[0].output_field)


def _union(streams: list[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The rows of all streams as one statement and its values; None where all are empty whatever the rows."""
    parts, values = [], []
    for stream in streams:
        with suppress(EmptyResultSet):
            part, its_values = stream.query.sql_with_params()
            parts.append(f"({part})")
            values += its_values
    return (" UNION ALL ".join(parts), tuple(values)) if parts else None


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
    known = known_words([entries], words, teams)[entries].values() if len(words) > 1 else [Word(words[0])]
    anchor, *others = rarest_first(known)
    carries = _carrying(entries, anchor, others, _by_names(entries, user))
    rows = entries.objects.filter(carries, _seen(entries, user) if user else Q(), team__in=teams)
    keys = list(rows.values_list("record", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        carries = _carrying(entries, anchor, others, _by_names(entries, user), column="own")
        entry = _by_record(entries).filter(carries, record=OuterRef("pk")).values("pk")
        return Q(IsNull(Subquery(entry[:1]), False))
    array = f"{{{','.join(map(str, keys))}}}"  # Written here: adapting a long list costs more than the query.
    if len(keys) > FEW:
        return Q(pk__among=array)
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [array]))


def _by_record(entries: Any) -> Any:
    """Entries with `own` in place of `t`: as an expression the word lets no plan read the index of words."""
    return entries.objects.alias(own=Concat("t", Value(""), output_field=models.TextField()))


def _seen(entries: Any, user: User) -> Q:
    """Entries of records that the user sees by the matrix; of all where something is shared with them."""
    kind = kind_of(entries._meta.get_field("record").related_model)
    scope = user.rights.scope(kind, Act.SEE)
    if scope == Scope.ALL or any(keys for (shared, _act, _stream), keys in user.shared.items() if shared == kind):
        return Q()
    mates = Q(team__in=user.rights.teams) if scope == Scope.TEAM else Q()
    return Q(owner=user.pk) | mates


def _carrying(entries: Any, anchor: Word, others: list[Word], by_names: bool, column: str = "t") -> Q:
    """Entries that begin with the anchor, of records that carry the others too, or tags with them.

    `by_names`: in their names.

    Behind its first word an entry holds the words of names and of added fields only: an address or a number has an
    entry of its own.
    """
    known = _named() if by_names else Q()
    found = Q(**{f"{column}__startswith": anchor.text}) & known
    for word in others:
        inside = f" {word.text.translate(APART)}"
        named = Q(GreaterThan(StrIndex(_names("t"), Value(inside)), 0)) if by_names else Q(t__contains=inside)
        if not word.text.isalpha():
            own_entry = entries.objects.filter(known, record=OuterRef("record"), t__startswith=word.text)
            named |= Q(Exists(own_entry))
        if word.tags:
            # Not EXISTS: of a frequent tag PostgreSQL would read all carriers first.
            named |= Q(IsNull(Subquery(_tagged(entries, word.tags).values("pk")[:1]), False))
        found &= named
    return found


def _tagged(entries: Any, tags: Iterable[int]) -> Any:
    tie = entries._meta.get_field("record").related_model._meta.get_field("tags")
    ties = tie.remote_field.through._default_manager
    return ties.filter(**{tie.m2m_field_name(): OuterRef("record"), f"{tie.m2m_reverse_field_name()}__in": tags})
