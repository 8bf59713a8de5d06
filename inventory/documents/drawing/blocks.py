"""The parts of a working form: head, facts, choices, signature boxes, foot; and pages that flow.

A `Flow` collects what is drawn page by page and draws when all pages are known, so "page 2 of 3" is exact. Nothing
is cut away: a fact too long for its row goes on in further rows, marked as continued.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import BLACK, GREY, MM, RED, RULE, SHADE, SOFT, Sheet
from inventory.documents.drawing.fonts import FontBook, Role
from inventory.documents.drawing.wording import Wording, printed_texts

MARGIN = 12 * MM
TOP = 10 * MM
HEAD = 22 * MM
BOTTOM = 13 * MM
FACT_LINES_MAX = 8
PADDING = 1.2 * MM

Draw = Callable[[Sheet], None]


@dataclass(frozen=True)
class Heading:
    """What stands at the top and foot of every page of a form."""

    title: str
    small_title: str
    subtitle: str
    number: str
    qr_text: str
    foot: str
    foot_middle: str
    demo: str = ""
    copy: str = ""
    """Which of several copies this is, printed over the number."""
    copy_colour: str = BLACK


@dataclass(frozen=True)
class Fact:
    """One labelled value; `share` is its part of the row's width. `choices` are boxes to tick, `ticked` those ticked.

    `label` names a text of the form, or with a point in it ("common.item") a text of another section.
    """

    label: str
    value: str
    share: float
    choices: tuple[str, ...] = ()
    height: float = 0.0
    ticked: tuple[int, ...] = ()


@dataclass(frozen=True)
class SignatureBox:
    """A box to sign: its label and the lines to fill in."""

    label: str
    lines: tuple[str, ...]


@dataclass
class Flow:
    """Pages of a form in the making: `y` is the upper edge of what is still free."""

    wording: Wording
    fonts: FontBook
    page: tuple[float, float]
    heading: Heading
    pages: list[list[Draw]] = field(default_factory=lambda: [[]])
    y: float = 0.0
    drawn: dict[int, list[str]] = field(default_factory=dict)
    """What the bodies of pages were drawn as, by page number, on the one sheet that a flow is for."""
    repeats: bool = False
    """Whether it is drawn again, for which its bodies are remembered."""

    def __post_init__(self) -> None:
        self.y = self.top

    @property
    def top(self) -> float:
        """Return the upper edge of a fresh page's body."""
        return self.page[1] - TOP - HEAD

    @property
    def width(self) -> float:
        """Return the width of the body."""
        return self.page[0] - 2 * MARGIN

    @property
    def room(self) -> float:
        """Return the height still free on this page."""
        return self.y - BOTTOM

    def put(self, height: float, draw: Draw) -> None:
        """Take `height` from this page for `draw`."""
        self.pages[-1].append(draw)
        self.y -= height

    def break_page(self) -> None:
        """Go on with a fresh page."""
        self.pages.append([])
        self.y = self.top

    def need(self, height: float) -> None:
        """Break the page unless `height` is free on it."""
        if self.room < height:
            self.break_page()

    def gap(self, height: float) -> None:
        """Leave white space."""
        self.y -= height

    def draw(self, sheet: Sheet) -> None:
        """Draw all pages, each with its head and foot; drawn again (another copy), the bodies are repeated."""
        for number, parts in enumerate(self.pages, 1):
            sheet.size(self.page)
            self._head(sheet)
            if number in self.drawn:
                sheet.repeat(self.drawn[number])
            else:
                written = sheet.recorded(parts)
                if self.repeats:
                    self.drawn[number] = written
            self._foot(sheet, number)
            sheet.end_page()

    def _head(self, sheet: Sheet) -> None:
        heading, (width, height) = self.heading, self.page
        top = height - TOP
        if heading.demo:
            sheet.watermark(heading.demo, self.page)
        sheet.code(MARGIN, top - 20 * MM, 20 * MM, heading.qr_text, "qr")
        side = 46 * MM
        if heading.number.isascii():
            drawn = sheet.bars(width - MARGIN - side, top - 10 * MM, 9 * MM, heading.number, width_max=side)
        else:
            # Code 128 holds ASCII only; the number's signed form is in the QR code.
            drawn = side
            sheet.box(width - MARGIN - side, top - 14.4 * MM, side, 14 * MM, thick=0.6, colour=RULE)
        y_number = top - 13.6 * MM if heading.number.isascii() else top - 8.6 * MM
        size = 8 if heading.number.isascii() else 11
        frame = 1 if heading.number.isascii() else 2 * MM
        left, room = width - MARGIN - side + frame, drawn - 2 * frame
        sheet.fitted(left, y_number, heading.number, "hei", size, width=room, align="centre")
        if heading.copy:
            left = width - MARGIN - 2 * side
            text, at = heading.copy, top + 3 * MM
            sheet.fitted(left, at, text, "hei", 9, width=2 * side, align="right", colour=heading.copy_colour)
        titles: tuple[tuple[float, str, Role, float, str], ...] = (
            (6.2 * MM, heading.title, "title", 18.0, BLACK),
            (11.4 * MM, heading.small_title, "table", 9.0, SOFT),
            (16.6 * MM, heading.subtitle, "table", 8.5, BLACK),
        )
        for y, text, role, text_size, colour in titles:
            # Centred on the page where there is room, else between the two codes.
            left, room = MARGIN + side + 4 * MM, width - 2 * MARGIN - 2 * side - 8 * MM
            if sheet.fonts.width(text, role, text_size) > room:
                left, room = MARGIN + 24 * MM, width - 2 * MARGIN - 24 * MM - side - 4 * MM
            sheet.fitted(left, top - y, text, role, text_size, width=room, align="centre", colour=colour)
        if heading.demo:
            sheet.fitted(
                width - MARGIN - side,
                top - 19 * MM,
                heading.demo,
                "hei",
                9,
                width=side,
                align="centre",
                colour=RED,
            )

    def _foot(self, sheet: Sheet, number: int) -> None:
        heading, width = self.heading, self.page[0]
        right = 52 * MM
        middle = (width - 2 * MARGIN - right) * 0.55
        sheet.lines([(MARGIN, 9.5 * MM, width - MARGIN, 9.5 * MM)], thick=0.4)
        sheet.fitted(MARGIN, 5.6 * MM, heading.foot, "table", 7, width=middle - 2 * MM, colour=GREY)
        sheet.fitted(
            MARGIN + middle, 5.6 * MM, heading.foot_middle, "table", 7,
            width=width - 2 * MARGIN - right - middle, align="centre", colour=GREY,
        )  # fmt: skip
        pages = len(self.pages)
        text = self.wording.text("common.page", page=number, pages=pages)
        other = self.wording.other.text("common.page", page=number, pages=pages)
        sheet.text(MARGIN, 5.6 * MM, f"{text}  {other}", "table", 8, align="right", width=width - 2 * MARGIN)


def put_facts(
    flow: Flow,
    rows: list[list[Fact]],
    *,
    form: str,
    row_height: float = 8.4 * MM,
    size: float = 8.5,
    label_width: float = 22 * MM,
) -> None:
    """Put a frame of labelled values; labels are texts of `form` in both languages, values flow on if long."""
    leading = size * 1.25
    started = flow.y

    def close() -> None:
        top, bottom = started, flow.y
        if top > bottom:
            flow.pages[-1].append(lambda sheet: sheet.box(MARGIN, bottom, flow.width, top - bottom, thick=1.0))

    for row in rows:
        parts = _split_facts(row, flow, size, label_width)
        for number, lines in enumerate(parts):
            most = max(len(cell) for cell in lines)
            height = max(row_height, most * leading + 2 * PADDING, *(fact.height for fact in row))
            if flow.room < height:
                close()
                flow.break_page()
                started = flow.y
            flow.put(height, _fact_row(flow, row, lines, flow.y, height, form, size, label_width, number > 0))
    close()


def facts_height(
    flow: Flow,
    rows: list[list[Fact]],
    *,
    row_height: float = 8.4 * MM,
    size: float = 8.5,
    label_width: float = 22 * MM,
) -> float:
    """Return the height of a frame of labelled values on one page."""
    total = 0.0
    for row in rows:
        for lines in _split_facts(row, flow, size, label_width):
            most = max(len(cell) for cell in lines)
            total += max(row_height, most * size * 1.25 + 2 * PADDING, *(fact.height for fact in row))
    return total


def _split_facts(row: list[Fact], flow: Flow, size: float, label_width: float) -> list[list[list[str]]]:
    """Return the lines of each cell of a row, in pieces of at most `FACT_LINES_MAX` lines."""
    cells = [
        broken(fact.value, flow.fonts, "table", size, flow.width * fact.share - label_width - 2 * PADDING)
        for fact in row
    ]
    longest = max(len(cell) for cell in cells)
    return [[cell[start : start + FACT_LINES_MAX] for cell in cells] for start in range(0, longest, FACT_LINES_MAX)]


def _fact_row(
    flow: Flow,
    row: list[Fact],
    lines: list[list[str]],
    y: float,
    height: float,
    form: str,
    size: float,
    label_width: float,
    continued: bool,
) -> Draw:
    wording = flow.wording

    def draw(sheet: Sheet) -> None:
        x = MARGIN
        for fact, cell in zip(row, lines, strict=True):
            width = flow.width * fact.share
            sheet.box(x, y - height, label_width, height, fill="#F2F4F7")
            sheet.box(x, y - height, width, height, thick=0.4, colour=RULE)
            sheet.lines([(x + label_width, y, x + label_width, y - height)], thick=0.4, colour=RULE)
            key = fact.label if "." in fact.label else f"{form}.{fact.label}"
            label = wording.text(key)
            if continued:
                label += wording.text("common.continued")
            room = label_width - 2 * PADDING
            middle = y - height / 2
            sheet.fitted(x + PADDING, middle + 0.5 * MM, label, "hei", size - 0.5, width=room)
            small = wording.other.text(key)
            sheet.fitted(x + PADDING, middle - 2.7 * MM, small, "table", size - 3, width=room, colour=SOFT)
            leading = size * 1.25
            base = middle + len(cell) * leading / 2 - size * 0.98
            for text in cell:
                sheet.text(x + label_width + PADDING, base, text, "table", size)
                base -= leading
            if fact.choices and not continued:
                put_choices(sheet, x + label_width + PADDING, middle - size * 0.36, fact.choices, size, fact.ticked)
            x += width

    return draw


def put_choices(
    sheet: Sheet, x: float, y: float, choices: tuple[str, ...], size: float, ticked: tuple[int, ...] = ()
) -> None:
    """Draw boxes to tick with their words, `ticked` by position from 0; drawn, because hardly any font has them."""
    for number, choice in enumerate(choices):
        sheet.box(x, y - 0.06 * size, size * 0.82, size * 0.82, thick=0.7)
        if number in ticked:
            low = (x + 0.36 * size, y + 0.1 * size)
            strokes = [(x + 0.14 * size, y + 0.36 * size, *low), (*low, x + 0.74 * size, y + 0.66 * size)]
            sheet.lines(strokes, thick=1.2)
        sheet.text(x + size * 1.1, y, choice, "table", size)
        x += size * 1.1 + sheet.fonts.width(choice, "table", size) + size * 1.1


def signatures_height(boxes: list[SignatureBox]) -> float:
    """Return the height of a row of signature boxes."""
    return (6 + 3 + 7.2 * max(len(box.lines) for box in boxes)) * MM


def put_signatures(flow: Flow, boxes: list[SignatureBox]) -> None:
    """Put a row of boxes to sign."""
    height = signatures_height(boxes)
    flow.need(height)
    y, width, size = flow.y, flow.width / len(boxes), 8.5
    wording = flow.wording

    def draw(sheet: Sheet) -> None:
        for number, box in enumerate(boxes):
            x = MARGIN + number * width
            sheet.box(x, y - 6 * MM, width, 6 * MM, fill="#F2F4F7")
            sheet.box(x, y - height, width, height, thick=0.4, colour=RULE)
            sheet.lines([(x, y - 6 * MM, x + width, y - 6 * MM)], thick=0.4, colour=RULE)
            label = f"{wording.text(box.label)}  {wording.other.text(box.label)}"
            sheet.fitted(x + 1.5 * MM, y - 4.3 * MM, label, "hei", size, width=width - 3 * MM)
            base = y - 6 * MM - 6.6 * MM
            for line in box.lines:
                text = wording.text(line)
                sheet.text(x + 1.5 * MM, base, text, "table", size - 0.5)
                start = x + 2.4 * MM + sheet.fonts.width(text, "table", size - 0.5)
                sheet.lines([(start, base - 1, x + width - 2 * MM, base - 1)], thick=0.3)
                base -= 7.2 * MM
        sheet.box(MARGIN, y - height, flow.width, height, thick=1.0)

    flow.put(height, draw)


def put_note(flow: Flow, text: str, *, size: float = 7.5, colour: str = BLACK, role: Role = "table") -> None:
    """Put a small paragraph over the whole width, going on to the next page where it must."""
    for line in broken(text, flow.fonts, role, size, flow.width):
        flow.need(size * 1.4)
        y = flow.y - size

        def draw(sheet: Sheet, line: str = line, y: float = y) -> None:
            sheet.text(MARGIN, y, line, role, size, colour=colour)

        flow.put(size * 1.4, draw)


def note_height(flow: Flow, text: str, *, size: float = 7.5) -> float:
    """Return the height of a small paragraph."""
    return len(broken(text, flow.fonts, "table", size, flow.width)) * size * 1.4


def missing_in(paper: Any, wording: Wording, fonts: FontBook) -> tuple[str, ...]:
    """Return the code points ("U+2A700") in the texts of a paper that no font has; they are printed as 〓."""
    missing: dict[str, None] = {}
    for text in printed_texts(paper, wording):
        missing.update(dict.fromkeys(fonts.measured(text, "table").missing))
    return tuple(missing)


def put_missing(flow: Flow, paper: Any) -> None:
    """Put a note naming the characters of this paper that no font has, if there are any."""
    missing = missing_in(paper, flow.wording, flow.fonts)
    if missing:
        put_note(flow, flow.wording.text("common.missing", points=" ".join(missing)))


__all__ = [
    "BOTTOM",
    "MARGIN",
    "SHADE",
    "Fact",
    "Flow",
    "Heading",
    "SignatureBox",
    "facts_height",
    "missing_in",
    "note_height",
    "put_choices",
    "put_facts",
    "put_missing",
    "put_note",
    "put_signatures",
    "signatures_height",
]  # fmt: skip
