"""The tests' own tools fail when they should: a strict browser that notices nothing would be worse than none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import watch

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(live_site: str, browser: Browser) -> tuple[Page, list[str]]:
    """A page whose faults do not fail the test."""
    faults: list[str] = []
    page = browser.new_page(base_url=live_site)
    watch(page, faults)
    page.goto("/accounts/login/")
    assert not faults
    return page, faults


@pytest.mark.parametrize(
    ("act", "noted"),
    [
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')", "Content Security Policy"),
        (
            "const s = document.createElement('script'); s.text = '1'; document.body.append(s)",
            "Content Security Policy",
        ),
        ("setTimeout(() => { throw new Error('oops') })", "script: oops"),
        ("fetch('/static/no-such-file.css')", "404"),
    ],
)
def test_the_browser_notes_what_must_not_happen(watched: tuple[Page, list[str]], act: str, noted: str) -> None:
    page, faults = watched
    page.evaluate(f"() => {{ {act} }}")
    page.wait_for_timeout(300)
    assert any(noted in fault for fault in faults), faults
    page.close()


def test_an_answer_of_4xx_is_no_fault(watched: tuple[Page, list[str]]) -> None:
    page, faults = watched
    page.goto("/no-such-page/")
    assert not faults
    page.close()


def test_axe_finds_what_people_cannot_read(watched: tuple[Page, list[str]], axe: Callable[[Page], None]) -> None:
    page, _ = watched
    axe(page)
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    with pytest.raises(AssertionError, match=r"light: label \(critical\)"):
        axe(page)
    page.close()
