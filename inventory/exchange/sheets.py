"""Writing single cells and sheets safely with xlsxwriter: what templates, exports and corrected copies share.

Text is always written as text: a name that begins with "=" must never become a formula in somebody's spreadsheet. An
.xlsx has a type for that; in CSV an apostrophe goes before it, which our own reader takes away again. The bytes
depend on nothing but the arguments, so that the same table is the same file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from inventory.core.errors import Name
from inventory.core.words import tell
from inventory.exchange.workbook import META_SHEET

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
HEADING = {
    **FONT,
    "bold": True,
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "border": 1,
}
CELL_CHARACTERS = 32_767

# A fixed day instead of the clock: the same table is the same file.
_CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# The signs that begin a formula, in both widths, and blanks that hide them; the apostrophe so that it comes back.
_LEADING = re.compile(r"[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_EXACT_INTEGER = 10**15


class Book:
    """An .xlsx under way, with the formats that its cells use."""

    def __init__(self) -> None:
        self.target = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.target,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        self.book.set_properties({"created": _CREATED})
        self.text = self.book.add_format({**FONT, "num_format": "@"})
        self.day = self.book.add_format({**FONT, "num_format": "yyyy-mm-dd"})
        self.number = self.book.add_format(FONT)
        self.heading = self.book.add_format(HEADING)
        self.error = self.book.add_format({**FONT, "font_color": "#B42318", "text_wrap": True, "valign": "top"})
        red = {"bg_color": "#FDE7E5", "font_color": "#B42318"}
        self.wrong = self.book.add_format({**FONT, **red})
        self.wrong_text = self.book.add_format({**FONT, **red, "num_format": "@"})
        self.wrong_day = self.book.add_format({**FONT, **red, "num_format": "yyyy-mm-dd"})
        self.input = self.book.add_format({**FONT, "bg_color": "#FFF8D6", "border": 1, "locked": False})
        self.prose = self.book.add_format({**FONT, "text_wrap": True, "valign": "top"})

    def sheet(self, name: str) -> Any:
        """Add a worksheet; signs that sheet names may not have become blanks, a name used before gets a number."""
        wanted = _NOT_IN_SHEET_NAMES.sub(" ", name).strip()[:28] or "1"
        used = {sheet.get_name().casefold() for sheet in self.book.worksheets()}
        free = wanted if wanted.casefold() not in used else f"{wanted} {len(used) + 1}"
        return self.book.add_worksheet(free)

    def meta(self, facts: Mapping[str, str]) -> None:
        """Add the sheet by which our files know themselves again."""
        sheet = self.book.add_worksheet(META_SHEET)
        sheet.very_hidden()
        for row, (key, value) in enumerate(facts.items()):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, value)

    def headings(self, sheet: Any, headings: Sequence[str]) -> None:
        """Write the first row."""
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self.heading)

    def value(self, sheet: Any, row: int, column: int, value: Any, language: str, *, wrong: bool = False) -> None:
        """Write one value: numbers and days keep their type, everything else is told in words, as text.

        A `wrong` value is drawn in red.
        """
        number, day, text = (
            (self.wrong, self.wrong_day, self.wrong_text) if wrong else (self.number, self.day, self.text)
        )
        if value is None or value == "":
            return
        if isinstance(value, str):
            self.words(sheet, row, column, value, text)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _EXACT_INTEGER:
            sheet.write_number(row, column, value, number)
        elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, dt.datetime) and value.tzinfo is None:
            # The time of a spreadsheet cell: it has no zone, so it is not converted into one.
            self.words(sheet, row, column, value.isoformat(sep=" "), text)
        else:
            self.words(sheet, row, column, tell(value, language), text)

    def words(self, sheet: Any, row: int, column: int, text: str, form: Any) -> None:
        """Write text; what Excel cannot hold in one cell is refused, not cut."""
        if not text.isprintable():
            text = _UNWRITABLE.sub("\ufffd", text)
        if len(text) > CELL_CHARACTERS:
            raise ValueError(f"{len(text)} characters do not fit into one cell")
        sheet.write_string(row, column, text, form)

    def close(self) -> bytes:
        """Return the finished file."""
        self.book.close()
        return self.target.getvalue()


def guarded(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula: an apostrophe before a dangerous first sign."""
    return "'" + text if _LEADING.match(text) else text


def csv_value(value: Any, language: str) -> str:
    """Return one value as CSV holds it: numbers and days in their one spelling, text guarded."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, (bool, dt.date, Name)):
        return guarded(tell(value, language))
    return guarded(_UNWRITABLE.sub("\ufffd", tell(value, language)))
