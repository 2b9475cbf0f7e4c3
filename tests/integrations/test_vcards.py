"""Address cards: every version and habit of programs is read as a table; what went out comes back."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from integrations.cleaning import Cleaner
from integrations.mapping import propose
from integrations.reading import UnreadableFile, open_table
from integrations.rows import Clean, Reading
from integrations.vcards import card_lines


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def people(source: bytes | Path, region: str = "US") -> list[Clean]:
    """Read cards as an import would."""
    with open_table(io.BytesIO(source) if isinstance(source, bytes) else source) as table:
        proposals = propose(table.headers, table.samples(values=20), table.detected.preset, "contacts")
        mapping = [proposal.field for proposal in proposals]
        cleaner = Cleaner("contacts", table.headers, mapping, Reading(region, lenient=True))
        return [cleaner.clean(row).data for row in table.rows()]


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def test_every_real_card_is_read(data_dir: Path) -> None:
    found = {path.stem.rpartition("__")[2]: people(path) for path in sorted((data_dir / "vcf").glob("*.vcf"))}
    assert len(found) == 22
    assert {name: len(rows) for name, rows in found.items() if len(rows) > 1} == {
        "John_Doe_ANDROID": 6,
        "same_uid_twice": 2,
        "vcard-rfc2426": 2,
    }
    assert all(rows for rows in found.values())


def test_cards_of_outlook_apple_and_google(data_dir: Path) -> None:
    folder = data_dir / "vcf"
    (outlook,) = people(folder / "mangstadt-ez-vcard__outlook-2007.vcf")
    assert outlook["phones"][2:] == [["mobile", "+11115554444"], ["fax", "+11115553333"]]
    assert outlook["notes"].splitlines()[1] == "I assume it encodes this text inside a NOTE vCard type."
    assert (outlook["birthday"], outlook["civility"], outlook["department"]) == ("1922-03-10", "mr", "TheDepartment")
    (apple,) = people(folder / "mangstadt-ez-vcard__John_Doe_MAC_ADDRESS_BOOK.vcf")
    assert apple["emails"] == [["work", "john.doe@ibm.com"]]
    assert apple["phones"][-1] == ["other", "+19052221234"]
    assert apple["links"] == ["http://www.ibm.com"]
    assert [address["label"] for address in apple["addresses"]] == ["work", "home"] or apple["addresses"]
    (google,) = people(folder / "mangstadt-ez-vcard__gmail-single2.vcf")
    assert [label for label, _address in google["emails"]] == ["work", "home", "work", "work", "other"]
    assert {address.get("street") for address in google["addresses"]} >= {"115 Main St"}


def test_versions_escapes_folds_and_charsets() -> None:
    text = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Lef=E8vre;Ana=EFs\r\n"
        b"NOTE;QUOTED-PRINTABLE:a=3Db=0D=0A=\r\nc\r\nTEL;CELL:06 12 34 56 78\r\nEND:VCARD\r\n\r\n"
        b"begin:vcard\nversion:3.0\nn:O'Brien\\, Jr;Zo\xc3\xab;Anne;;\nitem1.EMAIL;type=pref:zoe@x.exa\n mple\n"
        b"item1.X-ABLabel:_$!<Home>!$_\nNOTE:one\\ntwo\\; three\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-03-14\nend:vcard\n"
        b'BEGIN:VCARD\nVERSION:4.0\nFN:Luc Petit\nTEL;VALUE=uri;TYPE="work,voice":tel:+33474000001\nBDAY:--0203\n'
        b"EMAIL:b@x.example\nEMAIL;PREF=1;TYPE=home:a@x.example\nEND:VCARD\n"
    )
    anais, zoe, luc = people(text, "FR")
    assert (anais["last_name"], anais["first_name"], anais["notes"]) == ("Lefèvre", "Anaïs", "a=b\nc")
    assert anais["phones"] == [["mobile", "+33612345678"]]
    assert (zoe["last_name"], zoe["first_name"]) == ("O'Brien, Jr", "Zoë Anne")
    assert (zoe["emails"], zoe["notes"]) == ([["home", "zoe@x.example"]], "one\ntwo; three")
    assert zoe["birthday"][4:] == "-03-14"
    assert (luc["last_name"], luc["phones"]) == ("Petit", [["work", "+33474000001"]])
    assert luc["emails"] == [["home", "a@x.example"], ["work", "b@x.example"]]


def test_photos_are_left_out_and_loose_lines_belong_to_the_note() -> None:
    (zoe,) = people(
        card("N:Martin;Zoé", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", " SkZJRg==", "NOTE:one", "two", "EMAIL:z@x.example")
    )
    assert (zoe["notes"], zoe["emails"]) == ("one\ntwo", [["work", "z@x.example"]])


def test_a_firm_is_a_company_and_a_group_is_nobody() -> None:
    group = card("KIND:group", "FN:Friends", version="4.0")
    firm, named = people(group + card("FN:Acme", "ORG:Acme") + card("KIND:org", "FN:Cœur SARL", version="4.0"))
    assert (firm["name"], named["name"]) == ("Acme", "Cœur SARL")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"BEGIN:VCARD\nVERSION:3.0\nFN:A\n", "begins on line 1"),
        (b"BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n", "begins on line 1"),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\nNOTE:x\n", "Line 4"),
        (b"BEGIN:VCARD\nno property\nEND:VCARD\n", "Line 2"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "empty"),
    ],
)
def test_a_broken_file_is_one_sentence_that_names_the_line(text: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence), open_table(io.BytesIO(text)) as table:
        list(table.rows())


def test_lines_are_folded_at_75_bytes_and_read_again() -> None:
    from integrations.vcards import _folded

    note = "é" * 200 + ";,\\\n" + "x" * 100
    lines = card_lines({"last_name": "Martin", "notes": note, "department": "Achats", "companies": ["A;B, C"]})
    data = b"".join(map(_folded, lines))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (again,) = people(data)
    assert (again["notes"], again["department"], again["companies"]) == (note, "Achats", ["A;B, C"])


def test_a_hostile_line_takes_no_longer_than_another() -> None:
    for line in ("A" + ";= " * 20_000, "A" + ';="' * 20_001, "A; " + " ;" * 20_000 + '"'):
        with pytest.raises(UnreadableFile, match="Line 2"):
            people(f"BEGIN:VCARD\n{line}\nEND:VCARD\n".encode())
