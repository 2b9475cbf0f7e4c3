"""The programs whose exports are recognised by their headers."""

from django.utils.translation import gettext_lazy as _

from crm.records.text import norm

# Headers that are all in a program’s export and together nowhere else, as `norm` gives them; the first that fit.
PRESETS = [
    ("hubspot_deals", ["record id", "deal name", "deal stage"]),
    ("hubspot_fr_deals", ["id de fiche d'informations", "nom de la transaction"]),
    ("pipedrive_deals", ["deal - title"]),
    ("pipedrive_fr_deals", ["affaire - titre"]),
    ("salesforce_deals", ["id", "name", "stagename", "closedate"]),
    ("salesforce_deals", ["opportunity name", "stage", "account name"]),
    ("google", ["given name", "family name", "e-mail 1 - value"]),
    ("google_2024", ["first name", "last name", "e-mail 1 - label", "e-mail 1 - value"]),
    ("google_2024", ["first name", "last name", "phonetic first name", "file as"]),
    ("outlook_en", ["first name", "last name", "business phone", "e-mail address"]),
    ("outlook_fr", ["prenom", "nom", "adresse de messagerie", "telephone (bureau)"]),
    ("outlook_fr", ["prenom", "nom", "adresse de courrier", "telephone (bureau)"]),
    ("outlook_fr", ["prenom", "adresse e-mail", "telephone (bureau)", "rue (bureau)"]),
    ("hubspot", ["record id", "lifecycle stage", "first name"]),
    ("hubspot_companies", ["record id", "company name"]),
    ("hubspot", ["record id", "lifecycle stage"]),
    ("hubspot", ["record id", "first name", "lead status", "contact owner", "phone number"]),
    ("hubspot", ["record id", "first name", "marketing contact status"]),
    ("hubspot", ["record id", "first name", "phone number", "contact owner"]),
    ("hubspot_fr", ["id de fiche d'informations", "prenom"]),
    ("hubspot_fr", ["prenom", "phase du cycle de vie", "proprietaire du contact"]),
    ("hubspot_fr_companies", ["id de fiche d'informations", "nom de l'entreprise"]),
    ("zoho", ["record id", "contact owner", "first name", "last name"]),
    ("zoho", ["record id", "lead owner", "last name"]),
    ("zoho_accounts", ["record id", "account owner", "account name"]),
    ("zoho_fr", ["id d'enregistrement", "proprietaire du contact", "nom du compte"]),
    ("zoho_fr", ["prenom", "nom", "rue de correspondance"]),
    ("salesforce", ["id", "lastname", "firstname", "ownerid", "systemmodstamp"]),
    ("salesforce_accounts", ["id", "name", "ownerid", "systemmodstamp"]),
    ("salesforce_report", ["first name", "last name", "account name", "mailing street"]),
    ("salesforce_report", ["first name", "last name", "account name", "account owner"]),
    ("salesforce_report", ["first name", "last name", "company / account", "lead source"]),
    ("salesforce_report", ["prenom", "nom", "nom du compte"]),
    ("salesforce_accounts", ["account name", "billing street", "account owner"]),
    ("pipedrive", ["person - name"]),
    ("pipedrive_organizations", ["organization - name"]),
    ("pipedrive_fr", ["personne - nom"]),
    ("pipedrive_fr_organizations", ["organisation - nom"]),
]

PRESET_NAMES = {
    "google": "Google Contacts",
    "outlook": "Outlook",
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "pipedrive": "Pipedrive",
    "zoho": "Zoho CRM",
    "vcard": "vCard",
    "generic": _("Spreadsheet"),
}

# What a program's headers mean where the ordinary reading would be wrong; "" leaves the column out. Headers as
# `synonyms.words` writes them; of two columns with the same header the second has " 2" behind it.
_GOOGLE = {
    "email label": "email_label",
    "email type": "email_label",
    "phone label": "phone_label",
    "phone type": "phone_label",
    "address label": "address_label",
    "address type": "address_label",
    "organization name": "company",
    "organization title": "job_title",
    "organization department": "department",
    "address extended address": "work_street",
    "address formatted": "address",
    "website value": "links",
    "labels": "tags",
    "group membership": "tags",
    **dict.fromkeys(("subject", "location", "occupation", "file as", "nickname", "initials", "short name"), ""),
    **dict.fromkeys(("organization type", "website label", "website type", "priority", "directory server"), ""),
}
_OUTLOOK = {
    "title": "civility",
    "titre": "civility",
    "titre 2": "job_title",
    "anniversaire": "birthday",
    "nom": "last_name",
    **dict.fromkeys(("account", "compte", "bureau", "office location", "profession", "responsable", "location"), ""),
    **dict.fromkeys(("emplacement", "anniversary", "anniversaire de mariage ou fete", "government id number"), ""),
    **dict.fromkeys(("code gouvernement", "email type", "keywords", "mots cles", "priority", "priorite"), ""),
    **dict.fromkeys(("hobby", "passe temps", "sensitivity", "referred by", "recommande par", "private", "prive"), ""),
}
_HUBSPOT = {
    "associated company": "company",
    "associated note": "notes",
    "company name": "company",
    "entreprise associee": "company",
    "note associee": "notes",
    "nom": "last_name",
    # Whom HubSpot bills as a marketing contact says nothing about consent; when a record was made is no founding year.
    **dict.fromkeys(("marketing contact status", "statut de contact marketing", "lead status", "statut du lead"), ""),
    **dict.fromkeys(("record id", "id de fiche d informations", "associated company ids", "date de creation"), ""),
    **dict.fromkeys(("create date", "primary associated company id", "id de l entreprise associee"), ""),
}
_SALESFORCE = {
    "title": "job_title",
    "titre": "job_title",
    "name": "full_name",
    "description": "notes",
    "phone": "phone_work",
    "company account": "company",
    "nom du compte": "company",
    "nom": "last_name",
    **dict.fromkeys(("id", "owner id", "account id", "reports to id", "master record id"), ""),
}
_PIPEDRIVE = {
    "name": "full_name",
    "nom": "full_name",
    "organization": "company",
    "organisation": "company",
    "labels": "tags",
    "etiquettes": "tags",
    "address": "address",
    "adresse": "address",
    "city town village locality of address": "work_city",
    "zip postal code of address": "work_postcode",
    "state county of address": "work_region",
    "country of address": "work_country",
    "full combined address of address": "address",
    **dict.fromkeys(("street road name of address", "house number of address", "region of address"), ""),
    **dict.fromkeys(("apartment suite no of address", "district sublocality of address", "visible to", "id"), ""),
    **dict.fromkeys(("visible pour", "people", "personnes", "personne creee"), ""),
}
_ZOHO = {
    "title": "job_title",
    "titre": "job_title",
    "salutation": "civility",
    "nom": "last_name",
    "nom du compte": "company",
    "billing code": "billing_postcode",
    "shipping code": "delivery_postcode",
    "mailing zip": "work_postcode",
    "other zip": "other_postcode",
    "code de facturation": "billing_postcode",
    "code d expedition": "delivery_postcode",
    **dict.fromkeys(("record id", "id d enregistrement", "vendor name", "created by", "cree par", "account site"), ""),
    **dict.fromkeys(("account name id", "contact owner id", "vendor name id", "modified by"), ""),
}
# Deals: what programs work out themselves, and keys of their other tables.
_DEALS = dict.fromkeys(
    [
        *("weighted value", "associated company ids", "associated contact ids", "forecast amount", "account id"),
        *("owner id", "campaign id", "pricebook2 id", "is closed", "is won", "fiscal", "fiscal quarter", "fiscal year"),
        *("amount in company currency", "deal probability weighted", "last modified date", "system modstamp"),
    ],
    "",
)
HEADERS = {
    **{f"{program}_deals": _DEALS for program in ("hubspot", "hubspot_fr", "pipedrive", "pipedrive_fr", "salesforce")},
    "google": _GOOGLE,
    "outlook": _OUTLOOK,
    "hubspot": _HUBSPOT,
    "salesforce": _SALESFORCE,
    "pipedrive": _PIPEDRIVE,
    "zoho": _ZOHO,
    "vcard": {},
    "generic": {},
}


def headers_of(preset: str) -> dict[str, str]:
    """Return what a preset's headers mean where that is particular to its program."""
    return HEADERS.get(preset) or HEADERS[preset.partition("_")[0]]


def recognise(headers: list[str]) -> str:
    """Return the preset whose headers these are, "generic" if it is no known program's."""
    present = {norm(header) for header in headers}
    return next((preset for preset, wanted in PRESETS if present.issuperset(wanted)), "generic")


def program_of(preset: str) -> str:
    """Return the name of the program of a preset ("outlook_fr" is Outlook)."""
    return str(PRESET_NAMES[preset.partition("_")[0]])
