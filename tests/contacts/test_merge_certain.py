"""Certain duplicates merged together: what stays, what is left alone, and all of it back again."""

from __future__ import annotations

from typing import Any

import pytest

from contacts.duplicates import searches
from contacts.duplicates.services import say_apart
from contacts.models import Company, Contact
from crm.access.models import User
from crm.lists.bulk import request_undo
from crm.lists.models import BulkRun
from crm.records.models import Changeset
from tests.factories import make_company, make_contact
from tests.pages import undo
from tests.people import SignIn
from tests.servers import wait_until

URL = "/contacts/duplicates/merge/"


def search(kind: str = "contact") -> None:
    searches.work_off(searches.begin_search(kind, None).pk)


def twins(owner: User, n: int = 0) -> tuple[Contact, Contact]:
    name = f"Kerjean{chr(97 + n % 26)}{chr(97 + n // 26)}o"
    email = f"zoe{n}@martin.example"
    one = make_contact("Zoé", name, email=email, owner=owner, job_title="Buyer", consent="given")
    two = make_contact(
        "Zoe", name, email=email, phone=f"+336399800{n:02}", owner=owner, department="Sales", consent="refused"
    )
    return one, two


@pytest.mark.django_db
def test_the_older_record_stays_and_takes_what_it_lacks(alice: User, bob: User, sign_in: SignIn) -> None:
    one, two = twins(alice)
    twins(bob, 1)
    make_contact("Zoé", "Kerjeanaao", owner=alice)  # The same name alone is not certain.
    search()
    client = sign_in(alice)
    assert f'href="{URL}"' in client.get("/contacts/duplicates/?level=certain").content.decode()
    assert "Records that go into older ones: 1." in client.get(URL).content.decode()
    answer = client.post(URL)
    run = BulkRun.objects.get()
    assert (answer["Location"], run.status, run.changed, run.left) == (run.get_absolute_url(), "done", 1, {})
    one.refresh_from_db()
    assert (one.first_name, one.job_title, one.department, one.consent) == ("Zoé", "Buyer", "Sales", "refused")
    assert (one.emails.count(), one.phones.count()) == (1, 1)
    assert not Contact.objects.visible_to(alice).filter(pk=two.pk).exists()
    assert "There is no certain pair" in client.get(URL).content.decode()
    page = client.get(run.get_absolute_url())
    client.post(page.context["undo"])
    one.refresh_from_db()
    assert (one.department, one.consent, one.phones.count()) == ("", "given", 0)
    assert Contact.objects.visible_to(alice).filter(pk=two.pk).exists()


@pytest.mark.django_db
def test_three_become_one_unless_somebody_said_that_two_of_them_differ(alice: User, sign_in: SignIn) -> None:
    def three() -> list[Contact]:
        email = f"{Contact.objects.count()}@martin.example"
        return [make_contact("Zoé", f"Martin{email[0]}x", email=email, owner=alice) for _n in range(3)]

    together, apart = three(), three()
    search()
    say_apart(apart[0], apart[2], by=alice)
    sign_in(alice).post(URL)
    run = BulkRun.objects.get()
    assert (run.total, run.changed, run.left_count) == (4, 3, 1)
    stayed = set(Contact.objects.visible_to(alice).values_list("pk", flat=True))
    assert stayed == {together[0].pk, apart[0].pk, apart[2].pk}


@pytest.mark.django_db
def test_companies_too(alice: User, sign_in: SignIn) -> None:
    one, two = (make_company("Valmont", owner=alice, siren="552100554", sector=sector) for sector in ("", "Energy"))
    search("company")
    answer = sign_in(alice).post("/companies/duplicates/merge/")
    one.refresh_from_db()
    assert (answer.status_code, one.sector) == (303, "Energy")
    assert list(Company.objects.visible_to(alice)) == [one]
    assert two.pk != one.pk


@pytest.mark.django_db(transaction=True)
def test_many_are_merged_by_a_worker_under_one_act_and_undone(alice: User, sign_in: SignIn, worker: None) -> None:
    for n in range(25):
        twins(alice, n)
    search()
    sign_in(alice).post(URL)
    run = BulkRun.objects.get()
    assert run.status in ("gathering", "running", "done")
    wait_until(lambda: BulkRun.objects.get().status == "done", 60)
    run.refresh_from_db()
    assert (run.total, run.changed, Contact.objects.visible_to(alice).count()) == (25, 25, 25)
    assert Changeset.objects.filter(source="merge").count() == 1
    request_undo(run, alice)
    wait_until(lambda: BulkRun.objects.get().status == "undone", 60)
    assert Contact.objects.visible_to(alice).count() == 50


@pytest.mark.django_db
def test_a_merge_from_the_page_is_as_before(alice: User, sign_in: SignIn) -> None:
    one, two = twins(alice)
    client = sign_in(alice)
    keys: dict[str, Any] = {"pk": [one.pk, two.pk], "stays": one.pk}
    answer = client.post("/contacts/merge/", keys)
    one.refresh_from_db()
    assert (one.department, one.consent) == ("Sales", "refused")
    undo(client, answer)
    assert Contact.objects.visible_to(alice).count() == 2
