"""Names of persons: civility, first and last name, as French and English people write them."""

import pytest

from contacts.names import PersonName, clean_civility, split_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Jean Dupont", ("", "Jean", "Dupont")),
        ("Jean-Pierre DUPONT", ("", "Jean-Pierre", "DUPONT")),
        ("DUPONT Jean", ("", "Jean", "DUPONT")),
        ("DE LA TOUR Jean", ("", "Jean", "DE LA TOUR")),
        ("Jean de LA TOUR", ("", "Jean", "de LA TOUR")),
        ("Dupont, Jean", ("", "Jean", "Dupont")),
        ("Dupont, M. Jean", ("mr", "Jean", "Dupont")),
        ("Dr Anne-Marie de La Tour", ("dr", "Anne-Marie", "de La Tour")),
        ("Mme Zoë O’Brien", ("ms", "Zoë", "O’Brien")),
        ("Mrs. Mary Ann Evans", ("ms", "Mary Ann", "Evans")),
        ("M. le Docteur Paul Petit", ("dr", "Paul", "Petit")),
        ("M. et Mme Martin", ("", "", "Martin")),
        ("Jean d’Ormesson", ("", "Jean", "d’Ormesson")),
        ("Ludwig van Beethoven", ("", "Ludwig", "van Beethoven")),
        ("Martin Luther King Jr", ("", "Martin Luther", "King Jr")),
        ("J.-P. DUPONT", ("", "J.-P.", "DUPONT")),
        ("Madonna", ("", "", "Madonna")),
        ("山田太郎", ("", "", "山田太郎")),
        ("Mme", ("", "", "Mme")),
        ("", ("", "", "")),
    ],
)
def test_a_full_name_is_split(typed: str, name: tuple[str, str, str]) -> None:
    assert split_name(typed) == PersonName(*name)


def test_civilities_in_both_languages() -> None:
    assert [clean_civility(word) for word in ("M.", "Mme", "mlle", "Mr", "Mrs.", "Docteur", "Pr", "Maître", "")] == [
        *("mr", "ms", "ms", "mr", "ms", "dr", "pr", "me", ""),
    ]
    assert clean_civility("Directrice générale") is None
