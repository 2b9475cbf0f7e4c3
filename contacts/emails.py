"""E-mail addresses and web addresses as people type or paste them."""

import re
import unicodedata
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.records.text import clean_line

EMAIL_MAX_LENGTH = 254
URL_MAX_LENGTH = 200
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])")
# Anybody has an address there: it says nothing about the company.
MAILBOX_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr"
    " yahoo.co.uk icloud.com me.com mac.com aol.com gmx.com gmx.fr gmx.de proton.me protonmail.com orange.fr wanadoo.fr"
    " free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr btinternet.com".split()
)


def clean_email(text: str) -> str:
    """Return an address in lower case, ready for matching ("" for nothing typed).

    Accepts what address books paste ("Zoë Martin <zoe@martin.example>", "mailto:…"); international domains are kept as
    typed. Raises `ValidationError` with a sentence.
    """
    typed = clean_line(text)
    if not typed:
        return ""
    address = (parseaddr(typed)[1] if "<" in typed else typed).strip("<> ")
    address = unicodedata.normalize("NFC", re.sub(r"(?i)^mailto:", "", address).lower()).rstrip(".,;")
    local, at, domain = address.rpartition("@")
    values = {"value": typed}
    if not at:
        raise ValidationError(_("“%(value)s” is no e-mail address: it has no “@”."), "email", values)
    if not domain:
        raise ValidationError(_("Complete “%(value)s” with its domain, such as example.com."), "email", values)
    if not _HOST.fullmatch(domain):
        message = _("Check the part after “@” in “%(value)s”: it should look like example.com.")
        raise ValidationError(message, "email", values)
    if not _LOCAL_PART.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        message = _(
            "Check the part before “@” in “%(value)s”: it is empty, too long or has a character that cannot be."
        )
        raise ValidationError(message, "email", values)
    if len(address) > EMAIL_MAX_LENGTH:
        raise ValidationError(_("An e-mail address has at most 254 characters."), "email", values)
    return address


def clean_url(text: str) -> str:
    """Return a web address with its scheme; "example.com/fr" becomes "https://example.com/fr" ("" for nothing typed).

    Only http and https: an address of another scheme could run a script when clicked. Raises `ValidationError`.
    """
    typed = clean_line(text)
    if not typed:
        return ""
    values = {"value": typed}
    address = typed if re.match(r"(?i)^[a-z][a-z0-9+.-]*:(?!\d)", typed) else f"https://{typed.lstrip('/')}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        host, port = "", ""
    if not host or parts.scheme.lower() not in {"http", "https"} or not _HOST.fullmatch(host) or " " in address:
        message = _("“%(value)s” is no web address: it should look like www.example.com.")
        raise ValidationError(message, "url", values)
    if len(address) > URL_MAX_LENGTH:
        raise ValidationError(_("A web address has at most 200 characters."), "url", values)
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"{parts.scheme.lower()}://{host}{port}{path}{tail}"


def clean_domain(text: str) -> str:
    """Return the bare domain of a web address, an e-mail address or a domain ("" for nothing typed)."""
    typed = clean_line(text)
    if "@" in typed and "/" not in typed:
        return clean_email(typed).rpartition("@")[2]
    return (urlsplit(clean_url(typed)).hostname or "").removeprefix("www.") if typed else ""


def company_domain(email: str) -> str:
    """Return the domain of a cleaned address if it may say which company somebody works for, else ""."""
    domain = email.rpartition("@")[2]
    return "" if domain in MAILBOX_DOMAINS else domain
