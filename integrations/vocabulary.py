"""What columns are called in French and English: headers of each field, compared as `synonyms.words` writes them."""

from contacts.models import Contact, Label
from integrations.fields import COMPANIES, CONTACTS

_SHARED = {
    "notes": (
        "note|notes|remarque|remarques|commentaire|commentaires|comment|comments|description|observations|memo|"
        "information|informations|infos|details|message|note interne"
    ),
    "tags": (
        "tag|tags|etiquette|etiquettes|categorie|categories|category|label|labels|mots cles|keywords|segment|balise|"
        "balises|segments|type de client"
    ),
    "groups": "groupe|groupes|group|groups|liste|list|listes",
    "owner": (
        "owner|proprietaire|commercial|contact owner|account owner|company owner|record owner|"
        "proprietaire du contact|proprietaire de l entreprise|assigned to|assigne a|responsable commercial|"
        "charge d affaires|sales rep|account manager|lead owner|owner name|responsable|proprietaire du compte|"
        "proprietaire de la piste|suivi par|commerciale|vendeur|attribue a|affecte a|relationship owner"
    ),
    "deleted": "is deleted|isdeleted",
}
SYNONYMS: dict[str, dict[str, str]] = {
    CONTACTS: {
        **_SHARED,
        "full_name": (
            "nom complet|full name|name|nom et prenom|nom prenom|prenom nom|prenom et nom|contact|contact name|"
            "nom du contact|display name|nom affiche|personne|person|interlocuteur|client name|"
            "nom complet du contact|nom et prenom du contact|nom prenom du contact|prenom nom du contact|"
            "nom du client|nom client|noms et prenoms|nom et prenoms|nom prenoms|nom s prenom s|last name first name|"
            "name surname|contact person|personne de contact|personne a contacter|client|customer name|customer|"
            "nom usuel|nom contact|contact principal|first and last name|identite|complete name|fullname"
        ),
        "civility": (
            "civilite|salutation|salutations|name prefix|prefix|prefixe|politesse|civ|honorific|mr mrs|"
            "titre de civilite|mr mme|m mme|civilites|titre civilite|courtesy title"
        ),
        "first_name": (
            "prenom|prenoms|first name|firstname|given name|forename|first|prenom du contact|prenom contact|"
            "contact first name|fname|1st name|prenom usuel|name first"
        ),
        "middle_name": "middle name|deuxieme prenom|second prenom|additional name",
        "last_name": (
            "nom|nom de famille|last name|lastname|surname|family name|nom usage|last|nom du contact famille|"
            "nom patronymique|contact last name|lname|nom naissance|nom de naissance|name last|family"
        ),
        "suffix": "suffix|suffixe|name suffix",
        "birthday": (
            "anniversaire|birthday|birthdate|birth date|date of birth|date de naissance|naissance|ne le|dob|anniv|"
            "naiss|date naissance|date naiss|date de naiss|dn|ddn|nee le|ne e le|birth day|bday"
        ),
        "language": "langue|language|preferred language|langue preferee|langue du contact|lang|locale",
        "company": (
            "societe|entreprise|company|company name|organisation|organization|account|account name|"
            "nom de la societe|nom de l entreprise|nom societe|raison sociale|employeur|employer|associated company|"
            "organization name|nom entreprise|compte|primary company|ste|nom ste|entreprise client|societe client|"
            "raison sociale du client|raison sociale client|nom du compte|entreprise associee|company account|firm|"
            "firme|structure|etablissement|enseigne|current company|business name|org|organisme|"
            "nom de l organisation|nom organisation|nom de l organisme|client societe|company organization|"
            "nom de societe|nom d entreprise|denomination|denomination sociale|association|employer name|business"
        ),
        "company_domain": (
            "company domain|domaine de l entreprise|domaine societe|company domain name|domaine|domain|"
            "nom de domaine|nom de domaine de l entreprise|website domain"
        ),
        "company_siren": "siren|numero siren|siren de l entreprise|siren societe|siren client|company siren|n siren",
        "company_website": "site de l entreprise|site web de l entreprise|company website|site web societe|site societe"
        "|organization website|account website",
        "company_sector": "secteur|secteur d activite|industry|company industry|secteur de l entreprise|sector",
        "company_size": "effectif|effectifs|nombre d employes|number of employees|employees|company size"
        "|taille de l entreprise|no of employees|no employees|nb salaries",
        "company_phone": "telephone de l entreprise|company phone|organization phone|account phone",
        "job_title": (
            "fonction|poste|job title|jobtitle|job|position|role|intitule du poste|organization title|emploi|"
            "titre du poste|qualite|occupation|intitule de poste|titre professionnel|profession|metier|job role|"
            "poste occupe|fonctions|function|titre fonction|current position|qualification|fonction occupee"
        ),
        "department": (
            "service|departement|department|organization department|division|direction|service departement|pole|"
            "business unit|team|equipe|services"
        ),
        "links": (
            "site web|site internet|site|website|web page|page web|url|web|linkedin|linkedin url|profil linkedin|"
            "twitter|linkedin profile|linked in|twitter url|github|facebook|website url|lien|liens|link|links|"
            "url du site web|site web url|adresse web|linkedin profile url|page linkedin|x url|instagram|youtube|"
            "viadeo|blog|homepage|home page|profil|site perso|reseaux sociaux|person linkedin url|company website|"
            "personal website|webpage"
        ),
        "lifecycle": (
            "lifecycle stage|lifecycle|cycle de vie|phase du cycle de vie|type de contact|contact type|"
            "etape du cycle de vie|statut client|statut du contact|customer status|contact status"
        ),
        "source": (
            "source|lead source|origine|provenance|original source|source du lead|canal|origine du contact|"
            "source d origine|source du prospect|source de la piste|origine de la piste|origine du lead|"
            "provenance du contact|how did you hear about us|comment nous avez vous connu|provenance contact|"
            "canal d acquisition|first source"
        ),
        "consent": (
            "consentement|consent|opt in|optin|newsletter|rgpd|gdpr|consentement emailing|marketing status|emailing|"
            "consentement email|email opt in|abonne|subscribed|marketing consent|mailing consent|"
            "consentement marketing|accord rgpd|consentement rgpd|gdpr consent|accepte les emails|accepts marketing|"
            "accepts email marketing|inscrit newsletter|abonne newsletter|inscription newsletter|"
            "abonnement newsletter|newsletter subscription|opt in email|optin email|opt in emailing|marketing opt in|"
            "statut marketing|email marketing|autorisation emailing"
        ),
        "no_consent": (
            "opt out|optout|email opt out|has opted out of email|unsubscribed|desabonne|unsubscribed from all email|"
            "refus emailing|hasoptedoutofemail|desinscrit|refus d emails|refus email|refus d email|refus des emails|"
            "desinscription|opt out email|optout email|ne pas contacter par email|do not email|no email|unsubscribe|"
            "desabonnement|refus de l emailing|desinscription email|do not contact|ne pas contacter"
        ),
        "do_not_call": (
            "do not call|ne pas appeler|donotcall|bloctel|opposition telephone|do not phone|no call|"
            "opposition demarchage|refus d appel|refus appel|ne pas demarcher"
        ),
    },
    COMPANIES: {
        **_SHARED,
        "name": (
            "nom|name|societe|entreprise|company|company name|account|account name|organisation|organization|"
            "raison sociale|nom de la societe|nom de l entreprise|organization name|client|nom entreprise|"
            "nom societe|denomination|denomination sociale|compte|firm|business name|etablissement|ste|nom du client|"
            "nom client|raison sociale client|raison sociale du client|nom du compte|organisme|structure|association|"
            "customer|customer name|client name|nom de l organisation|nom organisation|fournisseur|supplier|"
            "supplier name|vendor|vendor name|nom du fournisseur|nom fournisseur|legal name|nom de societe|"
            "nom d entreprise|company organization|org|nom ste|business|nom de l organisme"
        ),
        "trade_name": (
            "nom commercial|trade name|enseigne|trading as|doing business as|brand|marque|nom usuel|"
            "enseigne commerciale|denomination commerciale|dba|known as|marque commerciale"
        ),
        "siren": "siren|numero siren|n siren|siren number|num siren|code siren|no siren|siren de l entreprise",
        "siret": (
            "siret|numero siret|n siret|siret number|num siret|code siret|no siret|siret du siege|siret siege|"
            "numero de siret"
        ),
        "vat_number": (
            "tva|numero de tva|n tva|tva intracommunautaire|numero tva|vat|vat number|vat id|tax id|n tva intra|"
            "tva intracom|numero de tva intracommunautaire|num tva|no tva|n tva intracommunautaire|"
            "tva intra communautaire|numero tva intracommunautaire|vat no|vat registration number|code tva|tva intra|"
            "vat reg no|identifiant tva|no tva intracommunautaire|num tva intracommunautaire|vat code"
        ),
        "legal_id": (
            "registration number|company number|company registration number|rcs|numero rcs|legal id|"
            "identifiant legal|rc|numero d entreprise|numero entreprise|company registration no|company no|"
            "companies house number|bce|ein|crn|numero bce|ide|registration no"
        ),
        "sector": (
            "secteur|secteur d activite|sector|industry|activite|industrie|domaine d activite|naf|branche|secteurs|"
            "branche d activite|industry type|market|marche|activites|filiere|type d activite|activite principale|"
            "domaine d activites|vertical|libelle naf|libelle ape|libelle activite|industrie secteur"
        ),
        "size": (
            "employees|effectif|effectifs|nombre d employes|number of employees|employes|salaries|nombre de salaries|"
            "size|taille|company size|headcount|no employees|nb salaries|employee count|nb employes|nb d employes|"
            "effectif salarie|tranche effectif|tranche d effectif|tranche effectifs|employees count|num employees|"
            "number employees|staff|headcount range|nb de salaries|nombre salaries|taille de l entreprise|"
            "taille entreprise|company employees|employee number|effectif total"
        ),
        "turnover": (
            "chiffre d affaires|ca|revenue|turnover|annual revenue|chiffre affaires|ca annuel|sales|revenu annuel|"
            "revenus annuels|revenus|ca ht|ca n|ca eur|ca annuel ht|chiffre d affaire|chiffre d affaires annuel|"
            "chiffre d affaires ht|annual turnover|yearly revenue|annual sales|total revenue|ca euros|recettes|"
            "revenues|ca en euros|annual revenue usd|annual revenue eur"
        ),
        "founded": (
            "year established|founded|annee de creation|date de creation|creation|year founded|founded year|"
            "created in|established|founded in|fondee en|annee de fondation|fondation|annee creation|date creation|"
            "date de creation de l entreprise|date creation entreprise|annee fondation|year of foundation|"
            "founding year|foundation year|incorporation date|date of incorporation|founding date|creee en|"
            "annee de creation de l entreprise"
        ),
        "parent": (
            "subsidiary of|parent|parent company|maison mere|societe mere|parent account|groupe parent|filiale de|"
            "parent account name|holding|groupe d appartenance|appartient a|entreprise mere|compte parent|"
            "compte principal|parent organization|organisation parente|company group|maison mere groupe|"
            "societe parente|parent company name"
        ),
        "website": (
            "site web|site internet|site|website|web page|page web|url|web|website url|adresse web|url du site web|"
            "site web url|url site web|company website|homepage|home page|site web de l entreprise|webpage|"
            "site internet url|url site|site www|www|internet"
        ),
        "domains": (
            "domaine|domain|domaines|domains|company domain name|nom de domaine|domain name|mail domains|"
            "nom de domaine de l entreprise|domaine de l entreprise|domaine internet|email domain|web domain|"
            "company domain|website domain|domaine email|primary domain"
        ),
    },
}

# Words that say which address, phone or e-mail a column is, and the words for these themselves.
PLACE_WORDS = {
    "work": (
        "bureau professionnel professionnelle pro travail work business office direct directe standard main "
        "principal principale primary mailing societe company entreprise siege general correspondance postale "
        "organisation organization contact client etablissement professionnels  desk hq headquarters"
    ),
    "home": "domicile personnel personnelle perso prive privee home personal private maison particulier",
    "mobile": "mobile portable cell cellulaire cellphone gsm natel handy mob port",
    "fax": "fax telecopie telecopieur telefax",
    "billing": "facturation billing invoice bill",
    "delivery": "livraison shipping delivery ship",
    "other": (
        "autre autres other alternate secondaire secondary voiture car additional supplementaire supplementaires "
        "alternative alternatif"
    ),
}
BASES = {
    "phone": (
        "phone|telephone|tel|tel fixe|telephone fixe|fixe|ligne fixe|landline|fixe pro|phones|telephones|"
        "numero telephone|phone number|numero|number|ligne|line|tph|numeros telephone|phone numbers|"
        "telephone number|numero tel|num tel|num telephone|no tel|no telephone|tel no|teleph"
    ),
    "email": (
        "email|mail|emails|mails|courriel|adresse email|email address|adresse mail|adresse messagerie|messagerie|"
        "adresse courriel|adresse electronique|mel|address email|adresse messagerie electronique|adresses email|"
        "adresses mail|email addresses|adresse courrier|adresse courrier electronique|courriels|"
        "courrier electronique|e adresse|adel|adresses electroniques|email id|mail address"
    ),
    "street": (
        "street|rue|adresse|address|voie|street address|address line|adresse ligne|adresse rue|complement adresse|"
        "extended address|adresse complement|ligne adresse|addr|complement|adresses|adresse rue numero|rue numero|"
        "numero rue|numero et rue|rue et numero|adr|adresse postale|postal address|mailing address|full address|"
        "adresse complete|addresses|voie numero|lieu dit|batiment|street name|street number|adresse voie|numero voie|"
        "libelle voie"
    ),
    "postcode": (
        "code postal|cp|zip|postcode|postal code|zip code|zip postal code|postal code zip|code postale|codepostal|"
        "npa|c p|postal|code post|zip postcode|postcode zip|zipcode|plz"
    ),
    "city": (
        "ville|city|town|localite|commune|ville localite|town city|city town|suburb|municipality|bureau distributeur"
    ),
    "region": (
        "region|state|province|etat|county|departement region|dep region|state region|state province|state code|"
        "etat region|region province|etat province|departement|canton|comte|province etat|region etat|state county"
    ),
    "country": (
        "pays|country|pays region|country region|country code|code pays|nation|pays code|country name|nom pays"
    ),
}
SMALL_WORDS = frozenset("a au d de des du l la le les n no of s the valeur value".split())
# A header with one of these is about something beside the record itself.
FOREIGN_WORDS = frozenset(
    "assistant assistante billto boite bounced box bp callback complet conjoint created custom directory display "
    "event file formatted id ids internet isdn manager modified owner pager parent phonetic photo radio "
    "radiomessagerie rappel relation reports rnis serveur spouse sync tdd telex tty type verified yomi "
    "asst".split()
)

# What values are called.
LABELS = {
    Label.MOBILE: "mobile cell portable iphone gsm",
    Label.WORK: "work travail bureau main business professionnel pro",
    Label.HOME: "home domicile maison personnel perso private",
    Label.FAX: "fax telecopie",
    Label.BILLING: "billing facturation",
    Label.DELIVERY: "delivery livraison shipping",
}
LIFECYCLES = {
    Contact.Lifecycle.LEAD: "lead|subscriber|abonne|abonnee|piste|new|nouveau|suspect|other|autre|open|contacted",
    Contact.Lifecycle.PROSPECT: "prospect|opportunity|opportunite|marketingqualifiedlead|salesqualifiedlead"
    "|marketing qualified lead|sales qualified lead|mql|sql|lead qualifie marketing|lead marketing qualifie"
    "|lead qualifie par le marketing|lead qualifie pour les ventes|lead commercial qualifie|lead qualifie ventes"
    "|lead qualifie par les ventes|prospect qualifie|qualifie|qualified",
    Contact.Lifecycle.CUSTOMER: "customer|client|cliente|clients|evangelist|evangeliste|ambassadeur|client actif",
    Contact.Lifecycle.FORMER: "former|former customer|ancien client|ancienne cliente|ex client|churned|client perdu"
    "|client inactif|lost customer",
    Contact.Lifecycle.PARTNER: "partner|partenaire|reseller|revendeur",
    Contact.Lifecycle.SUPPLIER: "supplier|fournisseur|vendor|prestataire",
}
LANGUAGES = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
CONSENTS = {
    Contact.Consent.GIVEN: "given donne",
    Contact.Consent.REFUSED: "refused refuse",
    Contact.Consent.WITHDRAWN: "withdrawn retire",
}
# Cells that say there is nothing: of any column, and (as `norm` writes them) of columns that hold no names.
NOTHING = frozenset(
    ["-", "--", "—", "–", ".", "?", "N/A", "n/a", "#N/A", "#N/D", "N/C", "n/c", "N.C.", "NULL", "(null)", "\\N", "NaN"]
)

TOTALS = frozenset(["total", "totaux", "total general", "grand total", "sous-total", "subtotal", "somme", "sum"])
NOTHING_IN_WORDS = frozenset(
    "inconnu|inconnue|unknown|neant|aucun|aucune|none|null|nil|na|n.a.|nc|n.c.|nr|n.r.|nd|n.d.|nsp|s/o|so|x|xx|xxx|vide"
    "|blank|tbd|not available|non communique|non renseigne|non disponible|non connu|a completer|pas de mail"
    "|pas d'email|no email|sans".split("|")
)
