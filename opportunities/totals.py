"""What lines come to: rounded half up to the cent by line and by rate of VAT, in Decimal, never twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from opportunities.models.products import Line

# What one line may come to, so that the sum of all lines of a deal has its place in the amount.
MOST_A_LINE = Decimal("99999999999.99")
MOST_LINES = 200


def decimals_of(currency: str) -> int:
    """How many decimals amounts of a currency have: two at most, none for yen (opportunities/sql/lines.sql)."""
    return min(2, get_currency_precision(currency))


def to_cents(amount: Decimal, currency: str) -> Decimal:
    """Rounded half up to the smallest amount of the currency that is kept."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def line_total(line: Line, currency: str) -> Decimal:
    """Quantity times price less discount, without VAT."""
    return to_cents(line.quantity * line.price * (100 - line.discount) / 100, currency)


@dataclass(frozen=True)
class VatRate:
    """What was sold at one rate (per cent), and the VAT on it."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Totals:
    """What some lines come to: what is paid once and what again and again, VAT by rate, and all of it."""

    once: Decimal
    recurring: Decimal
    rates: tuple[VatRate, ...]

    @property
    def net(self) -> Decimal:
        return self.once + self.recurring

    @property
    def vat(self) -> Decimal:
        return sum((rate.vat for rate in self.rates), Decimal(0))

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


def totals_of(lines: Iterable[Line], currency: str) -> Totals:
    """Add up lines; VAT is worked out on the sum at each rate, lowest first, as French invoices do."""
    by_rate: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    by_kind = {False: Decimal(0), True: Decimal(0)}
    for line in lines:
        total = line_total(line, currency)
        by_rate[line.vat_rate] += total
        by_kind[line.is_recurring] += total
    rates = (VatRate(rate, net, to_cents(net * rate / 100, currency)) for rate, net in sorted(by_rate.items()))
    return Totals(by_kind[False], by_kind[True], tuple(rates))
