"""Columns find their fields: by the program that wrote the file, by header in two languages, by what the values are."""

import io
from pathlib import Path

import pytest
from django.utils import translation

from crm.access.models import User
from crm.access.rights import Rights
from integrations.exporting import columns_of
from integrations.fields import COMPANIES, CONTACTS
from integrations.mapping import SAMPLES, Proposal, guess_kind, propose
from integrations.presets import HEADERS
from integrations.reading import Table, open_table
from integrations.resources import column_of
from integrations.synonyms import reach_header, words
from integrations.vocabulary import SYNONYMS


def seen(table: Table) -> tuple[list[str], list[list[str]], str]:
    return table.headers, table.samples(values=SAMPLES), table.detected.preset


def proposed(table: Table, kind: str) -> list[Proposal]:
    return propose(*seen(table), kind)


def mapped(text: str, kind: str = CONTACTS) -> dict[str, str]:
    with open_table(io.BytesIO(text.encode())) as table:
        return {proposal.header: proposal.field for proposal in proposed(table, kind)}


def mapped_file(path: Path, kind: str) -> dict[str, str]:
    with open_table(path) as table:
        assert guess_kind(*seen(table)) == kind
        return {proposal.header: proposal.field for proposal in proposed(table, kind)}


def test_the_accounts_map_by_themselves(data_dir: Path) -> None:
    assert mapped_file(data_dir / "crm-sales-opportunities" / "accounts.csv", COMPANIES) == {
        "account": "name",
        "sector": "sector",
        "year_established": "founded",
        "revenue": "turnover",
        "employees": "size",
        "office_location": "work_country",
        "subsidiary_of": "parent",
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "outlook_fr_cp1252_semicolon.csv",
            {
                "Titre": "civility",
                "Titre (2)": "job_title",
                "Prénom": "first_name",
                "Nom": "last_name",
                "Société": "company",
                "Service": "department",
                "Rue (bureau)": "work_street",
                "Rue (bureau) 2": "work_street",
                "Code postal (bureau)": "work_postcode",
                "Code postal (domicile)": "home_postcode",
                "Pays/Région (autre)": "other_country",
                "Téléphone 2 (bureau)": "phone_work",
                "Tél. mobile": "phone_mobile",
                "Télécopie (bureau)": "phone_fax",
                "Adresse de messagerie 2": "email",
                "Type de messagerie": "",
                "Nom complet de l'adresse de messagerie": "",
                "Téléphone de l'assistant(e)": "",
                "Anniversaire": "birthday",
                "Anniversaire de mariage ou fête": "",
                "Bureau": "",
                "Catégories": "tags",
                "Page Web": "links",
            },
        ),
        (
            "outlook_en.csv",
            {
                "Title": "civility",
                "Job Title": "job_title",
                "Business Phone": "phone_work",
                "Home Fax": "phone_fax",
                "E-mail Address": "email",
                "E-mail Display Name": "",
                "Assistant's Phone": "",
                "Anniversary": "",
                "Business Country/Region": "work_country",
            },
        ),
        (
            "google_contacts_2024.csv",
            {
                "Organization Name": "company",
                "Organization Title": "job_title",
                "Labels": "tags",
                "E-mail 1 - Label": "email_label",
                "E-mail 2 - Value": "email",
                "Phone 1 - Value": "phone",
                "Address 1 - Label": "address_label",
                "Address 1 - Street": "work_street",
                "Address 1 - Postal Code": "work_postcode",
                "Address 1 - Formatted": "address",
                "Phonetic First Name": "",
                "Website 1 - Value": "links",
            },
        ),
        (
            "hubspot_contacts.csv",
            {
                "Record ID": "",
                "Contact owner": "owner",
                "Lifecycle Stage": "lifecycle",
                "Associated Company": "company",
                "Marketing contact status": "",
                "Associated Note": "notes",
                "Mobile Phone Number": "phone_mobile",
            },
        ),
        (
            "salesforce_contact_dataexport.csv",
            {
                "LastName": "last_name",
                "MailingStreet": "work_street",
                "OtherPostalCode": "other_postcode",
                "MobilePhone": "phone_mobile",
                "AssistantPhone": "",
                "HasOptedOutOfEmail": "no_consent",
                "IsDeleted": "deleted",
                "OwnerId": "",
                "Title": "job_title",
                "Description": "notes",
            },
        ),
        (
            "pipedrive_people.csv",
            {
                "Person - Name": "full_name",
                "Person - Organization": "company",
                "Person - Email - Work": "email_work",
                "Person - Phone - Mobile": "phone_mobile",
                "Person - Marketing status": "consent",
                "Person - Labels": "tags",
                "Person - Owner": "owner",
                "Person - ID": "",
            },
        ),
    ],
)
def test_the_programs_exports_map_by_themselves(data_dir: Path, name: str, wanted: dict[str, str]) -> None:
    found = mapped_file(data_dir / "contacts" / name, CONTACTS)
    assert {header: found[header] for header in wanted} == wanted


def test_a_french_spreadsheet() -> None:
    text = "Nom complet;Société;Mail;Tél.;CP;Ville;Opt-in;Commercial;Badge\nA B;C;j@x.fr;0297476210;56000;V;oui;C;A1\n"
    assert list(mapped(text).values()) == [
        *("full_name", "company", "email", "phone", "work_postcode", "work_city", "consent", "owner", ""),
    ]


def test_a_french_list_of_companies() -> None:
    headers = "Raison sociale;N° SIREN;TVA intracommunautaire;Effectif;CA;Année de création;Adresse de facturation"
    assert list(mapped(f"{headers}\nA;1;2;3;4;5;6\n", COMPANIES).values()) == [
        *("name", "siren", "vat_number", "size", "turnover", "founded", "billing_street"),
    ]


def test_a_name_alone_is_the_whole_name() -> None:
    assert mapped("Nom;E-mail\nÉric;e@x.fr\n")["Nom"] == "full_name"
    assert mapped("Nom;Prénom\nDupont;Éric\n")["Nom"] == "last_name"


def test_values_tell_where_the_header_says_nothing() -> None:
    text = "A;B;C;D\na@example.com;06 12 34 56 78;Mme;www.example.com\nb@example.com;01 44 55 66 77;M.;x.fr\n"
    assert list(mapped(text).values()) == ["email", "phone", "civility", ""]
    assert list(mapped("A;B\n732829320;FR44732829320\n", COMPANIES).values()) == ["siren", "vat_number"]


def test_a_field_that_holds_one_value_is_fed_by_one_column() -> None:
    fields = mapped("Nom;Prénom;Last name\nDupont;Éric;\n")
    assert list(fields.values()).count("last_name") == 1
    assert fields["Nom"] == "last_name"


def test_each_proposal_says_why_and_shows_samples() -> None:
    with translation.override("en"), open_table(io.BytesIO(b"Mail;Zzz\n;x\na@x.fr;x\na@x.fr;y\nb@x.fr;z\n")) as table:
        mail, unknown = proposed(table, CONTACTS)
    assert (mail.why, mail.samples) == ("by its header", ["a@x.fr", "b@x.fr"])
    assert 0.5 < mail.sure < 1
    assert (unknown.field, unknown.sure, unknown.samples) == ("", 0.0, ["x", "y", "z"])


def test_what_we_export_maps_back() -> None:
    viewer = User()
    viewer.rights = Rights({}, (), ())
    for language in ("fr", "en"):
        with translation.override(language):
            for kind in (CONTACTS, COMPANIES):
                columns = columns_of(kind, viewer)
                found = propose([one.header for one in columns], [[] for _one in columns], "generic", kind)
                assert [proposal.field for proposal in found] == [one.slug for one in columns]


def test_every_word_list_names_fields_that_exist() -> None:
    for kind, fields in SYNONYMS.items():
        assert [slug for slug in fields if not column_of(kind, slug)] == []
        for slug, all_words in fields.items():
            assert [one for one in all_words.split("|") if words(one) != one] == [], slug
    for headers in HEADERS.values():
        assert {
            slug for slug in headers.values() if slug and not (column_of(CONTACTS, slug) or column_of(COMPANIES, slug))
        } == set()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-mail professionnel", "email_work"),
        ("Adresse e-mail", "email"),
        ("Téléphone portable", "phone_mobile"),
        ("Tel fixe", "phone"),
        ("Zip", "work_postcode"),
        ("ShippingStreet", "delivery_street"),
        ("Ville de livraison", "delivery_city"),
        ("Numéro de téléphone", "phone"),
        ("Spouse phone", ""),
        ("Email bounced", ""),
    ],
)
def test_headers_about_reaching_somebody(header: str, field: str) -> None:
    assert reach_header(words(header)) == field
