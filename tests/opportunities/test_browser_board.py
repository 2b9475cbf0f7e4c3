"""The board in the browser: by pointer, keyboard and on a phone; refusals come back; what others move appears."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.access.models import User
from opportunities import services
from opportunities.defaults import ensure_defaults
from opportunities.models import Opportunity
from tests.browser import Opener
from tests.factories import make_company, make_deal, make_stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def card(page: Page, name: str) -> Locator:
    return page.locator(".deal", has=page.get_by_role("link", name=name, exact=True))


@pytest.fixture
def deals(alice: User) -> list[Opportunity]:
    ensure_defaults()
    company = make_company("Méca Atlantique", owner=alice)
    names = ["Car park roof", "Energy audit", "Charging points"]
    return [
        make_deal(name, owner=alice, company=company, amount=Decimal(1000 * n), position=n)
        for n, name in enumerate(names, 1)
    ]


def test_a_card_moves_by_keyboard_and_comes_back_when_undone(
    open_page: Opener, alice: User, deals: list[Opportunity], axe: Callable[[Page], None]
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/opportunities/board/")
    axe(page)
    card(page, "Energy audit").get_by_role("link", name="Energy audit", exact=True).focus()
    page.keyboard.press("m")
    menu = page.locator("#deal-menu")
    expect(menu).to_be_visible()
    axe(page)
    page.keyboard.press("3")
    expect(lane(page, "Proposal").locator(".deal")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("“Energy audit” is in Proposal")
    expect(lane(page, "Proposal").locator(".sum b")).to_have_text("€2,000")
    expect(lane(page, "Prospecting").locator(".sum b")).to_have_text("€4,000")
    expect(page.get_by_role("link", name="Energy audit", exact=True)).to_be_focused()
    deals[1].refresh_from_db()
    assert deals[1].stage == make_stage("Proposal")
    page.get_by_role("button", name="Undo").click()
    expect(lane(page, "Prospecting").locator(".deal")).to_have_count(3)
    page.get_by_role("link", name="Energy audit", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/opportunities/{deals[1].pk}/$"))


def test_ticked_cards_move_together(
    open_page: Opener, alice: User, deals: list[Opportunity], axe: Callable[[Page], None]
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/opportunities/board/")
    page.get_by_label("Tick Car park roof").check()
    page.get_by_role("link", name="Charging points", exact=True).focus()
    page.keyboard.press("x")
    expect(page.locator("[data-pick-count]")).to_have_text("2")
    page.locator(".bulk").get_by_role("button", name="Move").click()
    axe(page)
    page.locator("#menu-picked").get_by_role("button", name="Negotiation").click()
    expect(page.locator(".toast")).to_contain_text("2 deals are in Negotiation")
    expect(lane(page, "Negotiation").locator(".deal .t")).to_have_text(["Car park roof", "Charging points"])
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()


def test_a_refused_move_comes_back_with_a_form(
    open_page: Opener, alice: User, deals: list[Opportunity], axe: Callable[[Page], None]
) -> None:
    stage = make_stage("Proposal")
    stage.required = ["expected_on"]
    stage.save()
    page = open_page(alice, lang="en")
    page.goto("/opportunities/board/")
    page.get_by_role("link", name="Car park roof", exact=True).focus()
    page.keyboard.press("m")
    page.keyboard.press("3")
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Proposal asks for what is missing here")
    expect(lane(page, "Prospecting").locator(".deal")).to_have_count(3)
    axe(page)
    dialog.get_by_role("button", name="Move").click()
    expect(dialog.get_by_label("Expected close")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Expected close").fill("2030-05-01")
    dialog.get_by_role("button", name="Move").click()
    expect(dialog).to_be_hidden()
    expect(lane(page, "Proposal").locator(".deal")).to_have_count(1)
    page.get_by_role("link", name="Energy audit", exact=True).focus()
    page.keyboard.press("l")
    dialog.get_by_label("Reason").select_option(label="Price")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(card(page, "Energy audit")).to_have_count(0)
    expect(page.locator("#board-sum")).to_contain_text("2 deals")


def test_a_card_is_dragged_to_another_stage_and_to_won(
    open_page: Opener, alice: User, deals: list[Opportunity]
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/opportunities/board/")
    drag(page, card(page, "Energy audit"), lane(page, "Engaging").locator(".cards"))
    expect(lane(page, "Engaging").locator(".deal")).to_have_count(1)
    expect(lane(page, "Engaging").locator(".sum b")).to_have_text("€2,000")
    assert page.url.endswith("/opportunities/board/")
    drag(page, card(page, "Car park roof"), page.locator(".drop.won"))
    expect(page.locator(".toast").last).to_contain_text("“Car park roof” is won")
    expect(card(page, "Car park roof")).to_have_count(0)
    deals[0].refresh_from_db()
    assert (deals[0].status, deals[0].won_amount) == ("won", Decimal(1000))


def drag(page: Page, what: Locator, where: Locator) -> None:
    """By pointer, in steps; the zones of won and lost are there only while one drags."""
    box = what.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    to = where.bounding_box()
    assert to
    page.mouse.move(to["x"] + to["width"] / 2, to["y"] + 30, steps=12)
    expect(where.locator(".ghost")).to_have_count(1)
    page.mouse.up()


def test_what_somebody_else_moves_appears_by_itself(
    open_page: Opener, alice: User, bob: User, deals: list[Opportunity]
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/opportunities/board/")
    services.move_to_stage(deals[2], make_stage("Negotiation"), by=bob)
    expect(lane(page, "Negotiation").locator(".deal")).to_have_count(1)
    expect(lane(page, "Prospecting").locator(".deal")).to_have_count(2)


def test_the_board_on_a_phone(
    open_page: Opener, alice: User, deals: list[Opportunity], axe: Callable[[Page], None]
) -> None:
    page = open_page(alice, size="phone", lang="fr")
    page.goto("/opportunities/board/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    card(page, "Energy audit").locator("[data-deal-menu]").tap()
    expect(page.locator("#deal-menu")).to_be_visible()
    axe(page)
    page.locator("#deal-menu [data-to]").nth(1).tap()
    expect(page.locator(".lane").nth(1).locator(".deal")).to_have_count(1)
    page.goto("/opportunities/months/")
    axe(page)


def test_a_deal_is_won_and_reopened_from_its_page(
    open_page: Opener, alice: User, deals: list[Opportunity], axe: Callable[[Page], None]
) -> None:
    page = open_page(alice, lang="en")
    page.goto(deals[0].get_absolute_url())
    page.get_by_role("link", name="Won", exact=True).click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Amount signed (EUR)")).to_have_value("1,000")
    dialog.get_by_label("Amount signed (EUR)").fill("900.50")
    axe(page)
    dialog.get_by_role("button", name="Mark as won").click()
    expect(page.locator(".toast")).to_contain_text("“Car park roof” is won")
    deals[0].refresh_from_db()
    assert (deals[0].status, deals[0].won_amount) == ("won", Decimal("900.50"))
    page.get_by_role("link", name="Reopen").click()
    dialog.get_by_role("button", name="Move").click()
    expect(page.locator(".toast")).to_contain_text("“Car park roof” is in Prospecting")
