"""The issue note 出库单: what left a stockpile, out of which lot and bin, for which purpose; three copies to sign."""

from __future__ import annotations

from inventory.documents.data.warehouse import IssueNotePaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import boxes, override_notes, party_text
from inventory.documents.sign import PaperKey, Seal


def issue_note(
    paper: IssueNotePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the issue note as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: IssueNotePaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    return Form(
        key="issue_note",
        number=paper.number,
        author=show(paper.keeper) or show(paper.stockpile),
        about=show(paper.order_number),
        copies=("issue_note.copy_user", "issue_note.copy_keeper", "issue_note.copy_finance"),
        red_copies=("issue_note.copy_finance",),
        parts=(
            Facts(_facts(paper, wording)),
            *override_notes(paper.override, wording),
            Goods(_table(paper, wording)),
            Signatures(boxes("issue_note", "receiver", "receiver_head", "keeper")),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: IssueNotePaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    return [
        [Fact("stockpile", show(paper.stockpile), 0.5), Fact("issued_at", show(paper.issued_at), 0.5)],
        [Fact("to", party_text(paper.receiver, wording), 0.5), Fact("purpose", show(paper.purpose), 0.5)],
        [Fact("order", show(paper.order_number), 0.5), Fact("waybill", show(paper.waybill_number), 0.5)],
        [Fact("picked_by", show(paper.picked_by), 0.5), Fact("checked_by", show(paper.checked_by), 0.5)],
    ]


def _table(paper: IssueNotePaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item_code", 26),
        Column("common.item", 53),
        Column("common.lot_expiry", 27),
        Column("common.bin", 22, "centre", "hei", fit=True),
        Column("common.unit", 13, "centre", fit=True),
        Column("cells.quantity", 18, "right", "hei", fit=True),
        Column("common.remarks", 18),
    ]
    rows = [
        Row(
            (
                str(number),
                show(line.code),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.bin),
                show(line.unit),
                show(line.quantity),
                show(line.remarks),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8.5 * MM)
