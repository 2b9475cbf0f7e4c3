"""The browser of the tests: Chromium on a live server, strict about errors, the CSP and accessibility."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 30_000  # Milliseconds: a machine that is busy is no fault of the page.
AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
AXE_RUN = "axe.run({resultTypes: ['violations']}).then(result => result.violations)"

Opener = Callable[..., Page]


@pytest.fixture
def live_site(live_server: LiveServer) -> str:
    """The address of the site, served on the test's database: http://localhost:PORT."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium (SILLAGE_CHROMIUM names another one)."""
    path = os.environ.get("SILLAGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "There is no Chromium: install the package chromium, or name one in SILLAGE_CHROMIUM."
    # Playwright keeps an event loop in this thread; the tests' own queries are as synchronous as ever.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What went wrong in the pages: script errors, CSP violations, answers of 500 and more. Must stay empty."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def open_page(live_site: str, browser: Browser, faults: list[str]) -> Iterator[Opener]:
    """Open a page in a browser of its own: `open_page(user=None, size="desktop", theme="light", lang="fr")`.

    With `user`, somebody who is signed in (without the sign-in page).
    """
    contexts: list[BrowserContext] = []

    def open_(
        user: Any = None, size: str = "desktop", theme: Literal["light", "dark"] = "light", lang: str = "fr"
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_site,
            viewport={"width": width, "height": height},
            has_touch=size == "phone",
            color_scheme=theme,
            locale=lang,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_site}])
        page = context.new_page()
        watch(page, faults)
        return page

    yield open_
    for context in contexts:
        context.close()
    come_to_rest()


def come_to_rest() -> None:
    """Let what open pages still ask for come to its end: emptying the tables would deadlock with it."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    quiet = 0
    for _turn in range(100):
        with connection.cursor() as cursor:
            cursor.execute(asked)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        if quiet == 3:
            return
        time.sleep(0.05)


@pytest.fixture
def page(open_page: Opener) -> Page:
    """A page nobody has signed in to, on a desktop, in French."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Check the page as it stands, light and dark: 0 violations of axe-core."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        found: list[str] = []
        page.evaluate(source)  # By evaluation: a script tag would be refused by the CSP.
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for violation in page.evaluate(AXE_RUN):
                places = "; ".join(node["target"][0] for node in violation["nodes"][:5])
                found.append(f"{theme}: {violation['id']} ({violation['impact']}) {violation['help']}: {places}")
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check


def session_of(user: Any) -> str:
    """The session key of somebody who has just signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.session.session_key)


def watch(page: Page, faults: list[str]) -> None:
    """Note in `faults` what must not happen in any page. An answer of 4xx is an answer: tests look at it themselves."""

    def on_console(message: ConsoleMessage) -> None:
        expected = (
            "the server responded with a status of 4" in message.text and "/static/" not in message.location["url"]
        )
        if message.type == "error" and not expected:
            faults.append(f"{page.url}: console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 500:
            faults.append(f"{page.url}: {response.status} {response.url}")

    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: script: {error}"))
