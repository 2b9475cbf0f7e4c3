"""Roles and teams in Chromium: a risky change is read before it is saved; the matrix fits a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.access.models import Role, User
from tests.browser import Opener
from tests.factories import make_team, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


def page_of(slug: str) -> str:
    return reverse("console:role_edit", args=[Role.objects.get(slug=slug).pk])


def test_a_risky_change_is_read_before_it_is_saved(open_page: Opener, dana: User, axe: Callable[[Page], None]) -> None:
    make_user("boss", role="sales-manager")
    page = open_page(dana)
    page.goto(page_of("sales-manager"))
    page.get_by_label("Export: Contacts").select_option("Nobody’s")
    page.get_by_role("button", name="Save the rights").click()
    warning = page.get_by_role("alert").filter(has_text="this is what changes")
    expect(warning).to_contain_text("1 user will no longer export contacts.")
    expect(warning).to_be_focused()
    expect(page.get_by_label("Export: Contacts")).to_have_value("0")
    axe(page)
    page.get_by_role("button", name="Save these rights").click()
    expect(page.get_by_text("The rights of Sales manager are changed.")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Export: Contacts")).to_have_value("2")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_of_teams_and_roles_are_accessible(
    open_page: Opener, dana: User, axe: Callable[[Page], None], size: str
) -> None:
    west = make_team("West")
    make_user(team=make_team("Brittany", parent=west))
    page = open_page(dana, size=size)
    wrong = "?kind=contacts.contact"
    for path in (
        reverse("console:team_list"),
        reverse("console:team_create"),
        reverse("console:team_edit", args=[west.pk]),
        reverse("console:role_list") + wrong,
        reverse("console:role_create"),
        page_of("sales-rep"),
        page_of("sales-rep") + "remove/",
    ):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(page_of("sales-rep"))
    page.get_by_label("See: Contacts").select_option("Nobody’s")
    page.get_by_role("button", name="Save the rights").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
