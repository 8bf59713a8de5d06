"""The child process that reads one foreign file: ``python -m inventory.exchange.worker LIMITS KIND``.

The file comes on standard input, JSON lines leave on standard output: `["row", number, cells]` for every row with a
value, then one `["end", …]`, or `["refused", code, facts]`. Before the first byte is looked at the process gives up
memory beyond the limit, processor time beyond the limit, core files and the writing of files; whatever a hostile file
makes of the parsers ends here and not in the program.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import resource
import sys
from typing import Any

from inventory.exchange.limits import Limits, Marks, Unreadable

# Characters that nobody typed on purpose: controls, marks that turn the direction of reading, zero-width signs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

MEMORY_EXIT = 3


def give_up_rights(limits: Limits) -> None:
    """Limit this process for good: memory, processor time, no files written, no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    # At the lower limit the system says why it ends the process, at the upper one it only ends it.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Output:
    """Writes the rows as JSON lines and keeps the caps on text."""

    def __init__(self, limits: Limits, marks: Marks) -> None:
        self.limits = limits
        self.marks = marks
        self.characters = 0
        self.rows = 0

    def row(self, number: int, values: list[Any]) -> None:
        """Write one row (number from 1) unless it is blank; trailing blanks are dropped."""
        cells = [self.cell(value, number, column) for column, value in enumerate(values)]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return
        if number > self.limits.rows:
            raise Unreadable("too_many_rows", row=number, limit=self.limits.rows)
        if len(cells) > self.limits.columns:
            raise Unreadable("too_many_columns", column=len(cells), limit=self.limits.columns)
        self.rows += 1
        self.line(["row", number, cells])

    def cell(self, value: Any, row: int, column: int) -> Any:
        """Return a value as JSON can carry it: None, text, number, yes/no, or `{"day": …}` and `{"at": …}`."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self.text(value, row, column)
        if isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            # JSON has no word for these; as text they are refused by whatever reads the column.
            return value if math.isfinite(value) else str(value)
        if isinstance(value, dt.datetime):
            return {"at": value.isoformat()}
        if isinstance(value, dt.date):
            return {"day": value.isoformat()}
        return str(value)

    def text(self, value: str, row: int, column: int) -> str | None:
        """Return the text of a cell without blanks around it, marked where it holds what no one can see."""
        value = value.strip()
        self.characters += len(value)
        if self.characters > self.limits.text_characters:
            raise Unreadable("too_much_text", limit=self.limits.text_characters)
        if len(value) > self.limits.cell_characters:
            self.marks.add("text_too_long", row, column, length=len(value), limit=self.limits.cell_characters)
            value = value[: self.limits.cell_characters]
        if value.isascii() and value.isprintable():
            return value or None
        for code, pattern in (
            ("control_characters", _CONTROL),
            ("invisible_characters", _INVISIBLE),
        ):
            found = pattern.search(value)
            if found:
                self.marks.add(code, row, column, character=f"U+{ord(found.group()):04X}")
                value = pattern.sub("", value)
        return value or None

    def line(self, value: Any) -> None:
        """Write one JSON line."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def read(data: bytes, kind: str, limits: Limits) -> None:
    """Read `data` ("xlsx" or "csv") and write its rows; raises `Unreadable`."""
    marks = Marks(limits.marks)
    output = Output(limits, marks)
    about: dict[str, Any] = {"sheet": "", "meta": {}, "hidden_columns": [], "further": []}
    about |= {"encoding": "", "delimiter": ""}
    # The readers are imported only here, under the limits: a parser never runs without them.
    if kind == "csv":
        from inventory.exchange import delimited

        about |= delimited.read(data, output.row, marks)
    else:
        from inventory.exchange import workbook

        about |= workbook.read(data, output.row, marks, limits)
    if not output.rows:
        raise Unreadable("no_rows")
    kept = [[mark.code, mark.row, mark.column, mark.facts] for mark in marks.kept]
    output.line(["end", {**about, "rows": output.rows, "marks": kept, "marks_count": marks.count}])


def main(arguments: list[str]) -> int:
    """Run the child; the exit code is 0 when an answer (rows or a refusal) was written."""
    limits, kind = Limits(**json.loads(arguments[0])), arguments[1]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    give_up_rights(limits)
    try:
        read(sys.stdin.buffer.read(), kind, limits)
    except Unreadable as refusal:
        sys.stdout.write(json.dumps(["refused", refusal.code, refusal.facts]) + "\n")
    except MemoryError:
        return MEMORY_EXIT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
