"""The rules of an import: what rows are recognised by, and one sheet that holds people and their companies."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from contacts.models import Company
from crm.access.models import User
from integrations import services
from integrations.models import ImportRun
from tests.factories import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def rep() -> User:
    return make_user("rep", team=make_team("Sales"), language="en")


def planned(text: str, by: User, **rules: Any) -> ImportRun:
    run = services.start_import(ContentFile(text.encode(), name="people.csv"), by=by)
    services.request_plan(run, run.mapping, rules, here=True)
    services.plan_import(run)
    run.refresh_from_db()
    return run


def done(text: str, by: User, **rules: Any) -> ImportRun:
    run = planned(text, by, **rules)
    services.request_commit(run, here=True)
    services.commit_import(run)
    run.refresh_from_db()
    return run


def test_one_sheet_of_people_and_their_companies(rep: User) -> None:
    known = make_company("Cœur & Œuvre", owner=rep, siren="732829320")
    firm = make_company("Dupont", owner=rep, domains=["dupont.example"])
    lines = [
        "Prénom;Nom;E-mail;Société;SIREN;Domaine;Secteur;Effectif;Téléphone de l’entreprise",
        "Anaïs;Lefèvre;a@coeur.example;Coeur et Oeuvre SARL;732829320;;Agro;12;",
        "Jean;Dupont;j@dupont.example;Dupont SA;;dupont.example;;;",
        "Zoé;Martin;z@neuf.example;Neuf SAS;;neuf.example;Bâtiment;1 200;01 44 55 66 77",
        "Luc;Martin;l@neuf.example;NEUF SAS;;;;;",
    ]
    run = done("\n".join(lines), rep)
    assert run.counts["create"] == 4
    assert {place.contact.last_name for place in known.affiliations.all()} == {"Lefèvre"}
    assert firm.affiliations.get().contact.first_name == "Jean"
    known.refresh_from_db()
    assert (known.name, known.sector, known.size) == ("Cœur & Œuvre", "Agro", 12)
    new = Company.objects.get(name="Neuf SAS")
    assert (new.sector, new.size, new.domains, new.affiliations.count()) == ("Bâtiment", 1200, ["neuf.example"], 2)
    assert new.phones.get().number == "+33144556677"
    again = planned("\n".join(lines), rep)
    assert again.counts == {"same": 4, "total": 4}
    twin = make_company("Autre", owner=rep, siren="732829320")
    told = planned("\n".join(lines), rep).rows.get(number=2)
    assert (told.action, told.errors[0]["reason"]) == (
        "fail",
        f"Several records fit this row: Cœur & Œuvre (#{known.pk}), Autre (#{twin.pk}).",
    )


def test_people_are_recognised_by_what_is_chosen(rep: User) -> None:
    ann = make_contact("Ann", "Lee", email="ann@x.example", owner=rep)
    bob = make_contact("Bob", "Lee", email="bob@x.example", owner=rep)
    ann.phones.create(number="+33612345678", digits="33612345678", label="mobile")
    text = "Prénom;Nom;E-mail;Tél\nAnn;Lee;new@x.example;06 12 34 56 78\nBob;Lee;bob@x.example;06 12 34 56 78\n"
    both = planned(text, rep, match="email,phone")
    first, second = both.rows.order_by("number")
    assert (first.action, first.record_id) == ("update", ann.pk)
    assert second.action == "fail"
    assert all(f"#{pk}" in second.errors[0]["reason"] for pk in (ann.pk, bob.pk))
    assert [row.record_id for row in planned(text, rep, match="phone").rows.order_by("number")] == [ann.pk, ann.pk]
