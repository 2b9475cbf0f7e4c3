"""A quote as a PDF, in its own language, with the logo and the legal mentions of the company."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.template.loader import render_to_string
from django.utils import translation

from contacts.identifiers import format_siren, format_vat
from crm.records.models import Organisation
from opportunities.models import Quote

logger = logging.getLogger(__name__)
SECONDS = 60
FONTS = {"inter": "inter-latin-wght-normal.woff2", "inter-ext": "inter-latin-ext-wght-normal.woff2"}


class NotDrawn(Exception):
    """The PDF could not be made; the log says why."""


def quote_pdf(quote: Quote, content: dict[str, Any]) -> bytes:
    """Draw a quote; `content` is what its page shows. Raises NotDrawn."""
    assets = dict(_fixed())
    if logo := _logo(Organisation.current()):
        assets["logo"] = logo
    shown = {
        **content,
        "has_logo": "logo" in assets,
        "buyer_siren": format_siren(quote.buyer_siren),
        "buyer_vat_number": format_vat(quote.buyer_vat_number),
        "language": quote.language,
    }
    with translation.override(quote.language):
        html = render_to_string("opportunities/quote_pdf.html", shown)
    return _draw(html, assets)


def _draw(html: str, assets: dict[str, str]) -> bytes:
    asked = json.dumps({"html": html, "assets": assets}).encode()
    command = [sys.executable, "-m", "opportunities.rendering"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR)
    except subprocess.TimeoutExpired as late:
        logger.error("A PDF took more than %s seconds", SECONDS)
        raise NotDrawn from late
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        logger.error("A PDF could not be drawn: %s", done.stderr.decode(errors="replace")[-2000:])
        raise NotDrawn
    return done.stdout


@cache
def _fixed() -> dict[str, str]:
    """What every quote is drawn with: fonts and style."""
    folder = settings.NODE_MODULES / "@fontsource-variable" / "inter" / "files"
    files = {name: folder / file for name, file in FONTS.items()}
    files["style"] = Path(__file__).with_name("quote_pdf.css")
    return {name: base64.b64encode(file.read_bytes()).decode() for name, file in files.items()}


def _logo(organisation: Organisation) -> str:
    file: File[bytes] = organisation.logo
    if not file:
        return ""
    with file.open("rb") as opened:
        return base64.b64encode(opened.read()).decode()
