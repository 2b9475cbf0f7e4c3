"""Administrators set up sales in Chromium: order by keys and mouse, a stage removed, pages on a phone, with axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect

from crm.access.models import User
from opportunities.models import ExchangeRate, LostReason, Pipeline, Stage, Target
from tests.browser import Opener
from tests.factories import make_deal, make_stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


def page_of(name: str, *args: int) -> str:
    return reverse(f"opportunities:{name}", args=args)


def is_rows(answer: Response) -> bool:
    """Whether an answer holds the rows in their new order, which come after each move."""
    return answer.request.method == "GET" and answer.url.rstrip("/").rpartition("/")[2].isdigit()


def order(page: Page) -> list[str]:
    return page.locator("[data-line] .what a").all_inner_texts()


def test_stages_are_put_in_order_and_one_is_removed(open_page: Opener, dana: User, alice: User, axe: Axe) -> None:
    pipeline = Pipeline.objects.get(is_default=True)
    deal = make_deal(stage="Engaging", owner=alice)
    page = open_page(dana, lang="en")
    page.goto(page_of("pipeline_edit", pipeline.pk))
    axe(page)
    grip = page.get_by_role("button", name="Move Proposal: arrows")
    grip.focus()
    with page.expect_response(lambda answer: "/move/" in answer.url), page.expect_response(is_rows):
        page.keyboard.press("ArrowUp")
    expect(page.locator(".toast", has_text="Proposal was moved.")).to_be_visible()
    expect(page.get_by_role("button", name="Move Proposal: arrows")).to_be_focused()
    assert order(page)[:3] == ["Prospecting", "Proposal", "Engaging"]

    page.get_by_role("button", name="Move Negotiation: arrows").hover()
    first = page.locator("[data-line]").first.bounding_box()
    assert first is not None
    page.mouse.down()
    page.mouse.move(first["x"] + 20, first["y"] + 4, steps=8)
    with page.expect_response(lambda answer: "/move/" in answer.url):
        page.mouse.up()
    expect(page.locator("[data-line] .what a").first).to_have_text("Negotiation")
    assert Stage.objects.first() == make_stage("Negotiation")

    page.get_by_role("link", name="Engaging").click()
    axe(page)
    page.get_by_role("link", name="Remove the stage…").click()
    axe(page)
    page.get_by_role("button", name="Remove the stage").click()
    expect(page.get_by_role("main")).to_contain_text("1 opportunity is in it.")
    page.get_by_label("They go to").select_option(label="Direct sales · Proposal")
    page.get_by_role("button", name="Remove the stage").click()
    expect(page.locator(".toast", has_text="Engaging is removed.")).to_be_visible()
    deal.refresh_from_db()
    assert deal.stage == make_stage("Proposal")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-line]", has_text="Engaging")).to_be_visible()
    deal.refresh_from_db()
    assert deal.stage.name_en == "Engaging"


def test_pages_stand_on_a_phone(open_page: Opener, dana: User, axe: Axe) -> None:
    User.objects.filter(pk=dana.pk).update(language="fr")
    ExchangeRate.objects.create(currency="USD", base="EUR", since="2026-01-01", rate="0.8423")
    make_deal(amount=5, currency="GBP")
    Target.objects.create(user=dana, period="quarter", starts_on="2026-01-01", amount=5000, currency="EUR")
    page = open_page(dana, size="phone")
    for path in (
        page_of("pipeline_list"),
        page_of("pipeline_edit", Pipeline.objects.get().pk),
        page_of("stage_create", Pipeline.objects.get().pk),
        page_of("reason_list"),
        page_of("reason_edit", LostReason.objects.all()[0].pk),
        page_of("rate_list"),
        page_of("rate_import"),
        page_of("target_list") + "?period=quarter&from=2026-01",
        page_of("attainment") + "?period=quarter&from=2026-01",
    ):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
