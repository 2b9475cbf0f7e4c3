"""Legal identifiers: the forms people type are read, wrong check digits are refused with a sentence."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from contacts.identifiers import (
    clean_siren,
    clean_siret,
    clean_vat,
    format_siren,
    format_siret,
    format_vat,
    vat_from_siren,
)


@pytest.mark.parametrize(
    "typed", ["732 829 320", "732829320", "732.829.320", "SIREN : 732 829 320", "732 829 320 00074", "FR44732829320"]
)
def test_siren_is_read_however_it_is_written(typed: str) -> None:
    assert clean_siren(typed) == "732829320"


@pytest.mark.parametrize("typed", ["732 829 321", "12", "abcdefghi", "73282932000075", "²32829320"])
def test_wrong_siren_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_siren(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("356 000 000 00048", "35600000000048"),
        ("35600000049837", "35600000049837"),
    ],
)
def test_siret_knows_luhn_and_la_poste(typed: str, kept: str) -> None:
    assert clean_siret(typed) == kept


@pytest.mark.parametrize("typed", ["73282932000075", "35600000049838", "732829320", "x"])
def test_wrong_siret_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_siret(typed)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("FR 40 303 265 045", "", "FR40303265045"),
        ("44732829320", "FR", "FR44732829320"),
        ("DE 136695976", "", "DE136695976"),
        ("GR 094259216", "", "EL094259216"),
        ("BE0403.170.701", "", "BE0403170701"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("GB980780684", "GB", "GB980780684"),
        ("", "FR", ""),
    ],
)
def test_vat_numbers_of_many_countries(typed: str, country: str, kept: str) -> None:
    assert clean_vat(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country", "why"),
    [
        ("FR41303265045", "", "check key"),
        ("DE136695977", "", "check key"),
        ("DE12", "", "form"),
        ("123", "FR", "begin with the country"),
        ("A" * 21, "", "at most 20"),
        ("US<script>", "", "letters and digits"),
    ],
)
def test_wrong_vat_says_what_is_wrong(typed: str, country: str, why: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        clean_vat(typed, country)
    assert why in refused.value.messages[0]


def test_numbers_are_shown_in_their_groups() -> None:
    assert format_siren("732829320") == "732\u00a0829\u00a0320"
    assert format_siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert format_vat("FR44732829320") == "FR\u00a044\u00a0732\u00a0829\u00a0320"
    assert format_vat("CHE107787577IVA") == "CHE107787577IVA"
    assert vat_from_siren("732829320") == "FR44732829320"


def test_the_sentence_follows_the_reader_language() -> None:
    with pytest.raises(ValidationError) as refused:
        clean_siren("12")
    with translation.override("fr"):
        assert refused.value.messages == ["Un SIREN a 9\u00a0chiffres\u00a0: vérifiez «\u00a012\u00a0»."]
    with translation.override("en"):
        assert refused.value.messages == ["A SIREN has 9 digits: check “12”."]
