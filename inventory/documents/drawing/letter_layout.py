"""Where everything of an official letter stands: measured on the grid of GB/T 9704-2012, drawn by `letter`.

Three ends of a letter: one issuer's name, date and seal; several issuers side by side, a seal each; a command, with
the post of whoever signs and the place of the signature stamp.

Source: GB/T 9704-2012 7.2.4, 7.3.5 and 10.2 as quoted in public descriptions of it: type area 156 x 225 mm, top 37 mm,
left 28 mm; letter: issuer mark 35 mm below the type area's top, number two lines below it, red line 4 mm below the
number, title two lines below the line, date four characters from the right; command: mark 20 mm below the top, number
two lines below it, text two lines below that; stamp four characters from the right, the signer's post two before it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace

from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import BLACK, MM, PORTRAIT, RED, Align
from inventory.documents.drawing.fonts import FontBook, Role
from inventory.documents.drawing.letter_text import ROLES, LetterText

LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
CHARACTERS, LINES = 28, (22, 23, 24)
CHARACTER = WIDTH / CHARACTERS
TITLE_SIZE, IMPRINT_SIZE = 22.0, 14.0
MARK_SIZE_MAX, MARK_SIZE_MIN = 22 * MM * 0.98, 20.0
MARK_HEIGHT_MAX = 130 * MM
MARK_TOP, COMMAND_TOP = 35 * MM, 20 * MM
SEAL_RADIUS, SEAL_LINES, SEALS_A_ROW = 21 * MM, 5, 3
STAMP_WIDTH, STAMP_HEIGHT = 34 * MM, 16 * MM
SEAL_WORDS = "#D99090"
COPIES_LINES_MAX = 8
PAGE_TOP = PORTRAIT[1] - TOP
PAGE_BOTTOM = PORTRAIT[1] - TOP - HEIGHT


@dataclass(frozen=True)
class Placed:
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
class Page:
    """What stands on one page: texts, rules (y, thickness, colour), middles of seals, stamps by lower left corner."""

    texts: list[Placed] = field(default_factory=list)
    rules: list[tuple[float, float, str]] = field(default_factory=list)
    seals: list[tuple[float, float]] = field(default_factory=list)
    stamps: list[tuple[float, float]] = field(default_factory=list)
    numbered: bool = True


class Layout:
    """Places a letter on pages of a given number of lines; measures only, draws nothing."""

    def __init__(self, text: LetterText, fonts: FontBook, lines: int) -> None:
        self.letter, self.fonts, self.lines = text, fonts, lines
        self.pitch = HEIGHT / lines
        self.pages = [Page()]
        self.line = 0.0
        self.trail: list[Placed] = []
        self._measure_imprint()
        self._head()
        self._body()
        self._close()
        self._imprint()

    @property
    def sides(self) -> int:
        """Return how many pages are printed: on both sides an even number."""
        return len(self.pages) + (self.letter.both_sides and len(self.pages) % 2)

    def base(self, line: float) -> float:
        """Return the base line of a line of the grid."""
        return PAGE_TOP - (line + 1) * self.pitch + (self.pitch - CHARACTER) / 2 + CHARACTER * 0.12

    def need(self, lines: float) -> None:
        """Break the page unless so many lines are free."""
        if self.line + lines > self.lines:
            self.pages.append(Page())
            self.line = 0.0
            self.trail = []

    def place(self, x: float, y: float, text: str, role: Role, size: float = CHARACTER) -> None:
        """Put a line of text on the current page."""
        self.pages[-1].texts.append(Placed(x, y, text, role, size))

    def paragraph(self, text: str, role: Role = "body", *, indent: int = 2) -> None:
        """Put a justified paragraph, its first line indented by so many characters."""
        lines = broken(text, self.fonts, role, CHARACTER, WIDTH, first_indent=indent * CHARACTER, push_in=1.0)
        for number, line in enumerate(lines):
            self.need(1)
            shift = indent * CHARACTER if number == 0 else 0.0
            natural = self.fonts.width(line, role, CHARACTER)
            room = WIDTH - shift
            last = number == len(lines) - 1
            # Latin words may stand apart, but not further than about their own height.
            loose = (room - natural) / max(line.count(" "), 1) < 0.8 * CHARACTER
            full = loose if self.letter.by_words else natural > room * 0.85
            fill = room if natural > room or (not last and full) else None
            self._put_line(Placed(LEFT + shift, 0.0, line, role, CHARACTER, fill=fill))

    def _lines_of(self, text: str) -> int:
        """Return how many lines a paragraph takes."""
        return len(broken(text, self.fonts, "body", CHARACTER, WIDTH, first_indent=2 * CHARACTER, push_in=1.0))

    def _put_line(self, placed: Placed) -> None:
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
        self.pages[-1].texts.append(Placed(LEFT, y, text, role, size, align="centre", width=WIDTH, colour=colour))

    def _head(self) -> None:
        letter, fonts = self.letter, self.fonts
        self.place(LEFT, self.base(0), letter.copy_number, "body")
        if letter.urgency:
            # The mark of a command begins where the second line ends.
            beside = fonts.width(letter.copy_number, "body", CHARACTER) + CHARACTER if letter.command else 0.0
            self.place(LEFT + beside, self.base(0 if letter.command else 1), letter.urgency, "hei")
        edge = self._mark(COMMAND_TOP if letter.command else MARK_TOP)
        base = edge - 2 * self.pitch - CHARACTER * 0.5
        for line in broken(letter.document_number, fonts, "body", CHARACTER, WIDTH):
            self._centred(base, line, "body", CHARACTER)
            base -= self.pitch
        rule = base + self.pitch - 4 * MM
        self.line = int((PAGE_TOP - rule) / self.pitch) + 2.0
        if not letter.command:
            self.pages[-1].rules.append((rule, 1.2, RED))
            for line in broken(letter.title, fonts, "title", TITLE_SIZE, WIDTH):
                self.need(1.15)
                self._centred(self.base(self.line) - 2, line, "title", TITLE_SIZE)
                self.line += 1.15
            self.line = int(self.line) + 1.0
        self.need(2)

    def _mark(self, top: float) -> float:
        """Put the red mark, its upper edge so far below the type area's; return its lower edge."""
        letter, fonts = self.letter, self.fonts
        if letter.joint:
            return self._joint_mark(top, (letter.issuer, *letter.joint))
        size = min(MARK_SIZE_MAX, WIDTH * 0.94 / max(fonts.width(letter.mark, "title", 1), 0.01))
        size = max(size, MARK_SIZE_MIN)
        base = PAGE_TOP - top - size * 0.86
        for number, line in enumerate(broken(letter.mark, fonts, "title", size, WIDTH)):
            base -= size * 1.2 if number else 0
            self._centred(base, line, "title", size, RED)
        return base - size * 0.12

    def _joint_mark(self, top: float, names: tuple[str, ...]) -> float:
        """Put several names, spread to one width, with the word for the paper right of their middle."""
        fonts, suffix = self.fonts, self.letter.mark_suffix
        widest = max(fonts.width(name, "title", 1) for name in names)
        beside = fonts.width(suffix, "title", 1)
        size = min(MARK_SIZE_MAX, WIDTH * 0.94 / (widest + 0.6 + beside), MARK_HEIGHT_MAX / 2 / len(names))
        if size < MARK_SIZE_MIN * 0.7:
            return self._long_joint_mark(top, (*names, suffix))
        left = LEFT + (WIDTH - (widest + 0.6 + beside) * size) / 2
        base = PAGE_TOP - top - size * 0.86
        for number, name in enumerate(names):
            y = base - number * size * 1.3
            short = len(name) > 1 and fonts.width(name, "title", 1) < widest
            fill = widest * size if short and not self.letter.by_words else None
            self.pages[-1].texts.append(Placed(left, y, name, "title", size, colour=RED, fill=fill))
        last = base - (len(names) - 1) * size * 1.3
        x = left + (widest + 0.6) * size
        self.pages[-1].texts.append(Placed(x, (base + last) / 2, suffix, "title", size, colour=RED))
        return last - size * 0.12

    def _long_joint_mark(self, top: float, names: tuple[str, ...]) -> float:
        """Put names too long to stand beside a word, one under the other, as large as they may be."""
        size, lines = 0.0, [""]
        for size in (MARK_SIZE_MIN, 16.0, 13.0, 10.0):
            lines = [line for name in names for line in broken(name, self.fonts, "title", size, WIDTH)]
            if len(lines) * size * 1.25 <= MARK_HEIGHT_MAX:
                break
        base = PAGE_TOP - top - size * 0.86
        for number, line in enumerate(lines):
            self._centred(base - number * size * 1.25, line, "title", size, RED)
        return base - (len(lines) - 1) * size * 1.25 - size * 0.12

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
        letter = self.letter
        contact_lines = self._lines_of(letter.contact) + 1 if letter.contact else 0
        # The standard has seal, note and imprint end the letter together, with some text above them.
        self.after_lines = min(contact_lines, 4) + self.imprint_lines
        if letter.command:
            self._close_command()
        elif letter.joint:
            self._close_joint((letter.issuer, *letter.joint))
        else:
            self._close_letter()
        if letter.contact:
            self.paragraph(letter.contact)
        if self.copies_in_body:
            self.paragraph(letter.copies_label + letter.copies)

    def _close_letter(self) -> None:
        """Put name, date and seal of one issuer."""
        letter, fonts = self.letter, self.fonts
        date_width = fonts.width(letter.date, "body", CHARACTER)
        date_x = LEFT + WIDTH - 4 * CHARACTER - date_width
        issuers = broken(letter.issuer, fonts, "body", CHARACTER, WIDTH - 4 * CHARACTER)
        self._keep_with_text(len(issuers) + 3 + self.after_lines, self.annex_lines)
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
        self._seal(centre)
        self.line += 2 if letter.contact else 1

    def _seal(self, centre: tuple[float, float]) -> None:
        """Put the place of a seal."""
        x, y = centre[0] - 10 * MM, centre[1] - 18 * MM
        self.pages[-1].seals.append(centre)
        self.pages[-1].texts.append(
            Placed(x, y, self.letter.seal_place, "body", 9, align="centre", width=20 * MM, colour=SEAL_WORDS)
        )

    def _close_joint(self, names: tuple[str, ...]) -> None:
        """Put the names of several issuers in rows of at most three, a seal on each, the date under the last."""
        count = math.ceil(len(names) / SEALS_A_ROW)
        rows = [names[len(names) * row // count : len(names) * (row + 1) // count] for row in range(count)]
        self._keep_with_text(min(count * SEAL_LINES + self.after_lines, self.lines - 4), self.annex_lines)
        column = WIDTH / SEALS_A_ROW
        for number, row in enumerate(rows):
            self.need(SEAL_LINES)
            middle = PAGE_TOP - (self.line + SEAL_LINES / 2) * self.pitch
            for position, name in enumerate(row, SEALS_A_ROW - len(row)):
                last = number == count - 1 and position == SEALS_A_ROW - 1
                self._signed(name, LEFT + position * column, middle, column, self.letter.date if last else "")
            self.line += SEAL_LINES
        self.line += 0.5 if self.letter.contact else 0

    def _signed(self, name: str, x: float, middle: float, width: float, date: str) -> None:
        """Put a name, and the date where it stands under it, in the middle of a seal."""
        room = width - 3 * MM
        size, lines = CHARACTER, broken(name, self.fonts, "body", CHARACTER, room)
        while len(lines) > 3 and size > 7:
            size -= 1
            lines = broken(name, self.fonts, "body", size, room)
        # Lines of about one length: no character stands alone under the others.
        narrower = (broken(name, self.fonts, "body", size, room * tenth / 10) for tenth in range(4, 10))
        lines = next((tried for tried in narrower if len(tried) == len(lines)), lines)
        sizes = [(line, size) for line in lines]
        if date:
            sizes.append((date, min(CHARACTER, room / self.fonts.width(date, "body", 1))))
        base = middle + sum(one * 1.3 for _, one in sizes) / 2
        for line, one in sizes:
            base -= one * 1.3
            put = Placed(x, base + one * 0.3, line, "body", one, align="centre", width=width)
            self.pages[-1].texts.append(put)
        self._seal((x + width / 2, middle))

    def _close_command(self) -> None:
        """Put the posts of those who sign, the places of their stamps, and the date."""
        letter, fonts = self.letter, self.fonts
        right = LEFT + WIDTH - 4 * CHARACTER
        x = right - STAMP_WIDTH
        posts = [
            broken(post, fonts, "body", CHARACTER, x - 2 * CHARACTER - LEFT) if post else []
            for post, _ in letter.signers
        ]
        heights = [max(2, len(lines) + 1) for lines in posts]
        self._keep_with_text(min(sum(heights) + 3 + self.after_lines, self.lines - 4), self.annex_lines)
        self.line += 1
        for (_, name), lines, height in zip(letter.signers, posts, heights, strict=True):
            self.need(height)
            middle = PAGE_TOP - (self.line + height / 2) * self.pitch
            base = middle + (len(lines) - 1) * self.pitch / 2 - CHARACTER * 0.36
            for line in lines:
                width = fonts.width(line, "body", CHARACTER)
                self.place(x - 2 * CHARACTER - width, base, line, "body")
                base -= self.pitch
            self.pages[-1].stamps.append((x, middle - STAMP_HEIGHT / 2))
            for text, y in ((letter.stamp_place, middle + 1), (name, middle - 11)):
                size = min(9.0, (STAMP_WIDTH - 4) / max(fonts.width(text, "body", 1), 1))
                put = Placed(x, y, text, "body", size, align="centre", width=STAMP_WIDTH, colour=SEAL_WORDS)
                self.pages[-1].texts.append(put)
            self.line += height
        self.line += 0.5
        self.need(1)
        self.place(right - fonts.width(letter.date, "body", CHARACTER), self.base(self.line), letter.date, "body")
        self.line += 2 if letter.contact else 1

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
        if letter.both_sides and len(self.pages) % 2:
            # The imprint ends the last side of the last leaf; alone there, it has no page number.
            self.pages.append(Page(numbered=False))
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
