"""Signing in as people do it: password, code, recovery code, passkey, reset; with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from tests.browser import Opener
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
Axe = Callable[[Page], None]


def sign_in(page: Page, email: str = "dana@example.com", password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def arrive(page: Page) -> None:
    expect(page.get_by_role("button", name="my account")).to_be_visible()


def confirm(page: Page) -> None:
    """What touches the safety of an account asks for the password once more."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def code_of(secret: str) -> str:
    """What an authenticator app would show now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def virtual_key(page: Page) -> None:
    """A device with a fingerprint reader whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_wrong_password_says_so_and_keeps_the_address(open_page: Opener, axe: Axe) -> None:
    make_user("dana", language="en")
    page = open_page(lang="en")
    sign_in(page, password="not this one")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("dana@example.com")
    expect(page).to_have_title(re.compile("^Error: "))
    axe(page)
    sign_in(page)
    arrive(page)


def test_sign_in_works_without_javascript(live_site: str, browser: Browser) -> None:
    make_user("dana", language="en")
    context = browser.new_context(base_url=live_site, java_script_enabled=False, locale="en")
    page = context.new_page()
    sign_in(page)
    arrive(page)
    page.goto("/account/")
    expect(page.get_by_label("First name")).to_have_value("Dana")
    context.close()


def test_an_authenticator_app_is_set_up_and_asked_for(open_page: Opener, axe: Axe) -> None:
    make_user("dana", language="en")
    page = open_page(lang="en")
    sign_in(page)
    arrive(page)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up").click()
    axe(page)
    confirm(page)
    expect(page.get_by_role("img", name="Image to scan")).to_be_visible()
    axe(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Verification code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    secret = page.locator("code").inner_text()
    page.get_by_label("Verification code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    recovery = page.locator(".codes code").first.inner_text()

    other = open_page(lang="en")
    sign_in(other)
    expect(other.get_by_role("heading", name="Two-step verification")).to_be_visible()
    axe(other)
    other.get_by_label("Verification code").fill(recovery)
    other.get_by_role("button", name="Verify").click()
    expect(other.get_by_role("heading", name="Trust this device?")).to_be_visible()
    axe(other)
    other.get_by_role("button", name="Trust this device").click()
    arrive(other)
    other.context.clear_cookies(name="sessionid")
    sign_in(other)
    arrive(other)


def test_a_passkey_is_made_and_opens_the_account_alone(open_page: Opener, axe: Axe) -> None:
    make_user("dana", language="en")
    page = open_page(lang="en")
    virtual_key(page)
    sign_in(page)
    arrive(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    axe(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Laptop")).to_be_visible()
    axe(page)
    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    arrive(page)


def test_a_refused_passkey_says_what_to_do(open_page: Opener) -> None:
    page = open_page(lang="en")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.goto("/accounts/login/")
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')))")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again, or use another way.")


def test_a_forgotten_password_is_chosen_anew(open_page: Opener, axe: Axe) -> None:
    make_user("dana", language="en")
    page = open_page(lang="en")
    page.goto("/accounts/password/reset/")
    axe(page)
    page.get_by_label("E-mail address").fill("dana@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look at your e-mail")).to_be_visible()
    message = mail.outbox[-1]
    assert message.subject == "Choose a new Sillage password"
    link = re.search(r"http://\S+", str(message.body))
    assert link is not None
    page.goto(link.group())
    axe(page)
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same again").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 10 characters")
    for label in ("New password", "The same again"):
        page.get_by_label(label).fill("a quiet river at noon")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your new password is set")).to_be_visible()
    sign_in(page, password="a quiet river at noon")
    arrive(page)


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nothing/"])
def test_pages_before_sign_in_are_accessible(open_page: Opener, axe: Axe, path: str, size: str) -> None:
    page = open_page(size=size)
    page.goto(path)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_signing_out_leaves_no_draft_behind(open_page: Opener) -> None:
    page = open_page(user=make_user("dana", language="en"))
    page.goto("/account/")
    page.get_by_label("First name").fill("Half typed")
    assert page.evaluate("localStorage.length") == 1
    page.get_by_role("button", name="my account").click()
    page.locator("#menu-me").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("localStorage.length") == 0


def test_other_sessions_can_be_closed(open_page: Opener) -> None:
    make_user("dana", language="en")
    first, second = open_page(lang="en"), open_page(lang="en")
    for page in (first, second):
        sign_in(page)
        arrive(page)
    second.goto("/accounts/sessions/")
    second.get_by_role("button", name="Sign out everywhere else").click()
    expect(second.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    first.goto("/account/")
    expect(first.get_by_role("heading", name="Sign in")).to_be_visible()
