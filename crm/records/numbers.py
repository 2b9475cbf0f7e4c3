"""Numbers as people and programs write them: 1 234,56 and 1.234,56 and 1,234.56; amounts with € or k€; yes and no."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.records.text import clean_line, norm

_CURRENCY = re.compile(r"(?i)(?:€|\$|£|¥|\b(?:eur|euros?|usd|gbp|chf|cad)\b)")
_SPACES = re.compile(r"[\s'’_]")
_MULTIPLE = re.compile(r"(?i)(?<=\d)(k|md|mds|mrd|bn|b|m|mio|millions?|milliards?|billions?)$")
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9.,]*|[.,][0-9]+)")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_MULTIPLES = {"k": 3, "m": 6, "b": 9}
_YES = frozenset("oui o yes y true vrai v 1 x on ok ✓ ✔ ☑".split())
_NO = frozenset("non n no false faux f 0 off ✗ ✘ ☐".split())
_CONSENT = frozenset(
    "subscribed|opt-in|optin|opted in|abonne|abonnee|inscrit|inscrite|granted|accepte|consent|consented|confirmed"
    "|marketing contact".split("|")
)
_NO_CONSENT = frozenset(
    "unsubscribed|opt-out|optout|opted out|desabonne|desabonnee|desinscrit|desinscrite|refuse|denied|no consent"
    "|no_consent|archived|never subscribed|non-marketing contact".split("|")
)


class NumberEvidence:
    """What the values of one column say about their decimal mark; feed it with `add`, in constant memory."""

    def __init__(self) -> None:
        self.marks = {",": 0, ".": 0}

    def add(self, value: object) -> None:
        """Count one value whose decimal mark is plain."""
        core = _core(value)[0] if isinstance(value, str) else ""
        if core and _NUMBER.fullmatch(core) and not _AMBIGUOUS.fullmatch(core) and (mark := _plain_mark(core)):
            self.marks[mark] += 1

    @property
    def mark(self) -> str | None:
        """Return the decimal mark most values use, None if none shows it."""
        if self.marks[","] == self.marks["."]:
            return None
        return max(self.marks, key=lambda mark: self.marks[mark])


def parse_number(value: object, decimal_mark: str = ",") -> Decimal | None:
    """Return the number that `value` (text or a number) means; None for nothing typed.

    `decimal_mark` decides only for what reads both ways, such as 1,234. Raises `ValidationError` with a sentence.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    typed = clean_line(str(value if value is not None else ""))
    if not typed:
        return None
    core, exponent = _core(typed)
    if _EXPONENT.fullmatch(core):
        return Decimal(core.replace(",", "."))
    if not _NUMBER.fullmatch(core):
        raise _no_number(typed)
    if len(core) > 30:
        raise ValidationError(_("“%(value)s” has too many figures: check it."), "number", {"value": typed})
    mark = decimal_mark if _AMBIGUOUS.fullmatch(core) else _plain_mark(core)
    whole, _mark, decimals = core.rpartition(mark) if mark and mark in core else (core, "", "")
    if not _grouped(whole.lstrip("+-")) or re.search(r"[.,]", decimals):
        raise _no_number(typed)
    return Decimal(f"{re.sub('[.,]', '', whole) or '0'}.{decimals or '0'}").scaleb(exponent)


def parse_yes_no(value: object) -> bool | None:
    """Return what an answer in French or English means (oui, No, x, 1); None for nothing. Raises `ValidationError`."""
    return _answer(value, _YES, _NO)


def parse_consent(value: object) -> bool | None:
    """Return whether a cell says that mailing is wanted (oui, Subscribed, opt-out); None for nothing said."""
    return _answer(value, _YES | _CONSENT, _NO | _NO_CONSENT)


def _answer(value: object, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    """Look an answer up."""
    typed = clean_line(str(value if value is not None else ""))
    word = norm(typed)
    if word in yes or word in no:
        return word in yes
    if word:
        raise ValidationError(_("“%(value)s” says neither yes nor no."), "yes_no", {"value": typed})
    return None


def _core(value: str) -> tuple[str, int]:
    """Return the bare figures of a text, with a minus in front if it is negative, and the power of ten behind them."""
    core = _SPACES.sub("", _CURRENCY.sub("", re.sub(r"(?i)(?<=\d)\s*(k|m|md)\s*€", r"\1", value)))
    core = core.replace("−", "-").replace("–", "-")
    if core.startswith("(") and core.endswith(")"):
        core = "-" + core[1:-1]
    if core.endswith("-"):
        core = "-" + core[:-1]
    match = _MULTIPLE.search(core)
    if not match:
        return core, 0
    word = match[1].lower()
    return core[: match.start()], 9 if word.startswith(("md", "mrd", "milliard")) else _MULTIPLES[word[0]]


def _plain_mark(core: str) -> str:
    """Return the decimal mark of a number that does not read both ways, "" if it has none."""
    comma, point = core.rfind(","), core.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark = "," if comma >= 0 else "." if point >= 0 else ""
    return mark if mark and core.count(mark) == 1 and not _AMBIGUOUS.fullmatch(core) else ""


def _grouped(whole: str) -> bool:
    """Say whether the part before the decimal mark is plain digits or in groups of three."""
    return whole == "" or whole.isdigit() or _THOUSANDS.fullmatch(whole) is not None


def _no_number(typed: str) -> ValidationError:
    return ValidationError(
        _("“%(value)s” is no number: write figures only, such as 1 234,56 or 1,234.56."), "number", {"value": typed}
    )
