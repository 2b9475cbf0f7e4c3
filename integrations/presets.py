"""The programs whose exports are recognised by their headers."""

from django.utils.translation import gettext_lazy as _

from crm.records.text import norm

# Headers that are all there in the program's export and together nowhere else, as `norm` gives them.
PRESETS = {
    "google": ["given name", "family name", "e-mail 1 - value"],
    "google_2024": ["first name", "last name", "e-mail 1 - label", "e-mail 1 - value"],
    "outlook_en": ["first name", "last name", "business phone", "e-mail address"],
    "outlook_fr": ["prenom", "nom", "adresse de messagerie", "telephone (bureau)"],
    "hubspot": ["record id", "lifecycle stage"],
    "hubspot_companies": ["record id", "company name"],
    "salesforce": ["id", "lastname", "firstname", "ownerid", "systemmodstamp"],
    "salesforce_accounts": ["id", "name", "ownerid", "systemmodstamp"],
    "salesforce_report": ["first name", "last name", "account name", "mailing street"],
    "pipedrive": ["person - name", "person - organization"],
    "pipedrive_organizations": ["organization - name"],
    "zoho": ["record id", "contact owner", "first name", "last name"],
    "zoho_accounts": ["record id", "account owner", "account name"],
}

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
    # Whom HubSpot bills as a marketing contact says nothing about consent.
    **dict.fromkeys(("marketing contact status", "lead status", "record id", "associated company ids"), ""),
}
_SALESFORCE = {
    "title": "job_title",
    "name": "full_name",
    "description": "notes",
    "phone": "phone_work",
    **dict.fromkeys(("id", "owner id", "account id", "reports to id", "master record id"), ""),
}
_PIPEDRIVE = {"name": "full_name", "organization": "company", "labels": "tags", "visible to": "", "id": ""}
_ZOHO = {"title": "job_title", "salutation": "civility", "record id": "", "vendor name": "", "created by": ""}
HEADERS = {
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
    return HEADERS[preset.partition("_")[0]]


def recognise(headers: list[str]) -> str:
    """Return the preset whose headers these are, "generic" if it is no known program's."""
    present = {norm(header) for header in headers}
    return next((preset for preset, wanted in PRESETS.items() if present.issuperset(wanted)), "generic")


def program_of(preset: str) -> str:
    """Return the name of the program of a preset ("outlook_fr" is Outlook)."""
    return str(PRESET_NAMES[preset.partition("_")[0]])
