"""The papers of a count: the blind sheet, and once everything is handed in the report of what differs."""

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


ReportState = Literal["review", "approved", "posted"]
VarianceMark = Literal["found", "not_found", "left_out", "waits_for_recount", "not_posted"]
"""What is known of a line: not in the books, not there, not counted, to be recounted, overtaken by a later count."""


@dataclass(frozen=True)
class VarianceLine:
    """A line that differs, was recounted or is marked; quantities in base units.

    `book` is what the books say of the moment of counting, `first` the first count, `recount` the last one by another
    person; None where there is none. `moved_in` and `moved_out` are what came to and left the shelf between the
    opening of the count and the counting of this line.
    """

    name: Name
    unit: Name
    book: int | None
    first: int | None
    recount: int | None = None
    moved_in: int = 0
    moved_out: int = 0
    bin: str = ""
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None
    marks: tuple[VarianceMark, ...] = ()
    reason: str = ""

    @property
    def difference(self) -> int | None:
        """Return what was counted last less the book, None for what was not counted."""
        counted = self.first if self.recount is None else self.recount
        return None if counted is None or self.book is None else counted - self.book


@dataclass(frozen=True)
class VarianceReportPaper(Paper):
    """A count variance report 盘点差异表: count beside book, after the count was handed in, for three to sign.

    `lines` holds what differs, was recounted or is marked; `lines_total` and `lines_agreeing` say how many lines the
    count had and how many agreed with the book. A count without any difference is reported too.

    Source: book quantity, counted quantity, difference, reason; first count, corrected count and movements during the
    count are kept apart; counter, recounter and approver are three people.
    """

    kind: ClassVar[str] = "variance_report"
    mark: ClassVar[str] = "V"
    needs_lines: ClassVar[bool] = False

    stockpile: Name
    opened_at: dt.datetime
    state: ReportState
    lines_total: int
    lines_agreeing: int
    lines: tuple[VarianceLine, ...]
    count_kind: Name = NO_NAME
    counters: tuple[str, ...] = ()
    recounters: tuple[str, ...] = ()
    approver: str = ""
    approved_at: dt.datetime | None = None
    posted_at: dt.datetime | None = None
    demo: bool = False
