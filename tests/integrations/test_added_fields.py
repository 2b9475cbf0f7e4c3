"""Fields that administrators added, in files: written, recognised, compared, filled in, and made while mapping."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from contacts.models import Company, Contact
from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from crm.console.services import fields
from crm.records.custom import CustomField
from integrations.models import ImportRun
from integrations.services import commit_import, plan_import, request_commit, request_plan, start_import
from integrations.states import read_states
from tests.factories import make_company, make_contact, make_user
from tests.people import SignIn

pytestmark = pytest.mark.django_db
Kind = CustomField.Kind
CHOICES = [["choice-1", "Petit, moyen"], ["choice-2", "Grand"]]


@pytest.fixture
def add(dana: User) -> Any:
    def add(label: str, kind: str, type: str = "contact", **over: Any) -> CustomField:
        field = CustomField(type=type, label=label, kind=kind, **over)
        fields.create_field(field, by=dana)
        return field

    return add


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def every_kind(add: Any, dana: User) -> dict[str, Any]:
    """A value of each kind, by slug; numbers that a reader could take for thousands among them."""
    values: list[tuple[str, Any]] = [
        (Kind.TEXT, "=Bleu; ciel"),
        (Kind.LONG_TEXT, "Une\nDeux"),
        (Kind.NUMBER, "1.234"),
        (Kind.MONEY, "-12500.5"),
        (Kind.DATE, "2026-03-04"),
        (Kind.MOMENT, "2026-03-04T09:30:00Z"),
        (Kind.YES_NO, False),
        (Kind.CHOICE, "choice-1"),
        (Kind.CHOICES, ["choice-1", "choice-2"]),
        (Kind.LINK, "https://example.com/a"),
        (Kind.EMAIL, "claire@example.com"),
        (Kind.PHONE, "+33612489017"),
        (Kind.USER, dana.pk),
    ]
    return {
        add(f"Champ {kind}", kind, choices=CHOICES if kind in (Kind.CHOICE, Kind.CHOICES) else []).slug: value
        for kind, value in values
    }


def imported(by: User, data: bytes, name: str, mapping: list[str] | None = None, **rules: Any) -> ImportRun:
    run = start_import(ContentFile(data, name=name), by=fresh(by), kind="contacts")
    request_plan(run, mapping or run.mapping, {"on_match": "update", **rules}, here=True)
    plan_import(run)
    run.refresh_from_db()
    return run


def committed(run: ImportRun) -> None:
    request_commit(run, here=True)
    commit_import(run)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "vcf"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_comes_back_without_loss(
    file_format: str, language: str, every_kind: dict[str, Any], dana: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=dana.pk).update(language=language)
    contact = make_contact(owner=dana, email="claire@example.com", custom=every_kind)
    make_contact("Other", owner=dana, email="other@example.com")
    answer: Any = sign_in(dana).get(f"/exports/contact/?view=all&format={file_format}")
    data = b"".join(answer.streaming_content)
    with translation.override(language):
        assert imported(dana, data, f"x.{file_format}").counts == {"same": 2, "total": 2}
        contact.delete()
        committed(imported(dana, data, f"x.{file_format}"))
    back = Contact.objects.get(first_name="Claire")
    assert back.custom == every_kind
    assert Contact.objects.get(first_name="Other").custom == {}


def test_a_file_fills_and_updates_fields_and_names_what_it_cannot_read(add: Any, alice: User, sign_in: SignIn) -> None:
    budget, size = add("Budget", Kind.MONEY), add("Taille", Kind.CHOICE, choices=CHOICES, default="choice-2")
    advisor = add("Advisor", Kind.USER)
    known = make_contact(owner=alice, email="a@example.com", custom={budget.slug: "100"})
    text = (
        "E-mail;Nom;budget;TAILLE;Advisor\n"
        "a@example.com;Fontaine;1 200,50 €;;Alice Example\n"
        "b@example.com;Berger;;petit, moyen;Nobody Known\n"
        "c@example.com;Colin;beaucoup;;\n"
        "d@example.com;Durand;;;\n"
    )
    run = imported(alice, text.encode(), "x.csv")
    assert run.mapping == ["email", "full_name", budget.slug, size.slug, advisor.slug]
    assert run.counts == {"update": 1, "create": 2, "fail": 1, "total": 4}
    page = sign_in(alice).get(run.get_absolute_url()).text
    assert "Budget" in page and "€100" in page.replace("\N{NARROW NO-BREAK SPACE}", "")
    committed(run)
    known.refresh_from_db()
    assert known.custom == {budget.slug: "1200.5", advisor.slug: alice.pk}
    assert Contact.objects.get(last_name="Berger").custom == {size.slug: "choice-1"}
    assert Contact.objects.get(last_name="Durand").custom == {size.slug: "choice-2"}

    filled = imported(alice, b"E-mail;Budget\na@example.com;7\n", "x.csv", on_match="fill")
    assert filled.counts == {"same": 1, "total": 1}


def test_a_company_has_its_own_fields(add: Any, dana: User) -> None:
    field = add("Zone", Kind.TEXT, type="company")
    company = make_company("Acme", owner=dana, custom={field.slug: "Nord"})
    assert read_states("companies", Company.objects.all(), fresh(dana))[company.pk][field.slug] == "Nord"
    run = start_import(ContentFile(b"Nom;Zone\nAcme;Sud\n", name="x.csv"), by=fresh(dana), kind="companies")
    request_plan(run, run.mapping, {"on_match": "update"}, here=True)
    plan_import(run)
    run.refresh_from_db()
    committed(run)
    company.refresh_from_db()
    assert company.custom == {field.slug: "Sud"}


def test_an_administrator_makes_fields_while_mapping(dana: User, alice: User, sign_in: SignIn) -> None:
    text = b"Nom;Budget annuel;Couleur\nFontaine;1200;Rouge\nBerger;300;Vert\nColin;;Rouge\n"
    run = start_import(ContentFile(text, name="x.csv"), by=dana, kind="contacts")
    client, url = sign_in(dana), reverse("integrations:import_map", args=[run.pk])
    assert 'value="+number"' in client.get(url).text
    typed = {"field-0": "full_name", "field-1": "+number", "field-2": "+choice", "on_match": "fill", "owner": dana.pk}

    assert client.post(url, typed).status_code == 303

    budget, colour = CustomField.objects.order_by("position")
    assert (budget.label, budget.kind, budget.slug) == ("Budget annuel", "number", "c_budget_annuel")
    assert [label for _value, label in colour.choices] == ["Rouge", "Vert"]
    run.refresh_from_db()
    assert run.mapping == ["full_name", budget.slug, colour.slug]
    run = ImportRun.objects.get(pk=run.pk)
    plan_import(run)
    run.refresh_from_db()
    committed(run)
    assert Contact.objects.get(last_name="Fontaine").custom == {budget.slug: "1200", colour.slug: "choice-1"}

    # The next file with these headers knows them; a name that is taken is no new field.
    again = start_import(ContentFile(text, name="x.csv"), by=fresh(dana), kind="contacts")
    assert again.mapping == run.mapping
    answer = client.post(reverse("integrations:import_map", args=[again.pk]), typed)
    assert answer.status_code == 422 and "There is a field of this name already" in answer.text
    assert CustomField.objects.count() == 2


def test_others_make_none(alice: User, sign_in: SignIn) -> None:
    run = start_import(ContentFile(b"Nom;Budget\nFontaine;1\n", name="x.csv"), by=alice, kind="contacts")
    client, url = sign_in(alice), reverse("integrations:import_map", args=[run.pk])
    assert 'value="+number"' not in client.get(url).text
    assert client.post(url, {"field-0": "full_name", "field-1": "+number", "on_match": "fill"}).status_code == 422
    assert not CustomField.objects.exists()


def test_the_columns_of_a_list_name_people_and_leave_out_what_is_hidden(add: Any, dana: User, sign_in: SignIn) -> None:
    advisor, secret = add("Advisor", Kind.USER), add("Secret", Kind.TEXT)
    office = make_user("office", role="office-staff")
    role = Role.objects.get(slug="office-staff")
    FieldRule.objects.create(role=role, kind="contacts.contact", field=secret.slug, level=Level.HIDDEN)
    make_contact(owner=office, custom={advisor.slug: dana.pk, secret.slug: "Saffron"})
    asked = f"?view=all&columns=name,{advisor.slug},{secret.slug}&columns_of=list&format=csv"
    answer: Any = sign_in(office).get(f"/exports/contact/{asked}")
    text = b"".join(answer.streaming_content).decode()
    assert dana.name in text and "Saffron" not in text and "Secret" not in text


def test_new_records_of_a_file_need_the_required_fields_as_those_of_the_form_do(add: Any, alice: User) -> None:
    budget = add("Budget", Kind.MONEY, is_required=True)
    add("Rang", Kind.NUMBER, is_required=True, default="1")
    known = make_contact(owner=alice, email="a@example.com")
    text = (
        "E-mail;Nom;Budget\n"
        "a@example.com;Fontaine;\n"  # is there already, as somebody left it
        "b@example.com;Berger;5\n"
        "b@example.com;Zoé Berger;\n"  # the same person as the line before
        "c@example.com;Colin;\n"
    )
    run = imported(alice, text.encode(), "x.csv", on_match="fill")
    assert run.counts["create"] == 1 and run.counts["fail"] == 1
    failed = run.rows.get(action="fail")
    assert failed.number == 5 and failed.errors[-1]["column"] == "Budget" and "Budget" in failed.errors[-1]["reason"]

    before = Contact.objects.count()
    add("Région", Kind.TEXT, is_required=True)  # after the check
    committed(run)
    run.refresh_from_db()
    assert run.counts["fail"] == 3 and Contact.objects.count() == before
    reasons = {error["reason"] for row in run.rows.filter(action="fail") for error in row.errors}
    assert any("Région" in reason for reason in reasons)
    known.refresh_from_db()
    assert budget.slug not in known.custom
