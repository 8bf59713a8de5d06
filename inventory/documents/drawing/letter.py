"""An official letter on the grid of GB/T 9704-2012: 22 lines of 28 characters, red head, imprint, page numbers.

The layout is worked out first, for 22, 23 and 24 lines a page (the standard allows adjusting), and the one is drawn
that has the fewest pages; seal and imprint never stand on a page without text. Printed on both sides, the imprint
stands on an even page: where none of the three has one, 21 and 20 lines are tried, and only then it goes to the back
of the last leaf alone. Text is justified, heads are in 黑体 and 楷体, the QR code of the seal stands in the top margin.
"""

from __future__ import annotations

from inventory.documents.drawing.engine import GREY, MM, PORTRAIT, RED, Align, Sheet
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.letter_layout import (
    IMPRINT_SIZE,
    LEFT,
    LINES,
    PAGE_BOTTOM,
    PAGE_TOP,
    SEAL_RADIUS,
    STAMP_HEIGHT,
    STAMP_WIDTH,
    WIDTH,
    Layout,
    Page,
)
from inventory.documents.drawing.letter_text import LetterText, Style

QR_SIZE = 22 * MM
LINES_SPREAD = (21, 20)
SEAL_COLOUR = "#E3A0A0"


def layout_of(letter: LetterText, fonts: FontBook) -> Layout:
    """Return the best layout: fewest pages, no page for the imprint alone, lines as near to 22 as can be."""

    def rank(layout: Layout) -> tuple[int, bool, int]:
        return layout.sides, not layout.pages[-1].numbered, abs(layout.lines - LINES[0])

    best = min((Layout(letter, fonts, lines) for lines in LINES), key=rank)
    if not best.pages[-1].numbered:
        spread = [Layout(letter, fonts, lines) for lines in LINES_SPREAD]
        best = min((best, *spread), key=rank)
    return best


def draw_letter(sheet: Sheet, letter: LetterText) -> int:
    """Draw a letter; return its number of pages."""
    best = layout_of(letter, sheet.fonts)
    for number, page in enumerate(best.pages, 1):
        sheet.size(PORTRAIT)
        if letter.demo:
            sheet.watermark(letter.demo, PORTRAIT)
        if number == 1:
            _draw_code(sheet, letter)
        _draw_page(sheet, letter, page)
        _draw_foot(sheet, letter, number if page.numbered else 0)
        sheet.end_page()
    return len(best.pages)


def _draw_page(sheet: Sheet, letter: LetterText, page: Page) -> None:
    for seal in page.seals:
        sheet.dashed_circle(*seal, SEAL_RADIUS, colour=SEAL_COLOUR)
    for x, y in page.stamps:
        sheet.dashed_box(x, y, STAMP_WIDTH, STAMP_HEIGHT, colour=SEAL_COLOUR)
    for placed in page.texts:
        sheet.text(
            placed.x, placed.y, placed.text, placed.role, placed.size,
            align=placed.align, width=placed.width, colour=placed.colour, fill=placed.fill,
            by_words=letter.by_words,
        )  # fmt: skip
    for y, thick, colour in page.rules:
        sheet.lines([(LEFT, y, LEFT + WIDTH, y)], thick=thick, colour=colour)


def _draw_code(sheet: Sheet, letter: LetterText) -> None:
    x, y = LEFT + WIDTH - QR_SIZE, PAGE_TOP - QR_SIZE + 12 * MM
    sheet.code(x, y, QR_SIZE, letter.qr_text, "qr")
    sheet.fitted(x, y - 8, letter.code, "table", 6.4, width=QR_SIZE, align="centre", colour=GREY)
    if letter.demo:
        sheet.text(LEFT, PAGE_TOP + 6 * MM, letter.demo, "hei", 14, colour=RED)


def _draw_foot(sheet: Sheet, letter: LetterText, number: int) -> None:
    """Draw the page number (0: none; right on odd pages, left on even ones) and the lines on checking beside it."""
    y = PAGE_BOTTOM - 7 * MM - IMPRINT_SIZE * 0.8
    text = letter.page.replace("{page}", str(number))
    odd = number % 2 == 1 or not number
    inner = WIDTH - 2 * IMPRINT_SIZE
    page_align: Align = "right" if odd else "left"
    note_align: Align = "left" if odd else "right"
    if number:
        sheet.text(LEFT + IMPRINT_SIZE, y, text, "body", IMPRINT_SIZE, align=page_align, width=inner)
    for position, line in enumerate(letter.foot_lines):
        x = LEFT if odd else LEFT + 24 * MM
        sheet.fitted(x, y - position * 8.6, line, "table", 6.4, width=WIDTH - 24 * MM, align=note_align, colour=GREY)


__all__ = ["LetterText", "Style", "draw_letter", "layout_of"]
