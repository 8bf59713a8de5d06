"""CSV as Excel, WPS and the bureau's other programs write it: UTF-8 or GB18030, split by comma, tab or semicolon.

UTF-8 text decodes as GB18030 without an error, into nonsense; so UTF-8 is tried first and strictly. UTF-16 is refused
by name, because the remedy (save again as UTF-8) is simple once one knows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from inventory.exchange.limits import Marks, Unreadable

# What a spreadsheet program would calculate when it opens the file. A sign alone is a sign.
_FORMULA = re.compile(r"=|[@+\-](?=.*[(!|])")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20])")


def decode(data: bytes) -> str:
    """Return the text of the file; raises `Unreadable`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("utf16")
    if b"\x00" in data:
        # ASCII in UTF-16 without a mark has a zero in every second byte; anything else with zeros is no text at all.
        head = data[:2000]
        halves = (head[0::2].count(0), head[1::2].count(0))
        raise Unreadable("utf16" if max(halves) * 5 > len(head) else "nul_bytes")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("unknown_encoding")


def delimiter(text: str) -> str:
    """Return the sign that splits the first line with text, comma when there is none."""
    first = next((line for line in text[:20_000].splitlines() if line.strip()), "")
    return max(",\t;", key=first.count)


def read(data: bytes, row: Callable[[int, list[Any]], None], marks: Marks) -> None:
    """Give every record to `row`; its number counts records, as the row number does in a spreadsheet program."""
    text = decode(data)
    number = 0
    # Strict: a quotation mark that is never closed would swallow the rest of the file into one cell.
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        for number, record in enumerate(records, start=1):
            for column, value in enumerate(record):
                if _GUARDED.match(value):
                    # Our own export put the apostrophe there, so that the text is not calculated.
                    record[column] = value[1:]
                elif _FORMULA.match(value.lstrip()):
                    marks.add("formula", number, column)
            row(number, record)
    except csv.Error as error:
        raise Unreadable("broken_csv", row=number + 1) from error
