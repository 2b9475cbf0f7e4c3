"""Two people do, in the same instant, what each alone may do: the second gets a sentence, never an error page."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from contacts.models import Affiliation, Company, Contact, Email
from crm.access.models import User
from crm.console.services import fields
from crm.records.custom import CustomField
from crm.records.custom_indexes import build_all
from tests.contacts.test_forms import error_beside
from tests.factories import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_waiting(count: int) -> None:
    """Until so many statements of this database wait for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # Else the first look is kept to the transaction's end.
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            row = cursor.fetchone()
        if row and row[0] >= count:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def both_at_once(rows: Any, posts: list[tuple[str, dict[str, Any]]], sees: Company | None = None) -> list[Any]:
    """Send two forms, both checked before either is saved: `rows` are held until both wait for them."""
    user = make_user("alice", team=make_team())
    rows.update(owner=user, team=user.team)
    if sees:
        Company.objects.filter(pk=sees.pk).update(owner=user, team=user.team)
    return send_together(user, posts, lambda: list(rows.select_for_update()))


def send_together(user: User, posts: list[tuple[str, dict[str, Any]]], hold: Callable[[], object]) -> list[Any]:
    """The answers to two forms, in the order of their statuses: both wait for what `hold` locks before they save."""

    def send(post: tuple[str, dict[str, Any]]) -> Any:
        client = Client()
        client.force_login(user)
        try:
            return client.post(*post)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            hold()
            answers = [threads.submit(send, post) for post in posts]
            wait_for_waiting(2)
        return sorted((answer.result() for answer in answers), key=lambda answer: int(answer.status_code))


def test_the_same_address_added_twice_at_once() -> None:
    contact = make_contact()
    url = reverse("contacts:point_create", args=["contact", contact.pk, "email"])
    data = {"label": "work", "address": "claire@valmont.example"}
    first, second = both_at_once(Contact.objects.filter(pk=contact.pk), [(url, data), (url, data)])
    assert (first.status_code, second.status_code) == (303, 422)
    assert error_beside(second, "address") == "This is there already."
    assert Email.objects.filter(contact=contact).count() == 1


def test_the_same_place_of_work_added_twice_at_once() -> None:
    contact, company = make_contact(), make_company("Valmont")
    url = reverse("contacts:affiliation_create", args=[contact.pk])
    data = {"company": "Valmont"}
    first, second = both_at_once(Contact.objects.filter(pk=contact.pk), [(url, data), (url, data)], sees=company)
    assert (first.status_code, second.status_code) == (303, 422)
    assert error_beside(second, "company") == "This contact works there already."
    assert Affiliation.objects.filter(contact=contact).count() == 1


def test_two_companies_each_put_under_the_other_at_once() -> None:
    one, other = make_company("One"), make_company("Other")
    posts = [
        (reverse("contacts:company_field", args=[one.pk, "parent"]), {"parent": "Other"}),
        (reverse("contacts:company_field", args=[other.pk, "parent"]), {"parent": "One"}),
    ]
    first, second = both_at_once(Company.objects.filter(pk__in=[one.pk, other.pk]), posts)
    assert (first.status_code, second.status_code) == (303, 422)
    assert "would stand above itself: choose another company." in second.text
    assert Company.objects.filter(parent__isnull=False).count() == 1


def test_two_new_contacts_with_a_value_that_each_has_once() -> None:
    dana = make_user("dana", role="administrator")
    badge = CustomField(type="contact", label="Badge", kind=CustomField.Kind.TEXT, is_unique=True)
    fields.create_field(badge, by=dana)
    build_all()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE contacts_contact IN SHARE MODE")

    post = ("/contacts/new/", {"last_name": "Durand", "lifecycle": "lead", badge.slug: "A1"})
    first, second = send_together(dana, [post, post], hold)
    assert (first.status_code, second.status_code) == (303, 422)
    assert error_beside(second, badge.slug)
    assert Contact.objects.count() == 1


def test_no_statement_makes_a_company_stand_above_itself() -> None:
    top = make_company("Top")
    bottom = make_company("Bottom", parent=make_company("Middle", parent=top))
    with pytest.raises(IntegrityError, match="would stand above itself"), transaction.atomic():
        Company.objects.filter(pk=top.pk).update(parent=bottom)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=top.pk).update(parent=top)
