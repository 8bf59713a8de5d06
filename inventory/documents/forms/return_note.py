"""The return note 退库单: what comes back from a receiver, why, and in which condition it was found."""

from __future__ import annotations

from inventory.documents.data.warehouse import ReturnNotePaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import boxes, choice_cell, choices_of, party_text
from inventory.documents.sign import PaperKey, Seal

CONDITIONS = ("good", "repair", "scrap")
"""In the order of the boxes to tick."""


def return_note(
    paper: ReturnNotePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the return note as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: ReturnNotePaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    returned = show(paper.returned_at) or wording.text("return_note.blank_time")
    facts = [
        [
            Fact("returner", party_text(paper.returner, wording), 0.5),
            Fact("stockpile", show(paper.stockpile), 0.5),
        ],
        [Fact("returned_at", returned, 0.5), Fact("based_on", show(paper.based_on), 0.5)],
        [Fact("incident", show(paper.incident), 1)],
    ]
    signing = ("common.name", "common.signature", "common.time")
    return Form(
        key="return_note",
        number=paper.number,
        author=show(paper.stockpile),
        about=show(paper.based_on),
        parts=(
            Facts(facts),
            Goods(_table(paper, wording)),
            Signatures(boxes("return_note", "sign_returner", "sign_inspector", "sign_keeper", lines=signing)),
            Note(wording.text("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _table(paper: ReturnNotePaper, wording: Wording) -> Table:
    show = wording.shown
    choices = choices_of(wording, "return_note.conditions")
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item", 50),
        Column("common.lot_expiry", 26),
        Column("common.unit", 12, "centre", fit=True),
        Column("cells.quantity", 17, "right", "hei", fit=True),
        Column("return_note.condition", 38),
        Column("return_note.reason", 34),
    ]
    rows = [
        Row(
            (
                str(number),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.unit),
                show(line.quantity),
                "",
                show(line.reason),
            ),
            {},
            {5: choice_cell(choices, (CONDITIONS.index(line.condition),) if line.condition else ())},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=9 * MM)
