"""The currencies that can be chosen, with their names in the reader's language."""

from __future__ import annotations

from babel.numbers import get_currency_name
from django.utils.text import capfirst

from crm.ui import formatting

# Those that a firm in France or its customers may count in; another one is one more word here.
CURRENCIES = """
EUR USD GBP CHF CAD AUD NZD JPY CNY HKD SGD KRW INR BRL MXN ZAR SEK NOK DKK ISK PLN CZK HUF RON BGN TRY ILS AED SAR
MAD TND DZD XOF XAF XPF MUR MGA
""".split()


def currencies() -> list[tuple[str, str]]:
    """Codes and labels, for a field of choice."""
    return [(code, f"{code} · {capfirst(get_currency_name(code, locale=formatting.locale()))}") for code in CURRENCIES]
