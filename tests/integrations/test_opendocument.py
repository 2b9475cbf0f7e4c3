"""ODS: typed cells, repeated cells and rows, sheets, and files that are none."""

import io
import zipfile

import pytest
from django.utils import translation

from integrations.reading import Choices, Row, UnreadableFile, open_table

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def book(body: str, manifest: str = "<m/>", head: str = "") -> io.BytesIO:
    """Write a spreadsheet as LibreOffice lays one out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f"<?xml version='1.0'?>{head}<office:document-content {SPACES}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file


def text(*values: str) -> str:
    cells = (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in values
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


TYPED = """<table:table-row>
<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>
<text:p>Z<text:span>o</text:span>é<text:s text:c="2"/>M</text:p><text:p>two</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="12"/>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="date" office:date-value="2024-03-04"/>
<table:table-cell office:value-type="boolean" office:boolean-value="true"/>
<table:table-cell table:number-columns-repeated="16370"/></table:table-row>"""


def test_typed_and_repeated_cells_and_blank_rows() -> None:
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    two = blank.replace("1048000", "2")
    sheet = f'<table:table table:name="A">{two}{text("Nom", "N", "x", "y", "Né", "Ok")}{TYPED}'
    sheet += f"{two}{text('b')}{blank}</table:table>"
    with open_table(book(sheet)) as table:
        assert (table.detected.format, table.detected.sheet, table.detected.header_row) == ("ods", "A", 3)
        assert table.headers == ["Nom", "N", "x", "y", "Né", "Ok"]
        assert list(table.rows()) == [Row(4, ["Zoé  M\ntwo", 12, "", "", "2024-03-04", True]), Row(7, ["b"])]


def test_the_first_sheet_that_holds_something_or_the_chosen_one() -> None:
    sheets = '<table:table table:name="Empty"/>' + "".join(
        f'<table:table table:name="{name}">{text("Nom", "Ville")}{text(name, "Lyon")}</table:table>' for name in "AB"
    )
    with open_table(book(sheets)) as table:
        assert table.detected.sheets == ("Empty", "A", "B")
        assert [row.cells for row in table.rows()] == [["A", "Lyon"]]
    with open_table(book(sheets), choices=Choices(sheet="B")) as table:
        assert [row.cells for row in table.rows()] == [["B", "Lyon"]]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (book("<table:table"), "damaged"),
        (book("", manifest="<encryption-data/>"), "password"),
        (book("", head='<!DOCTYPE x [<!ENTITY a "b">]>'), "no spreadsheet needs"),
        (book('<table:table table:name="A"/>'), "empty"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(file: io.BytesIO, why: str) -> None:
    with translation.override("en"), pytest.raises(UnreadableFile, match=why):
        open_table(file)
