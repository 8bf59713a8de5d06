"""Builders of wrong, hostile and unlucky files, made when the tests run."""

from __future__ import annotations

import io
import re
import warnings
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
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as package:
        warnings.simplefilter("ignore", UserWarning)
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
