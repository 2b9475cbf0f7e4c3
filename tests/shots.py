"""`make shots`: every page of the demo in every size, theme and language, into var/shots.

Reports what a look alone may miss: script errors, CSP violations, sideways scroll, small targets on the phone, axe.
`make shots PAGES=contact` takes only pages whose name contains the word.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from crm.access.models import User
from crm.launcher.place import var_folder
from tests.browser import AXE, AXE_RUN, SIZES, THEMES, Opener, session_of

OUT = var_folder() / "shots"
LANGUAGES = ("fr", "en")
TARGET = 40  # Pixels, on the phone.
SMALL_TARGETS = """least => [
    ...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, [role=button], summary')
  ].filter(element => {
    const own = element.getBoundingClientRect();
    if (own.width <= 1 || own.height <= 1 || getComputedStyle(element).visibility === 'hidden') return false;
    if (element.closest('p, li > p, .prose')) return false;
    const label = (element.closest('label') || element).getBoundingClientRect();
    return Math.max(label.height, own.height) < least && Math.max(label.width, own.width) < least;
  }).slice(0, 5).map(
    element => (element.getAttribute('aria-label') || element.textContent || element.name).trim().slice(0, 40)
  )"""
SHEET = "body{margin:8px;display:flex;flex-wrap:wrap;gap:8px}img{height:520px;border:1px solid #999}"


class Shot(NamedTuple):
    """One page: the name of its pictures, its address, and whether one must be signed in."""

    name: str
    path: str
    is_private: bool


def test_every_page_in_every_size_theme_and_language(open_page: Opener, browser: Browser, faults: list[str]) -> None:
    call_command("demo", verbosity=0)
    administrator = User.objects.administrators().first()
    assert administrator
    OUT.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    shots = [shot for shot in pages(administrator) if os.environ.get("PAGES", "") in shot.name]
    for language in LANGUAGES:
        User.objects.filter(pk=administrator.pk).update(language=language)
        for size in SIZES:
            for theme in THEMES:
                for is_private in (True, False):
                    page = open_page(administrator if is_private else None, size=size, theme=theme, lang=language)
                    for shot in (shot for shot in shots if shot.is_private == is_private):
                        name = f"{shot.name}-{size}-{theme}-{language}"
                        found += [f"{name}: {what}" for what in look(page, shot, name, size)]
                    page.context.close()
    for shot in shots:
        lay_sheet(browser, shot.name)
    print(*found, f"{len(shots)} pages photographed into {OUT}; {len(found)} things found.", sep="\n")
    assert not found


def look(page: Page, shot: Shot, name: str, size: str) -> Iterator[str]:
    """Photograph a page and yield what is wrong with it."""
    page.goto(shot.path, wait_until="networkidle")
    page.screenshot(path=OUT / f"{name}.png")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        yield "scrolls sideways"
    if size == "phone" and (small := page.evaluate(SMALL_TARGETS, TARGET)):
        yield f"small targets: {small}"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for violation in page.evaluate(AXE_RUN):
        yield f"axe {violation['impact']}: {violation['id']} at {violation['nodes'][0]['target'][0]}"


def pages(user: User) -> Iterator[Shot]:
    """Every address that answers a plain GET with a whole page, the demo's first record standing for its kind."""
    signed_in, visitor = Client(), Client()
    signed_in.cookies["sessionid"] = session_of(user)
    for name, route in addresses(get_resolver()):
        path = filled(route, name)
        if path is None:
            continue
        for client, is_private in ((visitor, False), (signed_in, True)):
            answer = client.get(path)
            is_html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and is_html and "<!doctype html" in answer.text.lower():
                yield Shot(name.replace("_", "-"), path, is_private)
                break


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """Names and routes of the whole URLconf."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver) and entry.namespace != "admin":
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern) and entry.name and "^" not in route:
            yield entry.name, route


def filled(route: str, name: str) -> str | None:
    """The route with the demo's first record of the kind that its name begins with; None if there is none."""
    if "<" not in route:
        return route
    noun = name.split("_")[0]
    model = next((model for model in apps.get_models() if model._meta.model_name == noun), None)
    row = model._default_manager.order_by("pk").first() if model else None
    path = re.sub(r"<int:pk>", str(row.pk), route) if row else route
    return None if "<" in path else path


def lay_sheet(browser: Browser, name: str) -> None:
    """Lay all pictures of one page side by side in sheet-NAME.png."""
    pictures = sorted(Path(OUT).glob(f"{name}-*-*-??.png"))
    sheet = OUT / f"sheet-{name}.html"
    sheet.write_text(f"<style>{SHEET}</style>" + "".join(f"<img src='{picture.name}'>" for picture in pictures))
    page = browser.new_page(viewport={"width": 1840, "height": 1000})
    page.goto(sheet.as_uri())
    page.screenshot(path=OUT / f"sheet-{name}.png", full_page=True)
    page.close()
    sheet.unlink()
