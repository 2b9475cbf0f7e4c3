"""The forecast in Chromium: a manager says another sum and takes it back; a deal counts with what was learned; axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.access.models import User
from opportunities.models import CategoryOverride, DealScore, ForecastFit
from opportunities.models.targets import months_later
from tests.browser import Opener
from tests.factories import make_deal, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


def test_a_manager_says_another_sum_and_takes_it_back(open_page: Opener, alice: User, axe: Axe) -> None:
    boss = make_user("boss", role="sales-manager", team=alice.team)
    make_deal(owner=alice, amount=1000, expected_on=months_later(timezone.localdate(), 1), category="commit")
    page = open_page(boss, lang="en")
    page.goto("/opportunities/forecast/?view=team")
    axe(page)
    page.get_by_role("link", name="Say what Commit will come to").nth(1).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("800")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Say why, so that others can follow.")
    expect(dialog.get_by_label("Amount")).to_have_value("800")
    axe(page)
    dialog.get_by_label("Why").fill("One of them slips")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("One of them slips")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).not_to_contain_text("One of them slips")
    assert not CategoryOverride.objects.exists()


def test_the_forecast_and_the_odds_of_a_deal_stand_on_a_phone(open_page: Opener, alice: User, axe: Axe) -> None:
    deal = make_deal(owner=alice, amount=1000, expected_on=months_later(timezone.localdate(), 1))
    none = {"none": {"effects": [0, 0.3, 0], "deals": 9, "won": 4, "lost": 3}}
    levels = dict.fromkeys(("stage", "stage_age", "deal_age", "slips", "size", "source"), none)
    fit = ForecastFit.objects.create(before=timezone.localdate(), deals=9, won=4, lost=3, learned={"levels": levels})
    DealScore.objects.create(
        opportunity=deal,
        fit=fit,
        scored_on=timezone.localdate(),
        odds=42,
        months=[7] * 6,
        levels={"stage": "none", "stage_age": "0", "deal_age": "15", "slips": "1", "size": "500", "source": "none"},
    )
    page = open_page(alice, size="phone")
    for path in ("/opportunities/forecast/", "/opportunities/forecast/reasons/"):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(deal.get_absolute_url())
    page.locator('[data-pane="rel"]').click()
    page.locator("#panel-odds form button").click()
    expect(page.locator("#panel-odds .now")).to_contain_text("42")
    axe(page)
    deal.refresh_from_db()
    assert deal.probability_source == "learned"
