"""Phone numbers: read in any spacing, kept as E.164, shown the local way."""

import random
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts import phones
from contacts.phones import clean_phone, is_mobile, phone_digits, searched_digits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("6 12 34 56 78", "+33612345678"),
        ("tel:+33612345678", "+33612345678"),
        ("06\u202f12\u00a034\u202f56\u00a078", "+33612345678"),
        ("01 44 55 66 77 poste 12", "+33144556677;ext=12"),
        ("+44 20 7946 0958", "+442079460958"),
        ("(555) 010-1234", "+15550101234"),
        ("", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, kept: str) -> None:
    assert clean_phone(typed, "FR") == kept
    assert clean_phone(clean_phone(typed, "FR"), "FR") == kept


@pytest.mark.parametrize("typed", ["abc", "0800 FLOWERS", "12", "+1 555", "0612345678 / 0698765432", "+" + "1" * 200])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        clean_phone(typed, "FR")


def test_mobile_numbers_are_told_apart() -> None:
    assert is_mobile("+33612345678")
    assert not is_mobile("+33144556677")


def test_search_finds_a_number_in_any_spacing() -> None:
    stored = phone_digits("+33612345678")
    for typed in ("06 12 34", "06.12.34", "+33 6 12", "0033 6 12", "+33 (0)6 12"):
        assert any(digits.startswith(searched_digits(typed)) for digits in stored), typed
    assert searched_digits("12 rue de la Paix") == ""
    assert searched_digits("dupont") == ""


@pytest.mark.parametrize("region", ["FR", "GB", "US"])
@pytest.mark.parametrize("start", ["0", "+33 ", "0033", "+44", "0044"])
def test_the_short_way_reads_what_the_library_reads(region: str, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(f"{region}{start}")
    written = [start + "".join(rng.choices("123456789", k=1) + rng.choices("0123456789", k=8)) for _ in range(40)]
    written += [text + "7" for text in written]

    def read(text: str) -> tuple[Any, ...]:
        try:
            number = phones.clean_phone(text, region)
        except ValidationError:
            return ()
        return number, phones.is_mobile(number), phones.phone_digits(number)

    short = [read(text) for text in written]
    never = re.compile("(?!)")
    monkeypatch.setattr(phones, "_PLAIN", {})
    monkeypatch.setattr(phones, "_PLAIN_ABROAD", never)
    phones._is_mobile.cache_clear()
    assert short == [read(text) for text in written]
