"""Bad input: never a 500, never half a write, a sentence beside the field in the user's language, the value kept."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.forms import CompanyForm, GroupForm, NewContactForm
from contacts.models import Affiliation, Company, Contact, Email, Group, Phone
from crm.access.models import User
from crm.records.models import Event
from tests.factories import make_affiliation, make_company, make_contact
from tests.people import SignIn

CONTACT = {"last_name": "Durand", "lifecycle": "lead"}
COMPANY = {"name": "Valmont"}
GROUP = {"name": "Fair", "colour": "blue"}
TOO_LONG = "x" * 2000
HOSTILE = [
    TOO_LONG,
    "a\x00b",
    "\u202egnp.exe\u202c\x07\x1b[31m",
    "9" * 40,
    str(2**70),
    "-5",
    "1.5",
    "1e400",
    "NaN",
    "inf",
    "0000-01-01",
    "99999-12-31",
    "١٢٣",
    "👩‍👧",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} %s %(name)s",
    "   ",
]


def error_beside(page: Any, field: str) -> str:
    """The sentence under a field, as the page shows it and the field's aria-describedby names it."""
    found = re.search(rf'<p class="err" id="id_{field}_error">.*?<span>(.*?)</span>', page.text, re.DOTALL)
    assert found, page.context["form"].errors
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', page.text)
    return unescape(found[1]).replace("\u00a0", " ")


def wrong(client: Client, url: str, data: dict[str, Any], field: str) -> str:
    answer = client.post(url, data)
    assert answer.status_code == 422
    return error_beside(answer, field)


SENTENCES = [
    (
        ("contact", "last_name", TOO_LONG),
        "Ensure this value has at most 100 characters (it has 2000).",
        "C’est trop long : 100 caractères au plus, il y en a 2000.",
    ),
    (
        ("contact", "email", "claire@"),
        "Complete “claire@” with its domain, such as example.com.",
        "Complétez « claire@ » par son domaine, par exemple exemple.com.",
    ),
    (
        ("contact", "phone", "call me"),
        "“call me” is no phone number: it has letters.",
        "« call me » n’est pas un numéro de téléphone : il contient des lettres.",
    ),
    (
        ("contact", "phone", "+33612345678 ext 12345678901234567890"),
        "“+33612345678 ext 12345678901234567890” is no phone number of FR: check its digits, or begin with + and the "
        "country code.",
        "« +33612345678 ext 12345678901234567890 » n’est pas un numéro de téléphone de ce pays (FR) : vérifiez ses "
        "chiffres, ou commencez par + et l’indicatif du pays.",
    ),
    (
        ("contact", "birthday", "0000-01-01"),
        "Enter a valid date.",
        "Écrivez une date, par exemple 24/11/2026.",
    ),
    (
        ("contact", "birthday", "1703-02-28"),
        "A birthday lies between 1900 and today: check the year.",
        "Une date de naissance se situe entre 1900 et aujourd’hui : vérifiez l’année.",
    ),
    (
        ("contact", "consent_on", "2199-01-01"),
        "The date of a consent lies between 1990 and today: check the year.",
        "La date d’un consentement se situe entre 1990 et aujourd’hui : vérifiez l’année.",
    ),
    (
        ("contact", "last_name", "\u200b \u202e\x07"),
        "Enter a first or a last name, so that the contact can be found again.",
        "Saisissez un prénom ou un nom, pour pouvoir retrouver ce contact.",
    ),
    (
        ("company", "name", "\u2066\u2069"),
        "This field is required.",
        "Renseignez ce champ.",
    ),
    (
        ("company", "size", "9" * 40),
        "“" + "9" * 40 + "” has too many figures: check it.",
        "« " + "9" * 40 + " » a trop de chiffres : vérifiez-le.",
    ),
    (
        ("company", "size", "3000000000"),
        "Ensure this value is less than or equal to 2147483647.",
        "C’est trop : 2147483647 au plus.",
    ),
    (
        ("company", "size", "-5"),
        "Ensure this value is greater than or equal to 0.",
        "C’est trop peu : 0 au moins.",
    ),
    (
        ("company", "size", "12,5"),
        "Enter a whole number.",
        "Écrivez un nombre entier, sans virgule.",
    ),
    (
        ("company", "turnover", "1" + "0" * 20),
        "Ensure that there are no more than 16 digits in total.",
        "C’est trop long : 16 chiffres au plus.",
    ),
    (
        ("company", "founded", "99999"),
        "Enter the year with four digits, not later than this year.",
        "Saisissez l’année en quatre chiffres, au plus tard cette année.",
    ),
    (
        ("company", "siret", "12345678900012"),
        "“12345678900012” is no SIRET: its check digit is wrong. A digit may be mistyped or swapped.",
        "« 12345678900012 » n’est pas un SIRET : sa clé de contrôle est fausse. Un chiffre est peut-être erroné ou "
        "interverti.",
    ),
    (
        ("company", "website", "javascript:alert(1)"),
        "“javascript:alert(1)” is no web address: it should look like www.example.com.",
        "« javascript:alert(1) » n’est pas une adresse web : elle doit ressembler à www.exemple.com.",
    ),
    (
        ("company", "parent", "Nobody & Co"),
        "No company is called “Nobody & Co”: choose one from the list.",
        "Aucune société ne s’appelle « Nobody & Co » : choisissez-en une dans la liste.",
    ),
]


@pytest.mark.parametrize(("case", "english", "french"), SENTENCES, ids=[f"{c[0][0]}-{c[0][1]}" for c in SENTENCES])
def test_the_sentence_stands_beside_the_field_in_the_users_language_and_the_value_is_kept(
    alice: User, sign_in: SignIn, case: tuple[str, str, str], english: str, french: str
) -> None:
    kind, field, typed = case
    url, base = reverse(f"contacts:{kind}_create"), {"contact": CONTACT, "company": COMPANY}[kind]
    for language, sentence in (("en", english), ("fr", french)):
        User.objects.filter(pk=alice.pk).update(language=language)
        client = sign_in(alice)
        answer = client.post(url, {**base, field: typed})
        assert answer.status_code == 422
        assert error_beside(answer, field) == sentence
        assert 'aria-invalid="true"' in answer.text
        if typed.isprintable():
            assert answer.context["form"][field].value() == typed
    assert not Contact.objects.exists()
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("kind", "form", "base"),
    [("contact", NewContactForm, CONTACT), ("company", CompanyForm, COMPANY), ("group", GroupForm, GROUP)],
)
def test_nothing_typed_into_any_field_is_an_error(
    alice: User, sign_in: SignIn, kind: str, form: Any, base: dict[str, str]
) -> None:
    """Each value in all fields at once: those that cannot take it say so; the others take it and the record is made."""
    client, url = sign_in(alice), reverse(f"contacts:{kind}_create")
    for typed in HOSTILE:
        everywhere = dict.fromkeys(form(by=alice).fields, typed)
        answer = client.post(url, everywhere)
        assert answer.status_code == 422, typed
        assert "<script>alert" not in answer.text
        refused = answer.context["form"].errors.keys()
        for field in refused:
            assert error_beside(answer, field), (field, typed)
        taken = {field: typed for field in everywhere if field not in refused}
        assert client.post(url, {**base, **taken}).status_code == 303, (taken.keys(), typed)


def test_a_lone_surrogate_is_taken_out(alice: User) -> None:
    """The browser cannot send one, a program can: the form meets it as the JSON of an API would give it."""
    form = NewContactForm({**CONTACT, "first_name": "Cl\ud800aire"}, by=alice)
    assert form.is_valid()
    assert form.cleaned_data["first_name"] == "Claire"


def test_text_is_kept_without_control_and_direction_characters(alice: User, sign_in: SignIn) -> None:
    typed = {
        "first_name": " Ann\u202e\x00e ",
        "last_name": "O\u2019Neill\x07",
        "notes": "one\r\n\x1btwo",
        "lifecycle": "lead",
    }
    assert sign_in(alice).post("/contacts/new/", typed).status_code == 303
    contact = Contact.objects.get()
    assert (contact.first_name, contact.last_name, contact.notes) == ("Anne", "O’Neill", "one\ntwo")


def test_a_contact_in_error_leaves_nothing_behind(alice: User, sign_in: SignIn) -> None:
    data = {**CONTACT, "company": "A new company", "email": "claire@valmont.example", "phone": "letters"}
    assert sign_in(alice).post("/contacts/new/", data).status_code == 422
    assert not any(model.objects.exists() for model in (Contact, Company, Email, Phone, Affiliation, Event))


# ---- Companies above companies ----


def test_a_company_cannot_stand_above_itself(alice: User, sign_in: SignIn) -> None:
    top = make_company("Top", owner=alice)
    middle = make_company("Middle", owner=alice, parent=top)
    make_company("Bottom", owner=alice, parent=middle)
    client = sign_in(alice)
    for above in ("Top", "Middle", "Bottom"):
        for url, data in (
            (reverse("contacts:company_edit", args=[top.pk]), {"name": "Top", "parent": above}),
            (reverse("contacts:company_field", args=[top.pk, "parent"]), {"parent": above}),
        ):
            sentence = wrong(client, url, data, "parent")
            assert sentence == "Top would stand above itself: choose another company."
    top.refresh_from_db()
    assert top.parent is None


def test_companies_of_the_same_name_are_told_apart(alice: User, sign_in: SignIn) -> None:
    first, second = make_company("Acme", owner=alice), make_company("ACMÉ", owner=alice)
    client = sign_in(alice)
    child = {"name": "Child", "owner": alice.pk}
    sentence = wrong(client, "/companies/new/", {**child, "parent": "acme"}, "parent")
    assert sentence == f"Several companies have this name: enter one of Acme #{first.pk}, ACMÉ #{second.pk}."
    assert client.post("/companies/new/", {**child, "parent": f"acme #{second.pk}"}).status_code == 303
    made = Company.objects.get(name="Child")
    assert made.parent == second
    page = client.get(reverse("contacts:company_edit", args=[made.pk]))
    assert page.context["form"]["parent"].value() == f"ACMÉ #{second.pk}"
    page = client.get(f"/contacts/new/?company={second.pk}")
    assert page.context["form"]["company"].value() == f"ACMÉ #{second.pk}"


def test_a_parent_one_may_not_see_is_neither_shown_nor_taken_away(alice: User, charlie: User, sign_in: SignIn) -> None:
    hidden = make_company("Secretname", owner=charlie)
    child = make_company("Child", owner=alice, parent=hidden)
    client = sign_in(alice)
    for page in (client.get(child.get_absolute_url()), client.get(reverse("contacts:company_edit", args=[child.pk]))):
        assert page.status_code == 200
        assert "Secretname" not in page.text
    assert client.post(reverse("contacts:company_edit", args=[child.pk]), {"name": "Kid"}).status_code == 303
    assert client.get(reverse("contacts:company_field", args=[child.pk, "parent"])).status_code == 404
    sentence = wrong(client, "/companies/new/", {"name": "Other", "parent": "Secretname"}, "parent")
    assert sentence.startswith("No company is called")
    child.refresh_from_db()
    assert (child.name, child.parent) == ("Kid", hidden)


# ---- Sent twice ----


def token(page: Any) -> str:
    found = re.search(r'name="once" value="(\w+)"', page.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("url", "data", "model"),
    [
        ("/contacts/new/", {**CONTACT, "company": "Valmont"}, Contact),
        ("/companies/new/", COMPANY, Company),
        ("/groups/new/", GROUP, Group),
    ],
)
def test_the_same_form_sent_twice_makes_one_record(
    alice: User, sign_in: SignIn, url: str, data: dict[str, str], model: Any
) -> None:
    client = sign_in(alice)
    data = {**data, "owner": str(alice.pk), "once": token(client.get(url))}
    first, second = client.post(url, data), client.post(url, data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"] == model.objects.get().get_absolute_url()


def test_going_back_and_typing_another_name_makes_another_record(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    once = token(client.get("/contacts/new/"))
    for name in ("Durand", "Dupont"):
        client.post("/contacts/new/", {**CONTACT, "last_name": name, "once": once})
    client.post("/contacts/new/", {**CONTACT, "once": token(client.get("/contacts/new/"))})
    assert sorted(Contact.objects.values_list("last_name", flat=True)) == ["Dupont", "Durand", "Durand"]


def test_a_form_that_came_back_with_errors_can_be_sent_again(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    once = token(client.get("/contacts/new/"))
    for _try in range(2):
        page = client.post("/contacts/new/", {**CONTACT, "phone": "x", "once": once})
        assert page.status_code == 422
    assert token(page) == once
    assert client.post("/contacts/new/", {**CONTACT, "once": once}).status_code == 303
    assert Contact.objects.count() == 1


def test_a_row_added_twice_is_added_once(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    client = sign_in(alice)
    url = reverse("contacts:point_create", args=["contact", contact.pk, "email"])
    data = {"address": "claire@valmont.example", "label": "work", "once": token(client.get(url))}
    assert [client.post(url, data).status_code for _try in range(2)] == [303, 303]
    assert contact.emails.count() == 1
    url = reverse("contacts:affiliation_create", args=[contact.pk])
    data = {"company": "A new company", "once": token(client.get(url))}
    headers = {"HX-Request": "true"}
    answers = [client.post(url, data, headers=headers) for _try in range(2)]
    assert answers[0]["HX-Trigger"] == answers[1]["HX-Trigger"]
    assert (Affiliation.objects.count(), Company.objects.count()) == (1, 1)


def test_what_one_person_sent_is_not_answered_to_another(alice: User, bob: User, sign_in: SignIn) -> None:
    data = {**CONTACT, "owner": alice.pk, "once": token(sign_in(alice).get("/contacts/new/"))}
    places = {sign_in(user).post("/contacts/new/", data)["Location"] for user in (alice, bob)}
    assert len(places) == 2


# ---- Places in companies ----


def test_a_place_ends_after_it_starts_and_is_there_once(alice: User, sign_in: SignIn) -> None:
    contact, company = make_contact(owner=alice), make_company(owner=alice)
    client, url = sign_in(alice), reverse("contacts:affiliation_create", args=[contact.pk])
    dates = {"company": company.name, "started_on": "2024-02-01", "ended_on": "2024-01-31"}
    assert wrong(client, url, dates, "ended_on") == "The end lies before the start."
    make_affiliation(contact, company)
    assert wrong(client, url, {"company": company.name}, "company") == "This contact works there already."
    assert wrong(client, url, {"company": ""}, "company") == "This field is required."


NO_NUMBER = "“1234” is no phone number of FR: check its digits, or begin with + and the country code."
NO_ADDRESS = "“ftp://example.com” is no web address: it should look like www.example.com."


@pytest.mark.parametrize(
    ("kind", "field", "typed", "sentence"),
    [
        ("email", "address", "a@b", "Check the part after “@” in “a@b”: it should look like example.com."),
        ("email", "address", "", "This field is required."),
        ("email", "address", "Claire@Valmont.example", "This is there already."),
        ("phone", "number", "1234", NO_NUMBER),
        ("phone", "number", "06 12 34 56 78", "This is there already."),
        ("address", "city", "", "Enter at least a street, a postcode or a town."),
        ("address", "street", TOO_LONG, "Ensure this value has at most 300 characters (it has 2000)."),
        ("link", "url", "ftp://example.com", NO_ADDRESS),
        ("link", "url", "\u202e", "This field is required."),
    ],
)
def test_ways_to_reach_somebody(alice: User, sign_in: SignIn, kind: str, field: str, typed: str, sentence: str) -> None:
    contact = make_contact(owner=alice, email="claire@valmont.example", phone="+33612345678")
    url = reverse("contacts:point_create", args=["contact", contact.pk, kind])
    assert wrong(sign_in(alice), url, {"label": "work", field: typed}, field) == sentence
