"""Small typing errors forgiven: the words that records carry, and what a mistyped word may have meant.

One letter too many, too few, wrong, or two swapped, also in a word not yet typed to its end: every text one such step
away is looked up in the vocabulary, a few hundred short reads of one small index. What two steps separate is found by
trigrams. Spaces too many and too few between two words are tried too. Measurements: docs/adr/0003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

SHORTEST, LONGEST = 4, 24
TRIGRAMS_FROM = 6
FEW, MOST = 3, 6
WORDINGS = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz'-"
_WORD = re.compile(r"[^\W\d_][^\W\d_'-]*(?:['-][^\W\d_'-]*)*")
# What kind of slip leads from a text to another, likeliest first.
SWAPPED, DOUBLED, LEFT_OUT, TOO_MANY, WRONG, FIRST_WRONG = range(6)
Wording = list[str]


class WordEntry(models.Model):
    """A word that records are found by, of letters only; kept by the triggers that write search entries.

    Concurrent writes may note a word twice, so that none waits for another; `tidy_words` puts that right.
    """

    id = models.BigAutoField(primary_key=True)
    word = models.TextField(db_collation="C")

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="word_entry"),
            GinIndex(fields=["word"], name="word_trigrams", opclasses=["gin_trgm_ops"]),
        ]


def other_wordings(words: Wording) -> list[Wording]:
    """What may have been meant by words that nothing was found for, likeliest first. One statement.

    Words that nobody carries are replaced; where all are known, but not together, one of them.
    """
    doubtful = [word for word in words if SHORTEST <= len(word) <= LONGEST and _WORD.fullmatch(word)]
    joined = ["".join(pair) for pair in pairwise(words) if "".join(pair).isalpha()]
    if not doubtful and not joined:
        return []
    steps = {word: dict(one_step_from(word)) for word in doubtful}
    splits = {word: [(word[:at], word[at:]) for at in range(2, len(word) - 1)] for word in doubtful}
    apart = {part for parts in splits.values() for pair in parts for part in pair}
    carried, alike = _looked_up(steps, {*doubtful, *joined, *apart})
    meant: dict[str, list[Wording]] = {}
    meanings = MOST if len(words) == 1 else FEW
    for word in doubtful:
        near = sorted((slip, carried[text] != text, text) for text, slip in steps[word].items() if text in carried)
        parted = [[head, tail] for head, tail in splits[word] if carried.get(head) == head and tail in carried]
        meant[word] = [*([text] for _slip, _part, text in near[:meanings]), *parted[:FEW]]
        meant[word] = meant[word] or [[text] for text in alike.get(word, [])]
    unknown = [word for word in doubtful if word not in carried]
    whole = [_joined(words, at) for at, pair in enumerate(pairwise(words)) if "".join(pair) in carried]
    return _unique([*whole, *_replaced(words, unknown, meant)], words)


def _replaced(words: Wording, unknown: list[str], meant: dict[str, list[Wording]]) -> Iterator[Wording]:
    """All unknown words replaced, in every way; where there are none, each word in its turn."""
    if unknown:
        choices = [meant[word] if word in unknown else [[word]] for word in words]
        for chosen in product(*choices):
            yield [word for part in chosen for word in part]
        return
    for at, word in enumerate(words):
        for part in meant.get(word, []):
            yield [*words[:at], *part, *words[at + 1 :]]


def _joined(words: Wording, at: int) -> Wording:
    return [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def _unique(wordings: Iterable[Wording], typed: Wording) -> list[Wording]:
    found: list[Wording] = []
    for wording in wordings:
        if wording != typed and wording not in found:
            found.append(wording)
        if len(found) == WORDINGS:
            break
    return found


def one_step_from(word: str) -> Iterator[tuple[str, int]]:
    """Every text one slip away from a word that may go on, each with the likeliest slip last."""
    for at in range(len(word)):
        before, letter, after = word[:at], word[at], word[at + 1 :]
        for other in _LETTERS:
            if other != letter:
                yield before + other + after, WRONG if at else FIRST_WRONG
    for at in range(len(word)):
        before, rest = word[:at], word[at:]
        for other in _LETTERS:
            yield before + other + rest, LEFT_OUT if at else FIRST_WRONG
        yield before + rest[1:], TOO_MANY if at else FIRST_WRONG
    for at in range(len(word)):
        yield word[: at + 1] + word[at:], DOUBLED
        if at and word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :], DOUBLED
    for at in range(1, len(word)):
        if word[at] != word[at - 1]:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :], SWAPPED


def _looked_up(
    steps: Mapping[str, Iterable[str]], others: Iterable[str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What the vocabulary says of words, of the texts one step from each, and of other texts. One statement.

    Of all these texts those that a word begins with, with the first such word: the text itself where it is a word. And
    for each long word that neither is known nor has a neighbour that is, the words most like it by trigrams.
    """
    words, long = list(steps), [word for word in steps if len(word) >= TRIGRAMS_FROM]
    asked = [(text, word) for word in words for text in (word, *steps[word])] + [(text, None) for text in others]
    table = connection.ops.quote_name(WordEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH carried AS MATERIALIZED (SELECT asked.text, asked.near, found.word "  # noqa: S608
            "FROM unnest(%s::text[], %s::text[]) AS asked (text, near) CROSS JOIN LATERAL "
            f'(SELECT word FROM {table} WHERE word >= asked.text AND word < asked.text || chr(1114111) COLLATE "C" '
            "ORDER BY word LIMIT 1) AS found), lost AS MATERIALIZED "
            "(SELECT long.word FROM unnest(%s::text[]) AS long (word) "
            "WHERE NOT EXISTS (SELECT FROM carried WHERE near = long.word)) "
            "SELECT text, word, NULL FROM carried UNION ALL "
            "SELECT lost.word, found.word, found.likeness FROM lost CROSS JOIN LATERAL "
            f"(SELECT DISTINCT word, similarity(word, lost.word) AS likeness FROM {table} WHERE word %% lost.word "
            "ORDER BY likeness DESC, word LIMIT %s) AS found",
            [[text for text, _word in asked], [word for _text, word in asked], long, FEW],
        )
        found = cursor.fetchall()
    alike: dict[str, list[str]] = {}
    for text, word, _likeness in sorted(
        (row for row in found if row[2] is not None), key=lambda row: (-row[2], row[1])
    ):
        alike.setdefault(text, []).append(word)
    return {text: word for text, word, likeness in found if likeness is None}, alike


def tidy_words(entries: Iterable[type[models.Model]]) -> int:
    """Forget words that no entry begins with any more and those noted twice, note what is missing; how many changed."""
    table = connection.ops.quote_name(WordEntry._meta.db_table)
    tables = [connection.ops.quote_name(each._meta.db_table) for each in entries]
    used = " UNION ".join(f"SELECT split_part(t, ' ', 1) AS word FROM {each}" for each in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH used AS MATERIALIZED (SELECT word FROM ({used}) AS words WHERE search_is_word(word)), "  # noqa: S608
            f"gone AS (DELETE FROM {table} AS w WHERE NOT EXISTS (SELECT FROM used WHERE used.word = w.word) "
            f"OR EXISTS (SELECT FROM {table} AS d WHERE d.word = w.word AND d.id < w.id) RETURNING 1), "
            f"come AS (INSERT INTO {table} (word) SELECT word FROM used "
            f"WHERE NOT EXISTS (SELECT FROM {table} AS w WHERE w.word = used.word) RETURNING 1) "
            "SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come)"
        )
        (changed,) = cursor.fetchone() or (0,)
    return int(changed)
