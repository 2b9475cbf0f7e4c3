"""Users in Chromium: found as one types, invited, deactivated with a hand-over, brought back by the toast's Undo."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.access.models import User
from tests.browser import Opener
from tests.factories import make_contact, make_team, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


def test_somebody_is_found_and_deactivated_and_comes_back_with_undo(open_page: Opener, dana: User) -> None:
    ines, hugo = make_user("ines", team=make_team()), make_user("hugo")
    contact = make_contact(owner=ines)
    page = open_page(dana)
    page.goto(reverse("console:user_list"))
    page.get_by_label("Name or address").press_sequentially("ines")
    expect(page.get_by_role("link", name="Hugo Example")).to_have_count(0)
    page.get_by_role("link", name="Ines Example").click()
    page.get_by_role("link", name="Deactivate…").click()
    page.get_by_label("Contacts (1)").select_option(label="Hugo Example")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("Ines Example is deactivated and signed out everywhere.")).to_be_visible()
    contact.refresh_from_db()
    assert contact.owner == hugo
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    contact.refresh_from_db()
    assert contact.owner == ines


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_of_users_are_accessible(
    open_page: Opener, dana: User, axe: Callable[[Page], None], size: str
) -> None:
    person = make_user("ines", team=make_team("West"))
    make_contact(owner=person)
    paper = make_user("paper", email=None, password="")
    page = open_page(dana, size=size)
    for path in (
        reverse("console:user_list"),
        reverse("console:user_list") + "?q=nobody+called+so",
        reverse("console:user_invite"),
        reverse("console:user_edit", args=[person.pk]),
        reverse("console:user_edit", args=[paper.pk]),
        reverse("console:user_deactivate", args=[person.pk]),
    ):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_newcomer_joins_from_the_mail(open_page: Opener, dana: User, axe: Callable[[Page], None], size: str) -> None:
    page = open_page(dana)
    page.goto(reverse("console:user_invite"))
    page.get_by_label("E-mail address").fill("ines@example.com")
    page.get_by_label("Sales rep").check()
    page.get_by_label("Language of the mail").select_option("fr")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way to ines@example.com.")).to_be_visible()
    link = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert link is not None
    theirs = open_page(size=size, lang="en")
    theirs.goto(link.group())
    axe(theirs)
    theirs.get_by_label("Prénom").fill("Inès")
    theirs.get_by_role("textbox", name="Nom", exact=True).fill("Moreau")
    theirs.get_by_label("Mot de passe").fill("court")
    theirs.get_by_role("button", name="Rejoindre").click()
    expect(theirs.get_by_role("alert")).to_be_focused()
    expect(theirs.get_by_role("textbox", name="Nom", exact=True)).to_have_value("Moreau")
    axe(theirs)
    theirs.get_by_label("Mot de passe").fill("une rivière calme à midi")
    theirs.get_by_role("button", name="Rejoindre").click()
    expect(theirs.locator("body")).not_to_have_attribute("data-user", "")
    theirs.context.clear_cookies()
    theirs.goto(link.group())
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("no longer works")
    axe(theirs)
