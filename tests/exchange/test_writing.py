"""Templates, exports and corrected copies: what goes out comes back, and carries no formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.core.errors import FileRefused, Name
from inventory.exchange.columns import validate
from inventory.exchange.correcting import copy_name, faults_copy
from inventory.exchange.reading import read_table
from inventory.exchange.sentences import fault_words
from inventory.exchange.writing import export_table, template
from tests.exchange import corpus

EVIL = [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    "'=1",
    "plain",
    "https://x.example",
]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_template_filled_in_is_read(language):
    """Template, filled with another program, read: the values come back, the example of the guide does not."""
    book = openpyxl.load_workbook(io.BytesIO(template(corpus.KIND, language, {"code": ["0012", "0013"]})))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet["A2"].number_format == "General" or sheet.column_dimensions["A"].number_format == "@"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole", "date", "decimal"}
    assert book["_meta"].sheet_state == "veryHidden"
    for column, value in enumerate(["0012", "Tent", 40, "tent", dt.date(2026, 11, 23), 12.5], start=1):
        sheet.cell(2, column, value)
    target = io.BytesIO()
    book.save(target)
    found = validate(read_table(target.getvalue(), "filled.xlsx"), corpus.KIND)
    assert found.faults == ()
    assert [line.values for line in found.lines] == [
        {
            "code": "0012",
            "name": "Tent",
            "quantity": 40,
            "unit": "ding",
            "expires_on": dt.date(2026, 11, 23),
            "price": 1250,
        }
    ]


def test_an_empty_template_has_no_rows():
    """A template sent back as it is tells that nothing was filled in."""
    found = validate(read_table(template(corpus.KIND, "en"), "a.xlsx"), corpus.KIND)
    assert [fault.code for fault in found.faults] == ["no_rows"]


def test_the_same_export_is_the_same_file():
    """Templates and exports depend on nothing but their arguments."""
    assert template(corpus.KIND, "en") == template(corpus.KIND, "en")
    rows = [{"a": 1, "b": dt.date(2026, 1, 2)}]
    columns = [("a", "Quantity"), ("b", "Expires on")]
    assert export_table(rows, columns, "en", "xlsx") == export_table(rows, columns, "en", "xlsx")


def test_no_text_becomes_a_formula():
    """Names that look like formulas are text in .xlsx and guarded in CSV, and read back as they were."""
    rows = [{"name": text, "quantity": number} for number, text in enumerate(EVIL)]
    columns = [("name", "Name"), ("quantity", "Quantity")]
    content = export_table(rows, columns, "en", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for (cell, *_) in sheet.iter_rows(min_row=2)} == {"s"}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f" not in package.read("xl/worksheets/sheet1.xml")
        assert not [name for name in package.namelist() if "rels" in name and "sheet" in name]
    text = export_table(rows, columns, "en", "csv").decode("utf-8-sig")
    for name, _ in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert name[0] not in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
    for data, file_name in ((content, "a.xlsx"), (text.encode(), "a.csv")):
        back = read_table(data, file_name)
        assert [row.cells[0] for row in back.rows[1:]] == [one.strip() for one in EVIL]
        assert back.marks == ()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_text_survives_the_way_out_and_in(texts):
    """Whatever the text, an export of either format is read without a crash and with as many rows as hold something."""
    rows = [{"name": text, "number": 7} for text in texts]
    for file_format in ("xlsx", "csv"):
        try:
            content = export_table(rows, [("number", "N"), ("name", "Name")], "en", file_format)
        except UnicodeEncodeError:
            assert any("\ud800" <= sign <= "\udfff" for text in texts for sign in text)
            continue
        assert len(read_table(content, f"a.{file_format}").rows) == len(texts) + 1


def test_values_are_told_by_language_and_type():
    """Numbers and days keep their type in .xlsx; names follow the language; nothing is written for nothing."""
    rows = [{"n": 12, "d": dt.date(2026, 1, 2), "w": Name("\u5e10\u7bf7", "tent"), "e": None}]
    columns = [("n", "N"), ("d", "D"), ("w", "W"), ("e", "E")]
    sheet = openpyxl.load_workbook(io.BytesIO(export_table(rows, columns, "en", "xlsx"))).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == [12, dt.datetime(2026, 1, 2), "tent"]  # noqa: DTZ001
    assert "\u5e10\u7bf7" in export_table(rows, columns, "zh_CN", "csv").decode("utf-8-sig")
    with pytest.raises(ValueError, match="pdf"):
        export_table(rows, columns, "en", "pdf")


def test_the_copy_with_errors_tells_them_and_can_be_imported_when_corrected():
    """The copy has the error column; corrected it is read; a second copy does not double the column."""
    data = corpus.xlsx(corpus.GOOD, ["0013", "Tent", "12 tents", "tent"], ["0014", "Tent", "=1+1", "dozen"])
    found = validate(read_table(data, "a.xlsx"), corpus.KIND)
    copy = faults_copy(data, "a.xlsx", corpus.KIND, found.faults, "en")
    book = openpyxl.load_workbook(io.BytesIO(copy))
    sheet = book.worksheets[0]
    assert sheet["G1"].value == "Error"
    assert sheet["G2"].value is None
    assert sheet["G3"].value == "Quantity: " + fault_words(found.faults[0], "en")
    assert sheet["G4"].value.count("\n") == 1
    assert (sheet["C3"].fill.fgColor.rgb, sheet["B3"].fill.fill_type) == ("FFFDE7E5", None)
    assert {rule.type for rule in sheet.data_validations.dataValidation} >= {"whole", "date", "decimal"}
    assert book.worksheets[1].max_row == len(found.faults) + 1
    again = faults_copy(copy, "b.xlsx", corpus.KIND, found.faults, "en")
    assert openpyxl.load_workbook(io.BytesIO(again)).worksheets[0].max_column == 7
    sheet["C3"], sheet["C4"], sheet["D4"] = 12, 2, "tent"
    target = io.BytesIO()
    book.save(target)
    corrected = validate(read_table(target.getvalue(), "b.xlsx"), corpus.KIND)
    assert (corrected.faults, len(corrected.lines)) == ((), 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_comes_back_as_the_same_csv(encoding, delimiter):
    """The copy of a CSV has its encoding, its delimiter, its rows in their places, and one column more."""
    lines = [
        "Stock,,,,,", ",".join(corpus.HEADINGS), "0012,\u5e10\u7bf7,1,tent,,", ",,,,,", "0013,'=1+1,many,tent,,",
    ]  # fmt: skip
    data = "\r\n".join(lines).replace(",", delimiter).encode(encoding)
    found = validate(read_table(data, "a.csv"), corpus.KIND)
    assert [(fault.row, fault.code) for fault in found.faults] == [(5, "not_a_quantity")]
    copy = faults_copy(data, "a.csv", corpus.KIND, found.faults, "zh_CN")
    assert copy[:2] == data[:2] or encoding != "utf-16"
    rows = list(csv.reader(io.StringIO(copy.decode(encoding), newline=""), delimiter=delimiter))
    assert rows[1] == [*corpus.HEADINGS, "\u9519\u8bef"]
    assert rows[2][:4] == ["0012", "\u5e10\u7bf7", "1", "tent"]
    assert rows[3] == []
    assert rows[4][:4] == ["0013", "'=1+1", "many", "tent"]
    assert "many" in rows[4][6]
    again = validate(read_table(copy, "a.csv"), corpus.KIND)
    assert [(fault.row, fault.code) for fault in again.faults] == [(5, "not_a_quantity")]
    right = validate(read_table(copy.decode(encoding).replace("many", "5").encode(encoding), "a.csv"), corpus.KIND)
    assert [line.values["name"] for line in right.lines] == ["\u5e10\u7bf7", "=1+1"]


def test_the_copy_loses_nothing_of_the_file():
    """Texts too long for their column, yes and no, days, several columns of one's own come back as they were."""
    day = dt.datetime(2026, 11, 23)  # noqa: DTZ001 - a cell has no zone
    data = corpus.xlsx(["0012", "x" * 3_000, 12.5, True, day, None, "mine"])
    found = validate(read_table(data, "a.xlsx"), corpus.KIND)
    sheet = openpyxl.load_workbook(io.BytesIO(faults_copy(data, "a.xlsx", corpus.KIND, found.faults, "en"))).worksheets[
        0
    ]
    assert [cell.value for cell in sheet[2]][:7] == ["0012", "x" * 3_000, 12.5, True, day, None, "mine"]


def test_the_copy_is_named_after_the_file():
    """The copy keeps the ending of the file, whatever its name."""
    assert copy_name("\u5e93\u5b58.v2.XLSX", "en") == "\u5e93\u5b58.v2 - Problems.xlsx"
    assert copy_name("a.csv", "zh_CN").endswith(".csv")


def test_a_file_that_cannot_be_read_has_no_copy():
    """There is nothing to copy from a locked file."""
    with pytest.raises(FileRefused):
        faults_copy(corpus.OLE, "a.xls", corpus.KIND, (), "en")
