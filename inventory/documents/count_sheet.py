"""The blind count sheet 盘点表（盲盘）: what may lie where, a code per line, room to write, no book quantity.

The book quantity cannot be printed, because the paper's data has no field for it. Each line carries its key (4 to 12
digits) as a DataMatrix of 8 mm, which phones and scanners read best from paper, and in digits to type.
"""

from __future__ import annotations

from inventory.documents.blocks import (
    Fact,
    Flow,
    Heading,
    SignatureBox,
    put_facts,
    put_missing,
    put_signatures,
    signatures_height,
)
from inventory.documents.engine import MM, PORTRAIT, Printed, Sheet, printing
from inventory.documents.fonts import FontBook, font_book
from inventory.documents.papers import CountSheetPaper
from inventory.documents.sign import PaperKey, Seal, seal
from inventory.documents.tables import Column, DrawCell, Row, Table
from inventory.documents.wording import Wording, item_text, lot_text

CODE_SIZE = 8 * MM


def count_sheet(
    paper: CountSheetPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the count sheet as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    wording, signed = Wording(language), seal(paper, key)
    with printing(
        fonts or font_book(),
        title=wording.text("count_sheet.subject", number=paper.number),
        author=wording.shown(paper.stockpile),
        subject=wording.shown(paper.number),
        language=language,
    ) as sheet:
        _draw(sheet, paper, wording, signed)
        pdf = sheet.finish()
        return Printed(pdf, sheet.pages, tuple(sheet.missing), signed.text, signed.code)


def _draw(sheet: Sheet, paper: CountSheetPaper, wording: Wording, signed: Seal) -> None:
    say, show = wording.text, wording.shown
    title = "count_sheet.title_second" if paper.count_round == "second" else "count_sheet.title"
    code = say("common.code", code=signed.code)
    heading = Heading(
        title=say(title),
        small_title=wording.other.text(title),
        subtitle=say("count_sheet.subtitle"),
        number=show(paper.number),
        qr_text=signed.text,
        foot=say("count_sheet.foot", code=code),
        foot_middle=say("common.revision", revision=paper.revision),
        demo=say("common.demo") if paper.demo else "",
    )
    flow = Flow(wording, sheet.fonts, PORTRAIT, heading)
    first = paper.counter if paper.count_round == "first" else ""
    second = paper.counter if paper.count_round == "second" else ""
    facts = [
        [
            Fact("stockpile", show(paper.stockpile), 0.5),
            Fact("task", show(paper.number), 0.5),
        ],
        [
            Fact("issued_at", show(paper.issued_at), 0.34),
            Fact("counter", show(first), 0.33),
            Fact("recounter", show(second), 0.33),
        ],
    ]
    put_facts(flow, facts, form="count_sheet", label_width=20 * MM)
    flow.gap(2 * MM)
    boxes = [
        SignatureBox(f"count_sheet.{who}", ("common.signature", "common.time"))
        for who in ("sign_counter", "sign_recounter", "sign_witness")
    ]
    _table(paper, wording).put(flow, closing_height=signatures_height(boxes) + 3 * MM)
    flow.gap(3 * MM)
    put_signatures(flow, boxes)
    put_missing(flow, paper)
    flow.draw(sheet)


def _table(paper: CountSheetPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("count_sheet.line", 9, "centre"),
        Column("count_sheet.key", 26),
        Column("common.bin", 21, "centre", "hei", size=9.5),
        Column("common.item", 50),
        Column("common.lot_expiry", 25),
        Column("common.unit", 12, "centre", fit=True),
        Column("count_sheet.counted", 18),
        Column("count_sheet.damaged", 12),
        Column("count_sheet.counted_at", 13),
    ]
    rows = [
        Row(
            (
                str(number),
                "",
                show(line.bin),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.unit),
                "",
                "",
                "",
            ),
            {},
            {1: _line_code(line.key)},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=11.5 * MM)


def _line_code(digits: str) -> DrawCell:
    """Return what draws a line's key: a DataMatrix, and the digits beside it in fours."""

    def draw(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
        sheet.code(x + 1.8 * MM, y - height / 2 - CODE_SIZE / 2, CODE_SIZE, digits, "matrix")
        parts = [digits[start : start + 4] for start in range(0, len(digits), 4)]
        base = y - height / 2 + (len(parts) - 1) * 5.2 - 3.2
        for part in parts:
            sheet.text(x + 12 * MM, base, part, "table", 9)
            base -= 10.4

    return draw
