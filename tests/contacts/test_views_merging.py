"""The page that merges: who may, what is offered, what is chosen, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Company, Contact, Email
from crm.access.models import User
from tests.factories import make_affiliation, make_company, make_contact
from tests.pages import toast_of, undo
from tests.people import SignIn

URL = "/contacts/merge/"


def twins(owner: User) -> tuple[Contact, Contact]:
    one = make_contact("Zoé", "Martin", email="zoe@martin.example", owner=owner, consent="given")
    two = make_contact("Zoe", "Martin", email="z@work.example", owner=owner, job_title="Buyer", consent="refused")
    return one, two


def chosen(answer: Any) -> dict[str, int]:
    return {choice.slug: choice.chosen for choice in answer.context["choices"]}


def test_the_list_leads_to_the_page_which_merges_and_undo_takes_it_apart(alice: User, sign_in: SignIn) -> None:
    one, two = twins(alice)
    client = sign_in(alice)
    assert f'formaction="{URL}"' in client.get("/contacts/").content.decode()
    led = client.post(URL, {"pk": [two.pk, one.pk], "view": "mine", "query": ""})
    assert (led.status_code, led.headers["Location"]) == (303, f"{URL}?pk={one.pk}&pk={two.pk}")
    page = client.get(f"{URL}?pk={one.pk}&pk={two.pk}&stays={one.pk}")
    assert chosen(page) == {"first_name": one.pk, "job_title": two.pk, "consent": two.pk}
    assert page.context["moving"] == [("E-mail addresses", 1)]
    answer = client.post(URL, {"pk": [one.pk, two.pk], "stays": one.pk, "first_name": two.pk, "job_title": two.pk})
    assert (answer.status_code, answer.headers["Location"]) == (303, one.get_absolute_url())
    assert toast_of(answer)[0] == "2 records were merged into Zoe Martin"
    one.refresh_from_db()
    assert (one.first_name, one.job_title, one.consent, one.emails.count()) == ("Zoe", "Buyer", "refused", 2)
    assert list(Contact.objects.visible_to(alice)) == [one]
    undo(client, answer)
    one.refresh_from_db()
    assert (one.first_name, one.job_title, Contact.objects.visible_to(alice).count()) == ("Zoé", "", 2)


@pytest.mark.parametrize("count", [0, 1, 11])
def test_too_few_and_too_many_get_a_sentence(alice: User, sign_in: SignIn, count: int) -> None:
    keys = [make_contact("Zoé", str(n), owner=alice).pk for n in range(count)]
    for method in (sign_in(alice).get, sign_in(alice).post):
        answer = method(URL, {"pk": keys})
        assert answer.status_code == 422
        assert "Tick two to 10 records to merge them." in answer.content.decode()


def test_only_what_one_may_edit_and_delete(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    one, two = twins(alice)
    keys: dict[str, Any] = {"pk": [one.pk, two.pk], "stays": one.pk}
    for user, status in ((charlie, 404), (bob, 403)):
        for method in (sign_in(user).get, sign_in(user).post):
            assert method(URL, keys).status_code == status
    assert Contact.objects.visible_to(alice).count() == 2


def test_companies_keep_people_and_do_not_name_a_company_above_out_of_sight(
    alice: User, charlie: User, sign_in: SignIn
) -> None:
    hidden = make_company("Obsidianne", owner=charlie, team=charlie.team)
    one = make_company("Valmont", owner=alice)
    two = make_company("Valmont SA", owner=alice, sector="Energy", parent=hidden)
    make_affiliation(make_contact(owner=alice), two)
    make_company("Below", parent=two, owner=alice)
    client = sign_in(alice)
    page = client.get(f"/companies/merge/?pk={one.pk}&pk={two.pk}&stays={one.pk}")
    assert "Obsidianne" not in page.content.decode()
    assert page.context["moving"] == [("Affiliations", 1), ("Companies below", 1)]
    answer = client.post(reverse("contacts:company_merge"), {"pk": [one.pk, two.pk], "stays": one.pk})
    assert answer.status_code == 303
    one.refresh_from_db()
    assert (one.name, one.sector, one.affiliations.count(), one.parent) == ("Valmont", "Energy", 1, None)
    assert Company.objects.get(name="Below").parent == one


def test_statements_do_not_grow_with_records(alice: User, sign_in: SignIn) -> None:
    rows = [*twins(alice), *(make_contact("Zoé", str(n), owner=alice, job_title=str(n)) for n in range(8))]
    for row in rows:
        Email.objects.create(contact=row, address=f"more{row.pk}@martin.example")
    client, counts = sign_in(alice), []
    client.get(URL, {"pk": [row.pk for row in rows]})
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(URL, {"pk": [row.pk for row in some]}).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_statements_do_not_grow_with_companies(alice: User, sign_in: SignIn) -> None:
    above = [make_company(f"Holding {n}", owner=alice) for n in range(5)]
    rows = [make_company("Valmont", owner=alice, turnover=n, parent=parent) for n, parent in enumerate(above)]
    client, url, counts = sign_in(alice), reverse("contacts:company_merge"), []
    client.get(url, {"pk": [row.pk for row in rows]})
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(url, {"pk": [row.pk for row in some]}).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_values_that_do_not_go_together_get_a_sentence_beside_the_field(alice: User, sign_in: SignIn) -> None:
    one, two = make_contact("Zoé", "", owner=alice), make_contact("", "Martin", owner=alice)
    keys: dict[str, Any] = {"pk": [one.pk, two.pk], "stays": one.pk}
    client = sign_in(alice)
    answer = client.post(URL, {**keys, "first_name": two.pk, "last_name": one.pk})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="last_name-error"' in text
    assert "Enter a first or a last name, so that the contact can be found again." in text
    assert chosen(answer) == {"first_name": two.pk, "last_name": one.pk}
    assert Contact.objects.visible_to(alice).count() == 2
    assert client.post(URL, {**keys, "first_name": one.pk, "last_name": two.pk}).status_code == 303


def test_what_was_wrong_before_does_not_stand_in_the_way(alice: User, sign_in: SignIn) -> None:
    one = make_company("Valmont", owner=alice, siren="123456789", founded=1890)  # No SIREN: its check digit is wrong.
    two = make_company("Valmont", owner=alice, size=1250, turnover="1250000.50", domains=["valmont.example"])
    answer = sign_in(alice).post(reverse("contacts:company_merge"), {"pk": [one.pk, two.pk], "stays": one.pk})
    assert answer.status_code == 303
    one.refresh_from_db()
    assert (one.size, str(one.turnover), one.domains, one.siren) == (
        1250,
        "1250000.50",
        ["valmont.example"],
        "123456789",
    )
