"""Two clicks on Save at the same moment reach two processes: one record is made, both get its address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from contacts.models import Company
from crm.ui.once import once, once_field
from tests.factories import make_team, make_user


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment() -> None:
    alice = make_user("alice", team=make_team())
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(alice)
    data = {"name": "Valmont", "owner": alice.pk, "once": "the same form"}

    def send(client: Client) -> tuple[int, str]:
        try:
            answer = client.post("/companies/new/", data)
            return answer.status_code, answer["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = set(threads.map(send, clients))
    assert answers == {(303, Company.objects.get().get_absolute_url())}


class Nobody:
    pk = 1


def sent(**data: str) -> Any:
    request: Any = RequestFactory().post("/x/", data)
    request.user = Nobody()
    return request


def answering(*statuses: int) -> Any:
    """A view that answers so, one call after another."""
    left = iter(statuses)

    def view(_request: Any) -> HttpResponse:
        return HttpResponse(status=next(left))

    return once(view)


def test_what_failed_may_be_tried_again() -> None:
    view = answering(422, 500, 303)
    assert [view(sent(once="a", name="b")).status_code for _try in range(5)] == [422, 500, 303, 303, 303]


def test_an_exception_leaves_the_form_open() -> None:
    def breaks(_request: Any) -> HttpResponse:
        raise ZeroDivisionError

    view: Any = once(breaks)
    for _try in range(2):
        with pytest.raises(ZeroDivisionError):
            view(sent(once="a"))


def test_a_form_without_the_field_is_handled_each_time() -> None:
    view = answering(303, 204)
    assert [view(sent(name="a")).status_code for _try in range(2)] == [303, 204]


def test_the_field_is_new_for_each_drawing_and_escaped() -> None:
    get: Any = RequestFactory().get("/x/")
    assert once_field(get) != once_field(get)
    assert '"><script>' not in once_field(sent(once='"><script>'))
