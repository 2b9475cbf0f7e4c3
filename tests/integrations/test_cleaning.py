"""A mapped row becomes clean values; each cell that cannot be read gets its row, its column and a sentence."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from crm.records.dates import NO_YEAR, DateOrder
from integrations.cleaning import Cleaner
from integrations.fields import COMPANIES, CONTACTS
from integrations.mapping import SAMPLES, guess_kind, propose
from integrations.reading import Table, open_table
from integrations.rows import CleanRow, Evidence, Reading


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def cleaned(table: Table, kind: str = "", region: str = "FR") -> list[CleanRow]:
    seen = table.headers, table.samples(values=SAMPLES), table.detected.preset
    kind = kind or guess_kind(*seen)
    mapping = [proposal.field for proposal in propose(*seen, kind)]
    evidence = Evidence(mapping)
    for row in table.rows():
        evidence.add(row.cells)
    reading = evidence.reading(region=region, order=DateOrder.DAY_FIRST, mark=",")
    cleaner = Cleaner(kind, table.headers, mapping, reading)
    return [cleaner.clean(row) for row in table.rows()]


def of_file(path: Path) -> list[CleanRow]:
    with open_table(path) as table:
        return cleaned(table)


def of_text(text: str, kind: str = CONTACTS) -> list[CleanRow]:
    with open_table(io.BytesIO(text.encode())) as table:
        return cleaned(table, kind)


def one(text: str, kind: str = CONTACTS) -> CleanRow:
    return of_text(text, kind)[0]


def test_outlook_french(data_dir: Path) -> None:
    for name in ("outlook_fr_cp1252_semicolon.csv", "outlook_fr_utf8bom_comma.csv"):
        first, second = of_file(data_dir / "contacts" / name)
        assert first.errors == second.errors == []
        assert first.data == {
            "civility": "ms",
            "first_name": "Anaïs",
            "last_name": "Lefèvre",
            "companies": ["Cœur & Œuvre SARL"],
            "job_title": "Directrice générale",
            "addresses": [
                {
                    "label": "work",
                    "street": "3 bis, rue de l'Église",
                    "city": "Bourg-en-Bresse",
                    "postcode": "01000",
                    "country": "France",
                }
            ],
            "phones": [["work", "+33474000001"], ["mobile", "+33600000002"]],
            "emails": [["work", "anais@coeur.example"]],
            "birthday": "1980-01-31",
            "notes": "Budget : 12 500,50 €\nrappeler jeudi",
        }
        assert second.data == {"first_name": "Jean", "last_name": "Noël", "emails": [["work", "jean.noel@example.fr"]]}


def test_outlook_english(data_dir: Path) -> None:
    first, second = of_file(data_dir / "contacts" / "outlook_en.csv")
    assert first.errors == second.errors == []
    assert first.data["phones"] == [["work", "+15550101234"]]
    assert first.data["emails"] == [["work", "zoe@smith.example"]]
    assert "birthday" not in first.data
    assert second.data == {"first_name": "Ex", "last_name": "Change", "birthday": "1980-03-14"}


def test_google(data_dir: Path) -> None:
    first, second, third = of_file(data_dir / "contacts" / "google_contacts_2024.csv")
    assert [row.errors for row in (first, second, third)] == [[], [], []]
    assert first.data["birthday"] == f"{NO_YEAR}-03-14"
    assert first.data["tags"] == ["Clients"]
    assert first.data["emails"] == [["work", "eloise@dupont.example"]]
    assert first.data["phones"] == [["mobile", "+33612345678"], ["mobile", "+33698765432"]]
    assert first.data["addresses"][0]["country"] == "France"
    assert second.data["emails"] == [["home", "taro@example.jp"]]
    assert third.data == {"name": "Société sans personne", "phones": [["work", "+33144556677"]]}
    (legacy,) = of_file(data_dir / "contacts" / "google_contacts_legacy.csv")
    assert legacy.data["emails"] == [["work", "eloise@dupont.example"], ["work", "contact@dupont.example"]]
    assert (legacy.data["first_name"], legacy.data["last_name"]) == ("Éloïse", "Dupont")


def test_hubspot(data_dir: Path) -> None:
    first, second, third = of_file(data_dir / "contacts" / "hubspot_contacts.csv")
    assert first.data["lifecycle"] == "lead"
    assert first.data["owner"] == "Inès Moreau"
    assert [address for _label, address in second.data["emails"]] == ["claire@durand.example", "c.durand@perso.example"]
    assert second.data["notes"] == 'a, "b"\nc'
    assert second.data["companies"] == ["Durand Boulangeries", "Durand Holding"]
    assert "consent" not in first.data
    assert [(e.row, e.column, e.reason) for e in third.errors] == [
        (4, "", "The row has no name, e-mail address or company.")
    ]


def test_salesforce(data_dir: Path) -> None:
    first, second = of_file(data_dir / "contacts" / "salesforce_contact_dataexport.csv")
    assert first.errors == []
    assert first.data["consent"] == "withdrawn"
    assert first.data["addresses"][0]["street"] == "3 bis, rue de l'Église\nBât. B"
    assert second.skip


def test_pipedrive(data_dir: Path) -> None:
    (row,) = of_file(data_dir / "contacts" / "pipedrive_people.csv")
    assert row.errors == []
    assert row.data["emails"] == [["work", "anais@coeur.example"], ["work", "a.lefevre@coeur.example"]]
    assert row.data["tags"] == ["Client", "VIP"]
    assert row.data["consent"] == "given"


def test_the_accounts(data_dir: Path) -> None:
    rows = of_file(data_dir / "crm-sales-opportunities" / "accounts.csv")
    assert len(rows) == 85
    assert [row.errors for row in rows if row.errors] == []
    assert rows[0].data == {
        "name": "Acme Corporation",
        "sector": "technolgy",
        "founded": 1996,
        "turnover": "1100.04",
        "size": 2822,
        "addresses": [{"label": "work", "country": "United States"}],
    }


def test_ragged_rows(data_dir: Path) -> None:
    first, second, third = of_file(data_dir / "contacts" / "malformed_ragged_rows.csv")
    assert not first.failed
    assert [error.reason[:40] for error in second.errors if not error.column] == [
        "This row has more cells than the header:"
    ]
    assert (third.number, third.data) == (5, {"last_name": "C"})


@pytest.mark.parametrize(
    ("text", "kind", "column", "value", "why"),
    [
        ("Nom;E-mail\nA;p.herve@\n", CONTACTS, "E-mail", "p.herve@", "domain"),
        ("Nom;Tél\nA;+33 2 97\n", CONTACTS, "Tél", "+33 2 97", "no phone number"),
        ("Nom;Date de naissance\nA;31/02/2024\n", CONTACTS, "Date de naissance", "31/02/2024", "no date"),
        ("Nom;Anniversaire\nA;31/01/2150\n", CONTACTS, "Anniversaire", "31/01/2150", "between 1900 and today"),
        ("Nom;Prénom\nA;" + "x" * 101 + "\n", CONTACTS, "Prénom", "x" * 101, "at most 100 fit"),
        ("Nom;SIREN\nA;732829321\n", COMPANIES, "SIREN", "732829321", "check digit"),
        ("Nom;CA\nA;beaucoup\n", COMPANIES, "CA", "beaucoup", "no number"),
        ("Nom;CA\nA;1" + "0" * 15 + "\n", COMPANIES, "CA", "1" + "0" * 15, "too large"),
        ("Nom;Effectif\nA;-3\n", COMPANIES, "Effectif", "-3", "employees"),
        ("Nom;SIREN\n;732829320\n", COMPANIES, "", "", "no company name"),
        ("Nom;Maison mère\nAcme;ACME\n", COMPANIES, "", "ACME", "its own parent"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, kind: str, column: str, value: str, why: str) -> None:
    row = one(text, kind)
    assert row.failed
    (error,) = row.errors
    assert (error.row, error.column, error.value) == (2, column, value)
    assert why in error.reason


def test_a_lenient_reading_leaves_out_the_cell_only() -> None:
    cleaner = Cleaner(CONTACTS, ["Nom", "E-mail"], ["last_name", "email"], Reading(lenient=True))
    with open_table(io.BytesIO(b"Nom;E-mail\nA;p.herve@\n")) as table:
        row = cleaner.clean(next(table.rows()))
    assert not row.failed
    assert row.errors[0].warning
    assert row.data == {"last_name": "A"}


def test_dates_follow_their_column() -> None:
    us = of_text("Name,Birthday\nA,03/04/1980\nB,12/25/1980\n")
    assert [row.data["birthday"] for row in us] == ["1980-03-04", "1980-12-25"]
    fr = of_text("Nom;Anniversaire\nA;03/04/1980\nB;25/12/1980\n")
    assert [row.data["birthday"] for row in fr] == ["1980-04-03", "1980-12-25"]


def test_ambiguous_dates_are_asked_about() -> None:
    evidence = Evidence(["last_name", "birthday"])
    for value in ("03/04/1980", "05/06/1980", "03/04/1980", "07/08/1980", "01/02/1980"):
        evidence.add(["A", value])
    assert evidence.ambiguous == {1: ["03/04/1980", "05/06/1980", "07/08/1980"]}


def test_numbers_follow_their_column() -> None:
    rows = of_text("Nom;CA\nA;1.234\nB;1.234,50\n", COMPANIES)
    assert [row.data["turnover"] for row in rows] == ["1234.00", "1234.50"]
    rows = of_text("Name,Revenue\nA,1.234\nB,12.5\n", COMPANIES)
    assert [row.data["turnover"] for row in rows] == ["1.23", "12.50"]


def test_phones_are_read_by_the_country_of_their_row() -> None:
    row = one("Nom;Tél;Pays\nA;020 7946 0958;Royaume-Uni\n")
    assert row.data["phones"] == [["work", "+442079460958"]]


def test_several_values_in_one_cell() -> None:
    row = one(
        "Nom;Tél;E-mail;Tags\nA;06 12 34 56 78 / 01 44 55 66 77;a@x.fr b@x.fr, A@x.fr;VIP; Salon , VIP\n".replace(
            "VIP; Salon", "VIP ::: Salon"
        )
    )
    assert row.data["phones"] == [["mobile", "+33612345678"], ["work", "+33144556677"]]
    assert row.data["emails"] == [["work", "a@x.fr"], ["work", "b@x.fr"]]
    assert row.data["tags"] == ["VIP", "Salon"]


def test_a_postcode_that_lost_its_zero_gets_it_back() -> None:
    assert one("Nom;CP\nA;1000\n").data["addresses"] == [{"label": "work", "postcode": "01000"}]
    assert one("Nom;CP;Pays\nA;1000;Belgique\n").data["addresses"][0]["postcode"] == "1000"


def test_control_and_bidirectional_characters_do_not_stay() -> None:
    row = one("Prénom;Nom\nÉ\u202elo\x07ïse;  Le  fèvre \n")
    assert row.data == {"first_name": "Éloïse", "last_name": "Le fèvre"}


def test_ranges_of_employees_and_years() -> None:
    rows = of_text("Nom;Effectif;Année de création\nA;51-200;1996\nB;1 000+;12/03/1987\nC;10 à 49;\n", COMPANIES)
    assert [(row.data.get("size"), row.data.get("founded")) for row in rows] == [(51, 1996), (1000, 1987), (10, None)]


@pytest.mark.parametrize(
    ("text", "slug", "value"),
    [
        ("Nom;Tél\nA;0612345678-0144556677\n", "phones", [["mobile", "+33612345678"], ["work", "+33144556677"]]),
        ("Nom;Tél\nA;Tél : 06 12 34 56 78 (perso)\n", "phones", [["home", "+33612345678"]]),
        ("Nom;E-mail\nA;a@x.fr|b@x.fr\n", "emails", [["work", "a@x.fr"], ["work", "b@x.fr"]]),
        ("Nom;E-mail\nA;a@x.fr / b@x.fr (pro)\n", "emails", [["work", "a@x.fr"], ["work", "b@x.fr"]]),
        ("Nom Prénom;E-mail\nLe Goff Anne;a@x.fr\n", "last_name", "Le Goff"),
        ("Nom;Né le\nA;14/03\n", "birthday", f"{NO_YEAR}-03-14"),
        ("Nom;Né le\nA;14 mars\n", "birthday", f"{NO_YEAR}-03-14"),
        ("Nom;Twitter URL\nA;@zoe\n", "links", ["https://x.com/zoe"]),
        ("Nom;Cycle de vie\nA;Lead qualifié marketing\n", "lifecycle", "prospect"),
        (
            "Nom;Adresse\nA;12 rue de la Paix, 75002 Paris\n",
            "addresses",
            [{"label": "work", "street": "12 rue de la Paix", "postcode": "75002", "city": "Paris"}],
        ),
        (
            "Nom;Adresse;Ville\nA;12 rue de la Paix, 75002 Paris;\n",
            "addresses",
            [{"label": "work", "street": "12 rue de la Paix, 75002 Paris"}],
        ),
    ],
)
def test_cells_people_write(text: str, slug: str, value: Any) -> None:
    row = one(text)
    assert row.errors == []
    assert row.data[slug] == value


def test_cells_that_say_nothing_are_blank() -> None:
    row = one("Société;CA;Effectif;SIREN;Secteur\nA;N/C;inconnu;néant;-\n", COMPANIES)
    assert (row.errors, row.data) == ([], {"name": "A"})
    assert one("Prénom;Nom\nZoé;Null\n").data["last_name"] == "Null"


def test_a_headcount_has_no_decimals() -> None:
    rows = of_text("Société;Effectif\nA;1,200\nB;1.200\nC;120 salariés\n", COMPANIES)
    assert [row.data["size"] for row in rows] == [1200, 1200, 120]


def test_a_number_that_a_spreadsheet_shortened_is_refused() -> None:
    (error,) = one("Nom;Tél\nA;3,36123E+10\n").errors
    assert "shortened" in error.reason
    (error,) = one("Société;SIREN\nA;5,52E+08\n", COMPANIES).errors
    assert "shortened" in error.reason


def test_an_unknown_lifecycle_is_left_out_with_a_warning() -> None:
    row = one("Nom;Cycle de vie\nA;zombie\n")
    assert not row.failed
    assert "Lead, Prospect" in row.errors[0].reason


def test_each_address_of_google_stays_by_itself() -> None:
    headers = "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value"
    headers += "".join(
        f",Address {n} - {part}" for n in (1, 2, 3) for part in ("Label", "Formatted", "Country", "City")
    )
    row = one(f'{headers}\nA,L,,a@x.fr,Home,,France,Lyon,Home,,Belgique,Liège,,"1 rue C\n75002 Paris",,\n')
    assert row.data["addresses"] == [
        {"label": "home", "country": "France", "city": "Lyon"},
        {"label": "home", "country": "Belgique", "city": "Liège"},
        {"label": "work", "street": "1 rue C", "postcode": "75002", "city": "Paris"},
    ]


def test_what_other_columns_show_decides_amounts_that_read_both_ways() -> None:
    rows = of_text("Société;CA;Effectif\nA;1.234;1,5\nB;2.500;3\n", COMPANIES)
    assert rows[1].data["turnover"] == "2500.00"


def test_a_line_of_totals_below_is_left_out() -> None:
    text = "Nom Prénom;Titre;Mail;Tél\nDupont Jean;M.;a@x.fr, b@x.fr;612345678\n;;;\nTotal :;2;;\n"
    person, total = of_text(text)
    assert (person.data["last_name"], person.data["first_name"]) == ("Dupont", "Jean")
    assert (total.skip, total.errors) == ("A line of totals.", [])
    companies = of_text("Société;SIREN;Effectif\nTotal;552081317;34000\nTotal;;34000\n", COMPANIES)
    assert [row.skip for row in companies] == ["", "A line of totals."]
