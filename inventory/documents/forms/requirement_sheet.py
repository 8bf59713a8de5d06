"""The requirement sheet ICS 215 需求测算表: for each assignment and kind of goods what is required, there, and missing.

A sheet has room for eight kinds side by side; more kinds go on in further tables with the same assignments. Kinds are
never added to each other: the totals 11 to 13 stand under each column. An empty field is one to write in.

Source: FEMA ICS 215 as read in public copies of the form.
"""

from __future__ import annotations

from inventory.documents.data.requests import KindPaper, RequirementLinePaper, RequirementSheetPaper
from inventory.documents.drawing.blocks import PADDING, Fact
from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, RULE, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook, Role, font_book
from inventory.documents.drawing.tables import Column, DrawCell, Row, Table
from inventory.documents.drawing.wording import Wording
from inventory.documents.form import Facts, Form, Goods, Note, Part, Title, print_form
from inventory.documents.sign import PaperKey, Seal

KINDS_A_TABLE = 8
KIND_WIDTH_MM = 15.0
HEAD_LINES_MAX = 5
SIZE = 8.0
LAYER = 7.2 * MM
"""Each of the three layers of a field is high enough to be written in."""
ROW_HEIGHT = 3 * LAYER
HEAD_HEIGHT = 22 * MM
_LAYERS = ("required", "have", "need")


def requirement_sheet(
    paper: RequirementSheetPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the sheet as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    book = fonts or font_book()

    def form_of(paper: RequirementSheetPaper, wording: Wording, signed: Seal) -> Form:
        return _form(paper, wording, signed, book)

    return print_form(paper, form_of, key=key, language=language, fonts=book)


def _form(paper: RequirementSheetPaper, wording: Wording, signed: Seal, fonts: FontBook) -> Form:
    say, show = wording.text, wording.shown
    parts: list[Part] = [Facts(_head(paper, wording), label_width=28 * MM)]
    count = len(paper.kinds)
    for start in range(0, count, KINDS_A_TABLE):
        kinds = paper.kinds[start : start + KINDS_A_TABLE]
        if count > KINDS_A_TABLE:
            title = say("requirement_sheet.part", first=start + 1, last=start + len(kinds), count=count)
            parts.append(Title(title, size=9.5))
        parts.append(Goods(_table(paper, kinds, wording, fonts), gap=1.5 * MM))
        full = [show(kind.name) for kind in kinds if _head_lines(kind, wording, fonts)[1]]
        if full:
            parts.append(Note(say("requirement_sheet.shortened", names=wording.joined(full))))
    parts += [
        Note(say("requirement_sheet.meaning"), colour=GREY, gap=2 * MM),
        Facts(_foot(paper, wording), label_width=28 * MM),
        Note(say("common.check", key=signed.fingerprint), colour=GREY),
    ]
    return Form(
        key="requirement_sheet",
        number=paper.number,
        author=show(paper.prepared_by),
        about=show(paper.incident),
        page=LANDSCAPE,
        parts=tuple(parts),
    )


def _head(paper: RequirementSheetPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    incident = " ".join(part for part in (show(paper.incident), show(paper.incident_number)) if part)
    period = say("requirement_sheet.period_blank")
    if paper.period_from and paper.period_until:
        period = say("requirement_sheet.period_value", start=paper.period_from, end=paper.period_until)
    return [[Fact("incident", incident, 0.55), Fact("period", period, 0.45)]]


def _foot(paper: RequirementSheetPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    who = " ".join(part for part in (show(paper.prepared_post), show(paper.prepared_by)) if part)
    return [
        [
            Fact("prepared_by", who, 0.4, height=10 * MM),
            Fact("prepared_sign", "", 0.3),
            Fact("prepared_at", show(paper.prepared_at), 0.3),
        ]
    ]


def _table(paper: RequirementSheetPaper, kinds: tuple[KindPaper, ...], wording: Wording, fonts: FontBook) -> Table:
    blank = KINDS_A_TABLE - len(kinds)
    columns = [
        Column("requirement_sheet.branch", 30, size=7.5),
        Column("requirement_sheet.assignment", 38, size=7.5),
        Column("requirement_sheet.grid", 13),
        *(
            Column("requirement_sheet.grid", KIND_WIDTH_MM, head=tuple(_head_lines(kind, wording, fonts)[0]))
            for kind in kinds
        ),
        *(Column("requirement_sheet.grid", KIND_WIDTH_MM, head=("",)) for _ in range(blank)),
        Column("requirement_sheet.overhead", 16, size=7.5),
        Column("requirement_sheet.special", 20, size=7.5),
        Column("requirement_sheet.reporting", 20, size=7.5),
        Column("requirement_sheet.arrival", 16, "centre", size=7.5),
    ]
    codes = [kind.code for kind in kinds]
    wanted = [line for line in paper.lines if any(amount.kind in codes for amount in line.amounts)]
    rows = [_row(line, codes, blank, wording) for line in wanted]
    rows.append(_totals(paper, codes, blank, wording))
    return Table(columns, rows, size=SIZE, row_height=ROW_HEIGHT, head_height=HEAD_HEIGHT)


def _head_lines(kind: KindPaper, wording: Wording, fonts: FontBook) -> tuple[list[str], bool]:
    """Return the lines that name a column (kind and unit), and whether the name had to be shortened."""
    unit = wording.shown(kind.unit)
    lines = broken(wording.shown(kind.name), fonts, "hei", SIZE, KIND_WIDTH_MM * MM - 1 * MM)
    cut = len(lines) > HEAD_LINES_MAX
    if cut:
        lines = [*lines[: HEAD_LINES_MAX - 1], lines[HEAD_LINES_MAX - 1][:-1] + "\u2026"]
    return [*lines, f"({unit})"] if unit else lines, cut


def _row(line: RequirementLinePaper, codes: list[str], blank: int, wording: Wording) -> Row:
    show = wording.shown
    amounts = {amount.kind: amount for amount in line.amounts}
    drawn: dict[int, DrawCell] = {2: _layers([wording.text(f"requirement_sheet.{key}") for key in _LAYERS], "table")}
    for position, code in enumerate(codes, 3):
        amount = amounts.get(code)
        texts = [show(one) for one in (amount.required, amount.have, amount.need)] if amount else ["", "", ""]
        drawn[position] = _layers(texts, "table", align_right=True)
    for position in range(3 + len(codes), 3 + len(codes) + blank):
        drawn[position] = _layers(["", "", ""], "table")
    division = "\n".join(part for part in (show(line.branch), show(line.division)) if part)
    cells = (
        division,
        show(line.assignment),
        *("" for _ in range(1 + KINDS_A_TABLE)),
        show(line.overhead),
        show(line.special),
        show(line.reporting_location),
        show(line.arrive_at),
    )
    return Row(cells, {}, drawn)


def _totals(paper: RequirementSheetPaper, codes: list[str], blank: int, wording: Wording) -> Row:
    """Return fields 11 to 13: the three sums of each kind."""
    drawn: dict[int, DrawCell] = {
        1: _layers([wording.text(f"requirement_sheet.total_{key}") for key in _LAYERS], "hei"),
        2: _layers([wording.text(f"requirement_sheet.{key}") for key in _LAYERS], "table"),
    }
    for position, code in enumerate(codes, 3):
        drawn[position] = _layers([wording.shown(total) for total in paper.totals(code)], "hei", align_right=True)
    for position in range(3 + len(codes), 3 + len(codes) + blank):
        drawn[position] = _layers(["", "", ""], "table")
    return Row(("",) * (7 + KINDS_A_TABLE), {}, drawn)


def _layers(texts: list[str], role: Role, *, align_right: bool = False) -> DrawCell:
    """Return what draws a field in three layers with rules between them; the last one is bold."""

    def draw(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
        layer = height / 3
        sheet.lines(
            [(x, y - number * layer, x + width, y - number * layer) for number in (1, 2)], thick=0.3, colour=RULE
        )
        for number, text in enumerate(texts):
            base = y - (number + 0.5) * layer - SIZE * 0.35
            weight: Role = "hei" if number == 2 else role
            room = width - 2 * PADDING
            align = "right" if align_right else "left"
            sheet.fitted(x + PADDING, base, text, weight, SIZE, width=room, align=align)  # type: ignore[arg-type]

    return draw
