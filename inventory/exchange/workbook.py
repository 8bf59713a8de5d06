"""An .xlsx inside the child: looked through as a zip and as XML first, then read with calamine.

calamine gives no hint of formulas, error values, merged or hidden cells, and lays every sheet out as a full
rectangle: one value in XFD1048576 asks it for 512 GB. So the sheet's own XML is walked with expat before, which needs
no memory, stops at the first cell beyond the limits and refuses document types (entity bombs).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.parsers import expat

from inventory.exchange.limits import Limits, Marks, Unreadable

META_SHEET = "_meta"
COPY_SHEET = "copy"
"""The fact of `_meta` that names the sheet of problems in a corrected copy."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 1 << 16


def read(data: bytes, row: Callable[[int, list[Any]], None], marks: Marks, limits: Limits) -> dict[str, Any]:
    """Give every row of the data sheet to `row`; return what else is known about the file.

    That is the sheet's name, the values of `_meta`, the hidden columns, and further visible sheets that hold values.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            look_through(package, limits)
            sheets = visible_sheets(package)
            scan = SheetScan(limits, marks)
            meta_part = dict(sheets).get(META_SHEET)
            if meta_part:
                walk(package, meta_part, SheetScan(Limits(rows=40, columns=4), Marks(0)).start)
            visible = [(name, part) for name, part in sheets if part and name != META_SHEET]
            if not visible:
                raise Unreadable("no_sheet")
            book = opened(data)
            meta = about(book) if meta_part else {}
            # Whoever drags our sheets into another order still means the one we gave out.
            chosen, part_name = next((one for one in visible if one[0] == meta.get("sheet")), visible[0])
            walk(package, part_name, scan.start)
            ours = {meta.get("guide"), meta.get(COPY_SHEET), chosen}
            further = [name for name, part in visible if name not in ours and holds_values(package, part)]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        expat.ExpatError,
        KeyError,
    ) as error:
        raise Unreadable("damaged_file") from error
    read_values(book, chosen, row)
    return {"sheet": chosen, "meta": meta, "hidden_columns": sorted(scan.hidden_columns), "further": further}


def look_through(package: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what need not be unpacked to be refused: locks, bombs, macros, other programs' files."""
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted")
    if len(entries) > limits.parts:
        raise Unreadable("too_many_parts", count=len(entries), limit=limits.parts)
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.unpacked_bytes:
        raise Unreadable("zip_bomb", megabytes=declared >> 20, limit=limits.unpacked_bytes >> 20)
    if len(set(names)) != len(names):
        raise Unreadable("damaged_file")
    if any(name.lower().endswith("vbaproject.bin") or "macrosheets/" in name.lower() for name in names):
        raise Unreadable("macros")
    if "xl/workbook.xml" not in names:
        raise Unreadable("wrong_file_type" if "xl/workbook.bin" in names else "not_a_spreadsheet")
    if "[Content_Types].xml" in names and b"macroEnabled" in head(package, "[Content_Types].xml", 1 << 20):
        raise Unreadable("macros")
    for name in names:
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in head(package, name, 4096).replace(b"\x00", b""):
            raise Unreadable("document_type")


def head(package: zipfile.ZipFile, name: str, size: int) -> bytes:
    """Return the first `size` bytes of a part."""
    with package.open(name) as part:
        return part.read(size)


def walk(
    package: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
) -> None:
    """Call `start` for the elements of a part, chunk by chunk; names come without their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_document_type(*_: Any) -> None:
        raise Unreadable("document_type")

    parser.StartDoctypeDeclHandler = refuse_document_type
    bare: dict[str, str] = {}

    def begin(element: str, facts: dict[str, str]) -> None:
        name = bare.get(element)
        if name is None:
            name = bare[element] = element.rpartition(" ")[2]
        start(name, facts)

    parser.StartElementHandler = begin
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def visible_sheets(package: zipfile.ZipFile) -> list[tuple[str, str | None]]:
    """Return the sheets in order with their parts; None for hidden sheets, but the `_meta` sheet keeps its part."""
    found: list[tuple[str, str, bool]] = []
    targets: dict[str, str] = {}

    def sheet(element: str, facts: dict[str, str]) -> None:
        if element == "sheet":
            link = next((value for key, value in facts.items() if key.rpartition(" ")[2] == "id"), "")
            found.append((facts.get("name", ""), link, facts.get("state", "visible") == "visible"))

    def relation(element: str, facts: dict[str, str]) -> None:
        if element == "Relationship" and facts.get("Type", "").endswith("/worksheet"):
            target = facts.get("Target", "")
            targets[facts.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    walk(package, "xl/workbook.xml", sheet)
    walk(package, "xl/_rels/workbook.xml.rels", relation)
    names = [name for name, _, _ in found]
    if len(set(names)) != len(names):
        raise Unreadable("damaged_file")
    return [(name, targets.get(link) if seen or name == META_SHEET else None) for name, link, seen in found]


@cache
def column_number(name: str) -> int:
    """Return the column of its letters, counted from 0: A is 0, XFD is 16383."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


class SheetScan:
    """What the XML of a sheet tells beyond its values; refuses the first value outside the limits."""

    def __init__(self, limits: Limits, marks: Marks) -> None:
        self.limits = limits
        self.marks = marks
        self.hidden_columns: set[int] = set()
        self.row = 0
        self.column = -1
        self.row_hidden = False
        self.row_marked = False
        self.error = False

    def start(self, element: str, facts: dict[str, str]) -> None:
        """Take note of one element of the sheet."""
        if element == "c":
            self.cell(facts)
        elif element in ("v", "is"):
            self.value()
        elif element == "f":
            self.value()
            self.marks.add("formula", self.row, self.column)
        elif element == "row":
            self.row = int(facts["r"]) if facts.get("r", "").isdecimal() else self.row + 1
            self.column = -1
            self.row_hidden = facts.get("hidden") in ("1", "true") or facts.get("ht") in (
                "0",
                "0.0",
            )
            self.row_marked = False
        elif element == "mergeCell":
            self.merged(facts.get("ref", ""))
        elif element == "col" and (facts.get("hidden") in ("1", "true") or facts.get("width") == "0"):
            first, last = int(facts.get("min", "1")), int(facts.get("max", "1"))
            self.hidden_columns.update(range(first - 1, min(last, self.limits.columns)))

    def cell(self, facts: dict[str, str]) -> None:
        """Remember where the next value stands; cells without an address follow one another."""
        match = _CELL.fullmatch(facts.get("r", ""))
        if match:
            name, row = match.groups()
            self.column, self.row = column_number(name), int(row)
        else:
            self.column += 1
        self.error = facts.get("t") == "e"

    def value(self) -> None:
        """Check the place of a cell that holds something; a cell that has only a format counts for nothing."""
        if self.row > self.limits.rows:
            raise Unreadable("too_many_rows", row=self.row, limit=self.limits.rows)
        if self.column >= self.limits.columns:
            raise Unreadable("too_many_columns", column=self.column + 1, limit=self.limits.columns)
        if self.error:
            self.marks.add("error_value", self.row, self.column)
            self.error = False
        if self.row_hidden and not self.row_marked:
            self.marks.add("hidden_row", self.row, -1)
            self.row_marked = True

    def merged(self, area: str) -> None:
        """Mark the first cell of a merged area; `to_row` tells where it ends."""
        match = re.fullmatch(rf"{_CELL.pattern}:{_CELL.pattern}", area)
        if match:
            row, column, to_row = (
                int(match.group(2)),
                column_number(match.group(1)),
                int(match.group(4)),
            )
            self.marks.add("merged_cells", row, column, area=area, to_row=to_row)


class _ValueFound(Exception):
    """Ends the walk through a sheet at its first value."""


def holds_values(package: zipfile.ZipFile, part: str) -> bool:
    """Return whether anything stands in a sheet."""

    def start(element: str, facts: dict[str, str]) -> None:
        if element in ("v", "is", "f"):
            raise _ValueFound

    try:
        walk(package, part, start)
    except _ValueFound:
        return True
    return False


def opened(data: bytes) -> Any:
    """Open the workbook with calamine, after it was looked through."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise Unreadable("damaged_file") from error


def about(book: Any) -> dict[str, str]:
    """Return what the `_meta` sheet says: key and value, as text."""
    from python_calamine import CalamineError

    try:
        told = book.get_sheet_by_name(META_SHEET).to_python()
    except CalamineError as error:
        raise Unreadable("damaged_file") from error
    return {str(line[0])[:40]: str(line[1])[:200] for line in told if len(line) >= 2 and line[0] != ""}


def read_values(book: Any, sheet: str, row: Callable[[int, list[Any]], None]) -> None:
    """Read the values with calamine, row by row."""
    from python_calamine import CalamineError

    try:
        values = book.get_sheet_by_name(sheet)
    except CalamineError as error:
        raise Unreadable("damaged_file") from error
    # calamine keeps the blank rows above the used area but not the blank columns left of it.
    left: list[Any] = [""] * (values.start[1] if values.start else 0)
    for number, cells in enumerate(values.iter_rows(), start=1):
        row(number, left + cells)
