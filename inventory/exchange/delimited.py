"""CSV as Excel, WPS and the bureau's other programs write it: UTF-8, UTF-16 or GB18030, by comma, tab or semicolon.

UTF-8 text decodes as GB18030 without an error, into nonsense; so UTF-8 is tried first and strictly. UTF-16 is what
Excel calls Unicode text; without its mark it is known by the zero in every second byte of its ASCII signs.
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


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of the file and its encoding, as Python names it; raises `Unreadable`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        # ASCII in UTF-16 without a mark has a zero in every second byte; anything else with zeros is no text at all.
        head = data[:2000]
        first, second = head[0::2].count(0), head[1::2].count(0)
        if max(first, second) * 5 <= len(head):
            raise Unreadable("nul_bytes")
        encodings = ["utf-16-be" if first > second else "utf-16-le"]
    else:
        encodings = ["utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable("unknown_encoding")


def delimiter(text: str) -> str:
    """Return the sign that splits the first line with text, comma when there is none."""
    first = next((line for line in text[:20_000].splitlines() if line.strip()), "")
    return max(",\t;", key=first.count)


def read(data: bytes, row: Callable[[int, list[Any]], None], marks: Marks) -> dict[str, str]:
    """Give every record to `row`, numbered as in a spreadsheet program; return the encoding and the delimiter."""
    text, encoding = decode(data)
    if "\x00" in text:
        raise Unreadable("nul_bytes")
    number, split = 0, delimiter(text)
    # Strict: a quotation mark that is never closed would swallow the rest of the file into one cell.
    records = csv.reader(io.StringIO(text, newline=""), delimiter=split, strict=True)
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
    return {"encoding": encoding, "delimiter": split}
