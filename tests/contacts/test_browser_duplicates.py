"""Likely duplicates in a browser: compared, said to be different and back again, proposed while one types."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.duplicates import searches
from contacts.models import ContactApart
from crm.access.models import User
from tests.browser import Opener
from tests.factories import make_contact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


@pytest.fixture
def pair(alice: User) -> None:
    make_contact("Zoé", "Martin", email="zoe@martin.example", phone="+33639980001", owner=alice)
    make_contact("Zoe", "Martin", email="zoe@martin.example", job_title="Acheteuse", owner=alice)
    searches.work_off(searches.begin_search("contact", None).pk)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_pair_is_said_to_be_different_and_back_again(
    pair: None, alice: User, open_page: Opener, axe: Axe, size: str
) -> None:
    page = open_page(alice, size=size, lang="en")
    page.goto("/contacts/duplicates/")
    expect(page.locator("article.pair")).to_contain_text("Same e-mail address · Same name")
    axe(page)
    page.get_by_role("button", name="Not the same").click()
    expect(page.locator("article.pair")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => document.querySelectorAll('article.pair').length === 1")
    assert not ContactApart.objects.exists()


def test_twins_appear_beside_the_form_and_nothing_typed_is_lost(
    pair: None, alice: User, open_page: Opener, axe: Axe
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/new/")
    page.get_by_label("First name").fill("Zoé")
    page.get_by_label("Last name").press_sequentially("Martin")
    twins = page.get_by_role("complementary", name="Likely duplicates")
    expect(twins.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Last name")).to_be_focused()
    expect(page.get_by_label("First name")).to_have_value("Zoé")
    axe(page)
    page.get_by_label("Last name").press_sequentially("ez Quemener")
    expect(twins.get_by_role("link")).to_have_count(0)


def test_the_record_s_page_leads_to_the_pair_and_finds_another_to_merge(
    pair: None, alice: User, open_page: Opener, axe: Axe
) -> None:
    other = make_contact("Zoé", "Quemener", owner=alice)
    page = open_page(alice, lang="en")
    page.goto(other.get_absolute_url())
    page.locator(".head").get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Merge with…").click()
    page.get_by_label("Which other record is Zoé Quemener?").press_sequentially("mart")
    expect(page.locator("#merge-with-found a")).to_have_count(2)
    axe(page)
    page.locator("#merge-with-found a").first.click()
    page.wait_for_url(re.compile("/contacts/merge/"))
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Zoé Martin", exact=True).first.click()
    page.get_by_role("link", name="Likely a duplicate of Zoe Martin").click()
    expect(page.locator("article.pair")).to_have_count(1)
