"""Wrong, hostile and unlucky files, made when the tests run; each with the fault code that must be told."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import xlsxwriter

from inventory.core.errors import Name
from inventory.exchange.columns import Column, TableKind
from inventory.exchange.readers import Choice, Code, Day, Quantity, Text, Yuan

KIND = TableKind(
    key="sample",
    title="Sample",
    columns=(
        Column("code", "Code", Code(12), required=True, example="0012"),
        Column("name", "Name of the goods", Text(20), note="As on the label."),
        Column("quantity", "Quantity", Quantity(1), required=True, example=40),
        Column(
            "unit",
            "Unit",
            Choice((("ding", Name("\u9876", "tent")), ("ping", Name("\u74f6", "bottle")))),
            True,
        ),
        Column("expires_on", "Expires on", Day()),
        Column("price", "Price (yuan)", Yuan()),
    ),
    unique=("code", "expires_on"),
)
HEADINGS = ["Code", "Name of the goods", "Quantity", "Unit", "Expires on", "Price (yuan)"]
GOOD = ["0012", "Tent", 40, "tent", "2026-11-23", "12.50"]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504


def xlsx(*rows: list[Any], edit: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a workbook with the headings and these rows; `edit` gets the workbook and the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    if edit:
        edit(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_file(*rows: str, encoding: str = "utf-8") -> bytes:
    """Return a CSV with the headings and these lines."""
    return "\r\n".join([",".join(HEADINGS), *rows, ""]).encode(encoding)


def replaced(data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """Return a zip with each part as `change` returns it (None drops it), and extra parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def sheet_xml(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the workbook with `old` replaced by `new` in its first sheet."""

    def change(name: str, part: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            if old not in part:
                raise AssertionError(f"{old!r} is not in the sheet")
            return part.replace(old, new)
        return part

    return replaced(data, change)


def with_body(body: bytes) -> bytes:
    """Return a workbook whose sheet has this XML for its data."""
    data = xlsx(GOOD)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.read("xl/worksheets/sheet1.xml")
    old = re.search(rb"<sheetData>.*</sheetData>", part, re.DOTALL)
    if old is None:
        raise AssertionError("the sheet has no data")
    return sheet_xml(data, old.group(), b"<sheetData>" + body + b"</sheetData>")


def million_rows() -> bytes:
    """Return a workbook of 1,000,000 rows in a few MB."""
    return with_body(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001)))


def endless_rows() -> bytes:
    """Return a small file that unpacks to 96 MB of rows without a value: nothing to refuse, but long to walk."""
    return with_body(b"<row/>" * 16_000_000)


def laughs(part_name: str) -> bytes:
    """Return a workbook with the billion laughs in one of its parts."""
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">' + entities + b"]><x>&a9;</x>"
    return replaced(xlsx(GOOD), lambda name, part: None if name == part_name else part, {part_name: bomb})


def late_laughs() -> bytes:
    """Return a sheet whose document type stands behind 10,000 characters of comment."""
    head = b"<!--" + b" " * 10_000 + b'--><!DOCTYPE worksheet [<!ENTITY a "lol">]>'
    return sheet_xml(xlsx(GOOD), b"<worksheet", head + b"<worksheet")


def zip_bomb() -> bytes:
    """Return a workbook with a part of 300 MB of zeros, packed into less than 1 MB."""
    return replaced(xlsx(GOOD), lambda name, part: part, {"xl/media/image1.png": bytes(300 << 20)})


def lying_bomb() -> bytes:
    """Return a workbook whose shared strings unpack to 600 MB but declare 1 KB."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(GOOD))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/sharedStrings.xml", "w") as part:
            part.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            for _ in range(600):
                part.write(b"<si><t>" + b"a" * (1 << 20) + b"</t></si>")
            part.write(b"</sst>")
        size = new.getinfo("xl/sharedStrings.xml").file_size
    return target.getvalue().replace(size.to_bytes(4, "little"), (1024).to_bytes(4, "little"))


def strings_hog() -> bytes:
    """Return a workbook whose declared 250 MB of short shared strings need more memory than the child has."""
    strings = b"<si><t>abcd</t></si>" * 12_000_000
    sst = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings + b"</sst>"
    return replaced(xlsx(GOOD), lambda name, part: part, {"xl/sharedStrings.xml": sst})


def hidden_sheets() -> bytes:
    """Return a workbook whose data sheet is hidden and whose visible sheet is a chart."""
    return replaced(
        xlsx(GOOD),
        lambda name, part: (
            part.replace(b'state="visible"', b'state="veryHidden"') if name == "xl/workbook.xml" else part
        ),
    )


def macro_type() -> bytes:
    """Return an .xlsx that says in its content types that it carries macros."""
    return replaced(
        xlsx(GOOD),
        lambda name, part: part.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )


def other_office_file() -> bytes:
    """Return a text document as the word processor writes it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    return target.getvalue()


def with_meta(schema: str, version: str) -> bytes:
    """Return a workbook that says it is made from a template."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Sample")
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, GOOD)
    meta = book.add_worksheet("_meta")
    meta.very_hidden()
    meta.write_column(0, 0, ["schema", "version"])
    meta.write_column(0, 1, [schema, version])
    book.close()
    return target.getvalue()


def cell(position: int, value: Any) -> bytes:
    """Return a workbook with one good row but for one cell."""
    return xlsx([*GOOD[:position], value, *GOOD[position + 1 :]])


def set_cell(address: str, value: Any) -> bytes:
    """Return a workbook with one good row and one more cell."""
    return xlsx(GOOD, edit=lambda book, sheet: sheet.__setitem__(address, value))


def encrypted_flag() -> bytes:
    """Return a zip whose entries are marked as locked with a password."""
    data = bytearray(xlsx(GOOD))
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    return bytes(data)


def twice_the_same_part() -> bytes:
    """Return a zip that holds its sheet twice, so that two programs may read two contents."""
    target = io.BytesIO(xlsx(GOOD))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return target.getvalue()


def merged(book: Any, sheet: Any) -> None:
    """Merge two cells of the data."""
    sheet.merge_cells("A2:A3")


def hide_row(book: Any, sheet: Any) -> None:
    """Hide the row of data."""
    sheet.row_dimensions[2].hidden = True


def hide_column(book: Any, sheet: Any) -> None:
    """Hide the column of quantities."""
    sheet.column_dimensions["C"].hidden = True


# Refused as a whole: name, content, code.
WHOLE: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("nothing", "a.xlsx", lambda: b"", "empty_file"),
    ("only blanks", "a.csv", lambda: b"\xef\xbb\xbf\r\n \r\n", "empty_file"),
    ("more than 20 MB", "a.csv", lambda: b"a," * (11 << 20), "file_too_large"),
    ("old .xls", "a.xls", lambda: OLE, "old_xls"),
    ("old .xls renamed", "a.xlsx", lambda: OLE, "old_xls"),
    ("locked with a password", "a.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("locked zip", "a.xlsx", encrypted_flag, "encrypted"),
    ("macros by name", "a.xlsm", lambda: xlsx(GOOD), "macros"),
    (
        "macros inside",
        "a.xlsx",
        lambda: replaced(xlsx(GOOD), lambda n, p: p, {"xl/vbaProject.bin": b"x"}),
        "macros",
    ),
    ("macros by content type", "a.xlsx", macro_type, "macros"),
    ("picture called .xlsx", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 99, "not_a_spreadsheet"),
    ("web page called .xlsx", "a.xlsx", lambda: b"<html><table><tr><td>Code", "not_a_spreadsheet"),
    ("csv called .xlsx", "a.xlsx", csv_file, "not_a_spreadsheet"),
    ("xlsx called .csv", "a.csv", lambda: xlsx(GOOD), "not_a_spreadsheet"),
    ("text document called .xlsx", "a.xlsx", other_office_file, "not_a_spreadsheet"),
    ("program", "a.exe", lambda: b"MZ" + b"x" * 99, "wrong_file_type"),
    ("no ending", "table", lambda: b"a,b", "wrong_file_type"),
    ("cut in the middle", "a.xlsx", lambda: xlsx(GOOD)[:3000], "damaged_file"),
    ("not a zip", "a.xlsx", lambda: b"PK\x03\x04" + b"\xff" * 500, "damaged_file"),
    ("the same part twice", "a.xlsx", twice_the_same_part, "damaged_file"),
    ("broken XML", "a.xlsx", lambda: sheet_xml(xlsx(GOOD), b"</sheetData>", b"</sheet>"), "damaged_file"),
    (
        "row that is no number",
        "a.xlsx",
        lambda: sheet_xml(xlsx(GOOD), b'<row r="2"', b'<row r="' + b"9" * 5000 + b'"'),
        "damaged_file",
    ),
    ("billion laughs in the sheet", "a.xlsx", lambda: laughs("xl/worksheets/sheet1.xml"), "document_type"),
    ("billion laughs in the strings", "a.xlsx", lambda: laughs("xl/sharedStrings.xml"), "document_type"),
    ("billion laughs in the workbook", "a.xlsx", lambda: laughs("xl/workbook.xml"), "document_type"),
    ("document type behind a comment", "a.xlsx", late_laughs, "document_type"),
    ("zip bomb", "a.xlsx", zip_bomb, "zip_bomb"),
    (
        "1,500 parts",
        "a.xlsx",
        lambda: replaced(xlsx(GOOD), lambda n, p: p, {f"x/{n}": b"" for n in range(1500)}),
        "too_many_parts",
    ),
    ("one cell at XFD1048576", "a.xlsx", lambda: set_cell("XFD1048576", 1), "too_many_rows"),
    ("one cell at XFD2", "a.xlsx", lambda: set_cell("XFD2", 1), "too_many_columns"),
    ("1,000,000 rows", "a.xlsx", million_rows, "too_many_rows"),
    ("60,000 lines", "a.csv", lambda: csv_file(*["1"] * 60_000), "too_many_rows"),
    ("line of 70 columns", "a.csv", lambda: csv_file("," * 69 + "x"), "too_many_columns"),
    (
        "33 million characters",
        "a.xlsx",
        lambda: xlsx(*[["x" * 32_000] * 6 for _ in range(180)]),
        "too_much_text",
    ),
    ("UTF-16 with mark", "a.csv", lambda: csv_file(encoding="utf-16"), "utf16"),
    ("UTF-16 without mark", "a.csv", lambda: csv_file(encoding="utf-16-le"), "utf16"),
    ("zero byte", "a.csv", lambda: csv_file("A\x00B,x"), "nul_bytes"),
    ("neither encoding", "a.csv", lambda: b"Code,\xff\xff\x80\n1,2", "unknown_encoding"),
    ("quotation mark not closed", "a.csv", lambda: csv_file('"A,Tent,1', "B,x,2"), "broken_csv"),
    ("a cell of 200,000 characters", "a.csv", lambda: csv_file('"' + "x" * 200_000 + '"'), "broken_csv"),
    ("only hidden sheets", "a.xlsx", hidden_sheets, "no_sheet"),
    (
        "blank sheet",
        "a.xlsx",
        lambda: replaced(
            xlsx(), lambda n, p: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", p, flags=re.DOTALL)
        ),
        "no_rows",
    ),
]

# Read, then found faulty: name, content, (code, row, column) that must be among the faults.
CELLS: list[tuple[str, str, Callable[[], bytes], tuple[str, int, str]]] = [
    ("headings only", "a.xlsx", xlsx, ("no_rows", 0, "")),
    ("no headings", "a.csv", lambda: b"1,2\n3,4\n", ("no_headings", 0, "")),
    (
        "a heading is missing",
        "a.csv",
        lambda: b"Code,Unit,Name of the goods\nA,tent,x\n",
        ("missing_heading", 1, ""),
    ),
    (
        "unknown heading",
        "a.csv",
        lambda: b"Code,Quantity,Unit,Colour\nA,1,tent,red\n",
        ("unknown_heading", 1, "Colour"),
    ),
    (
        "heading twice",
        "a.csv",
        lambda: b"Code,Quantity,Unit,quantity\nA,1,tent,2\n",
        ("heading_twice", 1, "quantity"),
    ),
    ("template of another kind", "a.xlsx", lambda: with_meta("teams", "1"), ("wrong_template", 0, "")),
    (
        "template of another version",
        "a.xlsx",
        lambda: with_meta("sample", "7"),
        ("other_template_version", 0, ""),
    ),
    (
        "formula with a value",
        "a.xlsx",
        lambda: sheet_xml(cell(2, 41), b"<v>41</v>", b"<f>40+1</f><v>41</v>"),
        ("formula", 2, "Quantity"),
    ),
    ("formula without a value", "a.xlsx", lambda: cell(2, "=40+1"), ("formula", 2, "Quantity")),
    (
        "formula under a prefix",
        "a.xlsx",
        lambda: sheet_xml(
            cell(2, 41),
            b"<v>41</v>",
            b'<x:f xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">1</x:f><v>41</v>',
        ),
        ("formula", 2, "Quantity"),
    ),
    (
        "formula in a csv",
        "a.csv",
        lambda: csv_file("A,=HYPERLINK(0),1,tent"),
        ("formula", 2, "Name of the goods"),
    ),
    (
        "program call in a csv",
        "a.csv",
        lambda: csv_file("A,+cmd|' /C calc'!A0,1,tent"),
        ("formula", 2, "Name of the goods"),
    ),
    ("error value", "a.xlsx", lambda: cell(2, "#N/A"), ("error_value", 2, "Quantity")),
    ("merged cells", "a.xlsx", lambda: xlsx(GOOD, GOOD, edit=merged), ("merged_cells", 2, "Code")),
    ("hidden row", "a.xlsx", lambda: xlsx(GOOD, edit=hide_row), ("hidden_row", 2, "")),
    ("hidden column", "a.xlsx", lambda: xlsx(GOOD, edit=hide_column), ("hidden_column", 1, "Quantity")),
    ("3,000 characters", "a.xlsx", lambda: cell(1, "x" * 3000), ("text_too_long", 2, "Name of the goods")),
    ("21 characters", "a.xlsx", lambda: cell(1, "x" * 21), ("longer_than_allowed", 2, "Name of the goods")),
    (
        "turned reading direction",
        "a.xlsx",
        lambda: cell(1, "a\u202eb"),
        ("invisible_characters", 2, "Name of the goods"),
    ),
    ("zero-width sign in a code", "a.xlsx", lambda: cell(0, "A\u200b1"), ("invisible_characters", 2, "Code")),
    (
        "control character",
        "a.csv",
        lambda: csv_file("A,x\x07,1,tent"),
        ("control_characters", 2, "Name of the goods"),
    ),
    ("two lines", "a.xlsx", lambda: cell(1, "a\nb"), ("line_break", 2, "Name of the goods")),
    ("value under no heading", "a.xlsx", lambda: set_cell("J2", "note"), ("value_without_heading", 2, "J")),
    ("no code", "a.xlsx", lambda: cell(0, None), ("missing_value", 2, "Code")),
    ("blanks for a code", "a.xlsx", lambda: cell(0, "  \u3000"), ("missing_value", 2, "Code")),
    ("yes for a code", "a.xlsx", lambda: cell(0, True), ("not_text", 2, "Code")),
    ("blank in a code", "a.xlsx", lambda: cell(0, "A 1"), ("blank_in_code", 2, "Code")),
    ("18 digits as a number", "a.xlsx", lambda: cell(0, 500110004000000123), ("number_too_long", 2, "Code")),
    ("quantity with a unit", "a.xlsx", lambda: cell(2, "12 tents"), ("not_a_quantity", 2, "Quantity")),
    ("half a tent", "a.xlsx", lambda: cell(2, 12.5), ("not_a_quantity", 2, "Quantity")),
    ("negative", "a.xlsx", lambda: cell(2, -3), ("not_a_quantity", 2, "Quantity")),
    ("zero", "a.xlsx", lambda: cell(2, 0), ("quantity_too_small", 2, "Quantity")),
    ("NaN as text", "a.xlsx", lambda: cell(2, "NaN"), ("not_a_quantity", 2, "Quantity")),
    (
        "NaN as a number",
        "a.xlsx",
        lambda: sheet_xml(cell(2, 41), b"<v>41</v>", b"<v>NaN</v>"),
        ("not_a_quantity", 2, "Quantity"),
    ),
    (
        "1e400 as a number",
        "a.xlsx",
        lambda: sheet_xml(cell(2, 41), b"<v>41</v>", b"<v>1e400</v>"),
        ("not_a_quantity", 2, "Quantity"),
    ),
    ("1e400 as text", "a.csv", lambda: csv_file("A,x,1e400,tent"), ("not_a_quantity", 2, "Quantity")),
    (
        "digits of another script",
        "a.csv",
        lambda: csv_file("A,x,\u0663,tent"),
        ("not_a_quantity", 2, "Quantity"),
    ),
    ("underscore", "a.csv", lambda: csv_file("A,x,1_000,tent"), ("not_a_quantity", 2, "Quantity")),
    ("ten digits", "a.csv", lambda: csv_file("A,x,1234567890,tent"), ("not_a_quantity", 2, "Quantity")),
    ("unknown unit", "a.xlsx", lambda: cell(3, "dozen"), ("not_a_choice", 2, "Unit")),
    ("30 February", "a.xlsx", lambda: cell(4, "2026-02-30"), ("not_a_date", 2, "Expires on")),
    ("month only", "a.xlsx", lambda: cell(4, "2026-11"), ("not_a_date", 2, "Expires on")),
    ("mixed signs", "a.xlsx", lambda: cell(4, "2026-11/23"), ("not_a_date", 2, "Expires on")),
    ("serial number of a day", "a.xlsx", lambda: cell(4, 46349), ("not_a_date", 2, "Expires on")),
    ("year 3000", "a.xlsx", lambda: cell(4, "3000-01-01"), ("date_out_of_range", 2, "Expires on")),
    ("three decimals", "a.xlsx", lambda: cell(5, "12.345"), ("not_an_amount", 2, "Price (yuan)")),
    ("the same row twice", "a.xlsx", lambda: xlsx(GOOD, GOOD), ("duplicate_row", 3, "")),
    (
        "the same code in other width and case",
        "a.csv",
        lambda: csv_file("ab12,x,1,tent", "\uff21\uff22\uff11\uff12,x,1,tent"),
        ("duplicate_row", 3, ""),
    ),
]
