"""Files as people hand them in: every common encoding and delimiter opens, what is no table is refused in words."""

import datetime as dt
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from integrations.reading import Choices, Row, UnreadableFile, open_table

FRENCH = "Prénom;Nom;Ville\r\nÉloïse;Lefèvre;Nîmes\r\nZoë;d’Ormesson;Besançon\r\nJérôme;Cœur;Château-Thierry\r\n"


def rows_of(data: bytes, choices: Choices | None = None) -> list[Row]:
    with open_table(io.BytesIO(data), choices=choices) as table:
        return list(table.rows())


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "preset", "rows"),
    [
        ("excel_fr_sep_line.csv", "cp1252", ";", "generic", 1),
        ("google_contacts_2024.csv", "utf-8", ",", "google_2024", 3),
        ("google_contacts_legacy.csv", "utf-8", ",", "google", 1),
        ("header_only.csv", "utf-8-sig", ",", "generic", 0),
        ("hubspot_contacts.csv", "utf-8", ",", "hubspot", 3),
        ("outlook_en.csv", "cp1252", ",", "outlook_en", 2),
        ("outlook_fr_cp1252_semicolon.csv", "cp1252", ";", "outlook_fr", 2),
        ("outlook_fr_utf8bom_comma.csv", "utf-8-sig", ",", "outlook_fr", 2),
        ("pipedrive_people.csv", "utf-8", ",", "pipedrive", 1),
        ("salesforce_contact_dataexport.csv", "cp1252", ",", "salesforce", 2),
        ("tab_separated.csv", "utf-16", "\t", "generic", 1),
        ("malformed_ragged_rows.csv", "utf-8", ",", "generic", 3),
    ],
)
def test_real_files_are_recognised(
    data_dir: Path, name: str, encoding: str, delimiter: str, preset: str, rows: int
) -> None:
    with open_table(data_dir / "contacts" / name) as table:
        detected = table.detected
        assert (detected.encoding, detected.delimiter, detected.preset) == (encoding, delimiter, preset)
        assert len(list(table.rows())) == rows


def test_letters_of_windows_1252_arrive(data_dir: Path) -> None:
    with open_table(data_dir / "contacts" / "outlook_fr_cp1252_semicolon.csv") as table:
        cells = next(table.rows()).cells
    assert cells[5] == "Cœur & Œuvre SARL"
    assert any("12 500,50 €\nrappeler" in str(cell) for cell in cells)


def test_row_numbers_are_those_of_the_file(data_dir: Path) -> None:
    with open_table(data_dir / "contacts" / "malformed_ragged_rows.csv") as table:
        assert [row.number for row in table.rows()] == [2, 3, 5]
        assert [row.number for row in table.rows()] == [2, 3, 5]


def test_headers_are_named_once_and_never_blank(data_dir: Path) -> None:
    with translation.override("en"), open_table(data_dir / "contacts" / "malformed_duplicate_headers.csv") as table:
        assert table.headers == ["Email", "Email (2)", "Column 3", "Name"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_encoding_with_every_delimiter(encoding: str, delimiter: str) -> None:
    data = FRENCH.replace(";", delimiter).encode(encoding)
    assert rows_of(data)[1] == Row(3, ["Zoë", "d’Ormesson", "Besançon"])


def test_other_alphabets() -> None:
    text = "Имя;Город\r\nАлексей;Москва\r\nЕкатерина;Санкт-Петербург\r\n" * 5
    assert rows_of(text.encode("cp1251"))[0].cells == ["Алексей", "Москва"]


def test_one_odd_byte_does_not_spoil_a_file_of_utf_8() -> None:
    data = ("Nom;Ville\n" + "Éloïse;Nîmes\n" * 10).encode() + "Zoë;Alès\n".encode("cp1252")
    assert rows_of(data)[-1].cells == ["Zoë", "Alès"]


def test_a_file_cut_inside_a_letter_is_still_utf_8() -> None:
    assert rows_of("Nom;Ville\nZoë;Alès\nÉric;É".encode()[:-1])[0].cells == ["Zoë", "Alès"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('Name,Note\n"Smith, Jones","He said ""hi""\nand left"\n', ["Smith, Jones", 'He said "hi"\nand left']),
        ("Name;Amount\nA;1 234,56\nB;2,5\n", ["A", "1 234,56"]),
        ("\n\nName,City\nA,B\n", ["A", "B"]),
        ("Customers 2024\n\nName,City\nA,B\n", ["A", "B"]),
        ("Name,City\rA,B\rC,D\r", ["A", "B"]),
        ("Na\0me,City\nA\0,B\n", ["A", "B"]),
        ("E-mail\na@example.com\n", ["a@example.com"]),
        ("a@example.com,Smith\nb@example.com,Jones\n", ["a@example.com", "Smith"]),
        ("Name,Phone\nA,'+33612345678\n", ["A", "+33612345678"]),
        ("Name,Phone\n'tis,'nough\n", ["'tis", "'nough"]),
        ("'Name';'City'\n'A';'B; C'\n", ["A", "B; C"]),
        ('Name,City\n"A \\"B\\" C","D, E"\n', ['A "B" C', "D, E"]),
    ],
)
def test_cells_are_read_as_they_were_meant(text: str, first: list[str]) -> None:
    assert rows_of(text.encode())[0].cells == first


def test_old_files_of_dos() -> None:
    assert rows_of("Prénom;Ville\r\nJérôme;Besançon\r\n\x1a".encode("cp850")) == [Row(2, ["Jérôme", "Besançon"])]


def test_a_quotation_mark_never_closed_swallows_no_rows() -> None:
    lines = [f"P{n};p{n}@x.fr" for n in range(60)]
    with pytest.raises(UnreadableFile, match="Row 62 cannot be read"):
        rows_of("\n".join(["Nom;E-mail", *lines, '"Q;q@x.fr', *lines]).encode())


def test_more_columns_than_a_table_has() -> None:
    with pytest.raises(UnreadableFile, match="more than 1000 columns"):
        rows_of((";".join(["x"] * 1001) + "\n").encode())


def test_the_user_may_choose_otherwise() -> None:
    assert rows_of(b"a;b,c\n1;2,3\n", Choices(delimiter=","))[0].cells == ["1;2", "3"]
    assert rows_of("Nom\nZoë\n".encode("cp1252"), Choices(encoding="mac_roman"))[0].cells == ["ZoÎ"]
    with pytest.raises(UnreadableFile):
        rows_of(b"a;b\n1;2\n", Choices(encoding="klingon"))


def test_typed_cells_of_a_workbook() -> None:
    data = workbook(
        ["Nom", "Né le", "CA", "Code", "Client"],
        ["Zoë", dt.datetime(1980, 1, 31), 1234.5, 1000.0, True],  # noqa: DTZ001 as a spreadsheet has it
        [],
        ["Éric", dt.date(2024, 2, 29), None, "01000", "#N/A"],
    )
    assert rows_of(data) == [
        Row(2, ["Zoë", "1980-01-31", 1234.5, 1000, True]),
        Row(4, ["Éric", "2024-02-29", "", "01000"]),
    ]


def test_a_workbook_is_known_by_its_content_and_its_sheets_by_name() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Vide"
    book.create_sheet("Clients").append(["Nom"])
    book.create_sheet("Secret").sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    with open_table(file) as table:
        assert (table.detected.format, table.detected.sheet) == ("xlsx", "Clients")
        assert table.detected.sheets == ("Vide", "Clients")
    with pytest.raises(UnreadableFile):
        open_table(file, choices=Choices(sheet="Secret"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\r\n", "empty"),
        (b",,,\n,,,\n", "empty"),
        (b"\0" * 100, "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "older Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (bytes(range(256)) * 20, "binary"),
        (b'Name,City\n"open,x\n' + b"a,b\n" * 3000, "never closed"),
        (b"Name,City\n" + b"x" * 1_100_000 + b",b\n", "characters"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with translation.override("en"), pytest.raises(UnreadableFile) as refused:
        rows_of(data)
    assert why in str(refused.value)


def test_a_mislabelled_workbook_is_refused(data_dir: Path) -> None:
    with translation.override("fr"), pytest.raises(UnreadableFile) as refused:
        open_table(data_dir / "contacts" / "not_csv_xlsx_renamed.csv")
    assert str(refused.value).startswith("Ce fichier commence comme un classeur Excel")


def test_a_file_over_the_limit_is_refused() -> None:
    with translation.override("en"), pytest.raises(UnreadableFile) as refused:
        open_table(io.BytesIO(b"a,b\n" * 600_000), limit=1024**2)
    assert "3 MB; at most 1 MB" in str(refused.value)


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    bomb = io.BytesIO(workbook(["Nom"], ["Zoë"]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 30 * 1024**2)
    with translation.override("en"), pytest.raises(UnreadableFile) as refused:
        open_table(bomb)
    assert "more data than is accepted" in str(refused.value)


def test_a_workbook_with_entities_is_refused() -> None:
    evil = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["Nom"], ["Zoë"]))) as good, zipfile.ZipFile(evil, "w") as archive:
        for name in good.namelist():
            data = good.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + data
            archive.writestr(name, data)
    with pytest.raises(UnreadableFile):
        list(open_table(evil).rows())


def test_damage_of_any_kind_is_our_error_and_no_other(data_dir: Path) -> None:
    pick = random.Random(11)
    whole = [path.read_bytes() for path in sorted((data_dir / "contacts").iterdir())]
    whole += [workbook(["Nom", "Ville"], *[["Zoë", f"Alès {n}"] for n in range(50)])] * 12
    for data in whole:
        for _attempt in range(6):
            broken = bytearray(data[: pick.randrange(len(data) + 1)] if pick.random() < 0.5 else data)
            for _byte in range(pick.randrange(0, 12) if broken else 0):
                broken[pick.randrange(len(broken))] = pick.randrange(256)
            try:
                rows_of(bytes(broken))
            except UnreadableFile as error:
                assert str(error).endswith("."), error
    for _attempt in range(60):
        try:
            rows_of(pick.randbytes(pick.randrange(1, 3000)))
        except UnreadableFile as error:
            assert str(error).endswith("."), error


def test_memory_stays_flat(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "large.csv"
    with path.open("w", encoding="cp1252") as file:
        file.write("Prénom;Nom;Note\n")
        for number in range(120_000):
            file.write(f"Éloïse;Lefèvre {number};une note assez longue pour peser\n")
    tracemalloc.start()
    with open_table(path) as table:
        assert sum(1 for _row in table.rows()) == 120_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 1024**2


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Zoé", "address": {"city": "Nîmes"}, "tags": ["a", "b, c"]}\n{"name": "Luc", "late": 1}\n',
        '[{"name": "Zoé", "address": {"city": "Nîmes"}, "tags": ["a", "b, c"]},\n{"name": "Luc", "late": 1}]',
        '[\n  {\n    "name": "Zoé",\n    "address": {\n      "city": "Nîmes"\n    },\n    "tags": [\n      "a",\n'
        '      "b, c"\n    ]\n  },\n  {"name": "Luc", "late": 1}\n]\n',
    ],
)
def test_json_by_lines_or_in_a_list(text: str) -> None:
    with open_table(io.BytesIO(text.encode())) as table:
        assert table.headers == ["name", "address city", "tags", "late"]
        assert [row.cells for row in table.rows()] == [["Zoé", "Nîmes", '"a"; "b, c"', ""], ["Luc", "", "", 1]]


@pytest.mark.parametrize("text", ['{"a": 1}\n{"a": ', '{"a": 1}\n[1, 2]\n', '[{"a": ' + "[" * 100_000 + "]"])
def test_damaged_json_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="Record"):
        rows_of(text.encode())


def windows(data: bytes) -> str:
    """Bytes read as Windows-1252, also those that it leaves open, as browsers do."""
    return "".join(
        chr(code) if code in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([code]).decode("cp1252") for code in data
    )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("read", [windows, lambda data: data.decode("latin-1")])
def test_text_encoded_twice_is_mended_and_can_be_left_as_it_is(read: Any, mark: str) -> None:
    text = mark + "Prénom;Nom;Ville\nÉloïse;Lefèvre;Besançon\nAnne;Martin – née Œuf;Sète\n"
    data = read(text.encode()).encode()
    with open_table(io.BytesIO(data)) as table:
        assert table.detected.encoding == "utf-8-twice"
        assert table.headers == ["Prénom", "Nom", "Ville"]
        first, second = (row.cells for row in table.rows())
        assert first == ["Éloïse", "Lefèvre", "Besançon"]
        assert second == ["Anne", "Martin – née Œuf", "Sète"]
    with open_table(io.BytesIO(data), choices=Choices(encoding="utf-8-sig")) as table:
        assert "Ã" in str(next(table.rows()).cells[0])


def test_letters_that_may_stand_alone_are_no_second_encoding() -> None:
    with open_table(io.BytesIO("Nome;Cidade\nJOÃO;SÃO PAULO\nÉloïse;Évry\n".encode())) as table:
        assert table.detected.encoding == "utf-8"
