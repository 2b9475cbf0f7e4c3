"""Settings in Chromium: found as one types without losing what was typed; saved and undone; accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.records.models import Organisation
from tests.browser import Opener
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_setting_is_found_changed_and_undone(open_page: Opener, axe: Callable[[Page], None]) -> None:
    Organisation.objects.get_or_create(pk=1)
    page = open_page(make_user("dana", role="administrator"))
    page.goto(reverse("console:settings"))
    axe(page)
    page.get_by_label("Company name").fill("Boréal Énergie")
    search = page.get_by_label("Find a setting")
    search.press_sequentially("DEVISE")
    expect(page.get_by_text("No setting is called so.")).to_be_visible()
    search.fill("currency")
    expect(page.get_by_label("Company name")).to_be_hidden()
    page.get_by_label("Currency").select_option("CHF")
    search.fill("")
    expect(page.get_by_label("Company name")).to_have_value("Boréal Énergie")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    expect(page.get_by_label("Currency")).to_have_value("CHF")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Company name")).to_have_value("Sillage")


def test_the_page_is_accessible_on_a_phone(open_page: Opener, axe: Callable[[Page], None]) -> None:
    Organisation.objects.get_or_create(pk=1)
    page = open_page(make_user("dana", role="administrator"), size="phone")
    page.goto(reverse("console:settings") + "?q=langu")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
