"""Fields that administrators add: everywhere a built-in field is, and each on its own in conflicts and undo."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from contacts.forms import ContactForm
from contacts.models import Contact
from crm.access.models import User
from crm.console.services import fields
from crm.lists.custom import for_user
from crm.lists.fields import record_type
from crm.records.custom import CustomField
from crm.records.models import Changeset
from crm.records.services import EditConflict, as_read, save_edit
from crm.records.undo import undo
from tests.factories import make_contact
from tests.people import SignIn

pytestmark = pytest.mark.django_db
Kind = CustomField.Kind


@pytest.fixture
def add(dana: User) -> Any:
    """Add a field to contacts: add("Budget", Kind.MONEY)."""

    def add(label: str, kind: str, **over: Any) -> CustomField:
        field = CustomField(type="contact", label=label, kind=kind, **over)
        fields.create_field(field, by=dana)
        return field

    return add


def fresh(user: User) -> User:
    """The user as the next request reads them."""
    return User.objects.get(pk=user.pk)


SIZES = [["1", "Small"], ["2", "Large"]]
TYPED = [
    (Kind.TEXT, "  Blue   sky ", "Blue sky", "Blue sky"),
    (Kind.LONG_TEXT, "One\nTwo", "One\nTwo", "One<br>Two"),
    (Kind.NUMBER, "1,234.50", "1234.5", "1,234.5"),
    (Kind.MONEY, "1200 €", "1200", "€1,200"),
    (Kind.DATE, "2026-03-01", "2026-03-01", "01/03/2026"),
    (Kind.MOMENT, "2026-03-01T10:30", "2026-03-01T09:30:00Z", "10:30"),
    (Kind.YES_NO, "no", False, "no"),
    (Kind.CHOICE, "2", "2", "Large"),
    (Kind.CHOICES, ["2", "1"], ["1", "2"], "Small"),
    (Kind.LINK, "example.com/a", "https://example.com/a", 'href="https://example.com/a"'),
    (Kind.EMAIL, "Claire@Example.com", "claire@example.com", "claire@example.com"),
    (Kind.PHONE, "06 12 48 90 17", "+33612489017", "06 12 48 90 17"),
]


@pytest.mark.parametrize(("kind", "typed", "kept", "shown"), TYPED)
def test_each_kind_is_edited_in_place_and_shown(
    kind: str, typed: Any, kept: Any, shown: str, add: Any, alice: User, sign_in: SignIn
) -> None:
    field = add("Extra", kind, choices=SIZES if kind in (Kind.CHOICE, Kind.CHOICES) else [])
    contact = make_contact(owner=alice)
    client = sign_in(alice)
    url = reverse("contacts:contact_field", args=[contact.pk, field.slug])
    assert client.get(url).status_code == 200

    client.post(url, {field.slug: typed, "as_read": "{}"})

    contact.refresh_from_db()
    assert contact.custom == {field.slug: kept}
    assert shown in client.get(reverse("contacts:contact_detail", args=[contact.pk])).text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    client.post(url, {field.slug: "", "as_read": "{}"})
    contact.refresh_from_db()
    assert contact.custom == {}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(Kind.NUMBER, "many"), (Kind.DATE, "soon"), (Kind.MOMENT, "now"), (Kind.CHOICE, "9"), (Kind.LINK, "no way"),
     (Kind.EMAIL, "claire"), (Kind.PHONE, "call me"), (Kind.USER, "999999"), (Kind.TEXT, "x" * 201)],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_the_field(
    kind: str, typed: str, add: Any, alice: User, sign_in: SignIn
) -> None:
    field = add("Extra", kind, choices=SIZES)
    contact = make_contact(owner=alice)

    answer = sign_in(alice).post(
        reverse("contacts:contact_field", args=[contact.pk, field.slug]), {field.slug: typed, "as_read": "{}"}
    )

    assert answer.status_code == 422
    contact.refresh_from_db()
    assert contact.custom == {}


def test_a_form_sent_back_as_it_was_loses_no_decimal(add: Any, alice: User, sign_in: SignIn) -> None:
    rate, budget = add("Rate", Kind.NUMBER), add("Budget", Kind.MONEY)
    contact = make_contact(owner=alice, custom={rate.slug: "0.123456", budget.slug: "12500.5"})
    client = sign_in(alice)
    page = client.get(reverse("contacts:contact_detail", args=[contact.pk])).text
    assert "0.123456" in page and "12,500.50" in page
    for field in (rate, budget):
        url = reverse("contacts:contact_field", args=[contact.pk, field.slug])
        shown = re.search(rf'name="{field.slug}" value="([^"]*)"', client.get(url).text)
        client.post(url, {field.slug: shown[1] if shown else "", "as_read": "{}"})

    contact.refresh_from_db()
    assert contact.custom == {rate.slug: "0.123456", budget.slug: "12500.5"}


def test_a_choice_whose_label_is_another_ones_value_is_the_one_that_was_chosen(
    add: Any, alice: User, sign_in: SignIn
) -> None:
    field = add("Level", Kind.CHOICE, choices=[["1", "2"], ["2", "1"]])
    contact = make_contact(owner=alice)

    sign_in(alice).post(reverse("contacts:contact_field", args=[contact.pk, field.slug]), {field.slug: "2"})

    contact.refresh_from_db()
    assert contact.custom == {field.slug: "2"}


def test_a_new_record_begins_with_the_default_and_needs_what_is_required(
    add: Any, alice: User, sign_in: SignIn
) -> None:
    size = add("Size", Kind.CHOICE, choices=SIZES, default="2")
    code = add("Code", Kind.TEXT, is_required=True)
    client, url = sign_in(alice), reverse("contacts:contact_create")
    assert '<option value="2" selected>Large</option>' in client.get(url).text
    typed = {"last_name": "Fontaine", "lifecycle": "lead", "owner": alice.pk, size.slug: "1"}

    assert client.post(url, typed).status_code == 422
    client.post(url, {**typed, code.slug: "A1"})

    assert Contact.objects.get().custom == {size.slug: "1", code.slug: "A1"}


def test_two_people_edit_two_fields_without_conflict_and_one_field_with_one(add: Any, alice: User, bob: User) -> None:
    one, two = add("One", Kind.TEXT), add("Two", Kind.TEXT)
    contact = make_contact(owner=alice, custom={one.slug: "a"})
    read = as_read(contact, [one.slug, two.slug])
    save_edit(Contact.objects.get(), {one.slug: "b"}, by=alice, read=read)

    save_edit(Contact.objects.get(), {two.slug: "c"}, by=bob, read=read)

    contact.refresh_from_db()
    assert contact.custom == {one.slug: "b", two.slug: "c"}
    with pytest.raises(EditConflict):
        save_edit(Contact.objects.get(), {one.slug: "z"}, by=bob, read=read)


def test_undo_puts_back_one_field_and_leaves_what_changed_since(add: Any, alice: User, dana: User) -> None:
    one, two = add("One", Kind.TEXT), add("Two", Kind.TEXT)
    contact = make_contact(owner=alice, custom={one.slug: "a"})
    saved = save_edit(Contact.objects.get(), {one.slug: "b", two.slug: "c"}, by=alice)
    assert saved.changeset
    save_edit(Contact.objects.get(), {two.slug: "d"}, by=alice)

    done = undo(saved.changeset, by=dana)

    contact.refresh_from_db()
    assert contact.custom == {one.slug: "a", two.slug: "d"}
    assert "Two" in done.left[0].why


def test_the_history_names_the_field_and_its_values_in_words(add: Any, alice: User, sign_in: SignIn) -> None:
    size = add("Size of team", Kind.CHOICE, choices=SIZES)
    contact = make_contact(owner=alice)
    save_edit(contact, {size.slug: "2"}, by=alice)

    page = sign_in(alice).get(reverse("contacts:contact_detail", args=[contact.pk]) + "?whole").text

    timeline = page.partition('id="record-timeline"')[2]
    assert "Size of team" in timeline and "Large" in timeline


FILTERS = [
    (Kind.TEXT, "Éclair bleu", "Rouge", "__contains=eclair"),
    (Kind.NUMBER, "9", "10", "__between=,9.5"),
    (Kind.MONEY, "1200.5", "10", "__is=1200.50"),
    (Kind.DATE, "2026-03-01", "2026-04-01", "__before=2026-03-02"),
    (Kind.MOMENT, "2026-03-01T09:30:00Z", "2026-04-01T09:30:00Z", "__is=2026-03-01"),
    (Kind.YES_NO, False, True, "=0"),
    (Kind.CHOICE, "1", "2", "=1"),
    (Kind.CHOICES, ["1", "2"], ["2"], "=1"),
    (Kind.PHONE, "+33612489017", "+33698765432", "__contains=06 12 48"),
]


@pytest.mark.parametrize(("kind", "value", "other", "asked"), FILTERS)
def test_each_kind_is_a_column_and_a_filter(
    kind: str, value: Any, other: Any, asked: str, add: Any, alice: User, sign_in: SignIn
) -> None:
    field = add("Extra", kind, choices=SIZES)
    make_contact("Found", owner=alice, custom={field.slug: value})
    make_contact("Other", owner=alice, custom={field.slug: other})
    make_contact("Blank", owner=alice)
    client, url = sign_in(alice), reverse("contacts:contact_list")

    def names(query: str) -> set[str]:
        page = client.get(f"{url}?columns=name,{field.slug}&{query}")
        assert not page.context["state"].problems
        return {row.first_name for row in page.context["page"].rows}

    assert names(f"{field.slug}{asked}") == {"Found"}
    assert names(f"{field.slug}__empty=1") == {"Blank"}
    if kind in (Kind.CHOICE, Kind.CHOICES):
        assert names(f"{field.slug}__not=1") == {"Other", "Blank"}
    if kind == Kind.TEXT:
        assert names(f"{field.slug}__without=eclair") == {"Other", "Blank"}


def test_a_column_of_people_costs_one_statement(
    add: Any, alice: User, bob: User, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    field = add("Advisor", Kind.USER)
    client, url = sign_in(alice), f"{reverse('contacts:contact_list')}?view=all"
    for person in (alice, bob, None):
        make_contact(owner=alice, custom={field.slug: person.pk} if person else {})
    client.get(url)
    with_column = f"{url}&columns=name,{field.slug}"

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as plain:
        client.get(f"{url}&columns=name")
    with django_assert_num_queries(len(plain) + 1):
        page = client.get(with_column).text
    assert bob.name in page


def test_a_field_in_the_trash_leaves_every_page_and_comes_back_with_its_values(
    add: Any, alice: User, dana: User, sign_in: SignIn
) -> None:
    field = add("Budget", Kind.TEXT)
    contact = make_contact(owner=alice, custom={field.slug: "Saffron"})
    client, url = sign_in(alice), reverse("contacts:contact_detail", args=[contact.pk])
    assert "Saffron" in client.get(url).text
    assert fields.uses_of(field) == [("Contacts", "1")]

    fields.trash_field(field, by=dana)
    assert "Saffron" not in client.get(url).text
    assert field.slug not in ContactForm(instance=contact, by=fresh(alice)).fields
    assert for_user(record_type("contact"), fresh(alice)).field(field.slug) is None

    fields.restore_field(field, by=dana)
    assert "Saffron" in client.get(url).text


def test_the_slug_of_a_field_that_is_gone_is_never_used_again(add: Any, dana: User) -> None:
    field = add("Budget", Kind.TEXT)
    made = Changeset.objects.latest("created_at")
    undo(made, by=dana)

    assert field.slug == "c_budget"
    assert add("Budget", Kind.NUMBER).slug == "c_budget_2"


def test_one_field_is_set_for_many_records(add: Any, alice: User, sign_in: SignIn) -> None:
    field = add("Budget", Kind.TEXT)
    rows = [make_contact(owner=alice) for _ in range(2)]
    sign_in(alice).post(
        reverse("contacts:contact_bulk"),
        {"act": "set", "field": field.slug, "value": "1", field.slug: "Saffron", "pk": [row.pk for row in rows]},
    )
    assert {row.custom.get(field.slug) for row in Contact.objects.all()} == {"Saffron"}
