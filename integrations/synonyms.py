"""Headers in French and English, and which field each names. Headers are compared as `words` writes them."""

import re

from crm.records.text import norm
from integrations.fields import COMPANIES, CONTACTS

_SHARED = {
    "notes": "note|notes|remarque|remarques|commentaire|commentaires|comment|comments|description|observations|memo",
    "tags": "tag|tags|etiquette|etiquettes|categorie|categories|category|label|labels|mots cles|keywords|segment",
    "groups": "groupe|groupes|group|groups|liste|list|listes",
    "owner": (
        "owner|proprietaire|commercial|contact owner|account owner|company owner|record owner|proprietaire du contact"
        "|proprietaire de l entreprise|assigned to|assigne a|responsable commercial|charge d affaires|sales rep"
        "|account manager|lead owner|owner name"
    ),
    "deleted": "is deleted|isdeleted",
}
SYNONYMS: dict[str, dict[str, str]] = {
    CONTACTS: {
        **_SHARED,
        "full_name": "nom complet|full name|name|nom et prenom|nom prenom|prenom nom|prenom et nom|contact|contact name"
        "|nom du contact|display name|nom affiche|personne|person|interlocuteur|client name",
        "civility": "civilite|salutation|salutations|name prefix|prefix|prefixe|politesse|civ|honorific|mr mrs",
        "first_name": "prenom|prenoms|first name|firstname|given name|forename|first",
        "middle_name": "middle name|deuxieme prenom|second prenom|additional name",
        "last_name": "nom|nom de famille|last name|lastname|surname|family name|nom usage|last",
        "suffix": "suffix|suffixe|name suffix",
        "birthday": "anniversaire|birthday|birthdate|birth date|date of birth|date de naissance|naissance|ne le|dob",
        "language": "langue|language|preferred language|langue preferee",
        "company": (
            "societe|entreprise|company|company name|organisation|organization|account|account name|nom de la societe"
            "|nom de l entreprise|nom societe|raison sociale|employeur|employer|associated company|organization name"
            "|nom entreprise|compte|primary company"
        ),
        "company_domain": "company domain|domaine de l entreprise|domaine societe|company domain name|domaine|domain",
        "job_title": (
            "fonction|poste|job title|jobtitle|job|position|role|intitule du poste|organization title|emploi"
            "|titre du poste|qualite|occupation"
        ),
        "department": "service|departement|department|organization department|division|direction",
        "links": (
            "site web|site internet|site|website|web page|page web|url|web|linkedin|linkedin url|profil linkedin"
            "|twitter|linkedin profile|linked in|twitter url|github|facebook|website url|lien|liens|link|links"
        ),
        "lifecycle": "lifecycle stage|lifecycle|cycle de vie|phase du cycle de vie|type de contact|contact type",
        "source": "source|lead source|origine|provenance|original source|source du lead|canal|origine du contact",
        "consent": (
            "consentement|consent|opt in|optin|newsletter|rgpd|gdpr|consentement emailing|marketing status|emailing"
            "|consentement email|email opt in|abonne|subscribed|marketing consent|mailing consent"
            "|consentement marketing"
        ),
        "no_consent": (
            "opt out|optout|email opt out|has opted out of email|unsubscribed|desabonne|unsubscribed from all email"
            "|refus emailing|hasoptedoutofemail|desinscrit"
        ),
        "do_not_call": "do not call|ne pas appeler|donotcall|bloctel|opposition telephone",
    },
    COMPANIES: {
        **_SHARED,
        "name": (
            "nom|name|societe|entreprise|company|company name|account|account name|organisation|organization"
            "|raison sociale|nom de la societe|nom de l entreprise|organization name|client|nom entreprise"
            "|nom societe|denomination|denomination sociale|compte|firm|business name|etablissement"
        ),
        "trade_name": "nom commercial|trade name|enseigne|trading as|doing business as|brand|marque",
        "siren": "siren|numero siren|n siren|siren number",
        "siret": "siret|numero siret|n siret|siret number",
        "vat_number": "tva|numero de tva|n tva|tva intracommunautaire|numero tva|vat|vat number|vat id|tax id"
        "|n tva intra|tva intracom|numero de tva intracommunautaire",
        "legal_id": "registration number|company number|company registration number|rcs|numero rcs|legal id",
        "sector": "secteur|secteur d activite|sector|industry|activite|industrie|domaine d activite|naf|branche",
        "size": (
            "employees|effectif|effectifs|nombre d employes|number of employees|employes|salaries|nombre de salaries"
            "|size|taille|company size|headcount|no employees|nb salaries|employee count"
        ),
        "turnover": "chiffre d affaires|ca|revenue|turnover|annual revenue|chiffre affaires|ca annuel|sales",
        "founded": (
            "year established|founded|annee de creation|date de creation|creation|year founded|founded year|created in"
            "|established|founded in|fondee en"
        ),
        "parent": (
            "subsidiary of|parent|parent company|maison mere|societe mere|parent account|groupe parent|filiale de"
            "|parent account name|holding"
        ),
        "website": "site web|site internet|site|website|web page|page web|url|web|website url|adresse web",
        "domains": "domaine|domain|domaines|domains|company domain name|nom de domaine|domain name|mail domains",
    },
}

# Words that say which address, phone or e-mail a column is, and the words for these themselves.
_PLACE_WORDS = {
    "work": "bureau professionnel professionnelle pro travail work business office direct directe standard main"
    " principal principale primary mailing societe company entreprise siege general",
    "home": "domicile personnel personnelle perso prive privee home personal private maison",
    "mobile": "mobile portable cell cellulaire cellphone gsm",
    "fax": "fax telecopie telecopieur",
    "billing": "facturation billing invoice bill",
    "delivery": "livraison shipping delivery ship",
    "other": "autre other alternate secondaire secondary voiture car",
}
PLACE_OF_WORD = {word: place for place, words in _PLACE_WORDS.items() for word in words.split()}
_BASES = {
    "phone": "phone|telephone|tel|phones|telephones|numero telephone|phone number|numero|number|ligne|line",
    "email": "email|mail|emails|mails|courriel|adresse email|email address|adresse mail|adresse messagerie|messagerie"
    "|adresse courriel|adresse electronique|mel|address email|adresse messagerie electronique",
    "street": "street|rue|adresse|address|voie|street address|address line|adresse ligne|adresse rue|complement adresse"
    "|extended address|adresse complement|ligne adresse|addr|complement|adresses",
    "postcode": "code postal|cp|zip|postcode|postal code|zip code|zip postal code|postal code zip",
    "city": "ville|city|town|localite|commune",
    "region": "region|state|province|etat|county|departement region|dep region|state region|state province|state code"
    "|etat region|region province",
    "country": "pays|country|pays region|country region|country code|code pays|nation",
}
BASE_OF_WORDS = {words: base for base, all_words in _BASES.items() for words in all_words.split("|")}
SMALL_WORDS = frozenset("de d du des la le l les of the s n no value valeur a au".split())
# A header with one of these is about something beside the record itself.
FOREIGN_WORDS = frozenset(
    "assistant assistante yomi phonetic display type id ids conjoint spouse manager photo event relation custom created"
    " modified bounced verified sync owner parent billto reports formatted isdn telex pager radio tty rappel callback"
    " rnis telex radiomessagerie tdd complet internet serveur directory file box boite bp".split()
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PROGRAM_PREFIX = re.compile(r"^(?:person|organization|organisation) - ")


def words(header: str) -> str:
    """Write a header for comparing: "Person - E-mail", "MailingStreet" and "N° SIREN" are words in small letters."""
    plain = norm(header if " " in header else _CAMEL.sub(" ", header))
    plain = re.sub(r"[\W_]+", " ", _PROGRAM_PREFIX.sub("", plain)).strip()
    return re.sub(r"\be mail", "email", plain)


def known_header(kind: str, header: str) -> str:
    """Return the field a header (as `words` writes it) names by itself, else ""."""
    return _EXACT[kind].get(header, "")


def reach_header(header: str) -> str:
    """Return the field of a header about an address, phone or e-mail ("Rue (bureau) 2" is `work_street`), else ""."""
    all_words = [word for word in header.split(" ") if word and not word.isdigit()]
    if FOREIGN_WORDS.intersection(all_words):
        return ""
    plain = [word for word in all_words if word not in SMALL_WORDS]
    base = BASE_OF_WORDS.get(" ".join(plain))
    places: list[str] = []
    if not base:
        places = [PLACE_OF_WORD[word] for word in plain if word in PLACE_OF_WORD]
        rest = " ".join(word for word in plain if word not in PLACE_OF_WORD)
        rest = rest if rest in BASE_OF_WORDS else re.sub(r"^(?:address|adresse) ", "", rest)
        base = BASE_OF_WORDS.get(rest) if rest else "phone" if {"mobile", "fax"}.intersection(places) else None
    return _reach_field(base, places) if base else ""


def _reach_field(base: str, places: list[str]) -> str:
    """Join what a column holds and where that belongs."""
    if base == "phone":
        place = next((place for place in ("fax", "mobile", "home", "other", "work") if place in places), "")
        return f"phone_{place}" if place else "phone"
    place = next((place for place in places if place not in {"mobile", "fax"}), "")
    if base == "email":
        return f"email_{place}" if place in {"work", "home", "other"} else "email"
    return f"{place or 'work'}_{base}"


_EXACT = {
    kind: {words: slug for slug, all_words in fields.items() for words in all_words.split("|")}
    for kind, fields in SYNONYMS.items()
}
