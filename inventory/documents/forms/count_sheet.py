"""The blind count sheet 盘点表（盲盘）: what may lie where, a code per line, room to write, no book quantity.

The book quantity cannot be printed, because the paper's data has no field for it. Each line carries its key (4 to 12
digits) as a DataMatrix of 9 mm, which phones and scanners read best from paper, and in digits to type. Measured on 20
lines rendered at 150 dpi (tests/documents/test_codes.py): 20 read plain, turned by 5 degrees, in perspective and
blurred by 1.2 pixels, and 20 with noise at 200 dpi. A code of 8 mm gave 18 of 20 blurred so, one of 9 mm 17 at 1.6.
"""

from __future__ import annotations

from inventory.documents.data.counting import CountSheetPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import MM, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, DrawCell, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Signatures, print_form
from inventory.documents.sign import PaperKey, Seal

CODE_SIZE = 9 * MM


def count_sheet(
    paper: CountSheetPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the count sheet as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, count_form, key=key, language=language, fonts=fonts)


def count_form(paper: CountSheetPaper, wording: Wording, signed: Seal) -> Form:
    """Return what stands on a blind sheet."""
    say, show = wording.text, wording.shown
    code = say("common.code", code=signed.code)
    first = paper.counter if paper.count_round == "first" else ""
    second = paper.counter if paper.count_round == "second" else ""
    facts = [
        [Fact("stockpile", show(paper.stockpile), 0.5), Fact("task", show(paper.number), 0.5)],
        [
            Fact("issued_at", show(paper.issued_at), 0.34),
            Fact("counter", show(first), 0.33),
            Fact("recounter", show(second), 0.33),
        ],
    ]
    boxes = [
        SignatureBox(f"count_sheet.{who}", ("common.signature", "common.time"))
        for who in ("sign_counter", "sign_recounter", "sign_witness")
    ]
    return Form(
        key="count_sheet",
        number=paper.number,
        author=show(paper.stockpile),
        about=show(paper.number),
        title="title_second" if paper.count_round == "second" else "title",
        subtitle=say("count_sheet.subtitle"),
        foot=say("count_sheet.foot", code=code),
        foot_middle=say("common.revision", revision=paper.revision),
        parts=(Facts(facts, label_width=20 * MM), Goods(_table(paper, wording)), Signatures(boxes)),
    )


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
            sheet.text(x + 12.6 * MM, base, part, "table", 9)
            base -= 10.4

    return draw
