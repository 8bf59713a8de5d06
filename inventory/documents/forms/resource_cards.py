"""Resource status cards ICS 219 资源状态卡: eight to a page, to be cut out and put on the board.

The colour says of what kind a resource is and stands on the card in words too, for printers without colour. Frames are
the lines to cut along, with ticks beyond the corners. A card has a fixed size: what is too long for it is shortened
with an ellipsis and printed in full behind the cards.

Source: colours and status words of FEMA ICS 219 as read in public copies; the fields of the cards are our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from inventory.documents.data.incidents import CARD_KINDS, CardKind, ResourceCardPaper, ResourceCardsPaper
from inventory.documents.drawing.blocks import put_choices
from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import GREY, MM, RULE, SOFT, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook, Role, font_book
from inventory.documents.drawing.wording import Wording, contact_text
from inventory.documents.form import Drawn, Form, Note, Part, print_form
from inventory.documents.forms.cells import choices_of
from inventory.documents.sign import PaperKey, Seal

COLOURS: dict[CardKind, str] = {
    "header": "#C4C8CD",
    "team": "#A9D8A5",
    "engine": "#F2A9BC",
    "helicopter": "#A9CBEA",
    "person": "#FFFFFF",
    "plane": "#F7B76B",
    "equipment": "#F8E27A",
    "miscellaneous": "#D9BF96",
    "generic": "#CDB8E5",
}
"""Kind of card -> its colour, pale enough for black words."""

COLUMNS = 2
GAP = 4 * MM
BETWEEN = 2.2 * MM
CARD_HEIGHT = 58.5 * MM
BAND = 11 * MM
TICK = 1.6 * MM
SIZE = 8.0
INSIDE = 2 * MM
CODE_SIZE = 9 * MM
SHRINK_MIN = 0.7
"""A value a little too long is set smaller, down to this part of its size, before it is shortened."""


def resource_cards(
    paper: ResourceCardsPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the sheets of cards as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    book = fonts or font_book()

    def form_of(paper: ResourceCardsPaper, wording: Wording, signed: Seal) -> Form:
        return _form(paper, wording, signed, book)

    return print_form(paper, form_of, key=key, language=language, fonts=book)


def _form(paper: ResourceCardsPaper, wording: Wording, signed: Seal, fonts: FontBook) -> Form:
    say, show = wording.text, wording.shown
    cards = [_HeaderCard(paper, wording, fonts), *(_Card(line, wording, fonts) for line in paper.lines)]
    parts: list[Part] = [Note(say("resource_cards.guide", count=len(cards)), size=8, gap=1 * MM)]
    for start in range(0, len(cards), COLUMNS):
        parts.append(Drawn(CARD_HEIGHT, _row(cards[start : start + COLUMNS]), gap=BETWEEN))
    parts += [
        Note(say("resource_cards.shortened", identifier=card.identifier, text=text), size=8)
        for card in cards
        for text in card.cut
    ]
    return Form(
        key="resource_cards",
        number=paper.number,
        author=show(paper.unit),
        about=show(paper.incident),
        foot=say("common.check", key=signed.fingerprint),
        parts=tuple(parts),
    )


def _row(cards: list[_Card]) -> Callable[[Sheet, float, float, float], None]:
    """Return what draws a row of cards."""

    def draw(sheet: Sheet, left: float, top: float, width: float) -> None:
        card_width = (width - (COLUMNS - 1) * GAP) / COLUMNS
        for number, card in enumerate(cards):
            card.draw(sheet, left + number * (card_width + GAP), top, card_width)

    return draw


@dataclass(frozen=True)
class _Cell:
    """A labelled value of a card: its left edge from the inside, and the room beside the label."""

    label: str
    text: str
    left: float
    room: float


class _Card:
    """One card: its values measured, and what of them had to be shortened in `cut`."""

    def __init__(self, line: ResourceCardPaper, wording: Wording, fonts: FontBook) -> None:
        self.line, self.wording, self.fonts = line, wording, fonts
        self.identifier = wording.shown(line.identifier)
        self.cut: list[str] = []
        self.width = (186 * MM - (COLUMNS - 1) * GAP) / COLUMNS
        show = wording.shown
        half = (self.width - 2 * INSIDE) / 2
        code_room = CODE_SIZE + 1 * MM if line.code else 0.0
        people = show(line.people)
        self.title = self._short(self.identifier, "hei", 13, self.width * 0.56 - INSIDE)
        self.name = self._short(show(line.name), "hei", 9.5, self.width - 2 * INSIDE - code_room, lines_max=2)
        wide = 2 * half * 0.7
        self.rows: list[list[_Cell]] = [
            [
                self._cell("type", show(line.resource_type), 0, wide),
                self._cell("people", people, wide, 2 * half - wide),
            ],
            [self._cell("unit", show(line.unit), 0, half), self._cell("home", show(line.home), half, half)],
            [
                self._cell("leader", show(contact_text(line.leader)), 0, half),
                self._cell("now_at", show(line.now_at), half, half),
            ],
            [self._cell("state", show(line.state), 0, half), self._cell("remarks", show(line.remarks), half, half)],
        ]

    def _cell(self, label: str, text: str, left: float, room: float) -> _Cell:
        room -= self._label_width() + 0.5 * MM
        return _Cell(label, self._short(text, "table", SIZE, room)[0], left, room)

    def _label_width(self) -> float:
        return 10.5 * MM

    def _short(self, text: str, role: Role, size: float, room: float, *, lines_max: int = 1) -> list[str]:
        """Return the lines of a value, with an ellipsis where it had to be shortened (then it is kept in `cut`)."""
        if lines_max == 1 and self.fonts.width(text, role, size) * SHRINK_MIN <= room:
            return [text]
        lines = broken(text, self.fonts, role, size * (SHRINK_MIN if lines_max == 1 else 1.0), room)
        if len(lines) <= lines_max:
            return lines
        self.cut.append(text)
        return [*lines[: lines_max - 1], lines[lines_max - 1][:-1] + "\u2026"]

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw the card from its upper left corner."""
        line, wording = self.line, self.wording
        sheet.box(x, top - BAND, width, BAND, fill=COLOURS[line.card])
        _frame(sheet, x, top, width)
        sheet.lines([(x, top - BAND, x + width, top - BAND)], thick=0.6)
        room = width * 0.56 - INSIDE
        sheet.fitted(x + INSIDE, top - 7.2 * MM, self.title[0], "hei", 13, width=room)
        words = wording.text(f"resource_cards.{line.card}")
        small = wording.other.text(f"resource_cards.{line.card}")
        left, rest = x + width * 0.58, width * 0.42 - INSIDE
        sheet.fitted(left, top - 4.9 * MM, words, "hei", 9, width=rest, align="right")
        sheet.fitted(left, top - 8.8 * MM, small, "table", 6.5, width=rest, align="right", colour=SOFT)
        base = top - BAND - 4.4 * MM
        for text in self.name:
            sheet.fitted(x + INSIDE, base, text, "hei", 9.5, width=width - 2 * INSIDE)
            base -= 4.1 * MM
        if line.code:
            sheet.code(
                x + width - INSIDE - CODE_SIZE, top - BAND - 1.2 * MM - CODE_SIZE, CODE_SIZE, line.code, "matrix"
            )
        self._draw_rows(sheet, x, top - BAND - 10.2 * MM, width)
        self._draw_hand(sheet, x, top - CARD_HEIGHT, width)

    def _draw_rows(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        for row in self.rows:
            for cell in row:
                start = x + INSIDE + cell.left
                self._label(sheet, start, y - 3.6 * MM, cell.label)
                sheet.fitted(start + self._label_width(), y - 3.6 * MM, cell.text, "table", SIZE, width=cell.room)
            y -= 5 * MM
            sheet.lines([(x + INSIDE, y, x + width - INSIDE, y)], thick=0.25, colour=RULE)

    def _draw_hand(self, sheet: Sheet, x: float, bottom: float, width: float) -> None:
        """Draw what is written by hand: the task, times to tick, why it is out of service."""
        wording = self.wording
        self._label(sheet, x + INSIDE, bottom + 13.2 * MM, "task")
        sheet.lines([(x + INSIDE, bottom + 10 * MM, x + width - INSIDE, bottom + 10 * MM)], thick=0.25, colour=RULE)
        put_choices(sheet, x + INSIDE, bottom + 6.6 * MM, choices_of(wording, "resource_cards.times"), 7)
        blank = wording.text("resource_cards.time_blank")
        sheet.fitted(x + width * 0.72, bottom + 6.6 * MM, blank, "table", 7, width=width * 0.28 - INSIDE, align="right")
        put_choices(sheet, x + INSIDE, bottom + 2.2 * MM, choices_of(wording, "resource_cards.out"), 7)

    def _label(self, sheet: Sheet, x: float, y: float, label: str) -> None:
        words = self.wording.text(f"resource_cards.{label}")
        sheet.fitted(x, y, words, "table", 6.8, width=self._label_width() - 1 * MM, colour=GREY)


class _HeaderCard(_Card):
    """The grey card that names the incident and says how many cards of each kind there are."""

    def __init__(self, paper: ResourceCardsPaper, wording: Wording, fonts: FontBook) -> None:
        line = ResourceCardPaper(card="header", identifier=paper.incident_number or paper.number, name=paper.incident)
        super().__init__(line, wording, fonts)
        counts = Counter(card.card for card in paper.lines)
        self.told = [
            wording.text("resource_cards.counted", kind=wording.text(f"resource_cards.{kind}"), count=counts[kind])
            for kind in CARD_KINDS
            if counts[kind]
        ]
        self.unit = self._short(wording.shown(paper.unit), "table", SIZE, self.width - 2 * INSIDE)

    def _draw_rows(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        sheet.fitted(x + INSIDE, y - 3 * MM, self.unit[0], "table", SIZE, width=width - 2 * INSIDE)
        half = (width - 2 * INSIDE) / 2
        for number, text in enumerate(self.told):
            column, row = number % 2, number // 2
            left = x + INSIDE + column * half
            sheet.fitted(left, y - (9 + 4.6 * row) * MM, text, "table", SIZE, width=half - 1 * MM)

    def _draw_hand(self, sheet: Sheet, x: float, bottom: float, width: float) -> None:
        self._label(sheet, x + INSIDE, bottom + 6 * MM, "remarks")


def _frame(sheet: Sheet, x: float, top: float, width: float) -> None:
    """Draw the frame to cut along, and ticks beyond its corners."""
    bottom = top - CARD_HEIGHT
    sheet.box(x, bottom, width, CARD_HEIGHT, thick=0.5)
    ticks = []
    for edge, away in ((x, -1), (x + width, 1)):
        for level, up in ((top, 1), (bottom, -1)):
            ticks += [(edge, level, edge + away * TICK, level), (edge, level, edge, level + up * TICK * 0.65)]
    sheet.lines(ticks, thick=0.3)
