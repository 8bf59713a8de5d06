"""The loan note 出借单: who borrows what until when; the same sheet takes the coming back, line by line."""

from __future__ import annotations

from inventory.documents.data.warehouse import LoanNotePaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import boxes, party_text
from inventory.documents.sign import PaperKey, Seal


def loan_note(
    paper: LoanNotePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the loan note as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: LoanNotePaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    facts = [
        [
            Fact("lender", party_text(paper.lender, wording), 0.5),
            Fact("borrower", party_text(paper.borrower, wording), 0.5),
        ],
        [Fact("purpose", show(paper.purpose), 0.5), Fact("incident", show(paper.incident), 0.5)],
        [Fact("lent_at", show(paper.lent_at), 0.5), Fact("due_on", show(paper.due_on), 0.5)],
    ]
    signers = ("sign_borrower", "sign_approver", "sign_keeper", "sign_returner", "sign_checker")
    return Form(
        key="loan_note",
        number=paper.number,
        author=show(paper.lender.unit),
        about=show(paper.borrower.unit),
        page=LANDSCAPE,
        copies=("loan_note.copy_lender", "loan_note.copy_borrower"),
        parts=(
            Facts(facts),
            Goods(_table(paper, wording)),
            Signatures(boxes("loan_note", *signers)),
            Note(wording.text("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _table(paper: LoanNotePaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item", 56),
        Column("loan_note.label", 30),
        Column("common.unit", 12, "centre", fit=True),
        Column("loan_note.lent", 18, "right", "hei", fit=True),
        Column("loan_note.condition", 28),
        Column("loan_note.returned", 18, "right", "hei", fit=True),
        Column("loan_note.returned_on", 22, "centre", fit=True),
        Column("loan_note.returned_condition", 28),
        Column("loan_note.returned_to", 26),
        Column("common.remarks", 26),
    ]
    rows = [
        Row(
            (
                str(number),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.unit),
                show(line.quantity),
                show(line.condition),
                show(line.returned),
                show(line.returned_on),
                show(line.returned_condition),
                show(line.returned_to),
                show(line.remarks),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=9 * MM)
