"""What the columns of deals, products and users are called in French and English (integrations/vocabulary.py)."""

from integrations.fields import OPPORTUNITIES, PRODUCTS, USERS

_OWNER = (
    "owner|proprietaire|commercial|sales agent|agent|sales rep|rep|deal owner|opportunity owner|vendeur|commerciale|"
    "proprietaire de la transaction|proprietaire de l opportunite|proprietaire de l affaire|record owner|suivi par|"
    "assigned to|assigne a|affecte a|attribue a|responsable|salesperson|account manager|owner name"
)
SYNONYMS: dict[str, dict[str, str]] = {
    OPPORTUNITIES: {
        "name": (
            "name|nom|deal name|title|titre|opportunity name|opportunity|deal|nom de la transaction|"
            "nom de l opportunite|nom de l affaire|affaire|opportunite|intitule|objet|libelle|projet|project"
        ),
        "reference": (
            "reference|ref|opportunity id|deal id|id|record id|n|numero|number|no|id de l opportunite|"
            "identifiant|deal number|numero d affaire|id de fiche d informations"
        ),
        "company": (
            "company|account|account name|organization|organisation|client|customer|societe|entreprise|compte|"
            "nom du compte|company name|associated company|nom de l entreprise|nom de la societe|raison sociale|"
            "entreprise associee|organization name|prospect"
        ),
        "takers": (
            "contacts|contact|contact person|associated contact|interlocuteur|interlocuteurs|personne de contact|"
            "contact associe|primary contact|contact name"
        ),
        "pipeline": "pipeline|sales pipeline|processus de vente|processus|funnel",
        "stage": (
            "stage|deal stage|stage name|sales stage|etape|phase|etape de vente|phase de la transaction|"
            "etape de la transaction|pipeline stage|etape du pipeline|avancement"
        ),
        "status": "status|statut|etat|deal status|resultat|outcome",
        "amount": (
            "amount|montant|value|valeur|deal value|expected revenue|montant estime|expected amount|deal amount|"
            "montant prevu|montant ht|estimated value|potentiel|ca previsionnel"
        ),
        "won_amount": (
            "close value|amount signed|won amount|montant signe|montant gagne|montant final|final amount|"
            "closed amount|valeur signee"
        ),
        "currency": "currency|devise|monnaie|currency iso code|code devise|deal currency code",
        "product": "product|produit|product name|nom du produit|article|offre|service",
        "lines": "lines|lignes",
        "probability": "probability|probabilite|deal probability|chances|win probability|probabilite de gain",
        "category": "forecast category|categorie de prevision|forecast|forecast category name",
        "lost_reason": (
            "lost reason|closed lost reason|loss reason|raison de la perte|motif de perte|raison de perte|"
            "motif de la perte|cause de la perte"
        ),
        "opened_on": (
            "opened|opened on|created|create date|created date|deal created|date de creation|ouverte le|creee le|"
            "date d ouverture|open date|opening date|start date|date de debut"
        ),
        "engaged_on": "engage date|engaged on|date d engagement|engaged|date de qualification|qualified on",
        "expected_on": (
            "expected close|expected close date|cloture prevue|date de cloture prevue|date de cloture attendue|"
            "expected closing|date de signature prevue|echeance"
        ),
        "closed_on": (
            "closed|closed on|won time|lost time|heure de gain|heure de perte|fermee le|cloturee le|closed date"
        ),
        "close_date": "close date|date de cloture|date de fermeture|closing date|cloture",
        "next_step": "next step|prochaine etape|next action|prochaine action",
        "next_step_on": "next step on|next step date|date de la prochaine etape|next activity date|relance le",
        "source": "source|lead source|original source|origine|source du lead|source originale|provenance",
        "campaign": "campaign|campagne|primary campaign source|campaign name",
        "competitors": "competitors|competitor|concurrents|concurrent|main competitors|concurrence",
        "notes": "notes|note|description|remarques|commentaires|comments|commentaire|remarque|details",
        "tags": "tags|labels|label|etiquettes|etiquette|categories|categorie|type",
        "owner": _OWNER,
        "sellers": "co owners|coproprietaires|co responsables|sales team|equipe de vente",
        "deleted": "is deleted|isdeleted",
    },
    PRODUCTS: {
        "name": "name|nom|product|produit|product name|nom du produit|designation|libelle|article|intitule",
        "code": "code|sku|reference|ref|product code|code produit|code article|reference produit|product id|id",
        "family": (
            "family|famille|series|serie|category|categorie|product family|famille de produits|gamme|range|"
            "product category|type"
        ),
        "price": (
            "price|prix|sales price|unit price|prix unitaire|prix de vente|list price|tarif|prix ht|prix catalogue|"
            "prix unitaire ht|montant|amount"
        ),
        "currency": "currency|devise|monnaie",
        "prices": "prices in other currencies|prix dans d autres devises",
        "unit": "unit|unite|unit of measure|unite de mesure|unite de vente",
        "vat_rate": "vat rate|vat|tva|taux de tva|tax rate|tax|taux tva",
        "is_recurring": "recurring|recurrent|recurrente|abonnement|subscription",
        "is_active": "active|actif|is active|on sale|en vente|statut|status",
        "description": "description|details|detail|notes|remarques",
        "owner": _OWNER,
    },
    USERS: {
        "full_name": (
            "name|nom complet|full name|sales agent|agent|user|utilisateur|commercial|sales rep|rep|vendeur|"
            "collaborateur|employee|employe|salarie|nom et prenom|prenom et nom|user name|colleague"
        ),
        "first_name": "first name|prenom|firstname|given name",
        "last_name": "last name|nom|nom de famille|lastname|surname|family name",
        "email": "email|mail|email address|adresse email|courriel|adresse mail|adresse electronique",
        "phone": "phone|telephone|tel|mobile|portable|phone number",
        "language": "language|langue",
        "team": "team|equipe|sales team|groupe|group|service|department|departement",
        "office": "regional office|office|agence|bureau|region|direction regionale|secteur|site",
        "manager": "manager|responsable|team leader|chef d equipe|superieur|n 1|sales manager|team manager",
        "role": "role|roles|profil|profile|fonction",
    },
}
