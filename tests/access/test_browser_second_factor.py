"""In Chromium: a role requires the second factor; a passkey sets it up, opens everything and signs in alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from crm.access.models import Role
from crm.records.models import Event
from tests.browser import Opener
from tests.factories import make_user
from tests.ui.test_browser_sign_in import arrive, confirm, sign_in, virtual_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_passkey_opens_what_the_role_kept_closed(open_page: Opener) -> None:
    Role.objects.filter(slug="administrator").update(requires_second_factor=True)
    dana = make_user("dana", role="administrator")
    page = open_page(lang="en")
    virtual_key(page)
    sign_in(page)
    expect(page.get_by_text("Your role requires a second factor.")).to_be_visible()
    page.goto(reverse("console:user_list"))
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    page.get_by_role("link", name="Add", exact=True).click()
    if page.get_by_role("heading", name="Confirm it is you").count():
        confirm(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(reverse("console:user_list"))
    expect(page.get_by_role("link", name="Dana Example")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    arrive(page)
    methods = [event.data["methods"] for event in Event.objects.filter(verb="sign_in.succeeded").order_by("pk")]
    assert methods == [["password"], ["webauthn"]]
    assert Event.objects.get(verb="user.second_factor_added", data__methods=["webauthn"]).actor == dana


def test_a_fragment_asked_by_htmx_leads_to_the_set_up(open_page: Opener) -> None:
    dana = make_user("dana", role="administrator")
    page = open_page(dana)
    page.goto(reverse("console:user_list"))
    Role.objects.filter(slug="administrator").update(requires_second_factor=True)
    page.get_by_label("Name or address").fill("somebody")
    page.wait_for_url("**/accounts/2fa/")
    expect(page.get_by_text("Your role requires a second factor.")).to_be_visible()
