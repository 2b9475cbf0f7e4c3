"""Settings of the organisation: typed, checked, logged with who changed each last, undoable; they take effect."""

from __future__ import annotations

import html
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from contacts.models import Contact
from crm.access.models import User
from crm.console.history import last_changes
from crm.records.models import Changeset, Event, Organisation
from crm.records.services import save_edit
from crm.records.undo import undo
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
URL = "/administration/settings/"


@pytest.fixture
def dana() -> User:
    return make_user("dana", role="administrator")


@pytest.fixture
def console(dana: User, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client = Client()
    client.force_login(dana)
    return client


def typed(**over: Any) -> dict[str, Any]:
    now = {
        "name": "Sillage",
        "legal_mentions": "",
        "country": "FR",
        "currency": "EUR",
        "fiscal_year_start": 1,
        "working_days": [1, 2, 3, 4, 5],
        "day_starts_at": "09:00",
        "day_ends_at": "18:00",
        "time_zone": "Europe/Paris",
        "languages": ["fr", "en"],
        "trash_days": 30,
        "undo_days": 30,
        "upload_limit_mb": 1024,
    }
    return {**now, **over}


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (1200, 300), (20, 40, 160)).save(out, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", out.getvalue())


def test_only_what_changed_is_saved_logged_and_undone(console: Client, dana: User) -> None:
    assert console.post(URL, typed()).status_code == 303
    assert not Event.objects.exists()
    console.post(URL, typed(name="Boréal Énergie", working_days=[1, 2, 3, 4], currency="CHF"))
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.working_days, organisation.currency) == (
        "Boréal Énergie",
        [1, 2, 3, 4],
        "CHF",
    )
    event = Event.objects.get(verb="organisation.changed")
    assert event.data == {"fields": ["name", "currency", "working_days"]}
    undo(Changeset.objects.get(), by=dana)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.working_days, organisation.currency) == ("Sillage", [1, 2, 3, 4, 5], "EUR")


def test_each_setting_shows_its_default_and_who_changed_it_last(console: Client, dana: User) -> None:
    paul = make_user("paul", role="administrator")
    console.post(URL, typed(name="Boréal", undo_days=60))
    save_edit(Organisation.objects.get(), {"name": "Boréal Énergie"}, by=paul)
    changes = last_changes(Organisation.objects.get())
    assert {name: change.by for name, change in changes.items()} == {"name": paul, "undo_days": dana}
    page = console.get(URL).text
    for words in (
        "Default: Sillage",
        "Default: EUR · Euro",
        "Default: Monday, Tuesday",
        "Default: 1,024",
        "Default: 09:00",
    ):
        assert words in page
    assert "changed by Paul Example" in page


def test_an_undo_counts_as_the_last_change(console: Client, dana: User) -> None:
    paul = make_user("paul", role="administrator")
    console.post(URL, typed(name="Boréal"))
    undo(Changeset.objects.get(), by=paul)
    assert last_changes(Organisation.objects.get())["name"].by == paul


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 2000}, "at most 120 characters"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"currency": "FRF"}, "Select a valid choice"),
        ({"working_days": []}, "Tick at least one day."),
        ({"working_days": [9]}, "Select a valid choice"),
        ({"languages": []}, "Tick at least one language."),
        ({"day_ends_at": "08:00"}, "The working day must end after it starts."),
        ({"day_ends_at": "late"}, "Enter a valid time."),
        ({"trash_days": "0"}, "greater than or equal to 1"),
        ({"undo_days": "a month"}, "Enter a whole number."),
        ({"upload_limit_mb": "99999999999"}, "less than or equal to"),
        ({"logo": SimpleUploadedFile("logo.png", b"not an image")}, "image"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(console: Client, wrong: dict[str, Any], words: str) -> None:
    answer = console.post(URL, typed(legal_mentions="Kept as typed", **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept as typed" in answer.text
    assert not Event.objects.exists()


def test_a_logo_is_made_small_shown_and_removed(console: Client, dana: User) -> None:
    assert console.get(reverse("console:organisation_logo")).status_code == 404
    console.post(URL, typed(logo=picture("JPEG")))
    answer = console.get(reverse("console:organisation_logo"))
    image = Image.open(io.BytesIO(answer.getvalue()))
    assert (image.format, image.size) == ("PNG", (480, 120))
    assert "/login/" in Client().get(reverse("console:organisation_logo"))["Location"]
    console.post(URL, typed(remove_logo="on"))
    assert not Organisation.objects.get().logo
    undo(Changeset.objects.order_by("-created_at")[0], by=dana)
    answer = console.get(reverse("console:organisation_logo"))
    assert answer.getvalue().startswith(b"\x89PNG")


def test_a_shorter_trash_is_confirmed_by_what_it_deletes(console: Client) -> None:
    make_contact()
    Contact.objects.update(trashed_at="2026-01-01T00:00Z")
    shown = console.post(URL, typed(trash_days=10))
    assert shown.status_code == 200
    assert "1 record in the trash will be deleted for good." in shown.text
    assert Organisation.objects.get().trash_days == 30
    console.post(URL, typed(trash_days=10, confirmed="trash_days=10"))
    assert Organisation.objects.get().trash_days == 10


def test_two_administrators_who_change_the_same_setting_see_both_values(console: Client) -> None:
    paul = make_user("paul", role="administrator")
    read = json.dumps({"name": "Sillage", "currency": "EUR"})
    save_edit(Organisation.objects.get(), {"name": "Boréal"}, by=paul)
    answer = console.post(URL, typed(name="Austral", as_read=read))
    assert answer.status_code == 409
    assert "Paul Example changed this to “Boréal”" in html.unescape(answer.text)
    assert Organisation.objects.get().name == "Boréal"


def test_users_choose_among_the_languages_offered(console: Client) -> None:
    console.post(URL, typed(languages=["fr"]))
    assert 'value="en"' not in console.get(reverse("console:user_invite")).text
    client = Client()
    client.force_login(make_user("sam", language="fr"))
    client.post(reverse("ui:preferences"), {"language": "en"})
    assert User.objects.get(first_name="Sam").language == "fr"


def test_the_page_costs_little(console: Client, django_assert_max_num_queries: object) -> None:
    console.get(URL)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        console.get(URL)
