"""Lists in the browser: filters by keyboard, on a phone, without violations."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.access.models import User
from tests.browser import Opener
from tests.factories import make_contact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_filter_is_added_changed_and_taken_off(open_page: Opener, alice: User, axe: Callable[[Page], None]) -> None:
    make_contact("Ann", "Arden", owner=alice, job_title="Director")
    make_contact("Ben", "Bell", owner=alice, job_title="Buyer")
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all")
    page.get_by_role("button", name="Filter", exact=True).press("Enter")
    page.locator("#menu-filters").get_by_role("link", name="Job title").press("Enter")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Text (several with commas)")).to_be_focused()
    axe(page)
    dialog.get_by_role("button", name="Apply").press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Choose or type a value.")
    dialog.get_by_label("Text (several with commas)").fill("direct")
    dialog.get_by_role("button", name="Apply").press("Enter")
    expect(page).to_have_url(re.compile(r"job_title__contains=direct"))
    expect(page.get_by_role("row", name="Ann")).to_be_visible()
    expect(page.get_by_role("row", name="Ben")).to_have_count(0)
    page.get_by_role("link", name="Job title contains “direct”").press("Enter")
    dialog.get_by_label("Text (several with commas)").fill("directo")
    dialog.get_by_role("button", name="is empty or not").press("Enter")
    expect(dialog.get_by_role("button", name="is empty or not")).to_have_attribute("aria-pressed", "true")
    dialog.get_by_role("button", name="does not contain").press("Enter")
    expect(dialog.get_by_role("button", name="does not contain")).to_have_attribute("aria-pressed", "true")
    expect(dialog.get_by_label("Text (several with commas)")).to_have_value("directo")
    dialog.get_by_label("Text (several with commas)").fill("direct")
    dialog.get_by_label("Text (several with commas)").press("Enter")
    expect(page).to_have_url(re.compile(r"\?view=all&job_title__without=direct$"))
    expect(page.get_by_role("row", name="Ben")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Remove the filter Job title").press("Enter")
    expect(page.get_by_role("row", name="Ann")).to_be_visible()


def test_filters_on_a_phone(open_page: Opener, alice: User, axe: Callable[[Page], None]) -> None:
    make_contact("Ann", "Arden", owner=alice)
    page = open_page(alice, size="phone", lang="fr")
    page.goto("/contacts/filter/?view=all&field=touched")
    axe(page)
    page.goto("/contacts/?view=all")
    page.get_by_role("button", name="Filter", exact=True).tap()
    page.locator("#menu-filters").get_by_role("link", name="Last activity").tap()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("How many")).to_have_value("30")
    axe(page)
    for link in dialog.locator(".operators button").all():
        box = link.bounding_box()
        assert box and box["height"] >= 40
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    dialog.get_by_role("button", name="Apply").tap()
    expect(page.locator(".chip.on").first).to_contain_text("in the last 30 days")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_view_is_saved_shared_changed_and_deleted(
    open_page: Opener, alice: User, axe: Callable[[Page], None]
) -> None:
    make_contact("Ann", "Arden", owner=alice, lifecycle="customer")
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all&lifecycle=customer")
    page.get_by_role("link", name="Save this view").press("Enter")
    dialog = page.locator("#dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("Customers")
    dialog.get_by_label("Everyone").check()
    axe(page)
    dialog.get_by_role("button", name="Save").click()
    tab = page.get_by_label("Whose records").get_by_role("link", name="Customers")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab.locator(".badge")).to_have_text("1")
    expect(page.get_by_label("Main navigation").get_by_role("link", name="Customers")).to_be_visible()
    page.get_by_role("link", name="Remove the filter Lifecycle").click()
    expect(tab).to_contain_text("Changed, not saved")
    page.get_by_role("button", name="Views").press("Enter")
    axe(page)
    page.get_by_role("link", name="Drop the changes").click()
    expect(tab).not_to_contain_text("Changed, not saved")
    page.get_by_role("button", name="Views").press("Enter")
    page.get_by_role("button", name="Delete this view").click()
    expect(tab).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(tab).to_have_count(1)


def test_columns_are_put_in_order_by_keyboard(open_page: Opener, alice: User, axe: Callable[[Page], None]) -> None:
    make_contact("Ann", "Arden", owner=alice)
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all")
    page.get_by_role("button", name="Columns").press("Enter")
    axe(page)
    up = page.get_by_role("button", name="Move Phone up")
    up.press("Enter")
    up.press("Enter")
    expect(up).to_be_focused()
    page.locator("#columns").get_by_role("button", name="Apply").press("Enter")
    heads = page.locator("thead th")
    expect(heads.nth(2)).to_have_text("Phone")


def test_saved_views_on_a_phone(open_page: Opener, alice: User, axe: Callable[[Page], None]) -> None:
    make_contact("Ann", "Arden", owner=alice)
    page = open_page(alice, size="phone", lang="en")
    page.goto("/contacts/?view=all&lifecycle=lead")
    page.get_by_role("button", name="Views").tap()
    page.get_by_role("link", name="Save as a view…").tap()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill("A name that is as long as people make them when they may")
    axe(page)
    dialog.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("is saved")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_cells_are_edited_in_place(open_page: Opener, alice: User, bob: User, axe: Callable[[Page], None]) -> None:
    ann = make_contact("Ann", "Arden", owner=alice, job_title="Buyer", source="Fair")
    make_contact("Ben", "Bell", owner=bob, job_title="Buyer")
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all&sort=name&columns=name,job_title,lifecycle,birthday,source")
    page.get_by_role("link", name="Ann Arden", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    cell = page.locator(f"#cell-{ann.pk}-job_title")
    field = cell.get_by_label("Job title")
    expect(field).to_be_focused()
    axe(page)
    field.fill("Director")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("Buyer")
    expect(cell).to_be_focused()
    page.keyboard.press("F2")
    field.fill("Director")
    page.keyboard.press("Tab")
    expect(cell).to_contain_text("Director")
    lifecycle = page.locator(f"#cell-{ann.pk}-lifecycle").get_by_label("Lifecycle")
    expect(lifecycle).to_be_focused()
    lifecycle.select_option("customer")
    page.keyboard.press("Tab")
    birthday = page.locator(f"#cell-{ann.pk}-birthday").get_by_label("Birthday")
    birthday.fill("2999-01-01")
    page.keyboard.press("Enter")
    expect(page.locator(f"#cell-{ann.pk}-birthday .err")).to_contain_text("check the year")
    expect(birthday).to_have_value("2999-01-01")
    axe(page)
    birthday.press("Escape")
    ann.refresh_from_db()
    assert (ann.job_title, ann.lifecycle, ann.birthday) == ("Director", "customer", None)
    page.locator(".toast").get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("row", name="Ann Arden")).not_to_contain_text("Customer")
    page.get_by_role("row", name="Ann Arden").get_by_role("cell", name="Director", exact=True).click()
    expect(field).to_be_focused()
    field.press("Escape")
    with page.expect_response(lambda response: response.status == 403):
        page.get_by_role("row", name="Ben Bell").get_by_role("cell", name="Buyer", exact=True).click()
    expect(page.locator(".toast", has_text="You may not do this")).to_be_visible()
    expect(page.get_by_role("row", name="Ben Bell").get_by_role("textbox")).to_have_count(0)


def test_the_keyboard_walks_the_list(open_page: Opener, alice: User) -> None:
    for name in ("Ann", "Ben", "Cyd"):
        make_contact(name, "Arden", owner=alice, job_title="Buyer")
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all&sort=name&columns=name,job_title")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Ann Arden", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Ben Arden", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.get_by_label("Tick Ben Arden")).to_be_checked()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Ann Arden", exact=True)).to_be_focused()
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/contacts/\d+/$"))


def test_a_column_is_made_wider_by_keyboard_and_by_mouse_and_stays_so(
    open_page: Opener, alice: User, axe: Callable[[Page], None]
) -> None:
    make_contact("Ann", "Arden", owner=alice, job_title="Buyer")
    page = open_page(alice, lang="en")
    page.goto("/contacts/?view=all")
    head = page.get_by_role("columnheader", name="Phone")
    before = head.bounding_box()
    assert before
    handle = page.get_by_role("separator", name="Width of Phone")
    with page.expect_response("**/contacts/columns/"):
        for _step in range(3):
            handle.press("ArrowRight")
    axe(page)
    page.reload()
    after = head.bounding_box()
    assert after and abs(after["width"] - before["width"] - 48) < 2
    grip = handle.bounding_box()
    assert grip
    with page.expect_response("**/contacts/columns/"):
        page.mouse.move(grip["x"] + 12, grip["y"] + 8)
        page.mouse.down()
        page.mouse.move(grip["x"] - 38, grip["y"] + 8, steps=5)
        page.mouse.up()
    narrower = head.bounding_box()
    assert narrower and abs(narrower["width"] - after["width"] + 50) < 4
    with page.expect_response("**/contacts/columns/"):
        handle.press("Home")
    expect(head).to_have_attribute("data-column", "phone")
