"""How many records a typed word may find: counted as far as it takes to choose which word leads a search.

Up to a thousand entries are counted as one types; of beginnings that more have, last night's count is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

if TYPE_CHECKING:
    from crm.records.search import SearchEntry

PROBED = 1000
LEAST_OF_TAGS = 3
LONGEST_BEGINNING = 8
# What parts the words of a name; behind the first word of an entry they stand apart (search_tail in sql/words.sql).
APART = str.maketrans(dict.fromkeys("-'./&,()+_", " "))


class Beginning(models.Model):
    """First letters that very many entries of a kind begin with, and how many did when last counted."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=100)
    text = models.CharField(max_length=LONGEST_BEGINNING, db_collation="C")
    entries = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="one_of_each_beginning")]


@dataclass(frozen=True)
class Word:
    """A word, how many entries begin with it, and the tags one of whose words does.

    Counted up to a thousand; of more, as of last night.
    """

    text: str
    count: int = 0
    tags: tuple[int, ...] = ()


def rarest_first(words: Iterable[Word]) -> list[Word]:
    """The word that fewest entries begin with, of several the longest, then the others; words of tags come last."""
    return sorted(words, key=lambda word: (bool(word.tags), word.count, -len(word.text)))


def known_words(
    kinds: Iterable[type[SearchEntry]], words: Iterable[str], teams: Iterable[int]
) -> dict[type[SearchEntry], dict[str, Word]]:
    """What is known of each word among the entries of each kind, in any of the teams. One statement."""
    kinds, words, among = list(kinds), list(words), list(teams)
    tags = "ARRAY(SELECT id FROM records_tag WHERE length(%s) >= %s AND ' ' || search_tail(norm(name)) LIKE %s)"
    tables = [connection.ops.quote_name(each._meta.db_table) for each in kinds]
    counts = [
        f"(SELECT count(*) FROM (SELECT FROM {table} WHERE team_id = ANY(%s) AND t LIKE %s LIMIT {PROBED}) AS few), "  # noqa: S608
        "(SELECT entries FROM records_beginning WHERE kind = %s AND text = %s)"
        for table in tables
    ]
    values: list[Any] = []
    for word in words:
        pattern = connection.ops.prep_for_like_query(word) + "%"
        values += [word, LEAST_OF_TAGS, f"% {pattern.translate(APART)}"]
        for each in kinds:
            values += [among, pattern, each._meta.label_lower, word[:LONGEST_BEGINNING]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([tags, *counts] * len(words))}", values)
        found = iter(cursor.fetchone() or ())
    known: dict[type[SearchEntry], dict[str, Word]] = {each: {} for each in kinds}
    for word in words:
        carried_as = tuple(next(found))
        for each in kinds:
            count, last_night = next(found), next(found) or 0
            known[each][word] = Word(word, max(count, last_night) if count == PROBED else count, carried_as)
    return known


def count_beginnings(kinds: Iterable[type[SearchEntry]]) -> int:
    """Count the entries of each kind by their first letters anew; how many beginnings are frequent.

    One transaction, of some seconds at a million records, that nobody waits for.
    """
    kept = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_beginning")
        for each in kinds:
            table = connection.ops.quote_name(each._meta.db_table)
            cursor.execute(
                "WITH longest AS "  # noqa: S608
                f"(SELECT left(split_part(t, ' ', 1), %s) AS text, count(*) AS n FROM {table} GROUP BY 1) "
                "INSERT INTO records_beginning (kind, text, entries) "
                "SELECT %s, left(text, letters), sum(n) FROM longest "
                "CROSS JOIN LATERAL generate_series(1, length(text)) AS letters GROUP BY 2 HAVING sum(n) >= %s",
                [LONGEST_BEGINNING, each._meta.label_lower, PROBED],
            )
            kept += cursor.rowcount
    return kept
