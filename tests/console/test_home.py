"""The console's first page: each section at a glance, at a flat cost, accessible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from crm.records.changes import record_event
from tests.browser import Opener
from tests.factories import make_team, make_user


@pytest.mark.django_db
def test_each_section_at_a_glance_at_a_flat_cost(django_assert_max_num_queries: Any) -> None:
    dana = make_user("dana", role="administrator", last_name="Kermarec")
    for number in range(8):
        make_user(f"user{number}", team=make_team())
    make_user("ines", password="")
    record_event("user.joined", by=dana, about=[dana], address="203.0.113.7")
    client = Client()
    client.force_login(dana)
    client.get(reverse("console:home"))
    with django_assert_max_num_queries(14):
        page = client.get(reverse("console:home")).text
    for words in ("9 active", "without second factor", "Sales manager", "1 member", "Arrival", "203.0.113.7"):
        assert words in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_it_is_accessible(open_page: Opener, axe: Callable[[Page], None], size: str) -> None:
    dana = make_user("dana", role="administrator", team=make_team("West"))
    record_event("user.joined", by=dana, about=[dana], address="203.0.113.7")
    page = open_page(dana, size=size)
    page.goto(reverse("console:home"))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
