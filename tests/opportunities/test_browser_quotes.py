"""A quote in Chromium from the lines of a deal to the customer's answer, on a desktop and a phone, with axe."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from crm.access.models import User
from opportunities import lines
from opportunities.models import DealLine, Opportunity, Quote
from tests.browser import Opener
from tests.factories import make_company, make_deal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


@pytest.fixture
def deal(alice: User) -> Opportunity:
    """A deal of a company, with one line."""
    User.objects.filter(pk=alice.pk).update(language="fr")
    deal = make_deal("Ombrières parking", owner=alice, company=make_company("Groupe Valmont", owner=alice))
    lines.add(DealLine(opportunity=deal, label="Ombrière", price=Decimal(58500), quantity=Decimal(2)), by=alice)
    return deal


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_from_a_draft_to_the_answer(open_page: Opener, alice: User, deal: Opportunity, axe: Axe, size: str) -> None:
    page = open_page(alice, size=size)
    page.goto(deal.get_absolute_url())
    if size == "phone":
        page.get_by_role("button", name="Liés").click()
    page.get_by_role("button", name="Faire un devis de ces lignes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brouillon de devis")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    page.get_by_role("link", name="Modifier").click()
    page.get_by_label("Conditions").fill("Acompte de 30 %")
    axe(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#content")).to_contain_text("Acompte de 30 %")
    page.get_by_role("button", name="Émettre").click()
    page.get_by_role("button", name="Lui donner son numéro").click()
    quote = Quote.objects.get()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DV-")
    axe(page)
    page.get_by_role("button", name="Accepté").first.click()
    page.locator("dialog").get_by_role("button", name="Accepté").click()
    expect(page.locator(".rec-head .tag")).to_have_text("Accepté")
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    quote.refresh_from_db()
    assert quote.state == "accepted"
