"""The pages of likely duplicates: what is shown to whom, what is said about a pair, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.duplicates import searches
from contacts.duplicates.finding import STEPS
from contacts.models import Contact, ContactApart, ContactPair, DuplicateSearch
from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from tests.factories import make_affiliation, make_company, make_contact, make_user
from tests.pages import htmx, toast_of, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
URL = "/contacts/duplicates/"


def search(kind: str = "contact") -> None:
    searches.work_off(searches.begin_search(kind, None).pk)


def names(answer: Any) -> list[tuple[str, str]]:
    return [(str(card.one), str(card.two)) for card in answer.context["cards"]]


@pytest.fixture
def pair(alice: User) -> ContactPair:
    make_contact("Zoé", "Martin", email="zoe@martin.example", phone="+33639980001", owner=alice)
    make_contact("Zoe", "Martin", email="zoe@martin.example", job_title="Buyer", owner=alice)
    search()
    found: ContactPair = ContactPair.objects.get()
    return found


def test_a_pair_is_side_by_side_with_why_and_how_sure(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    assert f'href="{URL}"' in client.get("/contacts/").content.decode()
    answer = client.get(URL)
    text = answer.content.decode()
    for words in ("Certain", "99 of 100", "Same e-mail address", "Same name", "zoe@martin.example", "Buyer"):
        assert words in text
    [card] = answer.context["cards"]
    assert {line.label: line.is_same for line in card.lines}["E-mail"]
    assert not {line.label: line.is_same for line in card.lines}["Job title"]
    assert f"/contacts/merge/?pk={pair.one_id}&amp;pk={pair.two_id}&amp;next=%2Fcontacts%2Fduplicates%2F" in text


def test_merging_from_a_pair_comes_back_to_the_pairs(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    keys: dict[str, Any] = {"pk": [pair.one_id, pair.two_id], "next": URL}
    assert f'<input type="hidden" name="next" value="{URL}">' in client.get("/contacts/merge/", keys).content.decode()
    answer = client.post("/contacts/merge/", {**keys, "stays": pair.one_id})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert names(client.get(URL)) == []
    undo(client, answer)
    assert names(client.get(URL)) == [("Zoé Martin", "Zoe Martin")]


def test_not_the_same_leaves_the_page_and_undo_brings_it_back(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    url = f"/contact/duplicates/{pair.pk}/apart/"
    answer = client.post(url, headers=htmx(f"article#pair-{pair.pk}"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert toast_of(answer)[0] == "Zoé Martin and Zoe Martin are no longer proposed as duplicates"
    assert names(client.get(URL)) == []
    assert client.post(url).status_code == 404
    undo(client, answer)
    assert names(client.get(URL)) == [("Zoé Martin", "Zoe Martin")]
    assert client.post(url, {"next": f"{URL}?level=certain"})["Location"] == f"{URL}?level=certain"


def test_pairs_with_a_record_out_of_sight_are_not_there(
    pair: ContactPair, alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    """bob, of the same team, sees them and may not change them; charlie sees nothing."""
    seen = sign_in(bob).get(URL)
    assert [(card.may_merge, card.may_part) for card in seen.context["cards"]] == [(False, False)]
    url = f"/contact/duplicates/{pair.pk}/apart/"
    assert sign_in(bob).post(url).status_code == 403
    assert names(sign_in(charlie).get(URL)) == []
    assert sign_in(charlie).post(url).status_code == 404
    Contact.objects.filter(pk=pair.two_id).update(owner=charlie, team=charlie.team)
    assert names(sign_in(alice).get(URL)) == []
    assert sign_in(alice).post(url).status_code == 404
    assert not ContactApart.objects.exists()


def test_narrowed_by_how_sure_by_reason_and_by_record(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    other = make_contact("Zoë", "Martin", owner=alice)
    search()
    client = sign_in(alice)
    assert len(names(client.get(URL))) == 3
    for query, count in [
        ("level=certain", 1),
        ("level=possible", 2),
        ("level=likely", 0),
        ("reason=email", 1),
        ("reason=name", 3),
        ("reason=birthday", 0),
        (f"record={other.pk}", 2),
        (f"record={other.pk}&level=certain", 0),
        ("level=x&reason=siren&record=-1", 3),
        ("after=broken", 3),
    ]:
        answer = client.get(f"{URL}?{query}")
        assert (query, len(names(answer)), answer.status_code) == (query, count, 200)
    assert "Nothing matches" in client.get(f"{URL}?level=likely").content.decode()


def test_pages_go_on_by_key_and_cost_the_same(alice: User, sign_in: SignIn) -> None:
    company = make_company(owner=alice)
    for n in range(60):
        for _twin in range(2):
            make_affiliation(
                make_contact(f"Prénom{chr(97 + n % 26)}{chr(97 + n // 26)}x", "Quemener", owner=alice), company
            )
    search()
    client, counts = sign_in(alice), []
    client.get(URL)
    seen: list[Any] = []
    url = URL
    while url:
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(url)
        counts.append(len(statements))
        seen += [card.pair.pk for card in answer.context["cards"]]
        url = URL + answer.context["next_url"] if answer.context["next_url"] else ""
    assert len(seen) == len(set(seen)) == ContactPair.objects.count()
    assert len(counts) > 2
    assert max(counts) <= 12
    assert client.get(URL + answer.context["previous_url"]).status_code == 200


def test_the_record_s_page_says_so_without_a_statement_more(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    url = f"/contacts/{pair.one_id}/"
    client.get(url)
    with CaptureQueriesContext(connection) as statements:
        page = client.get(url)
    assert not any("contactpair" in each["sql"] for each in statements)
    assert 'id="record-twins"' in page.content.decode()
    part = client.get(url, headers=htmx("div#record-related")).content.decode()
    assert "Likely a duplicate of Zoe Martin" in part
    assert f"{URL}?record={pair.one_id}" in part
    client.post(f"/contact/duplicates/{pair.pk}/apart/")
    assert "duplicate" not in client.get(url, headers=htmx("div#record-related")).content.decode()


def test_merge_with_finds_the_other_record(pair: ContactPair, alice: User, charlie: User, sign_in: SignIn) -> None:
    client, url = sign_in(alice), f"/contacts/{pair.one_id}/merge/"
    assert f'href="{url}"' in client.get(f"/contacts/{pair.one_id}/").content.decode()
    assert client.get(url).context["found"] == []
    found = client.get(url, {"q": "zoe mar"}, headers=htmx("div#merge-with-found"))
    assert f"/contacts/merge/?pk={pair.one_id}&amp;pk={pair.two_id}" in found.content.decode()
    assert sign_in(charlie).get(url).status_code == 404
    assert sign_in(make_user(role="read-only")).get(url).status_code == 403


def test_a_search_is_begun_shown_and_stopped(dana: User, alice: User, sign_in: SignIn) -> None:
    client = sign_in(dana)
    assert "No search has been made yet" in client.get(URL).content.decode()
    assert client.post("/contacts/duplicates/search/").status_code == 303
    running = DuplicateSearch.objects.get()
    assert (running.by, running.status) == (dana, "running")
    page = client.get(URL).content.decode()
    assert f"Looking for duplicates, step 1 of {len(STEPS['contact'])}" in page
    state = client.get(URL, headers=htmx("div#duplicate-search"))
    assert "HX-Refresh" not in state.headers
    client.post("/contacts/duplicates/search/", {"stop": 1})
    assert DuplicateSearch.objects.get().status == "cancelled"
    state = client.get(URL, headers=htmx("div#duplicate-search"))
    assert state.headers["HX-Refresh"] == "true"
    search()
    assert "Last searched" in client.get(URL).content.decode()
    assert sign_in(alice).post("/contacts/duplicates/search/").status_code == 403
    assert "Search now" not in sign_in(alice).get(URL).content.decode()


def test_companies_have_the_same_page(alice: User, sign_in: SignIn) -> None:
    one, two = (make_company("Valmont", owner=alice, siren="552100554", sector=sector) for sector in ("Energy", ""))
    search("company")
    client = sign_in(alice)
    text = client.get("/companies/duplicates/").content.decode()
    assert "Same SIREN" in text
    assert "552100554" in text
    part = client.get(f"/companies/{two.pk}/", headers=htmx("div#record-related")).content.decode()
    assert f"Likely a duplicate of {one}" in part
    assert client.get(f"/companies/{one.pk}/merge/", {"q": "valm"}).context["found"] == [two]


def test_the_palette_leads_there(alice: User, sign_in: SignIn) -> None:
    client: Client = sign_in(alice)
    assert URL in client.get("/palette/", {"q": "duplic"}).content.decode()


def test_a_hidden_field_is_neither_shown_nor_told_by_a_reason(pair: ContactPair, alice: User, sign_in: SignIn) -> None:
    third = make_contact("Zoé", "Martin", owner=alice, job_title="Saffron")
    search()
    hidden = [("email", Level.HIDDEN), ("job_title", Level.HIDDEN)]
    for field, level in hidden:
        FieldRule.objects.create(
            role=Role.objects.get(slug="sales-rep"), kind="contacts.contact", field=field, level=level
        )
    answer = sign_in(alice).get(URL)
    assert {card.two for card in answer.context["cards"]} == {third}
    for word in ("zoe@martin.example", "Saffron", "Buyer", "Same e-mail address</span>"):
        assert word not in answer.content.decode()


# ---- While a new record is typed ----


def typed(client: Client, kind: str = "contacts", **values: Any) -> Any:
    return client.post(f"/{kind}/twins/", values, headers=htmx("aside#typed-twins"))


def test_while_typing_likely_contacts_are_beside_the_form(alice: User, charlie: User, sign_in: SignIn) -> None:
    known = make_contact("Zoé", "Lefèvre", email="zoe@martin.example", phone="+33639980001", owner=alice)
    make_contact("Zoé", "Lefèvre", email="zoe@martin.example", owner=charlie)
    make_affiliation(known, make_company("Valmont", owner=alice), is_primary=True)
    search()
    client = sign_in(alice)
    assert 'hx-post="/contacts/twins/"' in client.get("/contacts/new/").content.decode()
    for values, sure in [
        ({"email": " Zoe@Martin.example"}, 60),
        ({"phone": "06 39 98 00 01", "last_name": "Lefebvre", "first_name": "Zoe"}, 90),
        ({"email": "zoe@martin.example", "last_name": "Lefèvre", "first_name": "zoé", "birthday": "32/13"}, 99),
        ({"last_name": "LEFEBVRE", "first_name": "Zoe"}, 50),
        ({"last_name": "Lefèvre", "first_name": "Zoé", "company": "valmont"}, 90),
    ]:
        answer = typed(client, **values)
        [twin] = answer.context["twins"]
        level = "certain" if sure >= 95 else "likely" if sure >= 75 else "possible"
        assert (answer.status_code, twin.record.pk, twin.level[0]) == (200, known.pk, level), values
        assert f'href="{known.get_absolute_url()}" target="_blank"' in answer.content.decode()
    for nothing in ({}, {"last_name": "Lefèvre"}, {"email": "zoe@"}, {"last_name": "Kerjean", "first_name": "Zoé"}):
        assert typed(client, **nothing).content.strip() == b""


def test_a_contact_made_since_the_last_search_is_found_too(alice: User, sign_in: SignIn) -> None:
    new = make_contact("Anne-Marie", "de La Tour", owner=alice)
    [twin] = typed(sign_in(alice), first_name="anne-marie", last_name="De la Tour").context["twins"]
    assert (twin.record, twin.reasons) == (new, [("Same name", False)])


def test_while_typing_likely_companies(alice: User, sign_in: SignIn) -> None:
    known = make_company("Société Valmont SA", siren="552100554", domains=["valmont.example"], owner=alice)
    search("company")
    client = sign_in(alice)
    for values, words in [
        ({"siren": "552 100 554"}, "Same SIREN"),
        ({"siret": "552 100 554 00013"}, "Same SIREN"),
        ({"vat_number": "FR40303265045", "siren": "552100554"}, "Same SIREN"),
        ({"name": "Valmont", "domains": "valmont.example"}, "Same internet domain"),
        ({"name": "VALMONT SARL"}, "Same name"),
    ]:
        answer = typed(client, "companies", **values)
        assert [twin.record for twin in answer.context["twins"]] == [known]
        assert words in answer.content.decode()


def test_typing_costs_few_statements_and_tells_nothing_hidden(alice: User, sign_in: SignIn) -> None:
    for _n in range(9):
        make_contact("Zoé", "Martin", email="zoe@martin.example", job_title="Saffron", owner=alice)
    search()
    client = sign_in(alice)
    values = {"email": "zoe@martin.example", "first_name": "Zoé", "last_name": "Martin"}
    typed(client)
    with CaptureQueriesContext(connection) as statements:
        assert len(typed(client, **values).context["twins"]) == 5
    assert len(statements) <= 12, [each["sql"][:200] for each in statements]
    for field in ("email", "job_title"):
        FieldRule.objects.create(
            role=Role.objects.get(slug="sales-rep"), kind="contacts.contact", field=field, level=Level.HIDDEN
        )
    text = typed(client, **values).content.decode()
    assert "Saffron" not in text
    assert "Same e-mail address" not in text
