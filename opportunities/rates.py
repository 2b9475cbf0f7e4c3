"""The verbs of exchange rates: typed in one by one, imported from a file; and which deals lack one.

Values in the company's currency follow by themselves (sql/deals.sql).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.dates import parse_date
from crm.records.models import Changeset, Organisation
from crm.records.numbers import parse_number
from crm.ui.currencies import CURRENCIES
from opportunities.models import ExchangeRate, Opportunity, Target

MOST_LINES = 20_000
# What its column holds: ten figures before the decimal mark and as many behind it.
MOST, DECIMALS = Decimal(10) ** 10, 10
FIRST_DAY = dt.date(1990, 1, 1)
SETTINGS = Changeset.Source.SETTINGS


def create_rate(rate: ExchangeRate, *, by: User) -> Changeset:
    """Add a rate from a day on."""
    with changes(by, SETTINGS) as changeset:
        rate.save(force_insert=True)
        record_event("exchangerate.created", by=by, about=[rate], changeset=changeset)
    return changeset


def remove_rate(rate: ExchangeRate, *, by: User) -> Changeset:
    """Remove a rate; the one before it counts on."""
    with changes(by, SETTINGS) as changeset:
        record_event("exchangerate.removed", by=by, about=[rate], changeset=changeset)
        rate.delete()
    return changeset


# ---- Files ----


@dataclass(frozen=True)
class FileOfRates:
    """What a file says, by currency and day; or, line by line, what keeps it from being read."""

    rates: dict[tuple[str, dt.date], Decimal]
    problems: list[str]


def read_file(content: bytes, base: str) -> FileOfRates:
    """Read lines of currency; date; rate, also with tabs or commas between them, with or without a line of titles."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = next((mark for mark in ";\t" if mark in first), ",")
    rates: dict[tuple[str, dt.date], Decimal] = {}
    problems: list[str] = []
    lines = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
    try:
        for number, line in lines:
            cells = [cell.strip() for cell in line]
            if not any(cells) or (number == 1 and _is_title(cells)):
                continue
            if number > MOST_LINES:
                problems.append(_("A file has %(count)d lines at most: divide it.") % {"count": MOST_LINES})
                break
            if problem := _take(cells, base, rates):
                problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": problem})
    except csv.Error:
        problems.append(_("This is no CSV file: each line has a currency, a date and a rate."))
    if not rates and not problems:
        problems.append(_("The file holds no rate: each line has a currency, a date and a rate."))
    return FileOfRates(rates, problems)


def _take(cells: list[str], base: str, rates: dict[tuple[str, dt.date], Decimal]) -> str:
    """Add what a line says; what is wrong with it, "" for nothing."""
    try:
        currency, day, rate = _read_line(cells, base)
    except ValidationError as wrong:
        return str(wrong.messages[0])
    if rates.setdefault((currency, day), rate) != rate:
        return _("%(currency)s has another rate on the same day above.") % {"currency": currency}
    return ""


def _decoded(content: bytes) -> str:
    """Text in Unicode, or as older Windows programs write it; what counts here is the same in both."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1").replace("\0", "")


def _is_title(cells: list[str]) -> bool:
    """Whether a first line names the columns: no currency stands in it, and no figure."""
    return cells[0].upper() not in CURRENCIES and not any(letter.isdigit() for cell in cells for letter in cell)


def _read_line(cells: list[str], base: str) -> tuple[str, dt.date, Decimal]:
    if len(cells) < 3:
        raise ValidationError(_("A line has a currency, a date and a rate."))
    currency, day = cells[0].upper(), parse_date(cells[1])
    if currency not in CURRENCIES:
        raise ValidationError(_("“%(code)s” is no currency that can be chosen here.") % {"code": cells[0][:20]})
    if currency == base:
        raise ValidationError(_("%(currency)s is the company’s own currency.") % {"currency": base})
    if day is None:
        raise ValidationError(_("The date is missing."))
    check_day(day)
    rate = parse_rate(cells[2])
    if rate is None:
        raise ValidationError(_("The rate is missing."))
    check_rate(rate)
    return currency, day, rate


def parse_rate(typed: str) -> Decimal | None:
    """A rate as typed or in a file, None for nothing: one mark is that of decimals, whichever it is."""
    return parse_number(typed, decimal_mark="." if "." in typed else ",")


def check_day(day: dt.date) -> None:
    """Raise ValidationError for a day that no rate is of."""
    if not FIRST_DAY <= day < dt.date(2100, 1, 1):
        raise ValidationError(_("This day lies too far away: check the year."))


def check_rate(rate: Decimal) -> None:
    """Raise ValidationError for what is no rate, or more than its column holds."""
    if rate <= 0:
        raise ValidationError(_("A rate is more than 0."))
    if rate >= MOST or rate != round(rate, DECIMALS):
        raise ValidationError(_("A rate has at most 10 figures before and 10 behind the decimal mark."))


def import_rates(rates: dict[tuple[str, dt.date], Decimal], *, by: User) -> tuple[Changeset | None, int]:
    """Write the rates of a file, in one act: new ones are added, others changed. None where all were there already."""
    base = Organisation.current().currency
    with changes(by, Changeset.Source.IMPORT) as changeset:
        known = {
            (rate.currency, rate.since): rate
            for rate in ExchangeRate.objects.select_for_update().filter(
                base=base, currency__in={currency for currency, _day in rates}
            )
        }
        added = [
            ExchangeRate(currency=currency, base=base, since=day, rate=rate)
            for (currency, day), rate in rates.items()
            if (currency, day) not in known
        ]
        changed = [known[key] for key, rate in rates.items() if key in known and known[key].rate != rate]
        for each in changed:
            each.rate = rates[each.currency, each.since]
        made = ExchangeRate.objects.bulk_create(added, batch_size=2000)
        ExchangeRate.objects.bulk_update(changed, ["rate"], batch_size=2000)
        count = len(made) + len(changed)
        record_event("exchangerate.imported", by=by, about=[*made, *changed][:1000], changeset=changeset, count=count)
    return (changeset if count else None), count


# ---- What follows ----


def count_at_new_rates() -> None:
    """Work out anew what open deals are worth in currencies whose rate begins to count, entered ahead as it may be.

    Of the last days, for a day on which nobody could do so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE opportunities_opportunity SET base_amount = NULL WHERE status = 'open' AND currency IN ("
            "SELECT currency FROM opportunities_exchangerate WHERE since BETWEEN current_date - 7 AND current_date)"
        )


def lacking_by_currency() -> list[tuple[str, int]]:
    """Currencies in which deals have an amount without a value in the company's, and how many deals."""
    rows = Opportunity.objects.filter(trashed_at__isnull=True, base_amount__isnull=True)
    rows = rows.filter(Q(amount__isnull=False) | Q(won_amount__isnull=False)).order_by()
    return sorted(rows.values_list("currency").annotate(count=Count("pk")))


def effect_of_currency(before: str, after: str) -> str:
    """What it does to give the company another currency, in sentences (crm/console/warnings.py)."""
    with_amount = Opportunity.objects.filter(trashed_at__isnull=True, amount__isnull=False).order_by()
    counts = dict(with_amount.values_list("currency").annotate(count=Count("pk")))
    rated = set(ExchangeRate.objects.filter(base=after).values_list("currency", flat=True))
    total = sum(counts.values())
    lost = sum(count for currency, count in counts.items() if currency != after and currency not in rated)
    has_targets = Target.objects.filter(currency=before).exists()
    if not total and not has_targets:
        return ""
    words: dict[str, Any] = {"count": total, "currency": after, "former": before}
    sentences = [
        ngettext(
            "The value of %(count)d opportunity is worked out anew in %(currency)s; its own amount stays.",
            "The values of %(count)d opportunities are worked out anew in %(currency)s; their own amounts stay.",
            total,
        )
        % words
    ]
    if lost:
        text = ngettext(
            "%(count)d is in a currency without a rate to %(currency)s and left out of sums until one is entered.",
            "%(count)d are in currencies without a rate to %(currency)s and left out of sums until these are entered.",
            lost,
        )
        sentences.append(text % {**words, "count": lost})
    if has_targets:
        sentences.append(_("Targets in %(former)s are kept and no longer shown.") % words)
    return " ".join(sentences)
