"""On a developer's machine the site has a name: passkeys belong to a name, not to an address."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from crm.ui.localhost import redirect_to_name


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@pytest.mark.parametrize(
    ("host", "where"),
    [
        ("127.0.0.1:8000", "http://localhost:8000/contacts/?q=a"),
        ("[::1]:8000", "http://localhost:8000/contacts/?q=a"),
        ("127.0.0.1", "http://localhost/contacts/?q=a"),
    ],
)
def test_the_address_is_sent_to_the_name(rf: RequestFactory, host: str, where: str) -> None:
    response = redirect_to_name(answer)(rf.get("/contacts/?q=a", headers={"host": host}))
    assert (response.status_code, response.headers["Location"]) == (302, where)


@pytest.mark.parametrize("host", ["localhost:8000", "crm.example:8000", "192.168.1.7"])
def test_names_and_other_addresses_are_served(rf: RequestFactory, settings: Settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert redirect_to_name(answer)(rf.get("/", headers={"host": host})).content == b"page"


def test_a_form_sent_to_the_address_is_not_lost_in_a_redirect(rf: RequestFactory) -> None:
    assert redirect_to_name(answer)(rf.post("/", headers={"host": "127.0.0.1:8000"})).content == b"page"
