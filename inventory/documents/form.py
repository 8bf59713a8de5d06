"""A working form as parts in order: facts, tables, boxes to sign, notes; and its drawing, copy after copy.

Whoever makes a paper says what stands on it (`Form`); how pages break, heads repeat, sums go on and what must stay
together is worked out here. All that follows the last table closes the form: it stands on a page with goods on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from inventory.documents.data.values import Paper
from inventory.documents.drawing.blocks import (
    MARGIN,
    Fact,
    Flow,
    Heading,
    SignatureBox,
    facts_height,
    note_height,
    put_facts,
    put_missing,
    put_note,
    put_signatures,
    signatures_height,
)
from inventory.documents.drawing.engine import BLACK, GREY, MM, PORTRAIT, RED, Printed, Sheet, printing
from inventory.documents.drawing.fonts import FontBook, font_book
from inventory.documents.drawing.tables import Table
from inventory.documents.drawing.wording import Wording, wordings_of
from inventory.documents.sign import PaperKey, Seal, seal

GAP = 2 * MM
PaperType = TypeVar("PaperType", bound=Paper)


@dataclass(frozen=True)
class Facts:
    """A frame of labelled values: rows whose shares of the width add up to one; labels are texts of the form."""

    rows: list[list[Fact]]
    row_height: float = 8.4 * MM
    label_width: float = 22 * MM
    gap: float = GAP


@dataclass(frozen=True)
class Signatures:
    """A row of boxes to sign."""

    boxes: list[SignatureBox]
    gap: float = 1.5 * MM


@dataclass(frozen=True)
class Note:
    """A small paragraph over the whole width."""

    text: str
    size: float = 7.5
    colour: str = BLACK
    gap: float = 0.0


@dataclass(frozen=True)
class Title:
    """The head of a section within a form."""

    text: str
    size: float = 10.5
    gap: float = 1 * MM


@dataclass(frozen=True)
class Goods:
    """A table; what follows it up to the next table or page stands on the page of its last rows."""

    table: Table
    gap: float = 3 * MM


@dataclass(frozen=True)
class Drawn:
    """A block of fixed height that draws itself, whole on one page: sheet, left, top, width."""

    height: float
    draw: Callable[[Sheet, float, float, float], None]
    gap: float = GAP


@dataclass(frozen=True)
class NewPage:
    """The rest begins on a fresh page."""

    gap: float = 0.0


Part = Facts | Signatures | Note | Title | Goods | Drawn | NewPage


@dataclass(frozen=True)
class Form:
    """What stands on a form.

    `key` is the section of its texts; it holds at least `subject` (with {number}), `title` and `foot`. `author` and
    `about` are properties of the file. `copies` are keys of texts that name the copies, each drawn in full
    (存根, 随车, 回执); none means one sheet without a name. Those of `red_copies` have their name in red. Printed on
    `both_sides` each copy begins a leaf.
    """

    key: str
    number: str
    author: str
    parts: tuple[Part, ...]
    page: tuple[float, float] = PORTRAIT
    title: str = "title"
    subtitle: str = ""
    foot: str = ""
    foot_middle: str = ""
    about: str = ""
    copies: tuple[str, ...] = field(default=())
    both_sides: bool = False
    red_copies: tuple[str, ...] = ()


FormOf = Callable[[PaperType, Wording, Seal], Form]


def print_form(
    paper: PaperType,
    form_of: FormOf[PaperType],
    *,
    key: PaperKey,
    language: str = "zh_CN",
    fonts: FontBook | None = None,
) -> Printed:
    """Return a paper that is one form as PDF; `language` "zh_CN" or "en" is the large text, "both": each in turn.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    wordings, signed = wordings_of(language), seal(paper, key)
    drawn = [form_of(paper, wording, signed) for wording in wordings]
    form, wording = drawn[0], wordings[0]
    with printing(
        fonts or font_book(),
        title=wording.text(f"{form.key}.subject", number=paper.number),
        author=form.author,
        subject=form.about,
        language=wording.language,
    ) as sheet:
        for one, words in zip(drawn, wordings, strict=True):
            put_form(sheet, one, paper, words, signed)
        pdf = sheet.finish()
        return Printed(pdf, sheet.pages, tuple(sheet.missing), signed.text, signed.code)


def put_form(sheet: Sheet, form: Form, paper: Paper, wording: Wording, signed: Seal) -> None:
    """Draw a form on a sheet, all of its copies."""
    copies = form.copies or ("",)
    flow = Flow(wording, sheet.fonts, form.page, _heading(form, paper, wording, signed, copies[0]))
    flow.repeats = len(copies) > 1
    for position, part in enumerate(form.parts):
        _put(flow, form.key, part, form.parts[position + 1 :])
    put_missing(flow, paper)
    for copy in copies:
        flow.heading = _heading(form, paper, wording, signed, copy)
        flow.draw(sheet)
        if form.both_sides and len(flow.pages) % 2 and copy != copies[-1]:
            put_blank_side(sheet, form.page, wording)


def put_blank_side(sheet: Sheet, page: tuple[float, float], wording: Wording) -> None:
    """Draw the empty back of a leaf; it says that nothing is missing."""
    sheet.size(page)
    text = wording.text("common.blank_side")
    sheet.text(0, page[1] / 2, text, "table", 8, align="centre", width=page[0], colour=GREY)
    sheet.end_page()


def standing(paper: Paper, wording: Wording, signed: Seal) -> str:
    """Return revision and human code as they stand under a title."""
    revision = wording.text("common.revision", revision=paper.revision)
    return f"{revision}\u3000{wording.text('common.code', code=signed.code)}"


def _heading(form: Form, paper: Paper, wording: Wording, signed: Seal, copy: str) -> Heading:
    title = f"{form.key}.{form.title}"
    return Heading(
        title=wording.text(title),
        small_title=wording.other.text(title),
        subtitle=form.subtitle or standing(paper, wording, signed),
        number=wording.shown(paper.number),
        qr_text=signed.text,
        foot=form.foot or wording.text(f"{form.key}.foot"),
        foot_middle=form.foot_middle,
        demo=_not_real(paper, wording),
        copy=f"{wording.text(copy)}  {wording.other.text(copy)}" if copy else "",
        copy_colour=RED if copy in form.red_copies else BLACK,
    )


def _not_real(paper: Paper, wording: Wording) -> str:
    """Return what is printed across a paper that is not to be acted on: a drill's, a demonstration's."""
    kinds = [key for key in ("drill", "demo") if getattr(paper, key, False)]
    return " ".join(wording.text(f"common.{key}") for key in kinds)


def _put(flow: Flow, key: str, part: Part, following: tuple[Part, ...]) -> None:
    """Put one part and the gap after it."""
    if isinstance(part, Facts):
        put_facts(flow, part.rows, form=key, row_height=part.row_height, label_width=part.label_width)
    elif isinstance(part, Signatures):
        put_signatures(flow, part.boxes)
    elif isinstance(part, Note):
        put_note(flow, part.text, size=part.size, colour=part.colour)
    elif isinstance(part, Title):
        flow.need(part.size * 1.5 + part.gap + _opening_height(flow, following))
        put_note(flow, part.text, size=part.size, role="hei")
    elif isinstance(part, Goods):
        part.table.put(flow, closing_height=_closing_height(flow, part, following))
    elif isinstance(part, Drawn):
        _put_drawn(flow, part)
    else:
        flow.break_page()
    flow.gap(part.gap)


def _put_drawn(flow: Flow, part: Drawn) -> None:
    flow.need(part.height)
    top = flow.y
    flow.put(part.height, lambda sheet: part.draw(sheet, MARGIN, top, flow.width))


def _opening_height(flow: Flow, following: tuple[Part, ...]) -> float:
    """Return the height of what must stand under a title on its page."""
    if not following or not isinstance(following[0], Goods):
        return 12 * MM
    closing = _closing_height(flow, following[0], following[1:])
    return following[0].table.opening_height(flow, closing_height=closing)


def _closing_height(flow: Flow, table: Goods, following: tuple[Part, ...]) -> float:
    """Return the height of what closes a table."""
    total = table.gap
    for part in following:
        if isinstance(part, (Goods, NewPage, Title)):
            break
        total += _height(flow, part) + part.gap
    return total


def _height(flow: Flow, part: Facts | Signatures | Note | Drawn) -> float:
    if isinstance(part, Drawn):
        return part.height
    if isinstance(part, Facts):
        return facts_height(flow, part.rows, row_height=part.row_height, label_width=part.label_width)
    if isinstance(part, Signatures):
        return signatures_height(part.boxes)
    return note_height(flow, part.text, size=part.size)
