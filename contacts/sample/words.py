"""The words that invented people and companies are made of, most frequent first. No real person is meant."""

from __future__ import annotations

FRENCH_WOMEN = (
    "Marie Claire Sophie Camille Julie Nathalie Émilie Céline Aurélie Hélène Isabelle Léa Manon Chloé Inès Zoé Élodie "
    "Anaïs Amélie Mathilde Gaëlle Nolwenn Maëlle Soizic Laëtitia Noémie Agnès Béatrice Bénédicte Brigitte Cécile "
    "Charlotte Clémence Delphine Estelle Eugénie Fatou Aïcha Nadia Samira Leïla Yasmine Florence Françoise Geneviève "
    "Jeanne Josiane Karine Laure Lucie Madeleine Marguerite Marion Mélanie Monique Morgane Odile Pauline Rachel Sarah "
    "Sandrine Séverine Solène Stéphanie Sylvie Thérèse Valérie Véronique Virginie Apolline Capucine Éloïse Joséphine"
).split()
FRENCH_MEN = (
    "Jean Pierre Thomas Nicolas Julien Olivier Philippe Laurent Éric François Mathieu Antoine Alexandre Hugo Yann Gaël "
    "Loïc Ronan Erwan Kévin Karim Mehdi Yanis Rachid Mamadou David Bertrand Bruno Cédric Christophe Clément Damien "
    "Denis Didier Dominique Étienne Fabrice Florian Franck Frédéric Gérard Gilles Grégory Guillaume Guy Henri Hervé "
    "Jérôme Joël Léo Louis Luc Lucas Marc Marcel Maxime Michel Noël Pascal Patrick Paul Quentin Raphaël Rémi René "
    "Romain Sébastien Serge Stéphane Théo Thierry Tristan Vincent Xavier Gaëtan Benoît Aurélien Jean-Baptiste "
    "Marc-Antoine Jean-Luc Pierre-Yves"
).split()
ENGLISH_WOMEN = (
    "Emma Olivia Sarah Emily Charlotte Grace Lucy Hannah Alice Rebecca Fiona Aoife Siân Niamh Priya Zoë Chloe Imogen "
    "Victoria Harriet Eleanor Bridget Heather Janet Joanna Kate Laura Margaret Nicola Rachel Ruth Sophie Tara Wendy"
).split()
ENGLISH_MEN = (
    "James Oliver Jack Harry Thomas George William Daniel Liam Owen Rhys Callum Ewan Seán Patrick Arjun Mohammed Adam "
    "Alan Andrew Ben Charles Christopher Edward Gareth Ian Jonathan Martin Matthew Neil Peter Robert Simon Stuart"
).split()
FRENCH_NAMES = (
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia David "
    "Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert Bonnet François Martinez "
    "Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier "
    "Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger "
    "Roche Roy Noël Meyer Lucas Meunier Jean Perez Marchand Dufour Blanchard Marie Barbier Brun Dumas Brunet Schmitt "
    "Leroux Colas Fernandez Pierre Renard Arnaud Rolland Caron Aubert Giraud Leclerc Vidal Bourgeois Renaud Lemoine "
    "Picard Gaillard Philippe Leclercq Lacroix Fabre Dupuis Olivier Rodriguez Da-Silva Hubert Louis Charles Guillot "
    "Rivière Le-Gall Guillaume Adam Rey Moulin Gonzalez Berger Lecomte Ménard Fleury Deschamps Carpentier Julien "
    "Benoît Paris Maillard Marchal Aubry Vasseur Le-Roux Renault Collin Schneider Boulanger Jacquet Haddad Benali "
    "Diallo Traoré Ndiaye Cissé Le-Goff Kermarec Guivarc’h Tanguy Rivoal Kerbrat Quéméner Cœurdevey L’Hostis "
    "D’Hérouville Lœuillet Abgrall Floc’h"
).split()
ENGLISH_NAMES = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green "
    "Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis Rodgers Cox Campbell Murphy "
    "O’Brien O’Connor Byrne Ryan McCarthy MacDonald Stewart Fraser Hughes Griffiths Whitfield Ashworth Hargreaves"
).split()

# What rare family names are put together from.
FRENCH_PARTS = (
    "Bel Bou Bar Cha Che Cor Cou Dar Del Des Fau Fer Gau Gir Gou Ker Lam Lan Lav Mar Mau Mon Mor Pel Per Pou Rab Ray "
    "Riv Sal Sau Tan Ter Val Ver Vil".split(),
    "b bert c d er g i l le lin m men n on r ri s t to v".split(),
    "ac ain aud ault é eau el enc er et eux ière in ier it on ot ou oux y".split(),
)
ENGLISH_PARTS = (
    "Ash Black Brad Brook Burn Car Clay Crow Dun East Fair Gold Hart Hazel Hol King Lang Lin Mill Nor Oak Ox Pem Rad "
    "Red Rock San Thorn Whit Win".split(),
    "bourne bridge by combe dale field ford ham hurst land ley man more shaw stead ton wood worth".split(),
)

# City, postcode, region.
FRENCH_CITIES = [
    ("Nantes", "44000", "Pays de la Loire"),
    ("Rennes", "35000", "Bretagne"),
    ("Angers", "49000", "Pays de la Loire"),
    ("Brest", "29200", "Bretagne"),
    ("Le Mans", "72000", "Pays de la Loire"),
    ("Quimper", "29000", "Bretagne"),
    ("Lorient", "56100", "Bretagne"),
    ("Vannes", "56000", "Bretagne"),
    ("Saint-Nazaire", "44600", "Pays de la Loire"),
    ("Saint-Malo", "35400", "Bretagne"),
    ("Saint-Brieuc", "22000", "Bretagne"),
    ("Laval", "53000", "Pays de la Loire"),
    ("La Roche-sur-Yon", "85000", "Pays de la Loire"),
    ("Cholet", "49300", "Pays de la Loire"),
    ("Saumur", "49400", "Pays de la Loire"),
    ("La Baule", "44500", "Pays de la Loire"),
    ("Concarneau", "29900", "Bretagne"),
    ("Fougères", "35300", "Bretagne"),
    ("Vitré", "35500", "Bretagne"),
    ("Morlaix", "29600", "Bretagne"),
    ("Les Sables-d’Olonne", "85100", "Pays de la Loire"),
    ("Paris", "75011", "Île-de-France"),
    ("Lyon", "69003", "Auvergne-Rhône-Alpes"),
    ("Bordeaux", "33000", "Nouvelle-Aquitaine"),
    ("Lille", "59000", "Hauts-de-France"),
    ("Toulouse", "31000", "Occitanie"),
    ("Strasbourg", "67000", "Grand Est"),
]
ENGLISH_CITIES = [
    ("London", "EC2A 4NE", "Greater London"),
    ("Bristol", "BS1 6QA", "South West"),
    ("Plymouth", "PL1 2AA", "South West"),
    ("Southampton", "SO14 3HN", "South East"),
    ("Manchester", "M2 5DB", "North West"),
    ("Cardiff", "CF10 1EP", "Wales"),
    ("Dublin", "D02 XE80", "Leinster"),
]
STREETS = (
    "quai de la Fosse|rue de la Paix|avenue Jean-Jaurès|rue Nationale|boulevard de la Liberté|rue du Port|place de la "
    "Mairie|rue des Artisans|zone d’activité des Chênes|rue Émile-Zola|chemin des Landes|impasse du Moulin|"
    "rue de Brest|allée des Érables|route de Rennes|rue Sainte-Anne|quai Duguay-Trouin|rue de l’Étang"
).split("|")
ENGLISH_STREETS = "High Street|Station Road|King Street|Mill Lane|Harbour Way|Queen’s Road|Church Street".split("|")

# Sector, what such firms are called (“{n}” is a family name, “{c}” a city), usual number of employees.
SECTORS = [
    ("Agroalimentaire", ["Laiterie {n}", "Conserverie {n}", "Biscuiterie de {c}", "Saveurs de {c}"], 120),
    ("Bâtiment", ["{n} Construction", "Menuiserie {n}", "{n} et Fils", "Couverture {n}"], 35),
    ("Transport et logistique", ["Transports {n}", "{n} Logistique", "Messagerie de {c}"], 80),
    ("Hôtellerie et tourisme", ["Hôtel {n}", "Camping de {c}", "Thalasso de {c}"], 25),
    ("Santé", ["Clinique {n}", "Laboratoire {n}", "Résidence {n}"], 210),
    ("Industrie", ["Fonderie {n}", "{n} Mécanique", "Ateliers {n}", "Plastiques de {c}"], 150),
    ("Commerce", ["Jardinerie {n}", "Établissements {n}", "Comptoir de {c}"], 40),
    ("Immobilier tertiaire", ["Groupe {n}", "Foncière de {c}", "{n} Patrimoine"], 60),
    ("Architecture et conseil", ["{n} Architectes", "Cabinet {n}", "{n} Conseil"], 12),
    ("Collectivité", ["Communauté de {c}", "Office de tourisme de {c}", "Syndicat d’énergie de {c}"], 300),
    ("Enseignement", ["Lycée {n}", "École {n}", "Institut {n}"], 90),
    ("Viticulture et agriculture", ["Domaine {n}", "Vergers {n}", "Coopérative de {c}"], 18),
]
ENGLISH_FIRMS = [
    "{n} & Sons",
    "{n} Energy",
    "{n} Property Group",
    "{c} Marine Services",
    "{n} Holdings",
    "{n} Partners",
]
# Woman's title, man's title.
JOBS = [
    ("Directrice des achats", "Directeur des achats"),
    ("Directrice générale", "Directeur général"),
    ("Gérante", "Gérant"),
    ("Responsable maintenance", "Responsable maintenance"),
    ("Directrice financière", "Directeur financier"),
    ("Responsable RSE", "Responsable RSE"),
    ("Directrice technique", "Directeur technique"),
    ("Cheffe de projet énergie", "Chef de projet énergie"),
    ("Acheteuse travaux", "Acheteur travaux"),
    ("Directrice de site", "Directeur de site"),
    ("Responsable des services généraux", "Responsable des services généraux"),
    ("Assistante de direction", "Assistant de direction"),
    ("Architecte associée", "Architecte associé"),
    ("Comptable", "Comptable"),
]
ENGLISH_JOBS = [
    "Facilities manager",
    "Chief financial officer",
    "Managing director",
    "Procurement lead",
    "Head of sustainability",
    "Site engineer",
    "Office manager",
]
DEPARTMENTS = ["", "", "", "Achats", "Technique", "Finances", "Direction", "Travaux"]
SOURCES = ["Recommandation", "Salon BePositive", "Site web", "Appel entrant", "Prospection", "Partenaire", ""]


def spaced(name: str) -> str:
    """A name of the lists above as it is written: “Le-Goff” stands for “Le Goff”."""
    for particle in ("Le-", "Da-"):
        if name.startswith(particle):
            return name.replace("-", " ", 1)
    return name
