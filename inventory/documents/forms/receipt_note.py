"""The receipt note 入库单: what came into a stockpile with one entry; three copies, three signatures.

A price that is not in the books is left open to be written by hand; a sum of money is printed only where every price
is known.
"""

from __future__ import annotations

from inventory.documents.data.warehouse import ReceiptNotePaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, RED, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import boxes, total_text, yuan
from inventory.documents.sign import PaperKey, Seal


def receipt_note(
    paper: ReceiptNotePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the receipt note as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: ReceiptNotePaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    total = total_text(_total(paper), wording)
    return Form(
        key="receipt_note",
        number=paper.number,
        author=show(paper.keeper) or show(paper.stockpile),
        about=show(paper.stockpile),
        copies=("receipt_note.copy_buyer", "receipt_note.copy_keeper", "receipt_note.copy_finance"),
        parts=(
            Facts(_facts(paper, wording)),
            *_reversal(paper, wording),
            Goods(_table(paper, wording), gap=2 * MM),
            Facts([[Fact("total", total, 1)]], row_height=9 * MM, gap=3 * MM),
            Signatures(boxes("receipt_note", "buyer", "inspector", "keeper")),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _total(paper: ReceiptNotePaper) -> int | None:
    """Return what all lines cost in fen, None while a price is not known."""
    amounts = [line.amount_fen for line in paper.lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _facts(paper: ReceiptNotePaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    return [
        [Fact("stockpile", show(paper.stockpile), 0.5), Fact("entered_at", show(paper.entered_at), 0.5)],
        [Fact("keeping_unit", show(paper.keeper), 0.5), Fact("owner", show(paper.owner), 0.5)],
        [Fact("supplier", show(paper.supplier), 0.5), Fact("source", show(paper.source), 0.5)],
        [Fact("based_on", show(paper.based_on), 0.5), Fact("entered_by", show(paper.entered_by), 0.5)],
    ]


def _reversal(paper: ReceiptNotePaper, wording: Wording) -> tuple[Note, ...]:
    if paper.reversed is None:
        return ()
    at = wording.instant("common.full_time", paper.reversed.at)
    text = wording.text("receipt_note.reversed", at=at, by=paper.reversed.by, reason=paper.reversed.reason)
    return (Note(text, size=9, colour=RED, gap=2 * MM),)


def _table(paper: ReceiptNotePaper, wording: Wording) -> Table:
    show = wording.shown
    summed = yuan if _total(paper) is not None else None
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item", 47),
        Column("common.lot_expiry", 27),
        Column("common.bin", 19, "centre", fit=True),
        Column("common.unit", 12, "centre", fit=True),
        Column("cells.quantity", 17, "right", "hei", fit=True),
        Column("receipt_note.price", 17, "right", fit=True),
        Column("receipt_note.amount", 20, "right", summed=summed, fit=True),
        Column("common.remarks", 18),
    ]
    rows = [
        Row(
            (
                str(number),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.bin),
                show(line.unit),
                show(line.quantity),
                "" if line.unit_price_fen is None else yuan(line.unit_price_fen),
                "" if line.amount_fen is None else yuan(line.amount_fen),
                show(line.remarks),
            ),
            {7: line.amount_fen},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8.5 * MM)
