"""One's own profile: saved, refused with words, photo made small."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from crm.access.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PROFILE = {
    "first_name": "Camille",
    "last_name": "Lefèvre",
    "phone": "",
    "language": "en",
    "time_zone": "America/Montreal",
    "theme": "dark",
}


@pytest.fixture
def user(client: Client) -> User:
    made = make_user(language="en")
    client.force_login(made)
    return made


def picture(size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue(), "image/png")


def test_the_profile_is_saved_and_says_so(client: Client, user: User) -> None:
    response = client.post("/account/", PROFILE, follow=True)
    assert "Your profile is saved." in response.text
    user.refresh_from_db()
    assert (user.first_name, user.time_zone, user.theme, user.single_keys) == (
        "Camille",
        "America/Montreal",
        "dark",
        False,
    )


def test_mistakes_come_back_with_words_and_what_was_typed(client: Client, user: User) -> None:
    response = client.post("/account/", {**PROFILE, "first_name": "x" * 2000, "time_zone": "Mars/Base"})
    assert response.status_code == 422
    assert "x" * 2000 in response.text
    assert "<title>Error: My account" in response.text
    assert 'role="alert"' in response.text
    assert 'href="#id_first_name"' in response.text
    assert 'aria-describedby="id_first_name_error"' in response.text
    user.refresh_from_db()
    assert user.first_name != "Camille"


def test_a_photo_becomes_a_small_square_and_colleagues_see_it(
    client: Client, user: User, settings: Any, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.post("/account/", {**PROFILE, "photo": picture()})
    user.refresh_from_db()
    with user.photo.open() as stored, Image.open(stored) as image:
        assert (image.size, image.format) == ((256, 256), "WEBP")
    client.force_login(make_user())
    response = client.get(f"/users/{user.pk}/photo/")
    assert response.headers["Content-Type"] == "image/webp"
    response.close()


def test_a_photo_that_is_none_is_refused(client: Client, user: User) -> None:
    upload = SimpleUploadedFile("me.png", b"not an image", "image/png")
    response = client.post("/account/", {**PROFILE, "photo": upload})
    assert response.status_code == 422
    assert "id_photo_error" in response.text
    user.refresh_from_db()
    assert not user.photo


def test_photos_are_for_those_signed_in(client: Client) -> None:
    assert client.get("/users/1/photo/").status_code == 302
    client.force_login(make_user())
    assert client.get("/users/999999/photo/").status_code == 404
