"""Who and what the demo always holds: the firm Boréal Énergie, its colleagues, and the customers of its first pages."""

from __future__ import annotations

FIRM = "Boréal Énergie"

# Name, parent.
TEAMS = [("France", None), ("Ouest", "France"), ("Bretagne", "Ouest"), ("Export", "France")]

# First name, last name, role, team, language. An empty language: a colleague who cannot sign in, but owns records.
COLLEAGUES = [
    ("Camille", "Lefèvre", "sales-rep", "Ouest", "fr"),
    ("Sophie", "Marchand", "sales-manager", "Ouest", "fr"),
    ("Paul", "Kermarec", "administrator", "France", "fr"),
    ("Inès", "Moreau", "office-staff", "France", "fr"),
    ("Nora", "Schmitt", "read-only", "France", "fr"),
    ("Hugo", "Delmas", "sales-rep", "Bretagne", "fr"),
    ("Yanis", "Benali", "sales-rep", "Ouest", "fr"),
    ("Maëlle", "Guivarc’h", "sales-rep", "Bretagne", "fr"),
    ("James", "Whitfield", "sales-rep", "Export", "en"),
    ("Claude", "Rivière", "sales-rep", "Ouest", ""),
]

TAGS = {
    "Sous contrat": "green",
    "Chiffrage": "blue",
    "Décideur": "plum",
    "Prescripteur": "teal",
    "Installateur": "amber",
    "Collectivité": "gray",
    "Stratégique": "rose",
    "Salon BePositive": "orange",
    "Ombrières": "teal",
    "Bornes": "blue",
    "Toiture": "amber",
    "Maintenance": "gray",
}

# Key, name, sector, employees, city, parent's key.
COMPANIES = [
    ("valmont", "Groupe Valmont", "Immobilier tertiaire", 320, "Nantes", ""),
    ("angers", "Ville d’Angers", "Collectivité", 2900, "Angers", ""),
    ("stroch", "Clinique Saint-Roch", "Santé", 410, "Rennes", ""),
    ("perrot", "Perrot Logistique", "Transport et logistique", 85, "Le Mans", ""),
    ("bio", "Bio Terroirs", "Agroalimentaire", 240, "Vannes", ""),
    ("dunes", "Hôtel des Dunes", "Hôtellerie et tourisme", 38, "La Baule", ""),
    ("coop", "Coop de l’Ouest", "Viticulture et agriculture", 130, "Laval", ""),
    ("port", "Port de Saint-Malo", "Collectivité", 175, "Saint-Malo", ""),
    ("fonderie", "Fonderie Bretonne", "Industrie", 96, "Lorient", ""),
    ("cohen", "Cohen Architectes", "Architecture et conseil", 14, "Nantes", ""),
    ("tanguy", "Tanguy & Fils", "Bâtiment", 22, "Quimper", ""),
    ("iris", "Résidences Iris", "Immobilier tertiaire", 60, "Angers", "valmont"),
    ("meca", "Méca Atlantique", "Industrie", 210, "Saint-Nazaire", ""),
    ("lycee", "Lycée Jean-Macé", "Enseignement", 120, "Rennes", ""),
    ("armor", "Armor Froid", "Agroalimentaire", 155, "Saint-Brieuc", "bio"),
    ("loire", "Caves de Loire", "Viticulture et agriculture", 44, "Saumur", "coop"),
    ("bureaux", "Valmont Bureaux", "Immobilier tertiaire", 75, "Nantes", "valmont"),
]

# Civility, first name, last name, job title, company's key, tags, owner's first name.
CONTACTS = [
    ("ms", "Claire", "Fontaine", "Directrice des achats", "valmont", ["Sous contrat", "Décideur"], "Camille"),
    ("mr", "Thomas", "Girard", "Directeur des services techniques", "angers", ["Chiffrage", "Collectivité"], "Camille"),
    ("ms", "Nadia", "Haddad", "Responsable immobilier", "stroch", ["Chiffrage", "Décideur"], "Yanis"),
    ("mr", "Julien", "Perrot", "Gérant", "perrot", ["Sous contrat"], "Camille"),
    ("ms", "Élodie", "Rousseau", "Directrice financière", "bio", ["Sous contrat", "Stratégique"], "Camille"),
    ("mr", "Marc-Antoine", "Vidal", "Directeur d’exploitation", "dunes", ["Chiffrage", "Salon BePositive"], "Sophie"),
    ("ms", "Aïcha", "Diallo", "Responsable RSE", "coop", ["Installateur", "Prescripteur"], "Camille"),
    ("mr", "Bertrand", "Le Goff", "Chef de service énergie", "port", ["Collectivité"], "Hugo"),
    ("ms", "Sarah", "Cohen", "Architecte associée", "cohen", ["Prescripteur"], "Sophie"),
    ("mr", "Mathieu", "Tanguy", "Dirigeant", "tanguy", ["Sous contrat"], "Yanis"),
    ("ms", "Léa", "Caron", "Gestionnaire de patrimoine", "iris", ["Chiffrage"], "Camille"),
    ("mr", "Olivier", "Brunet", "Responsable maintenance", "meca", ["Sous contrat"], "Hugo"),
    ("ms", "Fatou", "Ndiaye", "Intendante", "lycee", ["Collectivité", "Chiffrage"], "Maëlle"),
    ("mr", "Gaël", "Rivoal", "Directeur de site", "armor", ["Sous contrat", "Stratégique"], "Camille"),
    ("ms", "Manon", "Picard", "Responsable achats", "loire", ["Chiffrage"], "Yanis"),
    ("mr", "David", "Ferreira", "Chargé d’affaires", "fonderie", ["Sous contrat"], "Sophie"),
    ("ms", "Jeanne", "Mercier", "Directrice générale", "bio", ["Sous contrat", "Décideur"], "Camille"),
    ("mr", "Karim", "Saïdi", "Acheteur travaux", "valmont", ["Sous contrat"], "Camille"),
]

# Name, description, colour, owner's first name.
GROUPS = [
    ("Salon BePositive 2026", "Rencontrés sur le stand, à rappeler avant la fin de l’année.", "orange", "Camille"),
    ("Décideurs Bretagne", "Invités au petit-déjeuner de janvier.", "plum", "Hugo"),
    ("Vœux 2027", "Carte de vœux sur papier.", "rose", "Inès"),
    ("UK partners", "Monthly call on the Celtic Sea projects.", "teal", "James"),
]

NOTES = [
    "Préfère être appelée le matin, avant 10 h.",
    "Budget arrêté en janvier ; revoir le dossier à ce moment-là.",
    "Compare avec un concurrent sur la garantie de production.",
    "Site classé : prévoir l’avis de l’architecte des Bâtiments de France.",
    "Demande une variante avec stockage.",
    "Ne décide pas seul, associer la direction financière.",
    "Parking de 180 places, ombrières envisagées.",
]
ENGLISH_NOTES = ["Prefers a call after 2 pm.", "Wants figures in sterling.", "Board meets on the first Monday."]
