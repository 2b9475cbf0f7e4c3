"""The shell in Chromium: palette, keys, theme, drafts, toasts, editing in place, sessions that end."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser import Opener
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
Axe = Callable[[Page], None]


@pytest.fixture
def dana_page(open_page: Opener) -> Page:
    """The components page as an administrator who reads English."""
    page = open_page(user=make_user("dana", role="administrator", language="en"))
    page.goto("/composants/")
    return page


def test_the_palette_opens_filters_and_goes(dana_page: Page) -> None:
    dana_page.keyboard.press("Control+k")
    box = dana_page.get_by_role("combobox", name="Search for a person, a company, an action")
    expect(box).to_be_focused()
    expect(dana_page.locator("#palette").get_by_role("option").first).to_be_visible()
    box.press_sequentially("zzzz")
    expect(dana_page.get_by_role("option", name="Nothing found for “zzzz”")).to_be_visible()
    dana_page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_arrows_choose_and_enter_opens(dana_page: Page) -> None:
    dana_page.keyboard.press("Control+k")
    options = dana_page.locator("#palette").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    dana_page.wait_for_load_state("networkidle")  # results that arrive later begin again with the first
    dana_page.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    box = dana_page.get_by_role("combobox", name="Search for a person, a company, an action")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    address = second.get_attribute("href") or ""
    dana_page.keyboard.press("Enter")
    dana_page.wait_for_url(f"**{address}*")


def test_the_question_mark_lists_the_keys(dana_page: Page) -> None:
    dana_page.keyboard.press("?")
    help_ = dana_page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_be_visible()
    dana_page.keyboard.press("Escape")
    expect(help_).to_be_hidden()


def test_single_keys_are_for_the_page_not_for_what_is_typed(dana_page: Page) -> None:
    field = dana_page.get_by_label("Name").first
    field.fill("")
    field.press_sequentially("?/gc")
    expect(field).to_have_value("?/gc")
    expect(dana_page.get_by_role("dialog")).to_have_count(0)


def test_single_keys_can_be_turned_off(open_page: Opener) -> None:
    page = open_page(user=make_user(language="en", single_keys=False))
    page.goto("/account/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Command palette")).to_be_visible()


def test_a_theme_is_chosen_at_once_and_kept(dana_page: Page) -> None:
    dana_page.get_by_role("button", name="my account").click()
    with dana_page.expect_response("**/preferences/"):
        dana_page.locator("#menu-me").get_by_role("button", name="Dark theme").click()
    expect(dana_page.locator("html")).to_have_attribute("data-theme", "dark")
    dana_page.reload()
    expect(dana_page.locator("html")).to_have_attribute("data-theme", "dark")


def test_menus_move_with_the_arrows_and_give_the_focus_back(dana_page: Page) -> None:
    opener = dana_page.get_by_role("button", name="Menu", exact=True)
    opener.click()
    expect(dana_page.get_by_role("button", name="Assign")).to_be_focused()
    dana_page.keyboard.press("ArrowDown")
    expect(dana_page.locator("#sample-menu").get_by_role("button", name="Tag")).to_be_focused()
    dana_page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_a_field_is_edited_in_place(dana_page: Page) -> None:
    field = dana_page.locator("#field-sample")
    field.get_by_role("button").click()
    box = field.get_by_role("textbox")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(field.get_by_role("button", name="06 12 48 90 17")).to_be_focused()
    field.get_by_role("button").click()
    field.get_by_role("textbox").press("Enter")
    expect(field.get_by_role("textbox")).to_have_count(0)
    toast = dana_page.locator("#toasts .toast")
    expect(toast).to_contain_text("Saved.")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_have_count(1)


def test_what_is_typed_survives_a_reload_until_it_is_saved(open_page: Opener) -> None:
    page = open_page(user=make_user("claire", language="en"))
    page.goto("/account/")
    page.get_by_label("First name").fill("Camille")
    page.reload()
    expect(page.get_by_label("First name")).to_have_value("Camille")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("First name")).to_have_value("Claire")
    page.get_by_label("First name").fill("Camille")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("First name")).to_have_value("Camille")
    expect(page.get_by_role("button", name="Discard it")).to_have_count(0)


def test_mistakes_are_summed_up_focused_and_linked(dana_page: Page) -> None:
    form = dana_page.locator("form").filter(has=dana_page.get_by_label("Due date"))
    dana_page.goto("/composants/?error=1")
    expect(dana_page).to_have_title("Error: Components and states · Sillage")
    summary = dana_page.get_by_role("alert").filter(has_text="to correct")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="E-mail").click()
    expect(form.get_by_label("E-mail")).to_be_focused()


def test_a_date_is_echoed_in_words(dana_page: Page) -> None:
    dana_page.get_by_label("Due date").fill("2026-11-24")
    expect(dana_page.locator("[data-date-echo]")).to_have_text("Tuesday 24 November 2026")


def test_a_session_that_ended_is_resumed_in_place(dana_page: Page) -> None:
    Session.objects.all().delete()
    cache.clear()
    field = dana_page.locator("#field-sample")
    field.get_by_role("button").click()
    dialog = dana_page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    dialog.get_by_label("E-mail address").fill("dana@example.com")
    dialog.get_by_label("Password", exact=True).fill("wrong, to begin with")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_role("alert").first).to_be_visible()
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(field.get_by_role("textbox")).to_be_visible()


def test_a_form_typed_before_the_session_ended_goes_out_again_with_the_new_token(dana_page: Page) -> None:
    field = dana_page.locator("#field-sample")
    field.get_by_role("button").click()
    expect(field.get_by_role("textbox")).to_be_focused()
    Session.objects.all().delete()
    cache.clear()
    field.get_by_role("textbox").press("Enter")
    dialog = dana_page.get_by_role("dialog", name="Your session has ended")
    dialog.get_by_label("E-mail address").fill("dana@example.com")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dana_page.locator("#toasts .toast")).to_contain_text("Saved.")


def test_someone_else_signing_in_does_not_send_the_first_ones_form(dana_page: Page) -> None:
    make_user("bob", language="en")
    field = dana_page.locator("#field-sample")
    field.get_by_role("button").click()
    expect(field.get_by_role("textbox")).to_be_focused()
    Session.objects.all().delete()
    cache.clear()
    sent: list[str] = []
    dana_page.on("request", lambda request: sent.append(request.method) if "/composants/" in request.url else None)
    field.get_by_role("textbox").press("Enter")
    dialog = dana_page.get_by_role("dialog", name="Your session has ended")
    dialog.get_by_label("E-mail address").fill("bob@example.com")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dana_page.get_by_text("You may not do this.")).to_be_visible()
    assert sent.count("POST") == 1


def test_a_double_click_sends_once(open_page: Opener) -> None:
    page = open_page(user=make_user(language="en"))
    page.goto("/account/")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert len(posts) == 1


def test_being_offline_is_said(dana_page: Page, faults: list[str]) -> None:
    dana_page.context.set_offline(True)
    expect(dana_page.get_by_text("You are offline.")).to_be_visible()
    dana_page.locator("#field-sample").get_by_role("button").click()
    expect(dana_page.get_by_text("The server did not answer.").last).to_be_visible()
    dana_page.context.set_offline(False)
    expect(dana_page.get_by_text("You are offline.")).to_be_hidden()
    faults.clear()  # The browser notes the lost connection, as it should.


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    "path", ["/composants/?error=1", "/account/", "/accounts/2fa/", "/accounts/sessions/", "/palette/", "/shortcuts/"]
)
def test_pages_are_accessible_and_never_scroll_sideways(open_page: Opener, axe: Axe, size: str, path: str) -> None:
    page = open_page(user=make_user("dana", role="administrator", language="fr"), size=size)
    page.goto(path)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_layers_are_accessible(dana_page: Page, axe: Axe) -> None:
    dana_page.keyboard.press("Control+k")
    expect(dana_page.locator("#palette").get_by_role("option").first).to_be_visible()
    axe(dana_page)
    dana_page.keyboard.press("Escape")
    dana_page.get_by_role("button", name="my account").click()
    axe(dana_page)


def test_the_phone_has_its_own_bar_and_menus_from_below(open_page: Opener) -> None:
    page = open_page(user=make_user(language="fr"), size="phone")
    page.goto("/account/")
    page.get_by_role("button", name="Plus").click()
    menu = page.locator("#menu-more")
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box is not None
    assert round(box["y"] + box["height"]) == 844
    assert round(box["width"]) == 390


def test_without_a_network_a_page_says_so(dana_page: Page, faults: list[str]) -> None:
    dana_page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    dana_page.context.set_offline(True)
    dana_page.goto("/account/")
    expect(dana_page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert dana_page.evaluate("getComputedStyle(document.querySelector('.btn')).borderRadius") == "6px"
    dana_page.context.set_offline(False)
    dana_page.get_by_role("link", name="Try again").click()
    expect(dana_page.get_by_label("First name")).to_be_visible()
    faults.clear()
