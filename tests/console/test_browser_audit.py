"""The audit log in Chromium: narrowed as one chooses, an act undone from it, readable on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.records.services import save_edit
from tests.browser import Opener
from tests.factories import make_contact, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_act_is_found_and_undone(open_page: Opener, axe: Callable[[Page], None], size: str) -> None:
    dana, sam = make_user("dana", role="administrator"), make_user("sam", role="office-staff")
    contact = make_contact(job_title="Buyer")
    save_edit(contact, {"job_title": "Chair"}, by=sam)
    save_edit(make_contact(last_name="Durand"), {"job_title": "Chair"}, by=dana)
    page = open_page(dana, size=size)
    page.goto(reverse("console:audit"))
    axe(page)
    page.get_by_label("Person", exact=True).select_option(label="Sam Example")
    expect(page.get_by_role("link", name="Claire Durand")).to_have_count(0)
    expect(page.get_by_role("link", name="Claire Fontaine")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Undo Edit Claire Fontaine").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    contact.refresh_from_db()
    assert contact.job_title == "Buyer"
