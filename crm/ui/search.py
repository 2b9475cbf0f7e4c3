"""Matching as people type: without case, without accents."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents, character by character, so that positions stay comparable: "Élodie" → "elodie"."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[:1].casefold()
    return base if len(base) == 1 else character


def find_span(text: str, query: str) -> tuple[int, int] | None:
    """Where `query` stands in `text`, as (start, end), or None."""
    start = fold(text).find(fold(query)) if query else -1
    return (start, start + len(query)) if start >= 0 else None
