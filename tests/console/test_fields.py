"""The console's pages of custom fields."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.access.models import User
from crm.records.custom import CustomField
from tests.factories import make_contact
from tests.people import SignIn

pytestmark = pytest.mark.django_db
NEW = reverse("console:field_create", args=["contact"])


def test_an_administrator_adds_a_choice_renames_one_and_records_keep_it(dana: User, sign_in: SignIn) -> None:
    client = sign_in(dana)
    typed = {"label": "Size", "kind": "choice", "choices_text": "Small\nLarge", "default_text": "large"}
    assert client.post(NEW, typed).status_code == 303
    field = CustomField.objects.get()
    assert (field.slug, field.choices, field.default) == (
        "c_size",
        [["choice-1", "Small"], ["choice-2", "Large"]],
        "choice-2",
    )

    page = reverse("console:field_edit", args=[field.pk])
    client.post(page, {"label": "Size", "choices_text": "Small\nHuge\n", "as_read": "{}"})

    field.refresh_from_db()
    assert field.choices == [["choice-1", "Small"], ["choice-2", "Huge"]]


@pytest.mark.parametrize(
    "typed",
    [
        {"label": "", "kind": "text"},
        {"label": "Size", "kind": "choice"},
        {"label": "Size", "kind": "number", "default_text": "many"},
        {"label": "Taken", "kind": "text"},
    ],
)
def test_what_cannot_be_a_field_is_said_beside_it(typed: dict[str, str], dana: User, sign_in: SignIn) -> None:
    CustomField.objects.create(type="contact", slug="c_taken", label="taken", kind="text")
    assert sign_in(dana).post(NEW, typed).status_code == 422
    assert CustomField.objects.count() == 1


def test_fields_are_moved_trashed_and_restored(dana: User, sign_in: SignIn) -> None:
    client = sign_in(dana)
    for label in ("One", "Two"):
        client.post(NEW, {"label": label, "kind": "text"})
    one, two = CustomField.objects.order_by("position")
    make_contact(custom={two.slug: "x"})

    client.post(reverse("console:field_move", args=[two.pk]), {"step": "-1"})
    assert list(CustomField.objects.order_by("position")) == [two, one]

    assert "Contacts" in client.get(reverse("console:field_edit", args=[two.pk])).text
    client.post(reverse("console:field_trash", args=[two.pk]))
    assert "In the trash" in client.get(reverse("console:field_list")).text
    client.post(reverse("console:field_restore", args=[two.pk]))
    two.refresh_from_db()
    assert two.trashed_at is None
