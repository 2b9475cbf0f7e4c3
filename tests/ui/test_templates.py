"""Templates keep the content security policy: no inline style or script, nothing htmx would have to evaluate."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"<[^>{]*\sstyle\s*=|<style\b"),
    "inline handler": re.compile(r"<[^>{]*\son[a-z]+\s*="),
    "htmx handler": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*[\"']js:|\bhx-(?:get|post|confirm)\s*=\s*[\"']js"),
    "htmx trigger filter": re.compile(r"hx-trigger\s*=\s*\"[^\"]*\w\["),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "address from elsewhere": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
    "data address": re.compile(r"(?:src|href)\s*=\s*[\"']data:"),
}


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_breaks_the_policy(fault: str) -> None:
    found = [str(path) for path in TEMPLATES if FORBIDDEN[fault].search(path.read_text(encoding="utf-8"))]
    assert not found, f"{fault}: {', '.join(found)}"
