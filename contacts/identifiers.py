"""Legal identifiers of companies: SIREN, SIRET, VAT numbers. The check digits are python-stdnum's.

Each `clean_…` takes what somebody typed, returns the compact form that is stored ("" for nothing typed) and raises
`ValidationError` with a sentence that says what is wrong and how to mend it. Each `format_…` shows the stored form.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from crm.records.text import clean_line

VAT_MAX_LENGTH = 20
EU_PREFIXES = frozenset(code.upper() for code in eu_vat.MEMBER_STATES) - {"GR"} | {"EL"}


def clean_siren(text: str) -> str:
    """Return the nine digits of a SIREN. A French VAT number or a SIRET is accepted and cut to its SIREN."""
    number = _compact(text)
    if not number:
        return ""
    if len(number) == 14 and stdnum_siret.is_valid(number):
        return number[:9]
    if number.startswith("FR") and eu_vat.is_valid(number):
        return number[4:]
    if len(number) != 9 or not _digits(number):
        raise ValidationError(_("A SIREN has 9 digits: check “%(value)s”."), "siren", {"value": clean_line(text)})
    if not stdnum_siren.is_valid(number):
        raise ValidationError(
            _("“%(value)s” is no SIREN: its check digit is wrong. A digit may be mistyped or swapped."),
            "siren",
            {"value": clean_line(text)},
        )
    return number


def clean_siret(text: str) -> str:
    """Return the fourteen digits of a SIRET (Luhn; La Poste's own branches have their own check)."""
    number = _compact(text)
    if not number:
        return ""
    if len(number) != 14 or not _digits(number):
        raise ValidationError(_("A SIRET has 14 digits: check “%(value)s”."), "siret", {"value": clean_line(text)})
    if not stdnum_siret.is_valid(number):
        raise ValidationError(
            _("“%(value)s” is no SIRET: its check digit is wrong. A digit may be mistyped or swapped."),
            "siret",
            {"value": clean_line(text)},
        )
    return number


def clean_vat(text: str, country: str = "") -> str:
    """Return a VAT number with its country's prefix. `country` (ISO, two letters) stands in for a missing prefix.

    Numbers of the European Union are checked by their country's rule; any other is kept as it is, without spaces.
    """
    number = _compact(text)
    if not number:
        return ""
    if number.startswith("GR"):
        number = "EL" + number[2:]
    prefix = {"GR": "EL"}.get(country.upper(), country.upper())
    if number[:2] not in EU_PREFIXES and prefix in EU_PREFIXES and eu_vat.is_valid(prefix + number):
        number = prefix + number
    if len(number) > VAT_MAX_LENGTH or not number.isalnum() or not number.isascii():
        raise ValidationError(
            _("A VAT number has at most 20 letters and digits: check “%(value)s”."), "vat", {"value": clean_line(text)}
        )
    return _checked_eu_vat(number, text) if number[:2] in EU_PREFIXES or prefix in EU_PREFIXES else number


def _checked_eu_vat(number: str, typed: str) -> str:
    """Return the number if its country's rule holds."""
    values = {"value": clean_line(typed), "country": number[:2]}
    try:
        return str(eu_vat.validate(number))
    except InvalidChecksum:
        message = _("“%(value)s” is no VAT number of %(country)s: its check key is wrong. A digit may be mistyped.")
        raise ValidationError(message, "vat", values) from None
    except StdnumError:
        if number[:2] not in EU_PREFIXES:
            message = _("“%(value)s” is no VAT number: begin with the country, such as FR 40 303 265 045.")
        else:
            message = _(
                "“%(value)s” has not the form of a VAT number of %(country)s: a letter or digit may be missing."
            )
        raise ValidationError(message, "vat", values) from None


def vat_from_siren(siren: str) -> str:
    """Return the French VAT number that belongs to a valid SIREN."""
    return "FR" + str(stdnum_siren.to_tva(siren)).replace(" ", "")


def format_siren(siren: str) -> str:
    """Show a SIREN in groups of three, held together by no-break spaces."""
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:])) if len(siren) == 9 else siren


def format_siret(siret: str) -> str:
    """Show a SIRET as its SIREN and the five digits of the establishment."""
    return f"{format_siren(siret[:9])}\u00a0{siret[9:]}" if len(siret) == 14 else siret


def format_vat(vat: str) -> str:
    """Show a VAT number: a French one as FR, key and SIREN, another with its prefix apart."""
    if vat.startswith("FR") and len(vat) == 13:
        return f"FR\u00a0{vat[2:4]}\u00a0{format_siren(vat[4:])}"
    return f"{vat[:2]}\u00a0{vat[2:]}" if vat[:2] in EU_PREFIXES else vat


def _compact(text: str) -> str:
    """Remove what people put between the digits, and a label in front ("SIREN : 732 829 320")."""
    number = "".join(char for char in clean_line(text).upper() if char not in " .-–‑_/:'’")
    for label in ("SIRET", "SIREN", "TVA", "VAT", "N°"):
        number = number.removeprefix(label)
    return number


def _digits(number: str) -> bool:
    return number.isascii() and number.isdigit()
