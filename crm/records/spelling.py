"""Small typing errors forgiven: the words that records carry, and what a mistyped word may have meant.

One letter too many, too few, wrong, or two swapped, also in a word not yet typed to its end: every text one such step
away is looked up in the vocabulary, a few hundred short reads of one small index. What two steps separate is found by
trigrams. Spaces too many and too few between two words are tried too. Measurements: docs/adr/0003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    """What may have been meant by words that nothing was found for, likeliest first. One or two statements.

    Words that nobody carries are replaced; where all are known, but not together, one of them.
    """
    doubtful = [word for word in words if SHORTEST <= len(word) <= LONGEST and _WORD.fullmatch(word)]
    joined = ["".join(pair) for pair in pairwise(words) if "".join(pair).isalpha()]
    if not doubtful and not joined:
        return []
    steps = {word: dict(one_step_from(word)) for word in doubtful}
    splits = {word: [(word[:at], word[at:]) for at in range(2, len(word) - 1)] for word in doubtful}
    asked = {*doubtful, *joined, *(text for near in steps.values() for text in near)}
    carried = _carried(asked | {part for parts in splits.values() for pair in parts for part in pair})
    meant: dict[str, list[Wording]] = {}
    meanings = MOST if len(words) == 1 else FEW
    for word in doubtful:
        near = sorted((slip, carried[text] != text, text) for text, slip in steps[word].items() if text in carried)
        apart = [[head, tail] for head, tail in splits[word] if carried.get(head) == head and tail in carried]
        meant[word] = [*([text] for _slip, _part, text in near[:meanings]), *apart[:FEW]]
    unknown = [word for word in doubtful if word not in carried]
    lost = [word for word in unknown if not meant[word] and len(word) >= TRIGRAMS_FROM]
    for word, likely in _alike(lost).items():
        meant[word] = [[text] for text in likely]
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


def _carried(texts: Iterable[str]) -> dict[str, str]:
    """Of these texts those that a word begins with, with the first such word: the text itself where it is a word."""
    table = connection.ops.quote_name(WordEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.text, found.word FROM unnest(%s::text[]) AS asked (text) CROSS JOIN LATERAL "  # noqa: S608
            f'(SELECT word FROM {table} WHERE word >= asked.text AND word < asked.text || chr(1114111) COLLATE "C" '
            "ORDER BY word LIMIT 1) AS found",
            [list(texts)],
        )
        return dict(cursor.fetchall())


def _alike(words: list[str]) -> dict[str, list[str]]:
    """For each word the words most like it by trigrams."""
    if not words:
        return {}
    table = connection.ops.quote_name(WordEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.text, found.word FROM unnest(%s::text[]) AS asked (text) CROSS JOIN LATERAL "  # noqa: S608
            f"(SELECT DISTINCT word, similarity(word, asked.text) AS likeness FROM {table} WHERE word %% asked.text "
            "ORDER BY likeness DESC, word LIMIT %s) AS found ORDER BY found.likeness DESC",
            [words, FEW],
        )
        found: dict[str, list[str]] = {}
        for text, word in cursor.fetchall():
            found.setdefault(text, []).append(word)
        return found


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
