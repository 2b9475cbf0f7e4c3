"""The header is found below titles, over merged cells and among sheets; real programs are known in both languages."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from integrations.mapping import SAMPLES, guess_kind, propose
from integrations.reading import Table, open_table


def book(**sheets: list[list[Any]]) -> io.BytesIO:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file


def mapped(table: Table) -> dict[str, str]:
    seen = table.headers, table.samples(values=SAMPLES), table.detected.preset
    return {one.header: one.field for one in propose(*seen, guess_kind(*seen)) if one.field}


@pytest.mark.parametrize(
    ("text", "headers", "rows"),
    [
        ("Clients;;\nÉdité le;12/03/2024;\nNom;E-mail;Ville\nA;a@x.fr;Lyon\n", ["Nom", "E-mail", "Ville"], [4]),
        ("Boréal,Export\nNom,E-mail\nA,a@x.fr\n", ["Nom", "E-mail"], [3]),
        ("Rapport trimestriel\n\nNom;Code\nA;1\n", ["Nom", "Code"], [4]),
        ("Code;Libellé;Zone\nA;B;C\n", ["Code", "Libellé", "Zone"], [2]),
        ("2023,2024,Nom,E-mail\n1,2,A,a@x.fr\n", ["2023", "2024", "Nom", "E-mail"], [2]),
    ],
)
def test_titles_stand_above_the_header(text: str, headers: list[str], rows: list[int]) -> None:
    with open_table(io.BytesIO(text.encode())) as table:
        assert table.headers == headers
        assert [row.number for row in table.rows()] == rows


def test_a_header_over_two_rows() -> None:
    rows: list[list[Any]] = [
        ["Nom", "Adresse", None, "E-mail"],
        [None, "Rue", "Ville", None],
        ["A", "1 rue B", "Lyon", "a@x.fr"],
    ]
    with open_table(book(Clients=[["Clients 2024"], [], *rows])) as table:
        assert table.headers == ["Nom", "Rue", "Ville", "E-mail"]
        assert [(row.number, row.cells[2]) for row in table.rows()] == [(5, "Lyon")]
    rows = [
        ["", "Facturation", "", "Livraison", ""],
        ["Nom", "Rue", "Ville", "Rue", "Ville"],
        ["A", "B", "C", "D", "E"],
    ]
    with open_table(book(Clients=rows)) as table:
        assert list(mapped(table).values()) == [
            *("full_name", "billing_street", "billing_city", "delivery_street", "delivery_city"),
        ]


def test_the_sheet_of_people_is_chosen() -> None:
    note, people = [["Read this first"], ["Fill in the sheet"]], [["Name", "E-mail"], ["A", "a@x.fr"]]
    with open_table(book(Note=note, People=people, Empty=[])) as table:
        assert (table.detected.sheet, table.detected.sheets) == ("People", ("Note", "People", "Empty"))


@pytest.mark.parametrize(
    ("preset", "headers", "fields"),
    [
        (
            "hubspot_fr",
            "ID de fiche d'informations,Prénom,Nom,E-mail,Numéro de téléphone mobile,Phase du cycle de vie"
            ",Entreprise associée,Date de création,URL du site web,Adresse postale",
            ",first_name,last_name,email,phone_mobile,lifecycle,company,,links,work_street",
        ),
        (
            "hubspot",
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Create Date (GMT+1)",
            ",first_name,last_name,email,phone,owner,",
        ),
        (
            "hubspot_fr_companies",
            "ID de fiche d'informations,Nom de l'entreprise,Secteur d'activité,Revenu annuel,Année de fondation"
            ",Nom de domaine de l'entreprise",
            ",name,sector,turnover,founded,domains",
        ),
        (
            "zoho",
            "Record Id,Contact Owner,First Name,Last Name,Account Name,Mailing Street,Mailing Zip,Asst Phone,Tag",
            ",owner,first_name,last_name,company,work_street,work_postcode,,tags",
        ),
        (
            "zoho_fr",
            "ID d'enregistrement,Propriétaire du contact,Prénom,Nom,Nom du compte,Rue de correspondance"
            ",Code postal de correspondance,Téléphone assistant,Refus d'e-mails,E-mail secondaire",
            ",owner,first_name,last_name,company,work_street,work_postcode,,no_consent,email_other",
        ),
        (
            "zoho_accounts",
            "Record Id,Account Owner,Account Name,Billing Street,Billing Code,Shipping Code",
            ",owner,name,billing_street,billing_postcode,delivery_postcode",
        ),
        (
            "salesforce_report",
            "Civilité,Prénom,Nom,Titre,Nom du compte,Rue (adresse postale),Code postal (adresse postale)"
            ",Pays (adresse postale)",
            "civility,first_name,last_name,job_title,company,work_street,work_postcode,work_country",
        ),
        (
            "salesforce_accounts",
            "Account Name,Billing Street,Billing Zip/Postal Code,Account Owner,Employees",
            "name,billing_street,billing_postcode,owner,size",
        ),
        (
            "pipedrive_fr",
            "Personne - Nom,Personne - Organisation,Personne - E-mail - Travail,Personne - Téléphone - Mobile",
            "full_name,company,email_work,phone_mobile",
        ),
        (
            "pipedrive_organizations",
            "Organization - Name,Organization - Address,Organization - ZIP/Postal code of Address",
            "name,address,work_postcode",
        ),
        (
            "outlook_fr",
            "Titre,Prénom,Nom,Rue (bureau),Téléphone (bureau),Tél. mobile,Adresse de courrier,Titre",
            "civility,first_name,last_name,work_street,phone_work,phone_mobile,email,job_title",
        ),
        (
            "generic",
            "Sté,Nom et prénom du contact,Mail pro,Tél. fixe,CP,Localité",
            "company,full_name,email_work,phone,work_postcode,work_city",
        ),
    ],
)
def test_exports_of_programs_in_both_languages(preset: str, headers: str, fields: str) -> None:
    values = ",".join(["Mme" if one in {"Civilité", "Titre"} else "x" for one in headers.split(",")])
    with open_table(io.BytesIO(f"{headers}\n{values}\n".encode())) as table:
        assert table.detected.preset == preset
        seen = table.headers, table.samples(values=SAMPLES), table.detected.preset
        assert [one.field for one in propose(*seen, guess_kind(*seen))] == fields.split(",")
