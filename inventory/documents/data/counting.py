"""The papers of a count: the blind sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, Paper

CountRound = Literal["first", "second"]


@dataclass(frozen=True)
class CountLinePaper:
    """One line to count. `key` is 4 to 12 digits, unique on the sheet. There is no field for what the books expect."""

    key: str
    name: Name
    unit: Name
    bin: str = ""
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class CountSheetPaper(Paper):
    """A blind count sheet 盘点表（盲盘）. `counter` is printed where known (a recount names another person)."""

    kind: ClassVar[str] = "count_sheet"
    mark: ClassVar[str] = "C"

    stockpile: Name
    lines: tuple[CountLinePaper, ...]
    issued_at: dt.datetime
    count_round: CountRound = "first"
    counter: str = ""
    demo: bool = False
