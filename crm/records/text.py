"""Text as people type it: cleaned before it is kept, normalised before it is compared.

`norm` here and the SQL function `norm()` (sql/norm.sql) give the same answer, letter for letter, so that a value
prepared in Python finds what the database stored. Whoever changes one changes the other; a test compares them.
"""

import re
import unicodedata

# Removed from what is kept: controls, bidirectional overrides and isolates, direction marks, zero-width space,
# word joiner, byte order mark, soft hyphen, lone surrogates. Joiners (U+200C, U+200D) stay: names and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_SPACES_AT_LINE_END = re.compile(r"[^\S\n]+\n")
_BLANK_LINES = re.compile(r"\n{4,}")

# The three constants below are written a second time in sql/norm.sql.
_MARKS = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]+"
)
_GAPS = re.compile("[\x00-\x20\x7f-\xa0\u1680\u2028\u2029]+")
_LETTERS = str.maketrans(
    {
        **dict(zip("øłđðħıŧŋƒς", "olddhitnfσ", strict=True)),
        **dict.fromkeys("ʼ’‘‛′", "'"),
        **dict.fromkeys("‐‒–—―−", "-"),
        **dict.fromkeys("“”„«»", '"'),
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "þ": "th",
    }
)


def clean_line(text: str) -> str:
    """Return typed text as one line: composed (NFC), without control characters, inner spaces collapsed."""
    text = _LINE_ENDS.sub(" ", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", _UNWANTED.sub("", text)).strip()


def clean_block(text: str) -> str:
    """Return typed text of several lines: as `clean_line`, but line breaks stay, as "\\n", three in a row at most."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _SPACES_AT_LINE_END.sub("\n", _UNWANTED.sub("", text))
    return _BLANK_LINES.sub("\n\n\n", text).strip()


def norm(text: str) -> str:
    """Return text for comparing and searching: lower case, no accents, ligatures opened, spaces collapsed."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)
    else:
        text = text.lower()
    return _GAPS.sub(" ", text).strip(" ")
