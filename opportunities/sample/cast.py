"""What the demo's firm sells, to whom, and how far each deal has come."""

from __future__ import annotations

from dataclasses import dataclass

# Name, code, family, unit, price in euros, VAT rate, recurring.
PRODUCTS = [
    ("Module photovoltaïque 450 Wc", "PV-450", "Toiture", "u", "189.00", "20", False),
    ("Onduleur triphasé 30 kW", "OND-30", "Toiture", "u", "3450.00", "20", False),
    ("Pose et raccordement", "POSE", "Services", "j", "640.00", "20", False),
    ("Ombrière de parking, la place", "OMB-1", "Ombrières", "u", "2150.00", "20", False),
    ("Borne de recharge 22 kW", "BRN-22", "Bornes", "u", "1890.00", "20", False),
    ("Batterie de stockage 50 kWh", "BAT-50", "Stockage", "u", "21500.00", "20", False),
    ("Étude de faisabilité", "ETUDE", "Services", "forfait", "1800.00", "20", False),
    ("Contrat de maintenance", "MAINT", "Services", "an", "950.00", "20", True),
]


@dataclass(frozen=True)
class Story:
    """The life of a deal. Days are counted back from today; `step` lies so many days ahead (behind, if negative).

    `path` are the stages after the first one (by English name) with the day of each entry; `lines` are codes of
    products with quantity and discount; `parts` last names of people with their part in the decision.
    """

    name: str
    company: str
    owner: str
    opened: int
    path: tuple[tuple[str, int], ...] = ()
    amount: int = 0
    close: int = 0
    step: tuple[str, int | None] = ("", None)
    lines: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    source: str = ""
    category: str = ""
    reason: str = ""
    said: str = ""
    competitors: str = ""
    co_owner: tuple[str, int] | None = None
    slips: tuple[tuple[int, int], ...] = ()  # Told so many days ago: expected in so many days from today.


P, Q, R, V = "Engaging", "Proposal", "Negotiation", "Verbal agreement"
WON, LOST = "Won", "Lost"

# What colleagues, and teams with those below them, are to win in the present quarter.
TARGETS = {"Camille": 240000, "Yanis": 160000, "Hugo": 300000, "Maëlle": 120000, "James": 160000}
TEAM_TARGETS = {"Ouest": 820000, "Bretagne": 420000, "Export": 160000}

STORIES = [
    Story("Ombrières du parking Beaulieu", "valmont", "Camille", 48, ((P, 44), (Q, 30), (R, 9)), close=24,
          step=("Envoyer la variante à 140 places", 3),
          lines=(("OMB-1", "160", "4"), ("POSE", "22", "0"), ("ETUDE", "1", "100")),
          parts=(("Fontaine", "decider"), ("Saïdi", "buyer")), source="Client existant", category="commit",
          competitors="Solaris Ouest", slips=((20, 12), (8, 24))),
    Story("Toiture du siège Valmont", "valmont", "Camille", 120, ((P, 110), (Q, 84), (R, 60), (WON, 35)),
          amount=86400, parts=(("Fontaine", "decider"),), source="Client existant"),
    Story("Bornes pour la flotte Valmont", "valmont", "Camille", 12, ((P, 8),), close=70,
          step=("Visite du dépôt avec M. Saïdi", 6), lines=(("BRN-22", "12", "0"), ("POSE", "4", "0")),
          parts=(("Saïdi", "buyer"),), source="Client existant"),
    Story("Résidences Iris, quatre toitures", "iris", "Camille", 39, ((P, 33), (Q, 17)), amount=142000, close=45,
          step=("Relancer Mme Caron", -2), parts=(("Caron", "buyer"), ("Fontaine", "sponsor")),
          source="Recommandation", category="best"),
    Story("Groupe scolaire des Hauts-de-Loire", "angers", "Camille", 52, ((P, 50), (Q, 41)), amount=198500, close=60,
          step=("Réponse à l’appel d’offres", 9), parts=(("Girard", "user"),), source="Appel d’offres"),
    Story("Ombrières du parc des expositions", "angers", "Camille", 95, ((P, 88), (Q, 70), (LOST, 21)), amount=310000,
          reason="Went to a competitor", said="Attribué à Solaris Ouest, 6 % moins cher.", source="Appel d’offres",
          competitors="Solaris Ouest"),
    Story("Médiathèque, toiture nord", "angers", "Camille", 6, (), amount=54000, close=110, source="Appel d’offres"),
    Story("Entrepôt 2 de Perrot Logistique", "perrot", "Camille", 31, ((P, 27), (Q, 15), (R, 5)), close=15,
          lines=(("PV-450", "420", "8"), ("OND-30", "6", "5"), ("POSE", "18", "0")),
          step=("Faire signer le devis", 1), parts=(("Perrot", "decider"),), source="Client existant",
          category="commit"),
    Story("Maintenance Perrot 2027", "perrot", "Camille", 22, ((P, 20), (WON, 6)), lines=(("MAINT", "3", "0"),),
          parts=(("Perrot", "decider"),), source="Client existant"),
    Story("Stockage du site de Vannes", "bio", "Camille", 44, ((P, 40), (Q, 25), (R, 14), (V, 3)), close=8,
          lines=(("BAT-50", "4", "3"), ("POSE", "9", "0")), step=("Contrat chez Mme Mercier pour signature", 2),
          parts=(("Mercier", "decider"), ("Rousseau", "buyer")), source="Client existant", category="commit",
          co_owner=("Hugo", 30)),
    Story("Conserverie Bio Terroirs", "bio", "Camille", 140, ((P, 131), (Q, 100), (R, 72), (WON, 44)), amount=212300,
          parts=(("Mercier", "decider"),), source="Salon BePositive"),
    Story("Armor Froid, chambres froides", "armor", "Camille", 29, ((P, 21),), amount=175000, close=90,
          step=("Relevé des consommations", -5), parts=(("Rivoal", "user"),), source="Recommandation"),
    Story("Coop de l’Ouest, silos", "coop", "Camille", 18, ((P, 10),), amount=68000, close=75,
          parts=(("Diallo", "sponsor"),), source="Site web"),
    Story("Coop de l’Ouest, pressoir", "coop", "Camille", 80, ((P, 75), (LOST, 40)), amount=39000,
          reason="Project dropped or postponed", said="Reporté après les vendanges.", source="Site web"),
    Story("Hôtel des Dunes, ombrières", "dunes", "Sophie", 36, ((P, 30), (Q, 12)), close=50,
          lines=(("OMB-1", "38", "0"), ("BRN-22", "6", "10")), step=("Présenter à M. Vidal le financement", 5),
          parts=(("Vidal", "decider"),), source="Salon BePositive", category="best"),
    Story("Fonderie Bretonne, halle 3", "fonderie", "Sophie", 61, ((P, 55), (Q, 38), (R, 20)), amount=264000, close=5,
          step=("Rappeler M. Ferreira", -9), parts=(("Ferreira", "buyer"),), source="Client existant",
          slips=((30, -6), (12, 5))),
    Story("Agence Cohen, étude pilote", "cohen", "Sophie", 50, ((P, 48), (WON, 28)), lines=(("ETUDE", "2", "0"),),
          parts=(("Cohen", "decider"),), source="Recommandation"),
    Story("Programme Cohen à Rezé", "cohen", "Sophie", 9, (), amount=96000, close=120,
          step=("Premier rendez-vous", 4), parts=(("Cohen", "sponsor"),), source="Recommandation"),
    Story("Clinique Saint-Roch, toiture", "stroch", "Yanis", 42, ((P, 36), (Q, 22)), amount=158000, close=38,
          step=("Envoyer les références hospitalières", 2), parts=(("Haddad", "decider"),), source="Site web",
          category="best"),
    Story("Clinique Saint-Roch, bornes", "stroch", "Yanis", 15, (), lines=(("BRN-22", "8", "0"),), close=95,
          source="Client existant"),
    Story("Tanguy & Fils, atelier", "tanguy", "Yanis", 58, ((P, 52), (Q, 40), (WON, 18)),
          lines=(("PV-450", "120", "5"), ("OND-30", "2", "0"), ("POSE", "5", "0")), parts=(("Tanguy", "decider"),),
          source="Recommandation"),
    Story("Tanguy & Fils, dépôt de Quimper", "tanguy", "Yanis", 13, ((P, 4),), amount=31000, close=66,
          source="Client existant"),
    Story("Caves de Loire, chai", "loire", "Yanis", 47, ((P, 43), (Q, 28), (LOST, 10)), amount=47500, reason="Price",
          said="Budget de 40 000 € au plus.", source="Appel entrant"),
    Story("Caves de Loire, caveau", "loire", "Yanis", 20, ((P, 11),), amount=23500, close=58,
          step=("Rappeler Mme Picard", -1), parts=(("Picard", "buyer"),), source="Appel entrant"),
    Story("Port de Saint-Malo, capitainerie", "port", "Hugo", 54, ((P, 49), (Q, 35), (R, 16)), amount=121000,
          close=20, step=("Commission du port", 11), parts=(("Le Goff", "sponsor"),), source="Appel d’offres",
          category="best"),
    Story("Port de Saint-Malo, bornes à quai", "port", "Hugo", 26, ((P, 19),),
          lines=(("BRN-22", "20", "6"), ("POSE", "7", "0")), close=80, source="Client existant"),
    Story("Méca Atlantique, atelier A", "meca", "Hugo", 150, ((P, 140), (Q, 118), (R, 96), (WON, 62)), amount=334000,
          parts=(("Brunet", "user"),), source="Salon BePositive"),
    Story("Méca Atlantique, atelier B", "meca", "Hugo", 34, ((P, 28), (Q, 11)), close=55,
          lines=(("PV-450", "900", "10"), ("OND-30", "12", "8"), ("POSE", "40", "0")),
          step=("Réunion avec la production", 7), parts=(("Brunet", "user"),), source="Client existant",
          category="best"),
    Story("Méca Atlantique, maintenance", "meca", "Hugo", 41, ((P, 40), (WON, 25)), lines=(("MAINT", "5", "10"),),
          source="Client existant"),
    Story("Lycée Jean-Macé, gymnase", "lycee", "Maëlle", 45, ((P, 42), (Q, 24)), amount=88000, close=72,
          step=("Visite avec l’intendante", -12), parts=(("Ndiaye", "user"),), source="Appel d’offres"),
    Story("Lycée Jean-Macé, internat", "lycee", "Maëlle", 90, ((P, 83), (LOST, 33)), amount=61000, reason="No budget",
          said="Arbitrage de la Région.", source="Appel d’offres"),
    Story("Valmont Bureaux, façade", "bureaux", "Yanis", 7, (), amount=74000, close=130, source="Site web"),
    Story("Valmont Bureaux, bornes visiteurs", "bureaux", "Yanis", 37, ((P, 31), (Q, 19), (V, 2)), close=6,
          lines=(("BRN-22", "10", "0"), ("POSE", "3", "0")), step=("Attendre le bon de commande", 4),
          source="Client existant", category="commit"),
    Story("Celtic Sea, harbour canopies", "", "James", 46, ((P, 40), (Q, 21)), amount=205000, close=52,
          step=("Send the revised drawings", 3), source="Partner", category="best"),
    Story("Bristol warehouse roof", "", "James", 33, ((P, 26), (Q, 13), (R, 4)), amount=118000, close=30,
          step=("Call about the grid connection", -3), source="Website", competitors="SunPeak"),
    Story("Cork cold store, storage", "", "James", 70, ((P, 66), (Q, 50), (R, 31), (WON, 15)), amount=97500,
          source="Partner"),
    Story("Plymouth depot chargers", "", "James", 25, ((P, 16),), amount=42000, close=85, source="Trade show"),
    Story("Cardiff arena car park", "", "James", 64, ((P, 60), (Q, 44), (LOST, 12)), amount=280000,
          reason="No answer", said="Four calls, three e-mails.", source="Trade show"),
    Story("Exeter campus, pilot", "", "James", 5, (), amount=36000, source="Website", step=("Book a first call", 1)),
    Story("Reprise du dossier Rivière", "", "Claude", 72, ((P, 65),), amount=52000, close=-14,
          source="Ancien fichier"),
    Story("Ferme de Kerlann", "", "Hugo", 3, (), amount=19500, close=100, source="Appel entrant",
          step=("Visite de la ferme", 8)),
    Story("Zone artisanale de Pacé", "", "Maëlle", 28, ((P, 23), (Q, 8)), amount=133000, close=64,
          step=("Chiffrage des trois lots", 5), source="Recommandation"),
]  # fmt: skip
