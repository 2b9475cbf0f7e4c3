"""Addresses written in one piece come apart where that is plain, and stay whole where it is not."""

import pytest

from contacts.addresses import split_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 rue de la Paix, 75002 Paris", ["12 rue de la Paix", "75002", "Paris", "", ""]),
        ("3 place Bellecour\n69002 Lyon\nFrance", ["3 place Bellecour", "69002", "Lyon", "", "France"]),
        ("BP 12, 01000 Bourg Cedex 9, France", ["BP 12", "01000", "Bourg Cedex 9", "", "France"]),
        ("8 place du 8 Mai 1945 - 38000 Grenoble", ["8 place du 8 Mai 1945", "38000", "Grenoble", "", ""]),
        ("75002 Paris, 12 rue de la Paix", ["12 rue de la Paix", "75002", "Paris", "", ""]),
        (
            "10 Downing Street, London SW1A 2AA, United Kingdom",
            ["10 Downing Street", "SW1A 2AA", "London", "", "United Kingdom"],
        ),
        ("1 Main St, Springfield, IL 62701", ["1 Main St", "62701", "Springfield", "IL", ""]),
        ("Rue de la Loi 1, 1000 Bruxelles, Belgique", ["Rue de la Loi 1", "1000", "Bruxelles", "", "Belgique"]),
        ("Hauptstr. 5, D-10115 Berlin, Allemagne", ["Hauptstr. 5", "10115", "Berlin", "", "Allemagne"]),
        ("8 place du 8 Mai 1945 Grenoble", ["8 place du 8 Mai 1945 Grenoble", "", "", "", ""]),
        ("Zone artisanale", ["Zone artisanale", "", "", "", ""]),
        ("", ["", "", "", "", ""]),
    ],
)
def test_an_address_comes_apart(text: str, parts: list[str]) -> None:
    found = split_address(text)
    assert [found.get(part, "") for part in ("street", "postcode", "city", "region", "country")] == parts
