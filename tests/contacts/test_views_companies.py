"""Companies over HTTP: create, identifiers, hierarchy, people with those who left, suggestions of names, statements."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from contacts.models import Affiliation, Company
from crm.access.models import User
from crm.records import services
from tests.factories import make_affiliation, make_company, make_contact
from tests.pages import htmx, toast_of, undo
from tests.people import SignIn


def field_url(company: Company, slug: str) -> str:
    return reverse("contacts:company_field", args=[company.pk, slug])


def test_a_new_company_is_kept_as_it_is_written_on_paper(alice: User, sign_in: SignIn) -> None:
    make_company("Holding", owner=alice)
    data = {
        "name": "Groupe Valmont",
        "sector": "Energy",
        "siren": "732 829 320",
        "siret": "732 829 320 00074",
        "vat_number": "fr 44 732829320",
        "size": "1 284",
        "turnover": "184 000,50 €",
        "founded": "1987",
        "website": "www.Valmont.example",
        "domains": "valmont.example, https://www.groupe-valmont.example/fr",
        "parent": "holding",
        "owner": alice.pk,
    }
    client = sign_in(alice)
    answer = client.post("/companies/new/", data)
    assert answer.status_code == 303, answer.context["form"].errors
    company = Company.objects.get(name="Groupe Valmont")
    assert (company.siren, company.siret, company.vat_number) == ("732829320", "73282932000074", "FR44732829320")
    assert (company.size, company.turnover, company.founded) == (1284, Decimal("184000.50"), 1987)
    assert company.website == "https://www.valmont.example"
    assert company.domains == ["valmont.example", "groupe-valmont.example"]
    assert company.parent and company.parent.name == "Holding"
    assert toast_of(answer)[0] == "Groupe Valmont was created"
    undo(client, answer)
    assert [company.name for company in Company.objects.all()] == ["Holding"]


@pytest.mark.parametrize(("language", "shown"), [("fr", "184\u202f000,5"), ("en", "184,000.5")])
def test_a_number_comes_back_to_the_form_as_one_writes_it(
    alice: User, sign_in: SignIn, language: str, shown: str
) -> None:
    company = make_company(owner=alice, turnover=Decimal("184000.50"), size=1284)
    User.objects.filter(pk=alice.pk).update(language=language)
    client, url = sign_in(alice), reverse("contacts:company_edit", args=[company.pk])
    page = client.get(url)
    found = re.search(r'name="turnover" value="([^"]*)"', page.text)
    assert found and found[1].replace("\u00a0", "\u202f") == shown
    with override(language):
        form = page.context["form"]
        data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, {**data, "sector": "Energy"}).status_code == 303
    company.refresh_from_db()
    assert (company.sector, company.turnover, company.size) == ("Energy", Decimal("184000.50"), 1284)


def test_editing_one_fact_in_place_leaves_the_others(alice: User, sign_in: SignIn) -> None:
    parent = make_company("Holding", owner=alice)
    company = make_company(
        owner=alice, sector="Energy", domains=["valmont.example"], size=12, turnover=Decimal(5), parent=parent
    )
    client, headers = sign_in(alice), htmx("dd#field-sector")
    form = client.get(field_url(company, "sector"), headers=headers).context["form"]
    answer = client.post(
        field_url(company, "sector"), {"sector": "Solar energy", "as_read": form["as_read"].value()}, headers=headers
    )
    assert answer.status_code == 200
    company.refresh_from_db()
    assert (company.sector, company.domains, company.size, company.turnover, company.parent) == (
        "Solar energy",
        ["valmont.example"],
        12,
        Decimal(5),
        parent,
    )
    undo(client, answer)
    company.refresh_from_db()
    assert (company.sector, company.domains) == ("Energy", ["valmont.example"])


@pytest.mark.parametrize(
    ("slug", "typed", "stored"),
    [
        ("size", "1 284", 1284),
        ("size", "", None),
        ("turnover", "1,2 M€", Decimal("1200000")),
        ("founded", "1987", 1987),
        ("domains", "a.example b.example", ["a.example", "b.example"]),
        ("siren", "732 829 320", "732829320"),
        ("website", "valmont.example", "https://valmont.example"),
    ],
)
def test_facts_of_each_kind_in_place(alice: User, sign_in: SignIn, slug: str, typed: str, stored: Any) -> None:
    company = make_company(owner=alice, size=3)
    answer = sign_in(alice).post(field_url(company, slug), {slug: typed}, headers=htmx(f"dd#field-{slug}"))
    assert answer.status_code == 200
    company.refresh_from_db()
    assert getattr(company, slug) == stored


def test_the_page_shows_the_people_and_those_who_left_and_the_companies_around(alice: User, sign_in: SignIn) -> None:
    top = make_company("Top", owner=alice)
    company = make_company("Middle", owner=alice, parent=top)
    make_company("Bottom", owner=alice, parent=company)
    make_affiliation(make_contact("Ann", owner=alice), company, role="Director")
    make_affiliation(make_contact("Ben", owner=alice), company, ended_on="2024-01-31")
    page = sign_in(alice).get(company.get_absolute_url() + "?whole=1").text
    for words in ("Top", "Bottom", "Ann Fontaine", "Director", "Ben Fontaine", "until 31/01/2024"):
        assert words in page
    assert page.index("Ann Fontaine") < page.index("Ben Fontaine")
    assert f'href="/contacts/new/?company={company.pk}"' in page


def test_people_and_companies_out_of_sight_are_not_named(alice: User, charlie: User, sign_in: SignIn) -> None:
    company = make_company("Middle", owner=alice, parent=make_company("Secretname above", owner=charlie))
    make_company("Secretname below", owner=charlie, parent=company)
    make_affiliation(make_contact(last_name="Secretname", owner=charlie), company)
    for url in (company.get_absolute_url() + "?whole=1", reverse("contacts:company_preview", args=[company.pk])):
        assert "Secretname" not in sign_in(alice).get(url).text


def test_who_leaves_and_comes_back_keeps_both_places(alice: User, sign_in: SignIn) -> None:
    company, contact, client = make_company(owner=alice), make_contact(owner=alice), sign_in(alice)
    place = make_affiliation(contact, company, is_primary=True)
    client.post(reverse("contacts:affiliation_end", args=[place.pk]))
    url = reverse("contacts:affiliation_create", args=[contact.pk])
    assert client.post(url, {"company": company.name, "role": "Chair"}).status_code == 303
    assert [(a.role, a.ended_on is None) for a in contact.affiliations.order_by("pk")] == [("", False), ("Chair", True)]


def test_names_are_suggested_as_options_and_those_of_the_same_name_told_apart(
    alice: User, charlie: User, sign_in: SignIn
) -> None:
    valmont, twin = make_company("Valmont", owner=alice), make_company("Valmont", owner=alice)
    make_company("Valérie <b>", owner=alice)
    make_company("Val Secretname", owner=charlie)
    client = sign_in(alice)
    answer = client.get("/companies/suggest/?company=val", headers=htmx("datalist#company-names"))
    assert re.findall(r'<option value="(.*?)"', answer.text) == [
        "Valérie &lt;b&gt;",
        f"Valmont #{valmont.pk}",
        f"Valmont #{twin.pk}",
    ]
    for query in ("", "company=", "company=%00", "company=" + "x" * 3000, "parent=valm"):
        assert client.get(f"/companies/suggest/?{query}").status_code == 200


def test_a_company_in_the_trash_leaves_its_people_where_they_are(alice: User, sign_in: SignIn) -> None:
    company, contact = make_company("Valmont", owner=alice), make_contact(owner=alice)
    make_affiliation(contact, company, is_primary=True)
    client = sign_in(alice)
    answer = client.post(reverse("contacts:company_trash", args=[company.pk]))
    assert "Valmont" not in client.get(contact.get_absolute_url() + "?whole=1").text.split("toast", 1)[0]
    assert "Valmont" not in re.sub(r"(?s)<template.*?</template>", "", client.get("/contacts/?view=all").text)
    undo(client, answer)
    assert Affiliation.objects.get().company == company
    assert "Valmont" in client.get("/contacts/?view=all").text


def test_statements_are_as_many_with_many_people(
    alice: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(alice)
    top = make_company("Top", owner=alice)
    company = make_company("Middle", owner=alice, parent=make_company("Above", owner=alice, parent=top))
    counts: dict[str, set[int]] = {}
    for _round in range(2):
        for number in range(5):
            make_affiliation(make_contact(f"n{number}", owner=alice), company)
            make_company(f"Child {number}", owner=alice, parent=company)
            services.save_edit(company, {"sector": f"Sector {number} {_round}"}, by=alice)
        for part in ("", "record-head", "record-points", "record-related", "record-timeline", "list"):
            url = "/companies/?view=all" if part == "list" else company.get_absolute_url()
            headers = htmx(f"div#{part}") if part.startswith("record") else None
            client.get(url, headers=headers)
            with django_assert_max_num_queries(12) as counted:
                client.get(url, headers=headers)
            counts.setdefault(part, set()).add(len(counted.captured_queries))
    assert all(len(each) == 1 for each in counts.values()), counts
