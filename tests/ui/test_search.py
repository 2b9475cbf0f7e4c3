"""Matching without case and accents, at positions of the text as it was typed."""

from crm.ui.search import find_span, fold


def test_accents_and_case_do_not_matter() -> None:
    assert fold("Élodie ROUSSEAU-ÇA") == "elodie rousseau-ca"
    assert find_span("Chaîne Élégance", "elega") == (7, 12)


def test_positions_survive_letters_that_fold_to_several() -> None:
    assert find_span("Straße nord", "nord") == (7, 11)
    assert find_span("anything", "") is None
