"""Tables over many pages: heads repeated, sums carried forward, exact page counts, long cells split and never cut.

Rows are measured once. Quantities of different goods are never summed: only packages and weight are, and a sum with
an unknown part says "at least". The last two rows move with what closes the table (signatures), so that nobody signs
a page without goods on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from inventory.documents.drawing.blocks import BOTTOM, MARGIN, PADDING, Flow
from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import BLACK, MM, RULE, SHADE, SOFT, STRIPE, Align, Sheet
from inventory.documents.drawing.fonts import Role
from inventory.documents.drawing.wording import AT_LEAST

LINES_MAX = 14
FIT_MAX = 1.7
HEAD_HEIGHT = 11 * MM
ENDING_ROWS = 2
TITLE_ROOM = 12 * MM

DrawCell = Callable[[Sheet, float, float, float, float], None]
"""Draws a cell itself: sheet, left, top, width, height."""


@dataclass(frozen=True)
class Column:
    """A column: its label's key in forms.toml, its width in mm, how its values stand, and how it is summed if it is.

    `fit` sets a text that is a little too long for one line (a unit, an amount) smaller instead of breaking it. A
    line end in the label's text breaks it; the table then needs a higher head. `head` are lines that stand in the
    head instead of a text of the form: a column may be named by a value of the paper.
    """

    label: str
    width_mm: float
    align: Align = "left"
    role: Role = "table"
    summed: Callable[[int], str] | None = None
    size: float | None = None
    fit: bool = False
    head: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Return the width in points."""
        return self.width_mm * MM


@dataclass(frozen=True)
class Row:
    """A row: its texts, the numbers of summed columns by position (None = unknown), cells that draw themselves."""

    cells: tuple[str, ...]
    sums: dict[int, int | None]
    drawn: dict[int, DrawCell]


@dataclass(frozen=True)
class _Piece:
    """A row, or a part of a long one, measured."""

    height: float
    lines: list[list[str]]
    row: Row
    first: bool
    stripe: bool


class Table:
    """A table to be put into a flow."""

    def __init__(
        self,
        columns: list[Column],
        rows: list[Row],
        *,
        size: float = 8.5,
        row_height: float = 7.2 * MM,
        head_height: float = HEAD_HEIGHT,
        striped: bool = False,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.size = size
        self.row_height = row_height
        self.striped = striped
        self.leading = size * 1.22
        self.head_height = head_height
        self.width = sum(column.width for column in columns)
        self.has_sums = any(column.summed for column in columns)
        self._segment: list[tuple[float, _Piece]] = []
        self._sum_rows: list[tuple[float, str, list[str]]] = []
        self._top = 0.0

    def put(self, flow: Flow, *, closing_height: float = 0.0) -> None:
        """Put the table; `closing_height` is that of what must stand on the page of the last two rows."""
        pieces = self._measured(flow)
        totals: list[tuple[int, bool]] = [(0, True)] * len(self.columns)
        sum_height = self.row_height if self.has_sums else 0.0
        below = list(itertools.accumulate(piece.height for piece in reversed(pieces)))[::-1]
        flow.need(self._opening(flow, pieces, closing_height))
        self._open(flow)
        for number, piece in enumerate(pieces):
            # Two rows from the end the rest must fit as one, unless a fresh page would not hold it either.
            tail = below[number] + sum_height + closing_height
            fresh = flow.top - BOTTOM - self.head_height - sum_height
            ends = number >= len(pieces) - 2 and flow.room < tail and (number == len(pieces) - 2 or len(pieces) == 1)
            if flow.room < piece.height + sum_height or (ends and tail <= fresh and self._segment):
                self._close(flow, "common.carried_forward", totals)
                flow.break_page()
                self._open(flow)
                if self.has_sums and number:
                    self._sum_row(flow, "common.brought_forward", totals)
            self._segment.append((flow.y, piece))
            flow.y -= piece.height
            if piece.first:
                totals = [
                    _added(total, piece.row.sums[position]) if position in piece.row.sums else total
                    for position, total in enumerate(totals)
                ]
        self._close(flow, "common.total", totals)

    def opening_height(self, flow: Flow, *, closing_height: float = 0.0) -> float:
        """Return the height without which the table begins on a fresh page; a title before it needs it too."""
        return self._opening(flow, self._measured(flow), closing_height)

    def _opening(self, flow: Flow, pieces: list[_Piece], closing_height: float) -> float:
        """Return the height of the head with the first row, or of a table of one or two with what closes it.

        A head alone at the foot of a page says nothing, and nobody signs a page without a row.
        """
        sums = self.row_height if self.has_sums else 0.0
        first = pieces[0].height + sums if pieces else 0.0
        least = self.head_height + max(2 * self.row_height, first)
        whole = self.head_height + sum(piece.height for piece in pieces) + sums + closing_height
        fits = len(pieces) <= ENDING_ROWS and whole + TITLE_ROOM <= flow.top - BOTTOM
        return max(least, whole) if fits else least

    def _measured(self, flow: Flow) -> list[_Piece]:
        pieces = []
        for number, row in enumerate(self.rows):
            cells = [self._cell_lines(flow, text, column) for text, column in zip(row.cells, self.columns, strict=True)]
            longest = max(len(cell) for cell in cells)
            for start in range(0, longest, LINES_MAX):
                part = [cell[start : start + LINES_MAX] for cell in cells]
                most = max(len(cell) for cell in part)
                height = max(self.row_height, most * self.leading + 2 * PADDING)
                stripe = self.striped and number % 2 == 1
                pieces.append(_Piece(height, part, row, start == 0, stripe))
        return pieces

    def _cell_lines(self, flow: Flow, text: str, column: Column) -> list[str]:
        size, room = column.size or self.size, column.width - 2 * PADDING
        if column.fit and flow.fonts.width(text, column.role, size) <= room * FIT_MAX:
            return [text]
        return broken(text, flow.fonts, column.role, size, room)

    def _open(self, flow: Flow) -> None:
        self._top = flow.y
        self._segment, self._sum_rows = [], []
        flow.y -= self.head_height

    def _sum_row(self, flow: Flow, label: str, totals: list[tuple[int, bool]]) -> None:
        words = f"{flow.wording.text(label)} {flow.wording.other.text(label)}"
        texts = [
            ("" if exact else AT_LEAST) + column.summed(total) if column.summed else ""
            for column, (total, exact) in zip(self.columns, totals, strict=True)
        ]
        self._sum_rows.append((flow.y, words, texts))
        flow.y -= self.row_height

    def _close(self, flow: Flow, label: str, totals: list[tuple[int, bool]]) -> None:
        if self.has_sums:
            self._sum_row(flow, label, totals)
        top, bottom = self._top, flow.y
        segment, sum_rows = self._segment, self._sum_rows
        flow.pages[-1].append(lambda sheet: self._draw(sheet, flow, top, bottom, segment, sum_rows))

    def _draw(
        self,
        sheet: Sheet,
        flow: Flow,
        top: float,
        bottom: float,
        segment: list[tuple[float, _Piece]],
        sum_rows: list[tuple[float, str, list[str]]],
    ) -> None:
        self._draw_head(sheet, flow, top)
        for y, piece in segment:
            self._draw_piece(sheet, y, piece)
        for y, words, texts in sum_rows:
            base = y - self.row_height / 2 - self.size * 0.35
            sheet.text(MARGIN + PADDING, base, words, "hei", self.size)
            x = MARGIN
            for column, text in zip(self.columns, texts, strict=True):
                room = column.width - 2 * PADDING
                sheet.fitted(x + PADDING, base, text, "hei", self.size, width=room, align="right")
                x += column.width
        self._draw_rules(sheet, top, bottom, segment, [y for y, _, _ in sum_rows])

    def _draw_head(self, sheet: Sheet, flow: Flow, top: float) -> None:
        sheet.box(MARGIN, top - self.head_height, self.width, self.head_height, fill=SHADE)
        x, middle = MARGIN, top - self.head_height / 2
        for column in self.columns:
            room = column.width - 1 * MM
            large = list(column.head) or flow.wording.text(column.label).split("\n")
            small = [] if column.head else flow.wording.other.text(column.label).split("\n")
            left, size = x + 0.5 * MM, self.size - 2.5
            # One line of each stands as ever; every further one pushes the two apart by half its height.
            base = middle + 0.8 * MM + ((len(large) - 1) * self.leading + (len(small) - 1) * size * 1.15) / 2
            for text in large:
                sheet.fitted(left, base, text, "hei", self.size, width=room, align="centre")
                base -= self.leading
            base += self.leading - 4.0 * MM
            for text in small:
                sheet.fitted(left, base, text, "table", size, width=room, align="centre", colour=SOFT)
                base -= size * 1.15
            x += column.width

    def _draw_piece(self, sheet: Sheet, y: float, piece: _Piece) -> None:
        if piece.stripe:
            sheet.box(MARGIN, y - piece.height, self.width, piece.height, fill=STRIPE)
        x = MARGIN
        for position, (column, lines) in enumerate(zip(self.columns, piece.lines, strict=True)):
            if position in piece.row.drawn and piece.first:
                piece.row.drawn[position](sheet, x, y, column.width, piece.height)
            size = column.size or self.size
            base = y - (piece.height - len(lines) * self.leading) / 2 - self.size * 0.98
            for text in lines:
                if text:
                    room = column.width - 2 * PADDING
                    draw = sheet.fitted if column.fit else sheet.text
                    draw(x + PADDING, base, text, column.role, size, align=column.align, width=room)
                base -= self.leading
            x += column.width

    def _draw_rules(
        self,
        sheet: Sheet,
        top: float,
        bottom: float,
        segment: list[tuple[float, _Piece]],
        sum_tops: list[float],
    ) -> None:
        edges = {top, bottom, top - self.head_height, *sum_tops, *(y for y, _ in segment)}
        lines = [(MARGIN, y, MARGIN + self.width, y) for y in sorted(edges, reverse=True)]
        # In a row of sums the label runs over the columns before the first sum: no vertical lines there.
        spans, start = [], top
        for y in sorted(sum_tops, reverse=True):
            spans.append((start, y))
            start = y - self.row_height
        spans.append((start, bottom))
        first_sum = next((n for n, column in enumerate(self.columns) if column.summed), 0)
        x = MARGIN
        for number, column in enumerate(self.columns[:-1], 1):
            x += column.width
            over = [(top, bottom)] if number >= first_sum else spans
            lines += [(x, upper, x, lower) for upper, lower in over if upper > lower]
        sheet.lines(lines, thick=0.4, colour=RULE)
        sheet.box(MARGIN, bottom, self.width, top - bottom, thick=1.0, colour=BLACK)


def _added(total: tuple[int, bool], number: int | None) -> tuple[int, bool]:
    """Return the sum and whether it is exact."""
    return (total[0], False) if number is None else (total[0] + number, total[1])
