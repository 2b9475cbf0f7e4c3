"""Typed text: what is removed, what stays, and one normaliser with the same answer in Python and in SQL."""

import random
import unicodedata
from pathlib import Path

import pytest
from django.db import connection

from crm.records import text
from crm.records.text import clean_block, clean_line, norm

NORM_SQL = Path(text.__file__).with_name("sql") / "norm.sql"
BLOCKS = {
    "latin": range(0x01, 0x250),
    "marks": range(0x2B0, 0x370),
    "greek and cyrillic": range(0x370, 0x530),
    "vietnamese and extended greek": range(0x1E00, 0x2000),
    "punctuation and symbols": range(0x2000, 0x2C00),
    "kana": range(0x3000, 0x3130),
    "han": range(0x4E00, 0x4F00),
    "hangul": range(0xAC00, 0xAD00),
    "compatibility forms": range(0xF900, 0xFFFE),
    "emoji": range(0x1F300, 0x1F700),
}
NAMES = [
    "",
    " ",
    "Jean-Pierre DUPONT",
    "  Éloïse\tLefèvre\u00a0 ",
    "L’Œuvre d’Anaïs",
    "e\u0301te\u0301",
    "Straße STRASSE ẞ",
    "Łódź Ørsted Đặng Þór",
    "Nguyễn Thị Hồng",
    "ΟΔΥΣΣΕΥΣ Σίσυφος",
    "Ёлкин Йод",
    "İstanbul ısırgan",
    "山田 太郎 ﾃｽﾄ ｶﾞ",
    "김민준",
    "ﬁn ② ½ ™",
    "👩‍💻 zoé",
    "06\u202f12\u00a034 56 78",
    "a\u00adb\u200bc\u202ed",
]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jean \t Dupont\n", "Jean Dupont"),
        ("E\u0301ric", "Éric"),
        ("a\x00b\u202ec\ufeff", "abc"),
        ("Zoë\r\nMartin", "Zoë Martin"),
        ("12\u00a0345\u202f€", "12 345 €"),
        ("\ud83d alone", "alone"),
        ("👩‍💻", "👩‍💻"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_a_line_keeps_what_was_meant(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_a_block_keeps_its_lines() -> None:
    assert (
        clean_block("  Budget :  12 \r\n\r\n\n\n\n\nrappeler\x07 \u2028jeudi ") == "Budget :  12\n\n\nrappeler\njeudi"
    )


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("  DUPONT-Lefèvre ", "dupont-lefevre"),
        ("L’Œuvre", "l'oeuvre"),
        ("Straße", "strasse"),
        ("Đặng Thị", "dang thi"),
        ("ΟΔΥΣΣΕΥΣ", norm("οδυσσευς")),
        ("Ёлкин", "елкин"),
        ("A\u00a0\u202f B", "a b"),
        ("", ""),
    ],
)
def test_norm_forgives_case_accents_and_spaces(typed: str, compared: str) -> None:
    assert norm(typed) == compared
    assert norm(norm(typed)) == norm(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("block", BLOCKS)
def test_norm_is_the_same_in_sql_for_every_letter(block: str) -> None:
    letters = [chr(code) for code in BLOCKS[block] if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    assert_same_in_sql([*letters, *(f" A{letter}b É" for letter in letters)])


@pytest.mark.django_db
def test_norm_is_the_same_in_sql_for_names_and_mixtures() -> None:
    pick = random.Random(7)
    letters = [chr(code) for codes in BLOCKS.values() for code in codes if unicodedata.category(chr(code)) != "Cn"]
    assert_same_in_sql(NAMES + ["".join(pick.choices(letters, k=pick.randint(1, 12))) for _ in range(5000)])


def assert_same_in_sql(texts: list[str]) -> None:
    """Compare both functions, and that the SQL one may stand in an index."""
    with connection.cursor() as cursor:
        cursor.execute(NORM_SQL.read_text())
        cursor.execute(
            "SELECT norm(t) FROM unnest(%s::text[]) WITH ORDINALITY AS texts (t, place) ORDER BY place", [texts]
        )
        assert [row[0] for row in cursor.fetchall()] == [norm(one) for one in texts]
        cursor.execute("SELECT provolatile FROM pg_proc WHERE proname = 'norm'")
        assert cursor.fetchall() == [("i",)]
