"""The admin: for administrators, through the doors, read-only for records, flat in statements, clean under the CSP."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from crm.access.models import User
from crm.console.admin import site
from crm.records.models import Event, Tag
from tests.factories import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
OURS = {"access", "records", "lists", "console", "contacts", "opportunities", "integrations"}


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator", team=make_team())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lists() -> list[str]:
    return [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in site._registry]


def test_every_table_of_ours_that_is_no_version_is_there_and_nobody_else_s() -> None:
    work = ("Entry", "Beginning", "DuplicateKey", "DuplicateHit")
    left_out = ("Version", "Share", "EventRef", "ContactTag", "CompanyTag", "OpportunityTag", "UserRole", *work)
    ours = {
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not (model.__name__.endswith(left_out) or model._meta.auto_created or model._meta.proxy)
    }
    assert {model for model in ours if model not in site._registry} == set()
    assert {model._meta.app_label for model in site._registry} <= OURS


@pytest.mark.parametrize("role", ["sales-manager", "read-only"])
def test_others_do_not_get_in(role: str) -> None:
    client = signed_in(make_user(role=role))
    for url in [reverse("admin:index"), *lists()]:
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].startswith("/admin/login/")) == (302, True)
        assert client.get(answer["Location"])["Location"] == "/"


def test_the_anonymous_sign_in_on_the_product_s_own_page() -> None:
    answer = Client().get(reverse("admin:index"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")


def test_every_list_opens_and_searches(dana: User) -> None:
    make_contact(owner=dana, email="claire@example.com")
    client = signed_in(dana)
    for url in lists():
        assert client.get(url).status_code == 200, url
        assert client.get(url, {"q": "claire"}).status_code == 200, url


def test_records_are_read_only_and_never_deleted(dana: User) -> None:
    contact = make_contact(owner=dana)
    client = signed_in(dana)
    page = reverse("admin:contacts_contact_change", args=[contact.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"first_name": "Changed"}).status_code == 403
    assert client.post(reverse("admin:contacts_contact_delete", args=[contact.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:contacts_contact_add")).status_code == 403


def test_configuration_is_saved_with_its_event(dana: User) -> None:
    client = signed_in(dana)
    client.post(reverse("admin:records_tag_add"), {"name": "VIP", "colour": "rose"})
    tag = Tag.objects.get(name="VIP")
    client.post(reverse("admin:records_tag_change", args=[tag.pk]), {"name": "Key account", "colour": "rose"})
    tag.refresh_from_db()
    assert tag.name == "Key account"
    event = Event.objects.get(verb="tag.changed")
    assert (event.actor, event.data["fields"]) == (dana, ["name"])


def test_statements_are_the_same_at_3_and_at_30_rows(dana: User, django_assert_max_num_queries: Any) -> None:
    url = reverse("admin:contacts_contact_changelist")
    client = signed_in(dana)
    for count in (3, 27):
        for _each in range(count):
            make_contact(owner=make_user(team=make_team()))
        with django_assert_max_num_queries(12):
            client.get(url)


@pytest.mark.browser
def test_the_admin_walks_under_the_csp(dana: User, open_page: Any, live_site: str) -> None:
    contact = make_contact(owner=dana)
    page = open_page(user=dana)
    urls = [reverse(f"admin:{name}") for name in ("index", "contacts_contact_changelist", "records_tag_add")]
    for url in [*urls, reverse("admin:contacts_contact_change", args=[contact.pk])]:
        page.goto(live_site + url)
        assert page.locator("#content").is_visible()
