"""Lines of a deal in Chromium: from the catalogue, in order by mouse and keys, on a phone, with axe."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, Response, expect

from crm.access.models import User
from opportunities import lines
from opportunities.models import DealLine, Opportunity, Price
from tests.browser import Opener
from tests.factories import make_deal, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


@pytest.fixture
def deal(alice: User) -> Opportunity:
    """A deal with two lines, and a product on sale."""
    User.objects.filter(pk=alice.pk).update(language="fr")
    product = make_product("Raccordement", code="RA-1")
    Price.objects.create(product=product, currency="EUR", amount=Decimal("18004.48"))
    deal = make_deal("Ombrières parking", owner=alice)
    lines.add(DealLine(opportunity=deal, label="Ombrière", price=Decimal(58500), quantity=Decimal(2)), by=alice)
    modules = DealLine(
        opportunity=deal, label="Modules", price=Decimal("158.50"), quantity=Decimal(336), discount=Decimal(8)
    )
    lines.add(modules, by=alice)
    return deal


def is_redrawn(answer: Response) -> bool:
    """Whether it brings the lines anew, as after each move."""
    return answer.request.method == "GET" and answer.url.endswith("/lines/")


def order(page: Page) -> list[str]:
    return page.locator("[data-line] .what a").all_inner_texts()


def test_a_line_from_the_catalogue_and_its_place(open_page: Opener, alice: User, deal: Opportunity, axe: Axe) -> None:
    page = open_page(alice)
    page.goto(deal.get_absolute_url())
    block = page.locator("#panel-lines")
    expect(block).to_contain_text("165 995,52 €")
    block.get_by_role("link", name="Ajouter une ligne").click()
    search = page.get_by_role("searchbox", name="Produit")
    search.press_sequentially("ra-1")
    page.get_by_role("link", name="Raccordement").click()
    expect(page.get_by_label("Prix unitaire HT, en EUR")).to_have_value("18\u202f004,48")
    axe(page)
    page.get_by_label("Remise").fill("101")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#dialog")).to_contain_text("entre 0 et 100")
    page.get_by_label("Remise").fill("")
    page.get_by_role("button", name="Enregistrer").click()
    expect(block).to_contain_text("184 000,00 €")
    axe(page)

    # By the keys: the grip keeps the focus.
    grip = page.get_by_role("button", name="Déplacer Raccordement")
    grip.focus()
    with page.expect_response(is_redrawn):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
    expect(page.locator(".toast", has_text="Déplacé")).to_be_visible()
    expect(page.get_by_role("button", name="Déplacer Raccordement")).to_be_focused()
    assert order(page) == ["Raccordement", "Ombrière", "Modules"]

    # By the mouse.
    start, end = (
        page.locator("[data-line-grip]").nth(0).bounding_box(),
        page.locator("[data-line]").nth(2).bounding_box(),
    )
    assert start and end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + end["height"] - 3, steps=5)
    with page.expect_response(lambda answer: "/move/" in answer.url):
        page.mouse.up()
    expect(page.locator("[data-line] .what a").nth(2)).to_have_text("Raccordement")
    assert [line.label for line in deal.lines.all()] == ["Ombrière", "Modules", "Raccordement"]


def test_lines_on_a_phone(open_page: Opener, alice: User, deal: Opportunity, axe: Axe) -> None:
    page = open_page(alice, size="phone")
    page.goto(deal.get_absolute_url())
    block = page.locator("#panel-lines")
    expect(block).to_contain_text("336 × 158,50 € − 8 %")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    block.get_by_role("button", name="Actions pour Modules").click()
    page.get_by_role("button", name="Retirer").click()
    expect(block).not_to_contain_text("Modules")
    page.locator(".toast").get_by_role("button", name="Annuler").click()
    expect(page.locator("#panel-lines")).to_contain_text("Modules")
