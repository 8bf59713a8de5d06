"""The limits under which foreign files are read; shared by the parent (`reading`) and the child (`worker`).

Only the standard library is imported here: the child starts with it before its memory is limited.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one file may ask of the machine. A file beyond a limit is refused, never cut."""

    upload_bytes: int = 20 * 1024 * 1024
    """Size of the file as sent."""

    unpacked_bytes: int = 256 * 1024 * 1024
    """Declared size of all parts of an .xlsx together, compared before anything is unpacked."""

    parts: int = 1000
    """Number of parts (zip entries) in an .xlsx."""

    rows: int = 100_100
    """Number of the last row with a value."""

    columns: int = 64
    """Number of the last column with a value."""

    cell_characters: int = 2_000
    """Characters in one cell."""

    text_characters: int = 32 * 1024 * 1024
    """Characters in all cells together."""

    marks: int = 1_000
    """Faulty cells told one by one; the rest are only counted."""

    memory_bytes: int = 512 * 1024 * 1024
    """Address space of the child."""

    seconds: int = 20
    """Wall time and processor time of the child."""


class Unreadable(Exception):
    """Raised inside the child: the file as a whole cannot be read. `code` is a fault code."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Mark:
    """A cell that no table of ours may hold: a formula, an error value, a merged, hidden or unprintable cell.

    `row` counts from 1, `column` from 0; column -1 means the whole row.
    """

    code: str
    row: int
    column: int
    facts: dict[str, str | int]


class Marks:
    """The marks of one file: the first `limit` are kept, all are counted."""

    def __init__(self, limit: int) -> None:
        self.kept: list[Mark] = []
        self.count = 0
        self.limit = limit

    def add(self, code: str, row: int, column: int, **facts: str | int) -> None:
        """Keep or count one mark."""
        self.count += 1
        if len(self.kept) < self.limit:
            self.kept.append(Mark(code, row, column, facts))


def letters(column: int) -> str:
    """Return the letters by which a spreadsheet names a column counted from 0: 0 is A, 16383 is XFD."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
