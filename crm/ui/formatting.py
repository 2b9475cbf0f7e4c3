"""Amounts, numbers, dates and phones as people read them, in the language and time zone of the request."""

import datetime
from decimal import Decimal
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from crm.records.dates import NO_YEAR
from crm.records.models import Organisation

Number = int | float | Decimal

# English is written as in Great Britain; another English would be one more entry here.
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def locale() -> Locale:
    """Babel's locale for the active language."""
    return _locale(get_language() or settings.LANGUAGE_CODE)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language[:2], "fr_FR"))


def money(value: Number, currency: str = "EUR", *, cents: bool = False) -> str:
    """184 000 € ; cents only where a line, a quote or a total asks for them."""
    if cents:
        return format_currency(value, currency, locale=locale())
    pattern = locale().currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(value, currency, format=pattern, locale=locale(), currency_digits=False)


def number(value: Number, decimals: int | None = None) -> str:
    """1 284,5 ; `decimals` fixes how many digits follow the comma."""
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale())


def exact(value: Decimal) -> str:
    """A number with all the decimals it has: 0,123456."""
    exponent = value.normalize().as_tuple().exponent
    return number(value, max(0, -exponent) if isinstance(exponent, int) else None)


def amount(value: Decimal, currency: str = "EUR") -> str:
    """An amount as a fact: cents only where it has any."""
    return money(value, currency, cents=value != value.to_integral_value())


def percent(share: Number) -> str:
    """31 % from the share 0.31, rounded to whole percents."""
    return format_percent(share, locale=locale())


def per_cent(value: Number) -> str:
    """A rate given in per cent, with the decimals it has: 5,5 %, 20 %."""
    pattern = locale().percent_formats[None].pattern.replace("#,##0", "#,##0.####")
    return format_percent(value / 100, format=pattern, locale=locale())


def day(value: datetime.date) -> str:
    """24/11/2026, for tables; "14 mars" for a birthday whose year is not known."""
    date = _date(value)
    return format_date(date, "d MMMM" if date.year == NO_YEAR else "dd/MM/y", locale=locale())


def day_short(value: datetime.date) -> str:
    """24 nov., with the year when it is another than today's."""
    date = _date(value)
    return _written(date, "d MMM" if date.year == timezone.localdate().year else "d MMM y", locale())


def day_text(value: datetime.date) -> str:
    """mardi 24 novembre 2026, for text."""
    return _written(_date(value), "EEEE d MMMM y", locale())


def month_text(value: datetime.date) -> str:
    """Novembre 2026, as a title."""
    return capfirst(_written(_date(value), "MMMM y", locale()))


@lru_cache(maxsize=4096)
def _written(date: datetime.date, pattern: str, locale_: Locale) -> str:
    """Kept, because a list shows the same few days over and over."""
    return format_date(date, pattern, locale=locale_)


def clock(value: datetime.datetime | datetime.time) -> str:
    """14:00."""
    local = timezone.localtime(value) if isinstance(value, datetime.datetime) else value
    return f"{local:%H:%M}"


def moment(value: datetime.datetime) -> str:
    """24/11/2026 14:00, in the viewer's time zone."""
    return f"{day(value)} {clock(value)}"


def moment_text(value: datetime.datetime) -> str:
    """mardi 24 novembre 2026 à 14:00."""
    return gettext("%(day)s at %(time)s") % {"day": day_text(value), "time": clock(value)}


def ago(value: datetime.datetime) -> str:
    """à l’instant, il y a 5 min, aujourd’hui 08:52, hier 16:10, il y a 3 jours; past seven days, the date."""
    now = timezone.now()
    days = (timezone.localdate(now) - timezone.localdate(value)).days
    minutes = int((now - value).total_seconds() // 60)
    if 0 <= minutes < 1:
        return gettext("just now")
    if 0 < minutes < 60:
        return ngettext("%(count)s min ago", "%(count)s min ago", minutes) % {"count": minutes}
    if days in (-1, 0, 1):
        named = {-1: gettext("tomorrow"), 0: gettext("today"), 1: gettext("yesterday")}[days]
        return f"{named} {clock(value)}"
    if 1 < days <= 7:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    return day_short(value)


def phone(e164: str, country: str = "") -> str:
    """06 12 48 90 17 at home, +32 2 … abroad; what is no E.164 number comes back as it is.

    Home is `country` (ISO, two letters), or where the organisation is. The local styles are Google's phonenumbers'.
    """
    return _phone(e164, country or Organisation.current().country)


@lru_cache(maxsize=4096)
def _phone(e164: str, home: str) -> str:
    try:
        number = _read_e164(e164) or phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_country_code(number.country_code or 0) == home
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _read_e164(text: str) -> phonenumbers.PhoneNumber | None:
    """The number of "+" and 7 to 15 digits, told apart without the reading of what people type, which is slow."""
    digits = text[1:]
    if not (text.startswith("+") and digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        return None
    for length in (1, 2, 3):  # No country code begins another.
        code, rest = int(digits[:length]), digits[length:]
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            zeros = len(rest) - len(rest.lstrip("0"))  # Italy's belong to the number.
            return phonenumbers.PhoneNumber(
                code,
                int(rest),
                italian_leading_zero=zeros > 0 or None,
                number_of_leading_zeros=zeros if zeros > 1 else None,
            )
    return None


def _date(value: datetime.date) -> datetime.date:
    """The date in the viewer's time zone (a datetime is a date to Python, not to a person)."""
    return timezone.localdate(value) if isinstance(value, datetime.datetime) else value
