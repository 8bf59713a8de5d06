"""An official letter on the grid of GB/T 9704-2012: 22 lines of 28 characters, red head, imprint, page numbers.

The layout is worked out first, for 22, 23 and 24 lines a page (the standard allows adjusting), and the one is drawn
that has the fewest pages; seal and imprint never stand on a page without text. Text is justified, heads are in 黑体 and
楷体, the QR code of the seal stands in the top margin.

Source: GB/T 9704-2012, figures as quoted in public descriptions of it: type area 156 x 225 mm, top 37 mm, left 28 mm,
issuer mark 35 mm below the type area's top, number two lines below it, red line 4 mm below the number, title two
lines below the line, date four characters from the right, page number 7 mm below the type area.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace
from typing import Literal

from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import BLACK, GREY, MM, PORTRAIT, RED, Align, Sheet
from inventory.documents.drawing.fonts import FontBook, Role

LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
CHARACTERS, LINES = 28, (22, 23, 24)
CHARACTER = WIDTH / CHARACTERS
TITLE_SIZE, IMPRINT_SIZE = 22.0, 14.0
MARK_SIZE_MAX, MARK_SIZE_MIN = 22 * MM * 0.98, 20.0
QR_SIZE = 22 * MM
COPIES_LINES_MAX = 8
PAGE_TOP = PORTRAIT[1] - TOP
PAGE_BOTTOM = PORTRAIT[1] - TOP - HEIGHT

Style = Literal["paragraph", "heading", "subheading"]
ROLES: dict[Style, Role] = {"paragraph": "body", "heading": "hei", "subheading": "kai"}


@dataclass(frozen=True)
class LetterText:
    """The words of a letter, in order from top to bottom; empty ones leave no gap unless the standard asks for it."""

    copy_number: str
    urgency: str
    mark: str
    document_number: str
    title: str
    salutation: str
    paragraphs: tuple[tuple[Style, str], ...]
    annex: str
    issuer: str
    date: str
    contact: str
    copies_label: str
    copies: str
    office: str
    printed: str
    seal_place: str
    page: str
    code: str
    qr_text: str
    foot_lines: tuple[str, ...]
    demo: str = ""


@dataclass(frozen=True)
class _Placed:
    """One line of text at its place."""

    x: float
    y: float
    text: str
    role: Role
    size: float
    align: Align = "left"
    width: float = 0.0
    colour: str = BLACK
    fill: float | None = None


@dataclass
class _Page:
    texts: list[_Placed] = field(default_factory=list)
    rules: list[tuple[float, float, str]] = field(default_factory=list)
    seal: tuple[float, float] | None = None


class _Layout:
    """Places a letter on pages of a given number of lines; measures only, draws nothing."""

    def __init__(self, text: LetterText, fonts: FontBook, lines: int) -> None:
        self.letter, self.fonts, self.lines = text, fonts, lines
        self.pitch = HEIGHT / lines
        self.pages = [_Page()]
        self.line = 0.0
        self.trail: list[_Placed] = []
        self._measure_imprint()
        self._head()
        self._body()
        self._close()
        self._imprint()

    def base(self, line: float) -> float:
        """Return the base line of a line of the grid."""
        return PAGE_TOP - (line + 1) * self.pitch + (self.pitch - CHARACTER) / 2 + CHARACTER * 0.12

    def need(self, lines: float) -> None:
        """Break the page unless so many lines are free."""
        if self.line + lines > self.lines:
            self.pages.append(_Page())
            self.line = 0.0
            self.trail = []

    def place(self, x: float, y: float, text: str, role: Role, size: float = CHARACTER) -> None:
        """Put a line of text on the current page."""
        self.pages[-1].texts.append(_Placed(x, y, text, role, size))

    def paragraph(self, text: str, role: Role = "body", *, indent: int = 2) -> None:
        """Put a justified paragraph, its first line indented by so many characters."""
        lines = broken(text, self.fonts, role, CHARACTER, WIDTH, first_indent=indent * CHARACTER, push_in=1.0)
        for number, line in enumerate(lines):
            self.need(1)
            shift = indent * CHARACTER if number == 0 else 0.0
            natural = self.fonts.width(line, role, CHARACTER)
            room = WIDTH - shift
            last = number == len(lines) - 1
            fill = room if natural > room or (not last and natural > room * 0.85) else None
            self._put_line(_Placed(LEFT + shift, 0.0, line, role, CHARACTER, fill=fill))

    def _lines_of(self, text: str) -> int:
        """Return how many lines a paragraph takes."""
        return len(broken(text, self.fonts, "body", CHARACTER, WIDTH, first_indent=2 * CHARACTER, push_in=1.0))

    def _put_line(self, placed: _Placed) -> None:
        """Put a line of text on the next line of the grid."""
        placed = replace(placed, y=self.base(self.line))
        self.pages[-1].texts.append(placed)
        self.trail.append(placed)
        self.line += 1

    def _keep_with_text(self, lines: int, annex_lines: int) -> None:
        """Break the page unless so many lines are free, and take the last lines of the text along.

        The standard wants no page that holds nothing but name, date and seal.
        """
        if self.line + lines <= self.lines:
            return
        taken = self.trail[-(annex_lines + 2) :]
        if len(taken) == len(self.trail):
            taken = []
        for placed in taken:
            self.pages[-1].texts.remove(placed)
        self.need(self.lines + 1)
        for number, placed in enumerate(taken):
            if number == len(taken) - annex_lines:
                self.line += 1
            self._put_line(placed)

    def _centred(self, y: float, text: str, role: Role, size: float, colour: str = BLACK) -> None:
        self.pages[-1].texts.append(_Placed(LEFT, y, text, role, size, align="centre", width=WIDTH, colour=colour))

    def _head(self) -> None:
        letter, fonts = self.letter, self.fonts
        self.place(LEFT, self.base(0), letter.copy_number, "body")
        if letter.urgency:
            self.place(LEFT, self.base(1), letter.urgency, "hei")
        size = min(MARK_SIZE_MAX, WIDTH * 0.94 / max(fonts.width(letter.mark, "title", 1), 0.01))
        size = max(size, MARK_SIZE_MIN)
        base = PAGE_TOP - 35 * MM - size * 0.86
        for number, line in enumerate(broken(letter.mark, fonts, "title", size, WIDTH)):
            base -= size * 1.2 if number else 0
            self._centred(base, line, "title", size, RED)
        base = base - size * 0.12 - 2 * self.pitch - CHARACTER * 0.5
        for line in broken(letter.document_number, fonts, "body", CHARACTER, WIDTH):
            self._centred(base, line, "body", CHARACTER)
            base -= self.pitch
        rule = base + self.pitch - 4 * MM
        self.pages[-1].rules.append((rule, 1.2, RED))
        self.line = int((PAGE_TOP - rule) / self.pitch) + 2.0
        for line in broken(letter.title, fonts, "title", TITLE_SIZE, WIDTH):
            self.need(1.15)
            self._centred(self.base(self.line) - 2, line, "title", TITLE_SIZE)
            self.line += 1.15
        self.line = int(self.line) + 1.0
        self.need(2)

    def _body(self) -> None:
        self.paragraph(self.letter.salutation, indent=0)
        styles = [style for style, _ in self.letter.paragraphs]
        for number, (style, text) in enumerate(self.letter.paragraphs):
            # Heads do not stay at the foot of a page without text under them.
            heads = list(itertools.takewhile(lambda later: later != "paragraph", styles[number:]))
            self.need(len(heads) + 1)
            self.paragraph(text, ROLES[style])
        self.line += 1
        # A line or two that name the annex are not parted; a longer text may be.
        self.annex_lines = min(self._lines_of(self.letter.annex), 4)
        self.need(self.annex_lines)
        self.paragraph(self.letter.annex)

    def _close(self) -> None:
        letter, fonts = self.letter, self.fonts
        date_width = fonts.width(letter.date, "body", CHARACTER)
        date_x = LEFT + WIDTH - 4 * CHARACTER - date_width
        issuers = broken(letter.issuer, fonts, "body", CHARACTER, WIDTH - 4 * CHARACTER)
        contact_lines = self._lines_of(letter.contact) + 1 if letter.contact else 0
        # The standard has seal, note and imprint end the letter together, with some text above them.
        closing = len(issuers) + 3 + min(contact_lines, 4) + self.imprint_lines
        self._keep_with_text(closing, self.annex_lines)
        self.line += 2
        for line in issuers:
            width = fonts.width(line, "body", CHARACTER)
            x = min(date_x + date_width / 2 - width / 2, LEFT + WIDTH - 2 * CHARACTER - width)
            self.need(1)
            self.place(max(x, LEFT), self.base(self.line), line, "body")
            self.line += 1
        self.need(1)
        self.place(date_x, self.base(self.line), letter.date, "body")
        # The seal covers name and date: its middle lies between the two lines.
        centre = (date_x + date_width / 2, self.base(self.line) + (self.pitch + CHARACTER * 0.7) / 2)
        self.pages[-1].seal = centre
        x, y = centre[0] - 10 * MM, centre[1] - 18 * MM
        self.pages[-1].texts.append(
            _Placed(x, y, letter.seal_place, "body", 9, align="centre", width=20 * MM, colour="#D99090")
        )
        self.line += 2
        if letter.contact:
            self.paragraph(letter.contact)
        if self.copies_in_body:
            self.paragraph(letter.copies_label + letter.copies)

    def _measure_imprint(self) -> None:
        letter, fonts, size = self.letter, self.fonts, IMPRINT_SIZE
        self.copies_label = fonts.width(letter.copies_label, "body", size)
        self.printed = fonts.width(letter.printed, "body", size)
        room = WIDTH - 2 * size
        copies = broken(letter.copies, fonts, "body", size, room - self.copies_label) if letter.copies else []
        self.offices = broken(letter.office, fonts, "body", size, room - size - self.printed)
        # A list of receivers too long for the imprint is a paragraph of the letter.
        self.copies_in_body = len(copies) > COPIES_LINES_MAX
        self.copies = [] if self.copies_in_body else copies
        self.leading = self.pitch * 0.8
        self.foot = self.pitch * 0.85 + (len(self.offices) - 1) * self.leading
        self.imprint_height = self.foot + len(self.copies) * self.leading + (4 if self.copies else 0)
        self.imprint_lines = math.ceil(self.imprint_height / self.pitch - 0.2)

    def _imprint(self) -> None:
        letter, size, copies, leading, foot = self.letter, IMPRINT_SIZE, self.copies, self.leading, self.foot
        self.need(self.imprint_lines)
        page = self.pages[-1]
        y = PAGE_BOTTOM
        page.rules += [(y, 1.0, BLACK), (y + foot, 0.7 if copies else 1.0, BLACK)]
        for number, line in enumerate(reversed(self.offices)):
            self.place(LEFT + size, y + 6.2 + number * leading, line, "body", size)
        self.place(LEFT + WIDTH - size - self.printed, y + 6.2, letter.printed, "body", size)
        if copies:
            page.rules.append((y + self.imprint_height, 1.0, BLACK))
            base = y + foot + 6.2 + (len(copies) - 1) * leading
            self.place(LEFT + size, base, letter.copies_label, "body", size)
            for line in copies:
                self.place(LEFT + size + self.copies_label, base, line, "body", size)
                base -= leading


def draw_letter(sheet: Sheet, letter: LetterText) -> int:
    """Draw a letter; return its number of pages."""
    layouts = [_Layout(letter, sheet.fonts, lines) for lines in LINES]
    best = min(layouts, key=lambda layout: (len(layout.pages), layout.lines))
    for number, page in enumerate(best.pages, 1):
        sheet.size(PORTRAIT)
        if letter.demo:
            sheet.watermark(letter.demo, PORTRAIT)
        if number == 1:
            _draw_code(sheet, letter)
        if page.seal:
            sheet.dashed_circle(*page.seal, 21 * MM, colour="#E3A0A0")
        for placed in page.texts:
            sheet.text(
                placed.x, placed.y, placed.text, placed.role, placed.size,
                align=placed.align, width=placed.width, colour=placed.colour, fill=placed.fill,
            )  # fmt: skip
        for y, thick, colour in page.rules:
            sheet.lines([(LEFT, y, LEFT + WIDTH, y)], thick=thick, colour=colour)
        _draw_foot(sheet, letter, number)
        sheet.end_page()
    return len(best.pages)


def _draw_code(sheet: Sheet, letter: LetterText) -> None:
    x, y = LEFT + WIDTH - QR_SIZE, PAGE_TOP - QR_SIZE + 12 * MM
    sheet.code(x, y, QR_SIZE, letter.qr_text, "qr")
    sheet.fitted(x, y - 8, letter.code, "table", 6.4, width=QR_SIZE, align="centre", colour=GREY)
    if letter.demo:
        sheet.text(LEFT, PAGE_TOP + 6 * MM, letter.demo, "hei", 14, colour=RED)


def _draw_foot(sheet: Sheet, letter: LetterText, number: int) -> None:
    """Draw the page number (right on odd pages, left on even ones) and the lines on checking beside it."""
    y = PAGE_BOTTOM - 7 * MM - IMPRINT_SIZE * 0.8
    text = letter.page.replace("{page}", str(number))
    odd = number % 2 == 1
    inner = WIDTH - 2 * IMPRINT_SIZE
    page_align: Align = "right" if odd else "left"
    note_align: Align = "left" if odd else "right"
    sheet.text(LEFT + IMPRINT_SIZE, y, text, "body", IMPRINT_SIZE, align=page_align, width=inner)
    for position, line in enumerate(letter.foot_lines):
        x = LEFT if odd else LEFT + 24 * MM
        sheet.fitted(x, y - position * 8.6, line, "table", 6.4, width=WIDTH - 24 * MM, align=note_align, colour=GREY)
